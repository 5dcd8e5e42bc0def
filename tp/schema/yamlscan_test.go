package schema

import (
	"errors"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// Texts that people write have as many keys and values as the scan counts.
func TestScanYAMLCounts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"- a\n- b\n":                              3,
		"- a: b\n  c:\n":                          6,
		"- - a\n  -\n":                            4,
		"- a:\n  - B: {}\n":                       7,
		"- [a, 'b', \"c\", [], {}]\n":             7,
		"- [a, b,]\n":                             4,
		"- {a: b, 'c':d, \"e\": [f]}":             9,
		"- {a: {b: c}, d}\n":                      8,
		"- [a: b, {}: {}, [c]]\n":                 10,
		"- ///: |\n    a: [b, c]\n  d: e\n":       6,
		"- \"a: b\": c # d: e\n":                  4,
		"- a: b [c, d] e\n    f, g\n- {h: i:j}\n": 7,
	} {
		scan := newYAMLScan([]byte(text), yamlLimits{len(text), len(text), len(text)})
		if err := scan.scan(); err != nil || scan.nodes != want {
			t.Errorf("%q: found %d keys and values, error %v; want %d", text, scan.nodes, err, want)
		}
	}
}

// FuzzScanYAML holds the scan to what the YAML library makes of the same text:
// it refuses no list and no map that the library reads, knows where the first flow
// collection begins, and misses no key and no value.
func FuzzScanYAML(f *testing.F) {
	for _, text := range []string{
		"- a: [b, 'c]', \"d]\", e # ]\n  ]\n- {f: g}\n",
		"- a: |\n   [text\n  more]\n  b: [c]\n",
		"- a: >2-\n    [text\n\n  b: [c]\n",
		"- a: plain\n   [text\n   # comment\n- [b]\n",
		"- 'a''[': \"\\\"[\" # [\n  ? [b]\n  : [c]\n",
		"--- # comment\n- - - [a]\n...\n",
		"%YAML 1.1\n---\n- !!seq [a]\n- !!str \"b\"\n",
		"a:\n  b\n  c: [d]\n",
		"- a#b: c'd\n  e\"f: [g]\n",
		"- \"a\n  b\": [c]\n",
		"-\ta\n-\t[b]\n",
		"|\n [a]\n",
		"...\n- [a]\n",
		"- |\n  a # b\n  \"c\n- [d]\n",
		"- a\n  b\t# c\n- [d]\n",
		"- a\u2028  [b]\u0085- [c]\r\n- [d]\r- [e]\n",
		"- [:, ::, a:, :a, ? , ? b, '':, \"\":c, [d]:e, !!str :f, a b : c,]\n",
		"- {:, ::, a:, :a, ? , ? b, '':, \"\":c, [d]:e, !!str :f, a b : c,}\n",
		"- ? a\n  : b\n  ? c\n  : - d\n-\n-\n- : e\n",
		"- a:\n  b:\n- []\n- {}\n- [{}, [a: b], {[c]: {d}}]\n",
	} {
		f.Add(text)
	}
	for _, r := range yamlRefusals {
		f.Add(r.times(3))
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return // refused before it is scanned; the library reads UTF-16 too
		}
		var document yaml.Node
		err := yaml.Load([]byte(text), &document, yaml.WithPlugin(&yamlPolicy{}))
		// The library takes the end of a document for text of a block scalar that
		// is all of it; no schema is a scalar.
		if err != nil || document.Content[0].Kind == yaml.ScalarNode {
			return
		}
		scan := newYAMLScan([]byte(text), yamlLimits{len(text), math.MaxInt, math.MaxInt})
		if err := scan.scan(); err != nil {
			t.Fatalf("scan refused what the library reads: %v", err)
		}
		if want := nodesOf(document.Content[0]); scan.nodes < want {
			t.Errorf("scan found %d keys and values, want %d", scan.nodes, want)
		}
		want := firstFlow(&document)
		var limit *LimitError
		switch err := scanYAML([]byte(text), yamlLimits{0, math.MaxInt, math.MaxInt}); {
		case err == nil && want == nil:
		case err == nil:
			t.Errorf("no flow collection found, want one at %d:%d", want.Line, want.Column)
		case !errors.As(err, &limit):
			t.Errorf("error is %v, want a limit", err)
		case want == nil:
			t.Errorf("first flow collection at %v, want none", limit.Location)
		case strings.HasPrefix(textAt(text, want), "!"): // the library has it begin at its tag
		case limit.Location != Location{Row: want.Line, Col: want.Column}:
			t.Errorf("first flow collection at %v, want %d:%d", limit.Location, want.Line, want.Column)
		}
	})
}

// textAt returns the text from where a node begins.
func textAt(text string, n *yaml.Node) string {
	breaks := strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")
	text = breaks.Replace(text)
	for range n.Line - 1 {
		_, text, _ = strings.Cut(text, "\n")
	}
	runes := []rune(text)
	return string(runes[min(n.Column-1, len(runes)):])
}

// nodesOf counts the keys and values of a tree, its root included.
func nodesOf(n *yaml.Node) int {
	count := 1
	for _, child := range n.Content {
		count += nodesOf(child)
	}
	return count
}

// firstFlow returns the first flow collection of a tree, or nil.
func firstFlow(n *yaml.Node) *yaml.Node {
	if n.Style&yaml.FlowStyle != 0 {
		return n
	}
	for _, child := range n.Content {
		if found := firstFlow(child); found != nil {
			return found
		}
	}
	return nil
}
