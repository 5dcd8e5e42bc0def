package validate_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/internal/allocs"
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/validate"
	"github.com/telestruct/telestruct/tp/wire"
)

func TestFailuresAreLimited(t *testing.T) {
	t.Parallel()
	flags := &schema.Type{Kind: schema.ArrayOf, Elem: &schema.Type{Kind: schema.Boolean}}
	wrong := make([]any, 131_072)
	for i := range wrong {
		wrong[i] = int64(1)
	}
	got := validate.Value(nil, flags, nil, wrong)
	if len(got) != validate.MaxFailures {
		t.Fatalf("got %d failures, want %d", len(got), validate.MaxFailures)
	}
	for i, f := range got {
		if diff := cmp.Diff(wire.Path{i}, f.Path); diff != "" {
			t.Fatal(diff)
		}
	}
}

// Types are not asked about a text that nothing will be said of: a stranger could
// make them work for every element of a long list.
func TestTypesAreNotAskedInVain(t *testing.T) {
	t.Parallel()
	asked := 0
	texts := &schema.Type{Kind: schema.String, Refine: &schema.Refinement{GoType: "poem", Text: func(string) error {
		asked++
		return errors.New("no")
	}}}
	lists := &schema.Type{Kind: schema.ArrayOf, Elem: &schema.Type{Kind: schema.ArrayOf, Elem: texts}}
	f := &schema.Function{
		Args: &schema.Struct{Fields: []*schema.Field{{Name: "lists", Type: lists}}},
		Result: &schema.Union{Tags: []*schema.Tag{{Name: "Ok_", Payload: &schema.Struct{
			Fields: []*schema.Field{{Name: "lists", Type: lists}},
		}}}},
	}
	f.Key = "fn.f"
	row := make([]any, 1000)
	for i := range row {
		row[i] = "x"
	}
	rows := make([]any, 100)
	for i := range rows {
		rows[i] = row
	}
	payload := wire.Object{{Key: "lists", Value: rows}}
	for name, failures := range map[string][]validate.Failure{
		"value":    validate.Value(nil, lists, nil, rows),
		"request":  validate.Request(nil, f, payload).Failures,
		"response": validate.Response(nil, f, "Ok_", payload, validate.ResponseOptions{}).Failures,
	} {
		if len(failures) != validate.MaxFailures {
			t.Errorf("%s: got %d failures", name, len(failures))
		}
	}
	if asked != 3*validate.MaxFailures {
		t.Errorf("asked %d times, want %d", asked, 3*validate.MaxFailures)
	}
}

// What a wrong value costs is what its failures cost, however much of it is wrong.
func TestFailuresBeyondTheLimitCostNoMemory(t *testing.T) {
	s := newLibrary(t)
	f := s.Function("fn.check")
	payload := func(books int) any {
		row := make([]any, books)
		for i := range row {
			row[i] = wire.Object{{Key: "x", Value: int64(1)}}
			if i%2 > 0 {
				row[i] = wire.Object{}
			}
		}
		full := wire.Object{{Key: "Full", Value: wire.Object{{Key: "books", Value: row}}}}
		return wire.Object{{Key: "sample!", Value: wire.Object{{Key: "shelf!", Value: full}}}}
	}
	few, many := payload(validate.MaxFailures), payload(100*validate.MaxFailures)
	cost := func(most float64, check func() validate.Report) float64 {
		return allocs.Objects(most, func() {
			if r := check(); len(r.Failures) != validate.MaxFailures {
				t.Fatal(len(r.Failures))
			}
		})
	}
	request := func(most float64, payload any) float64 {
		return cost(most, func() validate.Report { return validate.Request(s, f, payload) })
	}
	response := func(most float64, payload any) float64 {
		return cost(most, func() validate.Report {
			return validate.Response(s, f, "Ok_", payload, validate.ResponseOptions{})
		})
	}
	small := request(0, few)
	if large := request(small, many); large > small {
		t.Errorf("request: got %v allocations for many elements, %v for few", large, small)
	}
	small = response(0, few)
	if large := response(small, many); large > small {
		t.Errorf("response: got %v allocations for many elements, %v for few", large, small)
	}
}

// TestCoercionsAreComplete checks that the walk goes on when no more failures
// are recorded: with @unsafe_, a response that is wrong is sent all the same.
func TestCoercionsAreComplete(t *testing.T) {
	t.Parallel()
	s := newLibrary(t)
	counts := make([]any, 2*validate.MaxFailures)
	sample := wire.Object{{Key: "counts!", Value: counts}, {Key: "data!", Value: []byte{1}}}
	got := validate.Response(s, s.Function("fn.check"), "Ok_", wire.Object{{Key: "sample!", Value: sample}}, validate.ResponseOptions{})
	if len(got.Failures) != validate.MaxFailures {
		t.Errorf("got %d failures", len(got.Failures))
	}
	sameTree(t, `{"Ok_": {"sample!": {"data!": true}}}`, got.Base64)
}

// TestPathsAreLimited is about one long key above many wrong values: each of the
// failures would repeat it.
func TestPathsAreLimited(t *testing.T) {
	t.Parallel()
	flags := &schema.Type{Kind: schema.ArrayOf, Elem: &schema.Type{Kind: schema.Boolean}}
	lists := &schema.Type{Kind: schema.ObjectOf, Elem: flags}
	long := strings.Repeat("k", 40<<10)
	value := wire.Object{{Key: long, Value: make([]any, 1000)}}
	if got := validate.Value(nil, lists, nil, value); len(got) != 2 {
		t.Errorf("got %d failures, want 2", len(got))
	}
}

func TestDeepValues(t *testing.T) {
	t.Parallel()
	nested := func(levels int) any {
		var v any = true
		for range levels {
			v = []any{v}
		}
		return v
	}
	itself := make([]any, 2)
	itself[0], itself[1] = itself, itself
	book := wire.Object{{Key: "title", Value: ""}, {Key: "pages", Value: int64(1)}, {Key: "sequel!"}}
	book[2].Value = book

	s := newLibrary(t)
	f := s.Function("fn.lend")
	anything := &schema.Type{Kind: schema.Any}
	cases := []struct {
		name  string
		typ   *schema.Type
		value any
		want  int
	}{
		{"as deep as allowed", anything, nested(999), 0},
		{"deeper", anything, nested(1000), 1},
		{"array of itself", anything, itself, 1},
		{"struct of itself", f.Args.Field("book").Type, book, 1},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := validate.Value(s, tc.typ, f, tc.value)
			if len(got) != tc.want {
				t.Fatalf("got %d failures, want %d", len(got), tc.want)
			}
			const why = "the value is nested 1000 levels deep, or contains itself"
			if tc.want > 0 && cmp.Diff(because(why).Data, got[0].Data) != "" {
				t.Errorf("got %v", got[0])
			}
		})
	}
}

func TestValidValuesCostNoMemory(t *testing.T) {
	s := newLibrary(t)
	f := s.Function("fn.check")
	payload := tree(t, valid)
	cost := allocs.Objects(0, func() {
		if r := validate.Response(s, f, "Ok_", payload, validate.ResponseOptions{}); len(r.Failures) > 0 {
			t.Fatal(r.Failures)
		}
	})
	if cost > 0 {
		t.Errorf("got %v allocations", cost)
	}
}

// valid is a valid payload of fn.check with most kinds of values.
const valid = `{"sample!": {
	"flag!": true, "count!": 1, "ratio!": 0.5, "name!": "a", "thing!": {"b": [1, "c", null]}, "data!": "AA==",
	"counts!": [1, 2, 3], "grid!": [[1], [2]], "names!": {"y": "a", "x": "b"}, "noShelf!": null,
	"book!": {"title": "a", "pages": 1, "sequel!": {"title": "b", "pages": 2}},
	"shelves!": [{"Empty": {}}, {"Full": {"books": [{"title": "a", "pages": 1}]}}],
	"loan!": {"fn.lend": {"book": {"title": "a", "pages": 1}}},
	"select!": {"->": {"Ok_": ["sample!"]}},
	"call!": {"fn.lend": {}},
	"stub!": {"fn.lend": {}, "->": {"Ok_": {}}}
}}`

func BenchmarkResponse(b *testing.B) {
	s := newLibrary(b)
	f := s.Function("fn.check")
	payload := tree(b, valid)
	b.ReportAllocs()
	for b.Loop() {
		validate.Response(s, f, "Ok_", payload, validate.ResponseOptions{})
	}
}
