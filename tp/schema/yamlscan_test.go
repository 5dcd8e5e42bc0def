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
		case err == nil && want == nil:
		case err == nil:
			t.Errorf("no flow collection found, want one at %d:%d", want.Line, want.Column)
		case !errors.As(err, &limit):
			t.Errorf("scan refused what the library reads: %v", err)
		case want == nil:
			t.Errorf("first flow collection at %v, want none", limit.Location)
		case want.Style&yaml.TaggedStyle != 0: // the library has it begin at its tag
		case limit.Location != Location{Row: want.Line, Col: want.Column}:
			t.Errorf("first flow collection at %v, want %d:%d", limit.Location, want.Line, want.Column)
		}
	})
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
