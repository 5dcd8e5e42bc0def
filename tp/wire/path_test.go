package wire_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/tp/wire"
)

func TestPathTree(t *testing.T) {
	t.Parallel()
	cases := []struct {
		path wire.Path
		want []any
	}{
		{nil, []any{}},
		{wire.Path{}, []any{}},
		{wire.Path{"fn.add", "items", 3, "x"}, []any{"fn.add", "items", int64(3), "x"}},
	}
	for _, tc := range cases {
		if diff := cmp.Diff(tc.want, tc.path.Tree()); diff != "" {
			t.Errorf("%v: -want +got\n%s", tc.path, diff)
		}
	}
}
