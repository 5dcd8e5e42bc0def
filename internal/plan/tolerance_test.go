package plan_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/tp/wire"
)

// Clients read what newer servers add, and what a selection leaves.
func TestTolerance(t *testing.T) {
	t.Parallel()
	unknown, incomplete := plan.Tolerance{Unknown: true}, plan.Tolerance{Incomplete: true}
	both := plan.Tolerance{Unknown: true, Incomplete: true}
	for _, tc := range []struct {
		text      string
		tolerance plan.Tolerance
		want      *save
	}{
		{`{"name":"a"}`, plan.Tolerance{}, &save{Name: "a"}},
		{`{"new":{"a":[1]},"name":"a","more":null}`, unknown, &save{Name: "a"}},
		{`{"new":1,"name":"a"}`, incomplete, nil},
		{`{"new":1}`, unknown, nil},
		{`{"new":1}`, both, &save{}},
		{`{}`, incomplete, &save{}},
		{`{}`, unknown, nil},
		{`{"raw!":"AA=="}`, incomplete, &save{Raw: []byte{0}}},
		{`{"name":1}`, both, nil},
	} {
		tree, err := wire.DecodeJSON([]byte(tc.text), wire.CallLimits())
		if err != nil {
			t.Fatal(err)
		}
		var got save
		if ok := tc.tolerance.FromTree(structOf[save](), tree, mem.Of(&got)); ok != (tc.want != nil) {
			t.Errorf("%s with %+v: got %v", tc.text, tc.tolerance, ok)
		} else if diff := cmp.Diff(tc.want, &got); ok && diff != "" {
			t.Errorf("%s: value differs (-want +got):\n%s", tc.text, diff)
		}
		checkBinaryTolerance(t, tc.text, tree, tc.tolerance, tc.want)
	}
}

func checkBinaryTolerance(t *testing.T, text string, tree any, tolerance plan.Tolerance, want *save) {
	t.Helper()
	fields := wire.NewFields([]string{"name", "new"})
	for _, f := range []wire.Format{wire.MessagePack, wire.CBOR} {
		data, err := f.AppendValue(nil, rawBytes(tree), fields)
		if err != nil {
			t.Fatal(err)
		}
		var got save
		d := plan.BinaryDecoder{Tolerance: tolerance}
		d.Reset(data, f, fields, wire.CallLimits())
		if ok := structOf[save]().DecodeBinary(&d, mem.Of(&got)) && d.End(); ok != (want != nil) {
			t.Errorf("%s with %+v in %v: got %v", text, tolerance, f, ok)
		} else if diff := cmp.Diff(want, &got); ok && diff != "" {
			t.Errorf("%s in %v: value differs (-want +got):\n%s", text, f, diff)
		}
	}
}

// rawBytes returns the tree with raw bytes for the text of the field that has some.
func rawBytes(tree any) any { return wire.Base64ToBytes(tree, wire.Object{{Key: "raw!", Value: true}}) }
