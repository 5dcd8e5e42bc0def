package sample_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/tp/sample"
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/validate"
	"github.com/telestruct/telestruct/tp/wire"
)

// TestRecursion makes values of types that contain themselves. The comment says
// how the specification's value would end.
func TestRecursion(t *testing.T) {
	t.Parallel()
	pair := sample.Options{MinLength: 2, MaxLength: 2}
	cases := []struct {
		name      string
		key       string
		options   sample.Options
		optional  sample.OptionalFields
		blueprint string
		want      string
	}{
		// at once
		{"without optional fields", "struct.Plant", pair, sample.Omit, "", `{"name":"sigma"}`},
		// after a few levels, by a null
		{"ends by itself", "struct.Hen", sample.Options{Seed: 4}, sample.Include, "", `{"egg":{"hen":null}}`},
		// after a few levels, by draws of optional fields
		{"ends by draws", "struct.Plant", pair, sample.Randomize, "", `{"name":"sigma","parent!":{"name":"kappa"}}`},
		// never
		{"optional field", "struct.Plant", pair, sample.Include, "", `{"name":"sigma","parent!":{"name":"sigma"}}`},
		{"two optional fields", "struct.Tree", pair, sample.Include, "",
			`{"height":0.001007557381413671,"left!":{"height":0.0014801179065742148},"right!":{"height":0.016654991086877412}}`},
		{"lists and objects", "struct.Bush", pair, sample.Omit, "",
			`{"named":{"sigma":{"named":{},"twigs":[]}},"twigs":[{"named":{},"twigs":[]},{"named":{},"twigs":[]}]}`},
		{"given parts stay", "struct.Plant", pair, sample.Include, `{"parent!":{"parent!":{"parent!":{"name":"oak"}}}}`,
			`{"name":"sigma","parent!":{"name":"sigma","parent!":{"name":"kappa","parent!":{"name":"oak"}}}}`},
		{"given list stays", "struct.Bush", pair, sample.Include, `{"twigs":[{"twigs":[{},{}]}],"named":{}}`,
			`{"named":{},"twigs":[{"named":{},"twigs":[{"named":{},"twigs":[]},{"named":{},"twigs":[]}]}]}`},
	}
	s := parse(t, garden)
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			typ := &schema.Type{Kind: schema.StructRef, Name: tc.key, Definition: s.Lookup(tc.key)}
			g := sample.NewGenerator(s, tc.options)
			v := g.Value(typ, nil, tc.optional, given(t, tc.blueprint))
			if got := text(t, v); got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
			if failures := validate.Value(s, typ, nil, v); len(failures) > 0 {
				t.Errorf("refused: %v", failures)
			}
		})
	}
}

// TestShortestTag cuts unions short at every place, where only one chain of tags
// comes to an end.
func TestShortestTag(t *testing.T) {
	t.Parallel()
	s := parse(t, `
- union.A:
    - Again:
        a: "union.A"
        as: ["union.A"]
    - On:
        b: "struct.B"
- struct.B:
    c: "union.C"
    bs: ["struct.B"]
- union.C:
    - Back:
        a: "union.A"
    - Done: {}
    - Last:
        n: "integer"
`)
	g := sample.NewGenerator(s, sample.Options{MinLength: 3, MaxLength: 3})
	typ := &schema.Type{Kind: schema.StructRef, Definition: s.Lookup("struct.B")}
	got := text(t, g.Value(typ, nil, sample.Omit, sample.Blueprint{}))
	want := `{"bs":[{"bs":[],"c":{"Done":{}}},{"bs":[],"c":{"Done":{}}},{"bs":[],"c":{"Done":{}}}],"c":{"Last":{"n":3178529}}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestSamplesAreBounded makes values that would take for ever.
func TestSamplesAreBounded(t *testing.T) {
	t.Parallel()
	const bound = 1 << 18
	cases := []struct {
		name    string
		schema  string
		options sample.Options
		valid   bool
	}{
		{"length of lists", "- struct.Root:\n    x: [\"boolean\"]\n", sample.Options{MinLength: 1 << 40}, true},
		{"lists of lists", "- struct.Root:\n    x: [[[[[\"boolean\"]]]]]\n", sample.Options{MinLength: 100}, true},
		{"size of objects", "- struct.Root:\n    x: {\"string\": {\"string\": {\"string\": {\"string\": {\"string\": [\"any\"]}}}}}\n",
			sample.Options{MinLength: 300}, true},
		{"recursion", "- struct.Root:\n    a!: \"struct.Root\"\n    b!: \"struct.Root\"\n", sample.Options{}, true},
		{"levels of optional fields", doubling(40, "!"), sample.Options{}, true},
		// Its smallest value is too large to be sent.
		{"levels of required fields", doubling(40, ""), sample.Options{}, false},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := parse(t, tc.schema)
			typ := &schema.Type{Kind: schema.StructRef, Definition: s.Lookup("struct.Root")}
			v := sample.NewGenerator(s, tc.options).Value(typ, nil, sample.Include, sample.Blueprint{})
			if n := values(v); n > 2*bound {
				t.Errorf("the sample has %d values", n)
			}
			if valid := len(validate.Value(s, typ, nil, v)) == 0; valid != tc.valid {
				t.Errorf("valid: %v", valid)
			}
		})
	}
}

// doubling is a schema in which each struct has the next one twice.
func doubling(levels int, mark string) string {
	var b strings.Builder
	name := "Root"
	for i := range levels {
		fmt.Fprintf(&b, "- struct.%s:\n    a%s: \"struct.L%d\"\n    b%s: \"struct.L%d\"\n", name, mark, i, mark, i)
		name = fmt.Sprintf("L%d", i)
	}
	fmt.Fprintf(&b, "- struct.%s: {}\n", name)
	return b.String()
}

func values(v any) int {
	n := 1
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			n += values(e)
		}
	case wire.Object:
		for _, m := range v {
			n += values(m.Value)
		}
	}
	return n
}
