package sample_test

import (
	"testing"

	"github.com/telestruct/telestruct/tp/sample"
	"github.com/telestruct/telestruct/tp/wire"
)

// answers has what spec appendix A.4 is about: a result in which every
// extension occurs, two of them behind links.
const answers = `
- fn.test: {}
  ->:
    - Ok_:
        data: "struct.Data"
        genericData: "union.GenericData"
        select: "_ext.Select_"
        createStub: "fn.createStub_"
        verify: "fn.verify_"

- fn.example:
    arg1: "string"
    arg2!: "boolean"
  ->:
    - Ok_:
        result: ["integer"]
        extra!: "struct.Data"

- struct.Data:
    field1: "any"
    field2: "integer"

- union.GenericData:
    - One:
        field1A: "any"
        field1B: "integer"
    - Two:
        field2A: "string"
        field2B: "boolean"
`

// TestMockGeneration holds the result of a stub to spec appendix A.4.
func TestMockGeneration(t *testing.T) {
	t.Parallel()
	s := parse(t, answers)
	g := sample.NewGenerator(s, sample.Options{Seed: 4, MaxLength: 3})
	got := g.Result(s.Function("fn.test"), sample.Omit, given(t, `{"Ok_":{}}`))
	want := `{"Ok_":{` +
		`"createStub":{"fn.createStub_":{"stub":{"fn.example":{},"->":{"Ok_":{}}}}},` +
		`"data":{"field1":"epsilon","field2":424973015},` +
		`"genericData":{"Two":{"field2A":"mu","field2B":true}},` +
		`"select":{"->":{"Ok_":["createStub","data"]}},` +
		`"verify":{"fn.verify_":{"call":{"fn.test":{}}}}}}`
	if got := text(t, got); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestExtensions(t *testing.T) {
	t.Parallel()
	const none = "- info.Empty: {}\n"
	cases := []struct {
		name, schema, function, argument string
		seed                             int64
		want                             string
	}{
		{"call", answers, "fn.verify_", "call", 0, `{"fn.test":{}}`},
		{"call in part", answers, "fn.verify_", "call", 4, `{"fn.example":{"arg2!":true}}`},
		{"stub", answers, "fn.createStub_", "stub", 4, `{"fn.example":{"arg2!":true},"->":{"Ok_":{"extra!":{"field2":213948580}}}}`},
		{"call without functions", none, "fn.verify_", "call", 0, `{"fn.clearCalls_":{}}`},
		{"stub without functions", none, "fn.createStub_", "stub", 0, `{"fn.clearCalls_":{},"->":{"Ok_":{}}}`},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := parse(t, tc.schema)
			f := s.Function(tc.function)
			g := sample.NewGenerator(s, sample.Options{Seed: tc.seed, MaxLength: 3})
			v := g.Value(f.Args.Field(tc.argument).Type, f, sample.Include, sample.Blueprint{})
			if got := text(t, v); got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
			validBody(t, s, f, wire.Object{{Key: f.Key, Value: wire.Object{{Key: tc.argument, Value: v}}}})
		})
	}
}

// TestSelection reduces what different functions let select, one seed.
func TestSelection(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, scope string
		blueprint   sample.Blueprint
		want        string
	}{
		{"nothing to select", "fn.ping_", sample.Blueprint{}, `{}`},
		{"no function", "", sample.Blueprint{}, `{}`},
		{"fields", "fn.example", sample.Blueprint{}, `{"struct.Data":["field2"]}`},
		{"structs, unions and links", "fn.test", sample.Blueprint{}, `{"struct.Data":["field2"],"union.CallCountCriteria_":{"AtLeast":["times"],"AtMost":[]},"union.GenericData":{"One":[]}}`},
		{"what is given does not count", "fn.test", sample.Given(wire.Object{{Key: "->", Value: wire.Object{}}}), `{"struct.Data":["field2"],"union.CallCountCriteria_":{"AtLeast":["times"],"AtMost":[]},"union.GenericData":{"One":[]}}`},
	}
	s := parse(t, answers)
	typ := s.RequestHeader("@select_").Type
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			g := sample.NewGenerator(s, sample.Options{Seed: 123456789})
			got := g.Value(typ, s.Function(tc.scope), sample.Omit, tc.blueprint)
			if got := text(t, got); got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
		})
	}
}
