package tp_test

import (
	"testing"

	"github.com/telestruct/telestruct/tp"
)

// TestMirrorsOnce: a type that functions, topics or several options have is one definition.
func TestMirrorsOnce(t *testing.T) {
	t.Parallel()
	api := tp.NewAPI("", tp.NoAuth(), tp.Mirrors[Price](), tp.Mirrors[Price](), tp.Publishes[Price]("prices"))
	tp.RegisterOn(api, greet)
	s := build(t, api).Schema()
	if s.Lookup("struct.Price") == nil {
		t.Error("the schema has no struct.Price")
	}
	if s.Lookup("headers.Topic") == nil {
		t.Error("the schema has no headers.Topic")
	}
}

func TestMirrorsMistakes(t *testing.T) {
	t.Parallel()
	type Untagged struct{ Value int }
	type Numbered struct {
		ByNumber map[int]string `tp:"byNumber"`
	}
	api := tp.NewAPI("", tp.NoAuth(), tp.Mirrors[Untagged](), tp.Mirrors[Numbered](), tp.Mirrors[*Price](), tp.Mirrors[[]Price](), tp.Mirrors[Event]())
	tp.RegisterOn(api, greet)
	wantBuildError(t, api,
		"tp_test.Untagged.Value (tp/mirrored_test.go:", "an exported field needs a tag",
		"tp_test.Numbered.ByNumber (tp/mirrored_test.go:",
		"live model *tp_test.Price (tp/mirrored_test.go:", "its type is the pointer *tp_test.Price; use tp_test.Price",
		"live model []tp_test.Price (tp/mirrored_test.go:", "its type is []tp_test.Price, which is no struct; use a struct that has it as a field",
		"live model tp_test.Event (tp/mirrored_test.go:", "its type is tp_test.Event, which is no struct")
}
