package mem_test

import (
	"reflect"
	"runtime"
	"testing"

	"pgregory.net/rapid"

	"github.com/telestruct/telestruct/internal/mem"
)

func TestAtAndAs(t *testing.T) {
	t.Parallel()
	v := struct {
		A int8
		B string
		C *int
	}{A: 1, B: "b"}
	typ := reflect.TypeOf(v)
	p := mem.Of(&v)
	if *mem.As[int8](p) != 1 {
		t.Error("A was not read")
	}
	*mem.As[string](mem.At(p, typ.Field(1).Offset)) = "changed"
	*mem.As[*int](mem.At(p, typ.Field(2).Offset)) = new(7)
	if v.B != "changed" || *v.C != 7 {
		t.Errorf("got %q, %v", v.B, v.C)
	}
}

func TestNew(t *testing.T) {
	t.Parallel()
	for _, typ := range []reflect.Type{
		reflect.TypeFor[int8](), reflect.TypeFor[string](), reflect.TypeFor[struct{}](),
		reflect.TypeFor[[3]*int](), reflect.TypeFor[map[string]int](), reflect.TypeFor[any](),
	} {
		if v := mem.Value(typ, mem.New(typ)); !v.IsZero() || v.Type() != typ || !v.CanSet() {
			t.Errorf("%v: got %v", typ, v)
		}
	}
}

func TestMaker(t *testing.T) {
	t.Parallel()
	type named string
	for _, typ := range []reflect.Type{
		reflect.TypeFor[bool](), reflect.TypeFor[int](), reflect.TypeFor[int64](), reflect.TypeFor[float64](),
		reflect.TypeFor[string](), reflect.TypeFor[named](), reflect.TypeFor[int8](), reflect.TypeFor[row](),
	} {
		made := mem.Maker(typ)
		first, second := made(), made()
		if v := mem.Value(typ, first); first == second || !v.IsZero() || v.Type() != typ || !v.CanSet() {
			t.Errorf("%v: got %v", typ, v)
		}
	}
}

func TestIsNil(t *testing.T) {
	t.Parallel()
	var (
		pointer *int
		slice   []int
		mapping map[string]int
		empty   any
		err     error
	)
	for i, p := range []mem.Ptr{mem.Of(&pointer), mem.Of(&slice), mem.Of(&mapping), mem.Of(&empty), mem.Of(&err)} {
		if !mem.IsNil(p) {
			t.Errorf("nil value %d: not nil", i)
		}
	}
	pointer, slice, mapping = new(int), []int{}, map[string]int{}
	empty, err = pointer, &runtime.TypeAssertionError{}
	for i, p := range []mem.Ptr{mem.Of(&pointer), mem.Of(&slice), mem.Of(&mapping), mem.Of(&empty), mem.Of(&err)} {
		if mem.IsNil(p) {
			t.Errorf("value %d: nil", i)
		}
	}
	// A nil pointer in an interface is no nil interface.
	empty = (*int)(nil)
	if mem.IsNil(mem.Of(&empty)) {
		t.Error("interface with a nil pointer: nil")
	}
}

func TestMakeEmpty(t *testing.T) {
	t.Parallel()
	var list []string
	mem.MakeEmpty(mem.Of(&list))
	if list == nil || len(list) != 0 || cap(list) != 0 {
		t.Errorf("got %#v with room for %d", list, cap(list))
	}
	runtime.GC()
	if list = append(list, "a"); list[0] != "a" {
		t.Errorf("got %q", list)
	}
}

// row has words with and without pointers and a size that is no power of two.
type row struct {
	Name  string
	Count int32
	Next  *row
}

// Elements that are written through Slice are what the slice holds.
func TestSliceGrowth(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		checkGrowth(t, rapid.Int8().AsAny())
		checkGrowth(t, rapid.String().AsAny())
		checkGrowth(t, rapid.Just(struct{}{}).AsAny())
		checkGrowth(t, rapid.Custom(func(t *rapid.T) any {
			return row{rapid.String().Draw(t, "name"), rapid.Int32().Draw(t, "count"), &row{Count: rapid.Int32().Draw(t, "next")}}
		}))
	})
}

func checkGrowth(t *rapid.T, gen *rapid.Generator[any]) {
	want := rapid.SliceOfN(gen, 0, 40).Draw(t, "elements")
	if len(want) == 0 {
		return
	}
	elem := reflect.TypeOf(want[0])
	typ := reflect.SliceOf(elem)
	list := reflect.New(typ)
	s := mem.As[mem.Slice](list.UnsafePointer())
	for i, v := range want {
		if i == s.Cap {
			s.Len = i
			mem.Grow(typ, list.UnsafePointer(), rapid.IntRange(1, 5).Draw(t, "room"))
		}
		at := mem.Value(elem, s.At(i, elem.Size()))
		if !at.IsZero() {
			t.Fatalf("new element %d is %v", i, at)
		}
		at.Set(reflect.ValueOf(v))
	}
	s.Len = len(want)
	for i, v := range want {
		if got := list.Elem().Index(i).Interface(); !reflect.DeepEqual(got, v) {
			t.Fatalf("element %d: got %v, want %v", i, got, v)
		}
	}
}

// FuzzBytesInSlice grows a slice of bytes one byte at a time.
func FuzzBytesInSlice(f *testing.F) {
	f.Add([]byte("some bytes"), uint8(3))
	f.Fuzz(func(t *testing.T, data []byte, room uint8) {
		var list []byte
		s := mem.As[mem.Slice](mem.Of(&list))
		for i, c := range data {
			if i == s.Cap {
				s.Len = i
				mem.Grow(reflect.TypeOf(list), mem.Of(&list), int(room)+1)
			}
			*mem.As[byte](s.At(i, 1)) = c
		}
		s.Len = len(data)
		if string(list) != string(data) {
			t.Errorf("got %q, want %q", list, data)
		}
	})
}
