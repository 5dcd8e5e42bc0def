package reflectschema_test

import (
	"reflect"
	"testing"

	"github.com/telestruct/telestruct/reflectschema"
)

// sites is the model of the test: what it has inside is found, as inside arguments.
type sites struct {
	Best  price            `tp:"best"`
	Named map[string]quote `tp:"named"`
}

func TestMirrored(t *testing.T) {
	t.Parallel()
	model := build(t, func(b *builder) {
		b.Union(reflectschema.UnionOf[shape](square{}))
		b.Headers(reflectschema.NewHeaderSet[struct{}, struct{}]("headers.None"))
		function[struct{}, struct{}](b, "fn.alive")
		for range 2 {
			b.Mirrored(reflectschema.Mirrored{Type: reflect.TypeFor[sites](), Site: "home/main.go:3"})
		}
	})
	wantOutline(t, model, `
headers.None {} -> {}
fn.alive {} ->
  Ok_ {}
struct.Sites {best: struct.Price, named: {"string": "struct.Quote"}}
struct.Price {cents: integer}
struct.Quote {of!: union.Shape, best: ["struct.Price"]}
union.Shape
  Square {side: number}
`)
	if got := model.Definitions[2].Common().Origin.Site; got != "home/main.go:3" {
		t.Errorf("struct.Sites comes from %q", got)
	}
}
