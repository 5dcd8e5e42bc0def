package plan_test

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/tp/wire"
)

// expression is a union: constant is held by value, sum only by pointer,
// variable is the kind of struct that lies in an interface's word itself, and
// nothing has no fields.
type expression interface{ isExpression() }

type (
	constant struct {
		Value float64 `tp:"value"`
		Unit  *string `tp:"unit!"`
	}
	sum struct {
		Left  expression   `tp:"left"`
		Right expression   `tp:"right"`
		More  []expression `tp:"more!"`
	}
	variable struct {
		_    struct{}
		Name *string `tp:"name"`
	}
	nothing struct{}
	// stranger is no variant.
	stranger struct{}
)

func (constant) isExpression() {}
func (*sum) isExpression()     {}
func (variable) isExpression() {}
func (nothing) isExpression()  {}
func (stranger) isExpression() {}

// expressionPlans returns the plans of the union and of formula.
func expressionPlans() (*plan.Union, *plan.Struct) {
	t := reflect.TypeFor[expression]()
	u := plan.NewUnion(t, "union.Expression")
	element := plan.Nullable(u)
	b := &builder{structs: map[reflect.Type]*plan.Struct{}, special: map[reflect.Type]plan.Plan{
		t:                               u,
		reflect.TypeFor[[]expression](): plan.List(reflect.TypeFor[[]expression](), element),
	}}
	name := plan.NewStruct(reflect.TypeFor[variable](), "")
	field := reflect.TypeFor[variable]().Field(1)
	name.SetFields([]plan.Field{{Name: "name", Offset: field.Offset, Plan: b.of(field.Type)}})
	u.SetVariants([]plan.Variant{
		{Tag: "Constant", Type: reflect.TypeFor[constant](), Struct: b.structure(reflect.TypeFor[constant]())},
		{Tag: "Sum", Type: reflect.TypeFor[sum](), Struct: b.structure(reflect.TypeFor[sum]())},
		{Tag: "Variable", Type: reflect.TypeFor[variable](), Struct: name},
		{Tag: "Nothing", Type: reflect.TypeFor[nothing](), Struct: b.structure(reflect.TypeFor[nothing]())},
	})
	return u, b.structure(reflect.TypeFor[formula]())
}

type formula struct {
	First expression            `tp:"first"`
	Maybe expression            `tp:"maybe!"`
	Named map[string]expression `tp:"named!"`
}

func TestUnionDecode(t *testing.T) {
	t.Parallel()
	u, _ := expressionPlans()
	for _, tc := range []struct {
		text string
		want expression
	}{
		{`{"Constant":{"value":1.5}}`, constant{Value: 1.5}},
		{` { "Constant" : {"unit!":"m","value":1} } `, constant{1, new("m")}},
		{`{"\u0043onstant":{"value":1}}`, constant{Value: 1}},
		{`{"Variable":{"name":"x"}}`, variable{Name: new("x")}},
		{`{"Nothing":{}}`, nothing{}},
		{`{"Sum":{"left":{"Constant":{"value":1}},"right":{"Variable":{"name":"y"}},"more!":[{"Nothing":{}},null]}}`,
			&sum{constant{Value: 1}, variable{Name: new("y")}, []expression{nothing{}, nil}}},
		{`{}`, nil},
		{`null`, nil},
		{`[]`, nil},
		{`"Nothing"`, nil},
		{`{"Product":{}}`, nil},
		{`{"nothing":{}}`, nil},
		{`{"Nothing":null}`, nil},
		{`{"Nothing":[]}`, nil},
		{`{"Nothing":{"a":1}}`, nil},
		{`{"Constant":{}}`, nil},
		{`{"Nothing":{},"Constant":{"value":1}}`, nil},
		{`{"Nothing":{},"Nothing":{}}`, nil},
		{`{"Nothing":{},}`, nil},
		{`{"Nothing":{}`, nil},
		{`{"Nothing" {}}`, nil},
		{`{"Sum":{"left":{"Nothing":{}},"right":null}}`, nil},
	} {
		var got expression
		ok := decode(u, tc.text, mem.Of(&got))
		if ok != (tc.want != nil) {
			t.Errorf("%s: got %v", tc.text, ok)
		} else if ok {
			if diff := cmp.Diff(tc.want, got, cmp.AllowUnexported(variable{})); diff != "" {
				t.Errorf("%s: value differs (-want +got):\n%s", tc.text, diff)
			}
		}
	}
}

func TestUnionEncode(t *testing.T) {
	t.Parallel()
	u, _ := expressionPlans()
	for _, tc := range []struct {
		v    expression
		want string
	}{
		{constant{Value: 1}, `{"Constant":{"value":1}}`},
		{&constant{Value: 1, Unit: new("m")}, `{"Constant":{"value":1,"unit!":"m"}}`},
		{variable{Name: new("x")}, `{"Variable":{"name":"x"}}`},
		{&variable{Name: new("x")}, `{"Variable":{"name":"x"}}`},
		{nothing{}, `{"Nothing":{}}`},
		{&nothing{}, `{"Nothing":{}}`},
		{&sum{Left: nothing{}, Right: &sum{Left: nothing{}, Right: nothing{}}},
			`{"Sum":{"left":{"Nothing":{}},"right":{"Sum":{"left":{"Nothing":{}},"right":{"Nothing":{}}}}}}`},
	} {
		if got := mustEncode(t, u, mem.Of(&tc.v)); got != tc.want {
			t.Errorf("got %s, want %s", got, tc.want)
		}
	}
}

func TestUnionWithoutEncoding(t *testing.T) {
	t.Parallel()
	u, _ := expressionPlans()
	for _, tc := range []struct {
		name string
		v    expression
		tree any
	}{
		{"nil", nil, nil},
		{"nil pointer", (*constant)(nil), nil},
		{"nil pointer of a variant by pointer", (*sum)(nil), nil},
		{"another type", stranger{}, stranger{}},
		{"pointer to another type", &stranger{}, &stranger{}},
		{"nil inside", &sum{Left: nothing{}}, wire.Object{{Key: "Sum", Value: wire.Object{
			{Key: "left", Value: wire.Object{{Key: "Nothing", Value: wire.Object{}}}}, {Key: "right", Value: nil}}}}},
	} {
		if got, ok := encode(u, mem.Of(&tc.v)); ok {
			t.Errorf("%s: was written as %s", tc.name, got)
		}
		if diff := cmp.Diff(tc.tree, plan.Tree(u, mem.Of(&tc.v))); diff != "" {
			t.Errorf("%s: tree differs (-want +got):\n%s", tc.name, diff)
		}
		if tree := plan.Base64(u, mem.Of(&tc.v)); tree != nil {
			t.Errorf("%s: got coercion tree %v", tc.name, tree)
		}
	}
}

func TestUnionInFields(t *testing.T) {
	t.Parallel()
	_, p := expressionPlans()
	for _, text := range []string{
		`{"first":{"Nothing":{}}}`,
		`{"first":{"Variable":{"name":"x"}},"maybe!":{"Constant":{"value":2,"unit!":"m"}},"named!":{"a":{"Nothing":{}},"b":null}}`,
	} {
		var v formula
		if !decode(p, text, mem.Of(&v)) {
			t.Fatalf("%s: refused", text)
		}
		if got := mustEncode(t, p, mem.Of(&v)); got != text {
			t.Errorf("%s: was written as %s", text, got)
		}
		if got := mustText(t, plan.Tree(p, mem.Of(&v))); !sameJSON(t, got, text) {
			t.Errorf("%s: got tree %s", text, got)
		}
	}
	if _, ok := encode(p, mem.Of(&formula{})); ok {
		t.Error("a nil union was written")
	}
}

// sameJSON reports whether two texts are the same value, where a float may or
// may not have a fraction.
func sameJSON(t *testing.T, a, b string) bool {
	t.Helper()
	return cmp.Equal(floats(mustTree(t, a)), floats(mustTree(t, b)))
}

func mustTree(t *testing.T, text string) any {
	t.Helper()
	tree, err := wire.DecodeJSON([]byte(text), wire.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// floats returns the tree with all integers as floats.
func floats(tree any) any {
	switch tree := tree.(type) {
	case int64:
		return float64(tree)
	case []any:
		list := make([]any, len(tree))
		for i := range tree {
			list[i] = floats(tree[i])
		}
		return list
	case wire.Object:
		object := make(wire.Object, len(tree))
		for i, m := range tree {
			object[i] = wire.Member{Key: m.Key, Value: floats(m.Value)}
		}
		return object
	}
	return tree
}

func BenchmarkUnion(b *testing.B) {
	u, _ := expressionPlans()
	b.Run("decode", func(b *testing.B) {
		var d plan.Decoder
		text := []byte(`{"Constant":{"value":1}}`)
		b.ReportAllocs()
		for b.Loop() {
			var v expression
			d.Reset(text, wire.Limits{})
			if !u.Decode(&d, mem.Of(&v)) {
				b.Fatal("refused")
			}
		}
	})
	b.Run("encode", func(b *testing.B) {
		v := expression(constant{Value: 1})
		benchmarkEncode(b, u, mem.Of(&v))
	})
}
