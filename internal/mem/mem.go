// Package mem is the only package that touches memory behind the type system.
//
// Plans know, from reflection at build time, which Go type lies at which
// offset; reading and writing fields through package reflect on every request
// would cost what the plans are there to save. Every function here states what
// must be true of its arguments; none of them keeps a pointer.
package mem

import (
	"reflect"
	"unsafe"
)

// Ptr points to a value whose type the caller knows.
type Ptr = unsafe.Pointer

// At returns the address offset bytes after p, which must lie inside the value
// that p points into.
func At(p Ptr, offset uintptr) Ptr { return unsafe.Add(p, offset) }

// As returns p as a pointer to the T that lies there.
func As[T any](p Ptr) *T { return (*T)(p) }

// Of returns the address of the value that v points to.
func Of[T any](v *T) Ptr { return Ptr(v) }

// New returns the address of a new zero value of type t.
func New(t reflect.Type) Ptr { return reflect.New(t).UnsafePointer() }

// Maker returns what does the work of [New] for the type t, faster for the types of
// which messages have many.
func Maker(t reflect.Type) func() Ptr {
	// Only the layout matters, and types of one of these kinds have the same.
	switch t.Kind() {
	case reflect.Bool:
		return make1[bool]
	case reflect.Int:
		return make1[int]
	case reflect.Int64:
		return make1[int64]
	case reflect.Float64:
		return make1[float64]
	case reflect.String:
		return make1[string]
	}
	return func() Ptr { return New(t) }
}

func make1[T any]() Ptr { return Ptr(new(T)) }

// Value returns the value of type t that lies at p, addressable and settable.
func Value(t reflect.Type, p Ptr) reflect.Value { return reflect.NewAt(t, p).Elem() }

// IsNil reports whether the pointer, slice, map or interface at p is nil.
// Nothing else may lie at p.
func IsNil(p Ptr) bool {
	// The first word of each is what makes it nil: the address, the data of
	// a slice, the type of an interface.
	return *As[Ptr](p) == nil
}
