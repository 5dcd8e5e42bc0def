package wire_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/tp/wire"
)

func TestClone(t *testing.T) {
	t.Parallel()
	raw := []byte{1}
	list := []any{int64(1), raw, nil}
	object := wire.Object{{Key: "list", Value: list}, {Key: "empty", Value: wire.Object{}}, {Key: "text", Value: "t"}}
	want := wire.Object{
		{Key: "list", Value: []any{int64(1), []byte{1}, nil}},
		{Key: "empty", Value: wire.Object{}},
		{Key: "text", Value: "t"},
	}
	clone := wire.Clone(object)
	raw[0], list[0], object[2].Value = 2, true, "changed"
	if diff := cmp.Diff(any(want), clone); diff != "" {
		t.Errorf("clone after the original changed (-want +got):\n%s", diff)
	}
	for _, scalar := range []any{nil, true, int64(1), 1.5, "s", wire.Number("1e999")} {
		if got := wire.Clone(scalar); got != scalar {
			t.Errorf("Clone(%v) = %v", scalar, got)
		}
	}
}
