package conformance

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/tp/wire"
)

func TestNative(t *testing.T) {
	t.Parallel()
	got := native(tree(t, `{"a": [1, -9223372036854775808, 9223372036854775808, 1.0, 1e3, 1e999, null, true, "t", {}]}`))
	want := object("a", []any{
		int64(1), int64(-9223372036854775808), wire.Number("9223372036854775808"), 1.0, 1000.0, wire.Number("1e999"),
		nil, true, "t", object(),
	})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("value tree (-want +got):\n%s", diff)
	}
}

func TestPlain(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		value    any
		want     string
		hadBytes bool
	}{
		{"numbers", []any{int64(-1), 1.0, 0.1, wire.Number("1e999")}, `[-1,1.0,0.1,1e999]`, false},
		{"scalars", []any{nil, true, "t"}, `[null,true,"t"]`, false},
		{"bytes", []byte{0}, `"AA=="`, true},
		{"bytes in an array", []any{[]byte("a"), "b"}, `["YQ==","b"]`, true},
		{"bytes in an object", object("a", object("b", []byte{}), "c", "d"), `{"a":{"b":""},"c":"d"}`, true},
		{"nothing", object(), `{}`, false},
		{"no value tree", 1, `{"$unknown":"int"}`, false},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, hadBytes := plain(tc.value)
			if text := string(encodeJSON(got)); text != tc.want || hadBytes != tc.hadBytes {
				t.Errorf("got %s, bytes %v; want %s, %v", text, hadBytes, tc.want, tc.hadBytes)
			}
		})
	}
}
