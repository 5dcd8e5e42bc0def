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

// Copy assigns the value of type t at from to the one at to, as = does: what pointers lead
// to, they share.
func Copy(t reflect.Type, to, from Ptr) { Value(t, to).Set(Value(t, from)) }
