package reflectschema_test

import (
	"testing"

	"github.com/telestruct/telestruct/reflectschema"
)

func TestOptional(t *testing.T) {
	t.Parallel()
	var zero reflectschema.Optional[int]
	cases := []struct {
		name         string
		optional     reflectschema.Optional[int]
		value        int
		ok           bool
		absent, null bool
		orElse       int
	}{
		{name: "zero", optional: zero, absent: true, orElse: 7},
		{name: "null", optional: reflectschema.Null[int](), null: true, orElse: 7},
		{name: "value", optional: reflectschema.Some(3), value: 3, ok: true, orElse: 3},
		{name: "zero value", optional: reflectschema.Some(0), value: 0, ok: true, orElse: 0},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			value, ok := tc.optional.Get()
			if value != tc.value || ok != tc.ok {
				t.Errorf("Get() = %v, %v; want %v, %v", value, ok, tc.value, tc.ok)
			}
			if got := tc.optional.IsAbsent(); got != tc.absent {
				t.Errorf("IsAbsent() = %v", got)
			}
			if got := tc.optional.IsNull(); got != tc.null {
				t.Errorf("IsNull() = %v", got)
			}
			if got := tc.optional.OrElse(7); got != tc.orElse {
				t.Errorf("OrElse(7) = %v, want %v", got, tc.orElse)
			}
		})
	}
}
