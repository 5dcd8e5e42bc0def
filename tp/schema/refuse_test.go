package schema

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/telestruct/telestruct/internal/allocs"
)

// refusal is a text that is wrong and repeats one unit, so that it costs as much
// as it can; want is what its first failure says.
type refusal struct {
	name             string
	head, unit, tail string
	bytes            int // as many as the limits let in
	want             string
}

// What refusals say.
const (
	wantYAMLNodes = "more than 40960 keys and values"
	wantFlowNodes = "more than 16384 keys and values in one flow collection"
	wantJSONNodes = "more than 131072 keys and values"
	wantDepth     = "more than 64 levels of nesting"
	wantAlias     = "anchors and aliases are not allowed"
	wantObject    = "expected an object"
	wantKey       = "key that is not a string"
	wantOnce      = "in one mapping is not allowed"
	wantName      = "begins with none of fn."
	wantNumbers   = "more than 512 numbers"
	wantEnd       = "the bracket is never closed"
)

// yamlRefusals are texts that the scan refuses, and such as it lets the YAML
// library read because they keep just within the limits.
var yamlRefusals = []refusal{
	{"aliases", "- &a x\n", "- *a\n", "", maxYAML, wantYAMLNodes},
	{"aliases on one line", "- ", "*a ", "", maxYAML, "unexpected text behind a value"},
	{"aliases in one flow", "- [", "*a,", "]", 3 * (maxFlowNodes - 1), wantAlias},
	{"alias bombs", "- &a [x,x,x,x,x,x,x]\n- &b [*a,*a,*a,*a,*a]\n", "- [*b,*b]\n", "", maxYAML, wantYAMLNodes},
	{"long alias bombs", "- &a [x,x,x,x,x,x,x]\n- &b [*a,*a,*a,*a,*a]\n", "- ['" + strings.Repeat("b", 80) + "', *b]\n", "", maxYAML, wantAlias},
	{"anchors", "", "- &a b\n", "", maxYAML, wantAlias},
	{"anchors on one line", "- ", "&a ", "", maxYAML, "more than one tag and one anchor"},
	{"tags on one line", "- ", "! ", "", maxYAML, "more than one tag and one anchor"},
	{"tagged elements", "- [", "!!str a,", "]", maxFlow, wantObject},
	{"strings on one line", "- ", "'' ", "", maxYAML, "unexpected text behind a value"},
	{"nested blocks", "", "- ", "", maxYAML, wantYAMLNodes},
	{"nested keys", "", "? ", "", maxYAML, wantYAMLNodes},
	{"nested flow", "- ", "[", "", maxYAML, wantFlowNodes},
	{"nested flow within limits", "- ", "[", strings.Repeat("]", maxFlowNodes), 2*maxFlowNodes + 2, wantDepth},
	{"nested flow mappings", "- ", "{a: ", strings.Repeat("}", maxFlowNodes/2), 5*maxFlowNodes/2 + 2, wantDepth},
	{"nested flow again and again", "", "- [[[[[[[[[[[[[[[[a]]]]]]]]]]]]]]]]\n", "", maxYAML, wantYAMLNodes},
	{"endless flow", "- [", "'long text',", "", maxYAML, "more than 65536 bytes in one flow collection"},
	{"endless flow of elements", "- [", "a,", "", maxFlow, wantFlowNodes},
	{"endless flow of pairs", "- {", "a: b,", "", maxFlow, wantFlowNodes},
	{"endless flow of quotes", "- [", "'',", "", maxFlow, wantFlowNodes},
	{"endless flow of empty pairs", "- [", ":,", "", maxFlow, wantFlowNodes},
	{"endless flow of question marks", "- [", "?,", "", maxFlow, wantFlowNodes},
	{"endless flow of indicated keys", "- {", "? ,", "", maxFlow, wantFlowNodes},
	{"endless flow of comments", "- [", "a, #\n", "", maxFlow, wantEnd},
	{"endless flow of long pairs", "- {", "key: value,", "", maxFlow, wantEnd},
	{"endless flow of collections", "- [", "[],", "", maxFlow, wantFlowNodes},
	{"one flow of elements", "- [", "a,", "]", maxFlow, wantFlowNodes},
	{"one flow of longer elements", "- [", "abc,", "]", maxFlow, wantObject},
	{"one flow of pairs", "- {", "a: b,", "}", maxFlow, wantFlowNodes},
	{"one flow of longer pairs", "- {", "a: bcde,", "}", maxFlow, wantOnce},
	{"one flow of empty pairs", "- [", ":,", "]", 2 * (maxFlowNodes/3 - 2), wantKey},
	{"one flow of quoted pairs", "- {", "'' : '',", "}", maxFlow, wantOnce},
	{"one flow of question marks", "- {", "?,", "}", 2 * (maxFlowNodes/2 - 2), wantOnce},
	{"one flow of indicated keys", "- {", "? ,", "}", 3 * (maxFlowNodes/2 - 2), wantKey},
	{"one flow of comments", "- [", "a, #\n", "]", maxFlow, wantObject},
	{"one flow of mappings", "- [", "{a: bcdefg},", "]", maxFlow, wantObject},
	{"one flow of merge keys", "- {", "<<: {},", "}", maxFlow, wantFlowNodes},
	{"flows of elements", "", "- [a,a,a,a,a,a,a,a,a,a,a,a,a]\n", "", maxYAML, wantYAMLNodes},
	{"flows of empty pairs", "", "- [:,:,:,:,:,:,:,:,:,:,:,:,:]\n", "", maxYAML, wantYAMLNodes},
	{"flows within limits", "", "- [" + strings.Repeat("ab,", maxFlowNodes-1) + "]\n", "", maxYAML / 2, wantObject},
	{"flows of one element", "", "- [a]\n", "", maxYAML, wantYAMLNodes},
	{"question marks", "", "- ?\n", "", maxYAML, wantYAMLNodes},
	{"merge keys", "- k: v\n", "  <<: {}\n", "", maxYAML, wantYAMLNodes},
	{"long merge keys", "- k: v\n", "  <<: {      }\n", "", maxYAML, wantKey},
	{"duplicate keys", "- k: v\n", "  a: b\n", "", maxYAML, wantYAMLNodes},
	{"long duplicate keys", "- k: v\n", "  key: value\n", "", maxYAML, wantOnce},
	{"elements", "", "- a\n", "", 4 * (maxYAMLNodes - 1), wantObject},
	{"nulls", "", "-\n", "", 2 * (maxYAMLNodes - 1), wantObject},
	{"decimals", "", "- .5\n", "", 5 * (maxYAMLNodes - 1), wantObject},
	{"numbers", "", "- 0x1\n", "", 6 * (maxYAMLNodes - 1), wantObject},
	{"dates", "", "- 2020-01-01\n", "", maxYAML, "of kind !!timestamp"},
	{"mappings", "", "- a: b\n", "", 7 * (maxYAMLNodes/3 - 1), wantName},
	{"block scalars", "", "- |\n a\n", "", maxYAML, wantObject},
	{"commented elements", "", "- a #\n", "", 6 * (maxYAMLNodes - 1), wantObject},
	{"comments", "", "#\n", "a", maxYAML, "not a sequence of definitions"},
	{"quotes", "- ", "'", "", maxYAML, wantObject},
	{"endless quotes", "- \"", "'", "", maxYAML, "unexpected end of stream"},
	{"directives", "", "%TAG !a! b\n", "---\n- a\n", maxYAML, "more than 16 directives"},
	{"numbers that are hard to round", "", "- 2.2250738585072011e-308\n", "", maxYAML, wantNumbers},
	{"one plain scalar", "- ", "a ", "", maxYAML, wantObject},
}

var jsonRefusals = []refusal{
	{"duplicate keys", `[{`, `"a":1,`, `"a":1}]`, maxJSON, wantJSONNodes},
	{"long duplicate keys", `[{`, `"key":"value",`, `"key":1}]`, maxJSON, wantJSONNodes},
	{"longer duplicate keys", `[{`, `"key": "longvalue",`, `"key":1}]`, maxJSON, wantName},
	{"nested arrays", ``, `[`, ``, maxJSON, wantDepth},
	{"nested objects", ``, `{"":`, ``, maxJSON, wantDepth},
	{"nested arrays again and again", `[`, `[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]],`, `1]`, maxJSON, wantJSONNodes},
	{"endless array", `[`, `1,`, ``, maxJSON, wantJSONNodes},
	{"endless array within limits", `[`, `1,`, ``, 2 * (maxJSONNodes - 2), "unexpected end of JSON input"},
	{"elements", `[`, `1,`, `1]`, 2 * (maxJSONNodes - 2), wantObject},
	{"arrays", `[`, `[],`, `1]`, 3 * (maxJSONNodes - 2), wantObject},
	{"objects", `[`, `{"a":1},`, `1]`, 8 * (maxJSONNodes/3 - 2), wantName},
	{"keys that come again", `[`, `{"a":1,"a":2},`, `1]`, maxJSON, wantJSONNodes},
	{"escapes", `[`, `"\u0041",`, `1]`, maxJSON, wantObject},
	{"one text", `["`, `\u0041`, `"]`, maxJSON, wantObject},
	{"numbers that are hard to round", `[`, `2.2250738585072011e-308,`, `1]`, maxJSON, wantNumbers},
	{"numbers of many digits", `[`, `0.0000000000000000000000000000000000000000123456789012345678901,`, `1]`, maxJSON, wantNumbers},
	{"blanks", ``, " ", ``, maxJSON, "unexpected end of JSON input"},
}

// text repeats the unit as often as it fits.
func (r refusal) text() string {
	return r.times((r.bytes - len(r.head) - len(r.tail)) / len(r.unit))
}

func (r refusal) times(n int) string { return r.head + strings.Repeat(r.unit, n) + r.tail }

// eachRefusal calls do with every document of the tables above.
func eachRefusal(do func(name, want string, d Document)) {
	for _, r := range yamlRefusals {
		do("YAML/"+r.name, r.want, Document{"a.telepact.yaml", []byte(r.text())})
	}
	for _, r := range jsonRefusals {
		do("JSON/"+r.name, r.want, Document{"a.telepact.json", []byte(r.text())})
	}
}

// Not parallel: it measures what is allocated.
func TestRefuse(t *testing.T) {
	eachRefusal(func(name, want string, d Document) {
		most := uint64(64 << 20)
		if want == wantYAMLNodes || want == wantFlowNodes || want == wantEnd || want == wantNumbers || want == wantJSONNodes {
			most = 2 << 20 // the scan needs a copy of the text
		}
		var err error
		spent := allocs.Bytes(most, func() { _, err = Parse(d) })
		if problem := wrongRefusal(err, want); problem != "" {
			t.Errorf("%s: %s", name, problem)
		}
		if spent > most {
			t.Errorf("%s: allocated %d bytes to refuse %d", name, spent, len(d.Text))
		}
	})
}

// wrongRefusal says what is wrong with an error that should say want, if anything.
func wrongRefusal(err error, want string) string {
	var parse *ParseError
	if !errors.As(err, &parse) {
		return fmt.Sprintf("error is %v", err)
	}
	first := parse.Failures[0]
	if !strings.Contains(first.Error(), want) {
		return fmt.Sprintf("error is %.200s, want %s", first.Error(), want)
	}
	var syntax *SyntaxError
	var limit *LimitError
	if first.Reason == jsonInvalid && !errors.As(first, &syntax) && !errors.As(first, &limit) {
		return fmt.Sprintf("cause is %T", first.Cause)
	}
	return ""
}

// What the scan passes on is bounded by the limits, whatever it is.
func TestRefusalsReachTheLibraryInPart(t *testing.T) {
	t.Parallel()
	for _, r := range yamlRefusals {
		text := []byte(r.text())
		if scanYAML(text, yamlLimits{maxFlow, maxFlowNodes, maxYAMLNodes}) != nil {
			continue
		}
		var document yaml.Node
		if yaml.Load(text, &document, yaml.WithPlugin(&yamlPolicy{})) != nil {
			continue
		}
		if nodes := nodesOf(document.Content[0]); nodes > maxYAMLNodes {
			t.Errorf("%s: the library makes %d nodes of it", r.name, nodes)
		}
	}
}

// BenchmarkRefuse shows what it costs to refuse the tables above.
func BenchmarkRefuse(b *testing.B) {
	eachRefusal(func(name, _ string, d Document) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse(d); err == nil {
					b.Fatal("accepted")
				}
			}
		})
	})
}
