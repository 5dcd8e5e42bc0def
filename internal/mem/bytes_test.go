package mem_test

import (
	"bytes"
	"reflect"
	"runtime"
	"testing"

	"pgregory.net/rapid"

	"github.com/telestruct/telestruct/internal/mem"
)

func TestEqual(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.SliceOfN(rapid.ByteRange(0, 1), 0, 40).Draw(t, "a")
		b := rapid.SliceOfN(rapid.ByteRange(0, 1), len(a), len(a)).Draw(t, "b")
		if rapid.Bool().Draw(t, "alike") {
			b = bytes.Clone(a)
		}
		pa, pb := mem.As[mem.Slice](mem.Of(&a)).Data, mem.As[mem.Slice](mem.Of(&b)).Data
		if got := mem.Equal(pa, pb, uintptr(len(a))); got != bytes.Equal(a, b) {
			t.Fatalf("%v and %v: %v", a, b, got)
		}
	})
	if !mem.Equal(nil, nil, 0) {
		t.Error("nothing is not equal to nothing")
	}
}

func TestEqualSlices(t *testing.T) {
	t.Parallel()
	list := []row{{Name: "a"}, {Count: 3}}
	cases := []struct {
		name string
		b    []row
		want bool
	}{
		{"alike", []row{{Name: "a"}, {Count: 3}}, true},
		{"another element", []row{{Name: "a"}, {Count: 4}}, false},
		{"shorter", list[:1], false},
		{"longer", append(list[:2:2], row{}), false},
		{"nil", nil, false},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := mem.EqualSlices(mem.Of(&list), mem.Of(&tc.b), reflect.TypeFor[row]().Size()); got != tc.want {
				t.Errorf("got %v", got)
			}
		})
	}
	var none, zero, empty []row = nil, nil, []row{}
	if !mem.EqualSlices(mem.Of(&none), mem.Of(&zero), 1) || mem.EqualSlices(mem.Of(&none), mem.Of(&empty), 1) {
		t.Error("nil and empty")
	}
}

func TestCopy(t *testing.T) {
	t.Parallel()
	next := &row{Name: "next"}
	from, to := row{"a", 3, next}, row{Name: "b"}
	mem.Copy(reflect.TypeFor[row](), mem.Of(&to), mem.Of(&from))
	runtime.GC()
	if to != from || to.Next != next {
		t.Errorf("got %v, want %v", to, from)
	}
}
