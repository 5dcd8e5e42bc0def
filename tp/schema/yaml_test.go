package schema

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/tp/wire"
)

func TestReadYAMLPositions(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"block", "# c\n- fn.a:\n    b!: integer\n  ->:\n  - Ok_: {}\n- c\n", []string{
			"2:1 [", "2:3 {", "2:3 fn.a:", "3:5 {", "3:5 b!:", `3:9 "integer"`, "4:3 ->:", "5:3 [", "5:5 {", "5:5 Ok_:", "5:10 {", `6:3 "c"`,
		}},
		{"flow", "---\n- {a: [x, \"y\", {'z': 1}]}\n", []string{
			"2:1 [", "2:3 {", "2:4 a:", "2:7 [", `2:8 "x"`, `2:11 "y"`, "2:16 {", "2:17 z:", "2:22 1",
		}},
		{"characters, not bytes", "- [äöü😀, b]\n", []string{"1:1 [", "1:3 [", `1:4 "äöü😀"`, `1:10 "b"`}},
		{"scalars", "- \"@a\": |\n    b\n    c\n  ///: >-\n    d\n    e\n", []string{
			"1:1 [", "1:3 {", "1:3 @a:", `1:9 "b\nc\n"`, "4:3 ///:", `4:8 "d e"`,
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			root, err := readYAML([]byte(tc.text))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, outline(root)); diff != "" {
				t.Errorf("outline (-want +got):\n%s", diff)
			}
		})
	}
}

// Texts that the scan could take for something else.
func TestReadYAMLAccepts(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ text, want string }{
		"markers":                   {"%YAML 1.1\n# comment\n--- # begin\n- a\n...\n# end\n", `["a"]`},
		"byte order mark":           {"\ufeff- a\n", `["a"]`},
		"carriage returns":          {"- a\r\n- |\r\n  [b\r\n- c\r", `["a", "[b\n", "c"]`},
		"brackets in block scalars": {"- |\n  [a # b\n\n  {c\n- >-\n   \"d\n- >1\n  '[e\n", `["[a # b\n\n{c\n", "\"d", " '[e\n"]`},
		"brackets in plain scalars": {"- a [b\n  [c\n  \"d # e\n- f\n", `["a [b [c \"d", "f"]`},
		"brackets in quotes":        {"- '[''{'\n- \"[\\\"\n  {\"\n- [\"]\", ']']\n", `["['{", "[\" {", ["]", "]"]]`},
		"brackets in comments":      {"- [a, # ]\n  b:c, # [\n  {d: e}]\n", `["a", "b:c", {"d": "e"}]`},
		"flow over lines":           {"- {a: [b\n  c], \"d\":e}\n", `{"a": ["b c"], "d": "e"}`},
		"collections as values":     {"- a:\n  - [b]\n  - c: {d: e}\n    f: g\n", `{"a": [["b"], {"c": {"d": "e"}, "f": "g"}]}`},
		"nested dashes":             {"- - - a\n    - b\n  - c\n", `[[["a", "b"], "c"]]`},
		"explicit keys":             {"- ? a\n  : b\n", `[{"a": "b"}]`},
		"standard tags":             {"- !!map {a: !!seq [b]}\n- !!str c\n", `[{"a": ["b"]}, "c"]`},
		"document of one scalar":    {"- |\n [a\n\n", `["[a\n"]`},
		"large flow collections":    {"- [" + strings.Repeat("a, ", 16383) + "b" + strings.Repeat(" ", 16300) + "]\n", ""},
	} {
		root, err := readYAML([]byte(tc.text))
		switch got := inline(root.plain(), quoteJSON); {
		case err != nil:
			t.Errorf("%s: %v", name, err)
		case tc.want != "" && got != tc.want && got != "["+tc.want+"]":
			t.Errorf("%s: read %s, want %s", name, got, tc.want)
		}
	}
}

func TestReadYAMLScalars(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]any{
		"null":                 nil,
		"~":                    nil,
		"!!null ''":            nil,
		"true":                 true,
		"False":                false,
		"yes":                  "yes",
		"'true'":               "true",
		"!!str true":           "true",
		"12":                   int64(12),
		"0x1F":                 int64(31),
		"-0":                   int64(0),
		"9223372036854775807":  int64(9223372036854775807),
		"9223372036854775808":  wire.Number("9223372036854775808"),
		"0xFFFFFFFFFFFFFFFF":   wire.Number("18446744073709551615"),
		"99999999999999999999": wire.Number("99999999999999999999"),
		"1.5":                  1.5,
		"!!float 3":            int64(3),
		".5":                   0.5,
		"+1e3":                 1000.0,
		"-0x1F":                int64(-31),
		"0o17":                 int64(15),
		"0b101":                int64(5),
		"017":                  int64(15),
		"1_000":                int64(1000),
		"0x_1F":                int64(31),
		"+12":                  int64(12),
		"1_0.5":                10.5,
		"-.5e1":                -5.0,
		"TRUE":                 true,
		"!!bool 'false'":       false,
		"!!float 0x10":         16.0,
		"1e400":                wire.Number("1e400"),
		"1.2.3":                "1.2.3",
		"'2020-01-01'":         "2020-01-01",
	} {
		root, err := readYAML([]byte("- " + text + "\n"))
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if got := root.plain().([]any)[0]; got != want {
			t.Errorf("%s is %#v, want %#v", text, got, want)
		}
	}
}

func TestReadYAMLRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, text string
		row, col   int
		message    string // a part of it
	}{
		{"nothing", "", 1, 1, "no documents"},
		{"comments only", "# a\n", 1, 1, "no documents"},
		{"an empty document", "---\n", 2, 1, "not a sequence of definitions"},
		{"a mapping", "struct.A: {}\n", 1, 1, "not a sequence of definitions"},
		{"two documents", "- a\n---\n- b\n", 2, 1, "one document only"},
		{"text after the document", "- a\n...\nb\n", 3, 1, "one document only"},
		{"syntax", "- \"a\n", 2, 1, "unexpected end of stream"},
		{"indentation", "- a: b\n c: d\n", 2, 2, "did not find expected '-' indicator, while parsing a block collection that begins in line 1"},
		{"tab", "- a:\n\tb: c\n", 2, 1, "a tab indents the line; indent with blanks"},
		{"tab behind blanks", "- a:\n  \tb: c\n", 2, 3, "a tab indents the line; indent with blanks"},
		{"tab in a later line", "- a:\n    b: c\n\td: e\n", 3, 1, "a tab indents the line; indent with blanks"},
		{"colon in a text", "- é: Text: more\n", 1, 10, "not allowed in this context; quote the text that the colon is part of"},
		{"open quote", "- a:\n    b: \"c\n    d: e\n", 4, 1, "while scanning a quoted scalar that begins in line 2"},
		{"duplicate keys", "- a: 1\n  b: {c: 1, 'c': 2}\n", 2, 13, `second key "c" in one mapping is not allowed`},
		{"integer as key", "- 1: a\n", 1, 3, "key that is not a string"},
		{"null as key", "- Null: {}\n", 1, 3, "key that is not a string"},
		{"mapping as key", "- {a: b}: c\n", 1, 3, "key that is not a string"},
		{"merge key", "- <<: {a: 1}\n", 1, 3, "key that is not a string"},
		{"date", "- a: 2020-01-01\n", 1, 6, `value "2020-01-01" of kind !!timestamp`},
		{"custom tag", "- !a b\n", 1, 3, "of kind !a"},
		{"custom tag of a collection", "- !a [b]\n", 1, 3, "tag !a is not allowed"},
		{"binary", "- !!binary YQ==\n", 1, 3, "of kind !!binary"},
		{"set", "- !!set {a}\n", 1, 3, "tag !!set is not allowed"},
		{"a tag that lies", "- !!int a\n", 1, 3, `value "a" that is not a !!int`},
		{"not a number", "- .nan\n", 1, 3, "number .nan, which JSON cannot hold"},
		{"infinity", "- -.inf\n", 1, 3, "number -.inf, which JSON cannot hold"},
		{"anchor", "- &a b\n", 1, 3, "anchors and aliases are not allowed"},
		{"alias", "- a\n- *a\n", 2, 3, "anchors and aliases are not allowed"},
		{"anchor in a flow collection", "- [1, &a {b: c}]\n", 1, 7, "anchors and aliases are not allowed"},
		{"alias as merge value", "- a: 1\n  <<: *b\n", 2, 7, "anchors and aliases are not allowed"},
		{"flow nesting", "- " + strings.Repeat("[", 65) + strings.Repeat("]", 65), 1, 67, "more than 64 levels of nesting"},
		{"block nesting", strings.Repeat("- ", 65) + "a", 1, 129, "more than 64 levels of nesting"},
		{"mixed nesting", strings.Repeat("- ", 40) + strings.Repeat("[", 25) + strings.Repeat("]", 25), 1, 105, "more than 64 levels of nesting"},
		{"size", "- a\n" + strings.Repeat("#\n", 128<<10), 1, 1, "more than 262144 bytes of YAML"},
		{"elements", "- [a]\n" + strings.Repeat("- a\n", 40<<10), 40959, 3, "more than 40960 keys and values"},
		{"keys", strings.Repeat("- a: b\n", 14<<10), 13654, 3, "more than 40960 keys and values"},
		{"flow elements", strings.Repeat("- {a: ["+strings.Repeat("[],", 10<<10)+"]}\n", 3) + "- [\n" + strings.Repeat("[b: c],\n", 3<<10), 2562, 3, "more than 40960 keys and values"},
		{"elements of one flow", "- a\n- b: {c: [" + strings.Repeat("'d',", 16<<10), 2, 6, "more than 16384 keys and values in one flow collection"},
		{"flow size", "- a\n- b: [" + strings.Repeat("'[',\n", 16<<10) + "]\n", 2, 6, "more than 65536 bytes in one flow collection"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := readYAML([]byte(tc.text))
			at := Location{}
			var syntax *SyntaxError
			var limit *LimitError
			switch {
			case errors.As(err, &syntax):
				at = syntax.Location
			case errors.As(err, &limit):
				at = limit.Location
			default:
				t.Fatalf("error is %v", err)
			}
			if want := (Location{tc.row, tc.col}); at != want || !strings.Contains(err.Error(), tc.message) {
				t.Errorf("error is %v %q, want %v %q", at, err, want, tc.message)
			}
		})
	}
}

func TestScanYAMLRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"- ! ! ! a":       "a value has more than one tag and one anchor",
		"- 'a' b":         "unexpected text behind a value",
		"- [a] [b]":       "unexpected text behind a value",
		"- *a *a":         "unexpected text behind a value",
		"- [a, [b]":       "the bracket is never closed",
		"- a: {b: \"}":    "the bracket is never closed",
		"- ]":             "unexpected ]; quote the text to begin with it",
		"- @a":            "unexpected @; quote the text to begin with it",
		"- a\n%YAML 1.2":  "unexpected %; quote the text to begin with it",
		"- a\n--- \n- b":  "a file holds one document only",
		"- a\n...\n- b\n": "a file holds one document only",
	} {
		if err := scanYAML([]byte(text), yamlLimits{maxFlow, maxFlowNodes, maxYAMLNodes}); err == nil || err.Error() != want {
			t.Errorf("%q: error is %v, want %s", text, err, want)
		}
	}
}

func TestSmallDocumentsCannotAskForMuch(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString("[")
	for i := range 1100 {
		fmt.Fprintf(&text, `{"fn.a%d": {}, "->": [{"Ok_": {}}]},`, i)
	}
	text.WriteString(`{"errors.A": [`)
	for i := range 1000 {
		fmt.Fprintf(&text, `{"A%d": {}},`, i)
	}
	text.WriteString(`{"B": {}}]}]`)
	_, err := Parse(Document{Text: []byte(text.String())})
	want := &LimitError{"pairs of a function and an error tag", 1 << 20, Location{1, 40693}}
	var limit *LimitError
	if !errors.As(err, &limit) {
		t.Fatalf("error is %v", err)
	}
	if diff := cmp.Diff(want, limit); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
	}
}

// FuzzParseYAML is FuzzParseJSON for YAML.
func FuzzParseYAML(f *testing.F) {
	for _, text := range []string{
		"[]",
		"- ///: |\n    a\n\n      b\n  info.A: {x: [1, {y: 1.5}]}\n- $internal: true\n  fn.a:\n    x!: \"integer?\"\n  ->:\n  - Ok_: {}\n",
		"- struct.A: {string: any}\n  $f: [0x10, +1, 1e400, ~, 'it''s', \"\\x07\\u2028\"]\n",
		"- union.Auth_:\n    - ///: yes\n      \"Null\": {y: bytes}\n- headers.H:\n    \"@h\": {string: [union.Auth_]}\n  ->: {}\n",
		"- info.A:\n    - - - 1\n      - a: b\n        c: []\n    - {}\n",
		"- ///: [a, 1]\n  struct.A: {}\n  $x: *a\n",
	} {
		f.Add([]byte(text))
	}
	for _, text := range mistakes {
		f.Add([]byte(text))
	}
	for _, r := range yamlRefusals {
		f.Add([]byte(r.times(3)))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		checkParsed(t, Document{"a.telepact.yaml", text})
	})
}
