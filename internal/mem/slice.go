package mem

import (
	"reflect"
	"unsafe"
)

// Slice is what a slice of any type consists of.
type Slice struct {
	Data Ptr
	Len  int
	Cap  int
}

// At returns the address of element i, which must be below s.Cap; size is the
// size of an element.
func (s *Slice) At(i int, size uintptr) Ptr { return unsafe.Add(s.Data, uintptr(i)*size) }

// Grow makes room for n more elements of the slice at p, whose type is t. Its
// length stays. The elements beyond its length are zero, unless there was room
// for n already: then they are what they were.
func Grow(t reflect.Type, p Ptr, n int) { Value(t, p).Grow(n) }

// MakeEmpty makes the slice at p, of any type, empty but not nil.
func MakeEmpty(p Ptr) { *As[Slice](p) = Slice{Data: Ptr(new(struct{}))} }
