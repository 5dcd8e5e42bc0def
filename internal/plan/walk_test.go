package plan_test

import (
	"math"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/internal/allocs"
	"github.com/telestruct/telestruct/internal/bench/shapes"
	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/tp/wire"
)

type binary struct {
	Name  string            `tp:"name"`
	Raw   []byte            `tp:"raw?"`
	List  [][]byte          `tp:"list!"`
	Map   map[string]image  `tp:"map!"`
	Inner *binary           `tp:"inner!"`
	More  []binary          `tp:"more!"`
	Any   any               `tp:"any!"`
	Tags  map[string]string `tp:"tags!"`
}

func TestBase64(t *testing.T) {
	t.Parallel()
	p := structOf[binary]()
	for _, tc := range []struct {
		name string
		v    binary
		want string
	}{
		{"nothing", binary{}, `null`},
		{"empty lists", binary{List: [][]byte{}, Map: map[string]image{}, More: []binary{{}}}, `null`},
		{"field", binary{Raw: []byte{1}}, `{"raw":true}`},
		{"no bytes are bytes", binary{Raw: []byte{}}, `{"raw":true}`},
		{"list", binary{List: [][]byte{{1}, nil}}, `{"list!":{"*":true}}`},
		{"map", binary{Map: map[string]image{"a": nil, "b": nil}}, `{"map!":{"*":true}}`},
		{"pointer", binary{Inner: &binary{Inner: &binary{Raw: []byte{}}}}, `{"inner!":{"inner!":{"raw":true}}}`},
		{"different elements", binary{More: []binary{{Raw: []byte{1}}, {}, {List: [][]byte{{}}}, {Inner: &binary{Raw: []byte{}}}, {Raw: []byte{}}}},
			`{"more!":{"*":{"raw":true,"list!":{"*":true},"inner!":{"raw":true}}}}`},
		{"any is not marked", binary{Any: []byte{1}}, `null`},
	} {
		if got := plan.Base64(p, mem.Of(&tc.v)); mustText(t, got) != tc.want {
			t.Errorf("%s: got %s, want %s", tc.name, mustText(t, got), tc.want)
		}
	}
	if got := plan.Base64(planOf[[][]byte](nil), mem.Of(&[][]byte{{}})); mustText(t, got) != `{"*":true}` {
		t.Errorf("list by itself: got %v", got)
	}
	if got := plan.Base64(plan.Bytes(nil), mem.Of(&[]byte{})); got != true {
		t.Errorf("bytes by themselves: got %v", got)
	}
}

// The coercion tree leads to all raw bytes of the tree, so that the peer gets
// back what was there.
func TestBase64OfTree(t *testing.T) {
	t.Parallel()
	p := structOf[binary]()
	v := binary{Raw: []byte{1}, More: []binary{{List: [][]byte{{2}}}, {Map: map[string]image{"a": {3}}}}}
	tree := plan.Tree(p, mem.Of(&v))
	sent, ok := encode(p, mem.Of(&v))
	if !ok {
		t.Fatal("refused")
	}
	got := wire.Base64ToBytes(mustTree(t, sent), plan.Base64(p, mem.Of(&v)))
	if diff := cmp.Diff(tree, got); diff != "" {
		t.Errorf("tree differs (-sent +received):\n%s", diff)
	}
}

func TestBase64OfUnion(t *testing.T) {
	t.Parallel()
	p := inventoryPlan()
	v := inventory{Shape: account{Raw: []byte{}}, Save: link{&save{Raw: []byte{}}}}
	const want = `{"shape":{"Account":{"raw!":true}},"save":{"fn.save":{"raw!":true}}}`
	if got := mustText(t, plan.Base64(p, mem.Of(&v))); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

type (
	left  struct{ Right *right }
	right struct {
		Left *left
		Raw  []byte
	}
)

// Mutual recursion must not hide bytes, whichever struct is asked first.
func TestBase64OfRecursivePlans(t *testing.T) {
	t.Parallel()
	for _, leftFirst := range []bool{true, false} {
		l := plan.NewStruct(reflect.TypeFor[left](), "struct.left")
		r := plan.NewStruct(reflect.TypeFor[right](), "struct.right")
		l.SetFields([]plan.Field{{Name: "right!", Plan: plan.Pointer(reflect.TypeFor[*right](), r), Optional: true}})
		r.SetFields([]plan.Field{
			{Name: "left!", Plan: plan.Pointer(reflect.TypeFor[*left](), l), Optional: true},
			{Name: "raw!", Offset: reflect.TypeFor[right]().Field(1).Offset, Plan: plan.Bytes(nil), Optional: true},
		})
		v := left{&right{Raw: []byte{}, Left: &left{}}}
		if !leftFirst {
			plan.Base64(r, mem.Of(v.Right))
		}
		if got := mustText(t, plan.Base64(l, mem.Of(&v))); got != `{"right!":{"raw!":true}}` {
			t.Errorf("left first %v: got %s", leftFirst, got)
		}
	}
}

func TestBase64CostsNothingWithoutBytes(t *testing.T) {
	p, v := structOf[shapes.RecordsMessage](), shapes.Large()
	plan.Base64(p, mem.Of(v))
	if got := allocs.Objects(1, func() { plan.Base64(p, mem.Of(v)) }); got > 1 {
		t.Errorf("%v allocations", got)
	}
}

func TestFromTree(t *testing.T) {
	t.Parallel()
	p := structOf[binary]()
	var got binary
	tree := wire.Object{
		{Key: "name", Value: "a"}, {Key: "raw", Value: []byte{1}}, {Key: "any!", Value: []any{1.0, int64(1)}},
		{Key: "list!", Value: []any{[]byte{2}, "Aw=="}},
	}
	if !plan.FromTree(p, tree, mem.Of(&got)) {
		t.Fatal("refused")
	}
	want := binary{Name: "a", Raw: []byte{1}, Any: []any{1.0, int64(1)}, List: [][]byte{{2}, {3}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("value differs (-want +got):\n%s", diff)
	}
	for name, tree := range map[string]any{
		"missing field":  wire.Object{},
		"another kind":   []any{},
		"no tree":        make(chan int),
		"NaN":            wire.Object{{Key: "name", Value: "a"}, {Key: "raw", Value: nil}, {Key: "any!", Value: math.NaN()}},
		"float as text":  wire.Object{{Key: "name", Value: 1.0}, {Key: "raw", Value: nil}},
		"no base64 text": wire.Object{{Key: "name", Value: "a"}, {Key: "raw", Value: "?"}},
	} {
		if plan.FromTree(p, tree, mem.Of(new(binary))) {
			t.Errorf("%s: was accepted", name)
		}
	}
	if plan.FromTree(plan.Int(reflect.TypeFor[int]()), 1.0, mem.Of(new(int))) {
		t.Error("a float was accepted as integer")
	}
}
