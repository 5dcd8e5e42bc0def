package shapes_test

import (
	"encoding/json"
	"reflect"
	"testing"

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
		{shapes.Greet(shapes.Tiny()), 29},
		{shapes.Medium(), 1063},
		{shapes.Large(), 148322},
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
		shapes.Address{}, shapes.Item{}, shapes.RecordsMessage{}, shapes.Record{},
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
