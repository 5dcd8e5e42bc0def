package shapes_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/internal/bench/shapes"
)

// Figures compare only as long as the payloads keep their sizes.
func TestSizes(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		v    any
		want int
	}{
		{shapes.Tiny(), 22},
		{shapes.Greet(*shapes.Tiny()), 29},
		{shapes.Medium(), 1063},
		{shapes.Large(), 148322},
		{shapes.Bytes(), 87395},
	} {
		text, err := json.Marshal(tc.v)
		if err != nil || len(text) != tc.want {
			t.Errorf("%T: got %d bytes, %v; want %d", tc.v, len(text), err, tc.want)
		}
	}
}

func TestTagsAgree(t *testing.T) {
	t.Parallel()
	for _, v := range []any{
		shapes.GreetRequest{}, shapes.GreetResponse{}, shapes.OrderMessage{}, shapes.Order{}, shapes.Customer{},
		shapes.Address{}, shapes.Item{}, shapes.RecordsMessage{}, shapes.Record{}, shapes.BlobMessage{},
		shapes.ExpressionMessage{}, shapes.Number{}, shapes.Negate{}, shapes.Sum{}, shapes.Product{},
	} {
		for i := range reflect.TypeOf(v).NumField() {
			f := reflect.TypeOf(v).Field(i)
			tp, std := f.Tag.Get("tp"), f.Tag.Get("json")
			if tp == "" || std != tp && std != tp+",omitempty" {
				t.Errorf("%T.%s: tags %q and %q", v, f.Name, tp, std)
			}
		}
	}
}

func TestUnion(t *testing.T) {
	t.Parallel()
	got := map[string]int{}
	depth := count(shapes.Union().Expression, got)
	want := map[string]int{"Number": 64, "Negate": 73, "Sum": 36, "Product": 27}
	if diff := cmp.Diff(want, got); diff != "" || depth != 10 {
		t.Errorf("depth %d, want 10; nodes (-want +got):\n%s", depth, diff)
	}
}

// count adds the nodes of a tree to nodes, by variant, and returns how deep it is.
func count(e shapes.Expression, nodes map[string]int) int {
	nodes[reflect.TypeOf(e).Name()]++
	switch e := e.(type) {
	case shapes.Negate:
		return 1 + count(e.Operand, nodes)
	case shapes.Sum:
		return 1 + max(count(e.Left, nodes), count(e.Right, nodes))
	case shapes.Product:
		return 1 + max(count(e.Left, nodes), count(e.Right, nodes))
	}
	return 1
}
