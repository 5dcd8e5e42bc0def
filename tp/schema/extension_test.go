package schema_test

import (
	"testing"

	"github.com/telestruct/telestruct/tp/schema"
)

func TestExtensionKind(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]schema.Kind{
		"_ext.Select_": schema.Select,
		"_ext.Call_":   schema.Call,
		"_ext.Stub_":   schema.Stub,
		"_ext.Other_":  0,
		"":             0,
	} {
		e := &schema.Extension{Head: schema.Head{Key: key}}
		if got := e.Kind(); got != want {
			t.Errorf("%q: got %v, want %v", key, got, want)
		}
	}
}
