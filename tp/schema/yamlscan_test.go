package schema

import (
	"errors"
	"testing"

	"go.yaml.in/yaml/v4"
)

// FuzzScanYAML holds the scan to what the YAML library makes of the same text:
// it refuses no text that the library reads, and knows where the first flow
// collection begins.
func FuzzScanYAML(f *testing.F) {
	for _, text := range []string{
		"- a: [b, 'c]', \"d]\", e # ]\n  ]\n- {f: g}\n",
		"- a: |\n   [text\n  more]\n  b: [c]\n",
		"- a: >2-\n    [text\n\n  b: [c]\n",
		"- a: plain\n   [text\n   # comment\n- [b]\n",
		"- 'a''[': \"\\\"[\" # [\n  ? [b]\n  : [c]\n",
		"--- # comment\n- - - [a]\n...\n",
		"%YAML 1.2\n---\n- !!seq [a]\n- !!str \"b\"\n",
		"a:\n  b\n  c: [d]\n",
		"- a#b: c'd\n  e\"f: [g]\n",
		"- \"a\n  b\": [c]\n",
		"-\ta\n-\t[b]\n",
		"|\n [a]\n",
		"- |\n  a # b\n  \"c\n- [d]\n",
		"- a\n  b\t# c\n- [d]\n",
		"- a\u2028  [b]\u0085- [c]\r\n- [d]\r- [e]\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var document yaml.Node
		err := yaml.Load([]byte(text), &document, yaml.WithPlugin(&yamlPolicy{}))
		if err != nil {
			return
		}
		want := firstFlow(&document)
		var limit *LimitError
		switch err := scanYAML([]byte(text), 0); {
		case err == nil && want == Location{}:
		case err == nil:
			t.Errorf("no flow collection found, want one at %v", want)
		case !errors.As(err, &limit):
			t.Errorf("scan refused what the library reads: %v", err)
		case limit.Location != want:
			t.Errorf("first flow collection at %v, want %v", limit.Location, want)
		}
	})
}

// firstFlow returns where the first flow collection of a tree begins.
func firstFlow(n *yaml.Node) Location {
	if n.Style&yaml.FlowStyle != 0 {
		return Location{Row: n.Line, Col: n.Column}
	}
	for _, child := range n.Content {
		if at := firstFlow(child); at != (Location{}) {
			return at
		}
	}
	return Location{}
}
