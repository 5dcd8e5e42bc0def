package mem

import (
	"bytes"
	"reflect"
	"unsafe"
)

// Equal reports whether the size bytes at a are those at b, which both must have so many. It
// says nothing about what pointers among them lead to, and bytes that belong to no field may
// differ.
func Equal(a, b Ptr, size uintptr) bool {
	return size == 0 || bytes.Equal(unsafe.Slice((*byte)(a), size), unsafe.Slice((*byte)(b), size))
}

// EqualSlices reports whether the slices at a and b are both nil or both not, and have as many
// elements, of the given size, whose bytes are equal.
func EqualSlices(a, b Ptr, size uintptr) bool {
	x, y := As[Slice](a), As[Slice](b)
	return x.Len == y.Len && (x.Data == nil) == (y.Data == nil) && Equal(x.Data, y.Data, uintptr(x.Len)*size)
}

// Copy assigns the value of type t at from to the one at to, as = does: what pointers lead
// to, they share.
func Copy(t reflect.Type, to, from Ptr) { Value(t, to).Set(Value(t, from)) }
