package plan_test

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/internal/allocs"
	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/tp/wire"
)

func TestContainerDecode(t *testing.T) {
	t.Parallel()
	type key string
	for _, tc := range []struct {
		typ   reflect.Type
		plan  plan.Plan
		cases []valueCase
	}{
		{reflect.TypeFor[[]int](), planOf[[]int](nil), []valueCase{
			{"[]", []int{}}, {"[ ]", []int{}}, {"[1]", []int{1}}, {"[1, 2,3,4,5,6,7]", []int{1, 2, 3, 4, 5, 6, 7}},
			{"null", nil}, {"{}", nil}, {"[1,]", nil}, {"[1", nil}, {"[1,true]", nil}, {"[null]", nil},
		}},
		{reflect.TypeFor[[]struct{}](), planOf[[]struct{}](nil), []valueCase{{"[{},{}]", make([]struct{}, 2)}}},
		{reflect.TypeFor[[][]string](), planOf[[][]string](nil), []valueCase{
			{`[["a"],[],["b","c"]]`, [][]string{{"a"}, {}, {"b", "c"}}},
		}},
		{reflect.TypeFor[[]*string](), planOf[[]*string](nil), []valueCase{
			{`["a",null]`, []*string{new("a"), nil}}, {`[nul]`, nil},
		}},
		{reflect.TypeFor[[]any](), planOf[[]any](nil), []valueCase{{`[null,1]`, []any{nil, int64(1)}}}},
		{reflect.TypeFor[map[string]int](), planOf[map[string]int](nil), []valueCase{
			{"{}", map[string]int{}}, {`{"b":1,"a":2}`, map[string]int{"a": 2, "b": 1}}, {`{"\u0061":1}`, map[string]int{"a": 1}},
			{`{"a":1,"a":1}`, nil}, {`{"a":1,"\u0061":2}`, nil}, {`{"a":1,}`, nil}, {`{"a":1.5}`, nil}, {`{"a":1`, nil}, {"null", nil}, {"[]", nil},
		}},
		{reflect.TypeFor[map[key][]string](), planOf[map[key][]string](nil), []valueCase{
			{`{"a":["x"],"b":[]}`, map[key][]string{"a": {"x"}, "b": {}}},
		}},
		{reflect.TypeFor[map[string]struct{}](), planOf[map[string]struct{}](nil), []valueCase{
			{`{"a":{}}`, map[string]struct{}{"a": {}}},
		}},
		{reflect.TypeFor[*int](), planOf[*int](nil), []valueCase{{"1", new(1)}, {"null", nil}, {"1.5", nil}}},
		{reflect.TypeFor[**int](), planOf[**int](nil), []valueCase{{"1", new(new(1))}}},
	} {
		checkDecode(t, tc.plan, tc.typ, tc.cases)
	}
}

func TestContainerEncode(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		plan plan.Plan
		from mem.Ptr
		want string
		tree any
	}{
		{"list", planOf[[]int](nil), mem.Of(&[]int{1, 2}), "[1,2]", []any{int64(1), int64(2)}},
		{"nil list", planOf[[]int](nil), mem.Of(new([]int)), "[]", []any{}},
		{"list with null", planOf[[]*int](nil), mem.Of(&[]*int{nil, new(1)}), "[null,1]", []any{nil, int64(1)}},
		{"map", planOf[map[string]int](nil), mem.Of(&map[string]int{"b": 1, "a": 2, "\n": 3}), `{"\n":3,"a":2,"b":1}`,
			wire.Object{{Key: "\n", Value: int64(3)}, {Key: "a", Value: int64(2)}, {Key: "b", Value: int64(1)}}},
		{"nil map", planOf[map[string]int](nil), mem.Of(new(map[string]int)), "{}", wire.Object{}},
		{"map of lists", planOf[map[string][]string](nil), mem.Of(&map[string][]string{"a": {"x"}, "b": nil}), `{"a":["x"],"b":[]}`,
			wire.Object{{Key: "a", Value: []any{"x"}}, {Key: "b", Value: []any{}}}},
		{"pointer", planOf[*int](nil), mem.Of(new(new(1))), "1", int64(1)},
	} {
		if got, ok := encode(tc.plan, tc.from); !ok || got != tc.want {
			t.Errorf("%s: got %s, %v; want %s", tc.name, got, ok, tc.want)
		}
		if diff := cmp.Diff(tc.tree, plan.Tree(tc.plan, tc.from)); diff != "" {
			t.Errorf("%s: tree differs (-want +got):\n%s", tc.name, diff)
		}
	}
}

func TestContainerWithoutEncoding(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		plan plan.Plan
		from mem.Ptr
	}{
		{"nil pointer", planOf[*int](nil), mem.Of(new(*int))},
		{"NaN in a list", planOf[[]float64](nil), mem.Of(&[]float64{1, math.NaN()})},
		{"bad UTF-8 in a map", planOf[map[string]string](nil), mem.Of(&map[string]string{"a": "\xff"})},
		{"bad UTF-8 in a key", planOf[map[string]string](nil), mem.Of(&map[string]string{"\xff": "a"})},
	} {
		if got, ok := encode(tc.plan, tc.from); ok {
			t.Errorf("%s: was written as %s", tc.name, got)
		}
	}
	if tree := plan.Tree(planOf[*int](nil), mem.Of(new(*int))); tree != nil {
		t.Errorf("nil pointer: got tree %v", tree)
	}
}

func TestContainerLimits(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		text string
		ok   bool
	}{
		{`{"l":[1,2,3],"m":{"a":1,"b":1,"c":1}}`, true},
		{`{"l":[1,2,3,4],"m":{}}`, false},
		{`{"l":[],"m":{"a":1,"b":1,"c":1,"d":1}}`, false},
	} {
		type pair struct {
			L []int          `tp:"l"`
			M map[string]int `tp:"m"`
		}
		var d plan.Decoder
		d.Reset([]byte(tc.text), wire.Limits{Depth: 2, Elements: 3})
		if ok := structOf[pair]().Decode(&d, mem.Of(new(pair))); ok != tc.ok {
			t.Errorf("%s: got %v", tc.text, ok)
		}
	}
	var d plan.Decoder
	d.Reset([]byte(`[[[]]]`), wire.Limits{Depth: 2})
	if planOf[[][][]int](nil).Decode(&d, mem.Of(new([][][]int))) {
		t.Error("three levels were read within a limit of two")
	}
}

// Structs are objects like any other: the tree of a message is read within the
// same limit.
func TestElementsOfMessages(t *testing.T) {
	t.Parallel()
	type inner struct {
		A, B, C *int
	}
	p := plan.NewStruct(reflect.TypeFor[inner](), "")
	var fields []plan.Field
	for i, name := range []string{"a!", "b!", "c!"} {
		fields = append(fields, plan.Field{Name: name, Offset: reflect.TypeFor[inner]().Field(i).Offset,
			Plan: planOf[*int](nil), Optional: true})
	}
	p.SetFields(fields)
	for _, tc := range []struct {
		args string
		most int // the smallest limit that accepts the arguments
	}{
		{`{}`, 1}, {`{"a!":1}`, 1}, {`{"a!":1,"c!":1}`, 2}, {`{"a!":1,"b!":1,"c!":1}`, 3},
	} {
		text := []byte(`[{},{"fn.a":` + tc.args + `}]`)
		for limit := 1; limit <= 3; limit++ {
			limits := wire.Limits{Elements: limit}
			var d plan.Decoder
			d.Reset(text, limits)
			_, _, ok := d.Begin()
			ok = ok && p.Decode(&d, mem.Of(new(inner))) && d.Finish()
			_, err := wire.DecodeMessage(text, limits)
			if want := limit >= tc.most; ok != want || (err == nil) != want {
				t.Errorf("%s with limit %d: the plan says %v, the tree %v", tc.args, limit, ok, err)
			}
		}
	}
}

// TestListAllocation must not be parallel: it counts what the process
// allocates.
func TestListAllocation(t *testing.T) {
	type wide struct {
		Columns [16]struct{ A, B *string }
	}
	wideStruct := plan.NewStruct(reflect.TypeFor[wide](), "struct.wide")
	wideList := plan.List(reflect.TypeFor[[]wide](), wideStruct)
	lists := plan.List(reflect.TypeFor[[][]wide](), wideList)
	for name, text := range map[string]string{
		"many lists of one": "[" + strings.Repeat("[{}],", 2000) + "[]]",
		"lists of five":     "[" + strings.Repeat("[{},{},{},{},{}],", 500) + "[]]",
		"one long list":     "[[" + strings.Repeat("{},", 5000) + "{}]]",
		"short, then much":  "[[{},{},{},{},{}],[{}" + strings.Repeat(" ", 100_000) + "]]",
		"cut off":           "[[{},{},{},{},{}" + strings.Repeat(",", 100_000),
	} {
		// An element takes three bytes of text, and copying while a list
		// grows may double what it takes in memory.
		elements := uint64(strings.Count(text, "{}") + strings.Count(text, "["))
		most := 10*elements*uint64(reflect.TypeFor[wide]().Size()) + 4096
		data := []byte(text)
		spent := allocs.Bytes(most, func() {
			var d plan.Decoder
			d.Reset(data, wire.Limits{})
			lists.Decode(&d, mem.Of(new([][]wide)))
		})
		if spent > most {
			t.Errorf("%s: %d bytes for %d elements", name, spent, elements)
		}
	}
}

// TestOpenLists reads lists of CBOR of which only their ends tell how long they are:
// each takes the room of its elements, however much follows.
func TestOpenLists(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, list string }{
		{"empty", "\x9f\xff"},
		{"one", "\x9f\x00\xff"},
		{"short", "\x9f\x00\x01\x02\x03\x04\x05\x06\x07\xff"},
		{"long", "\x9f" + strings.Repeat("\x09", 1000) + "\xff"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			const lists = 500
			var got [][]int
			if !decodeBinary(planOf[[][]int](nil), wire.CBOR, []byte("\x9f"+strings.Repeat(tc.list, lists)+"\xff"), mem.Of(&got)) {
				t.Fatal("refused")
			}
			var want []int
			if !decodeBinary(planOf[[]int](nil), wire.CBOR, []byte(tc.list), mem.Of(&want)) || len(want) != len(tc.list)-2 {
				t.Fatalf("got %v alone", want)
			}
			if len(got) != lists {
				t.Fatalf("got %d lists", len(got))
			}
			for _, list := range got {
				if diff := cmp.Diff(want, list); diff != "" {
					t.Fatalf("elements differ (-want +got):\n%s", diff)
				}
				if room := max(4, 8*len(list)); cap(list) > room {
					t.Fatalf("room for %d elements for %d", cap(list), len(list))
				}
			}
		})
	}
}

func TestNullable(t *testing.T) {
	t.Parallel()
	type fields struct {
		Pointer *int   `tp:"pointer?"`
		Bytes   []byte `tp:"bytes?"`
		Any     any    `tp:"any?"`
	}
	p := structOf[fields]()
	for _, tc := range []struct {
		text string
		want fields
	}{
		{`{"pointer":null,"bytes":null,"any":null}`, fields{}},
		{`{"pointer":1,"bytes":"","any":"a"}`, fields{new(1), []byte{}, "a"}},
	} {
		var got fields
		if !decode(p, tc.text, mem.Of(&got)) {
			t.Errorf("%s: refused", tc.text)
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s: value differs (-want +got):\n%s", tc.text, diff)
		}
		if again := mustEncode(t, p, mem.Of(&got)); again != tc.text {
			t.Errorf("%s: was written as %s", tc.text, again)
		}
		if tree := plan.Tree(p, mem.Of(&got)); mustText(t, tree) != tc.text {
			t.Errorf("%s: got tree %v", tc.text, tree)
		}
	}
	if decode(p, `{"pointer":nul,"bytes":null,"any":null}`, mem.Of(new(fields))) {
		t.Error("nul was read as null")
	}
}

func mustText(t *testing.T, tree any) string {
	t.Helper()
	b, err := wire.AppendValue(nil, tree)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// maybe is what the marker type of the tags "x!?" looks like.
type maybe[T any] struct {
	Value T
	State uint8
}

func maybePlan[T any](elem plan.Plan) plan.Plan {
	typ := reflect.TypeFor[maybe[T]]()
	return plan.Optional(typ.Field(0).Offset, typ.Field(1).Offset, elem)
}

func TestOptional(t *testing.T) {
	t.Parallel()
	type fields struct {
		Text  maybe[string]  `tp:"text!"`
		Raw   maybe[[]byte]  `tp:"raw!"`
		Count maybe[float64] `tp:"count!"`
	}
	p := planOf[fields](map[reflect.Type]plan.Plan{
		reflect.TypeFor[maybe[string]]():  maybePlan[string](plan.String(nil)),
		reflect.TypeFor[maybe[[]byte]]():  maybePlan[[]byte](plan.Bytes(nil)),
		reflect.TypeFor[maybe[float64]](): maybePlan[float64](plan.Float(reflect.TypeFor[float64]())),
	})
	for _, tc := range []struct {
		text   string
		want   fields
		base64 any
	}{
		{`{}`, fields{}, nil},
		{`{"text!":null,"raw!":null}`, fields{Text: maybe[string]{State: 1}, Raw: maybe[[]byte]{State: 1}}, nil},
		{`{"text!":"a","raw!":"AA==","count!":1}`,
			fields{maybe[string]{"a", 2}, maybe[[]byte]{[]byte{0}, 2}, maybe[float64]{1, 2}}, wire.Object{{Key: "raw!", Value: true}}},
	} {
		var got fields
		if !decode(p, tc.text, mem.Of(&got)) {
			t.Errorf("%s: refused", tc.text)
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s: value differs (-want +got):\n%s", tc.text, diff)
		}
		if again := mustEncode(t, p, mem.Of(&got)); again != tc.text {
			t.Errorf("%s: was written as %s", tc.text, again)
		}
		if diff := cmp.Diff(tc.base64, plan.Base64(p, mem.Of(&got))); diff != "" {
			t.Errorf("%s: coercion tree differs (-want +got):\n%s", tc.text, diff)
		}
	}
	if _, ok := encode(maybePlan[string](plan.String(nil)), mem.Of(&maybe[string]{})); ok {
		t.Error("an absent value was written")
	}
	if tree := plan.Tree(maybePlan[string](plan.String(nil)), mem.Of(&maybe[string]{"a", 1})); tree != nil {
		t.Errorf("null: got tree %v", tree)
	}
}
