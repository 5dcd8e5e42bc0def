// Package mem is the only package that touches memory behind the type system.
//
// Plans know, from reflection at build time, which Go type lies at which
// offset; reading and writing fields through package reflect on every request
// would cost what the plans are there to save. Every function here states what
// must be true of its arguments; none of them keeps a pointer.
package mem

import "unsafe"

// Ptr points to a value whose type the caller knows.
type Ptr = unsafe.Pointer

// At returns the address offset bytes after p, which must lie inside the value
// that p points into.
func At(p Ptr, offset uintptr) Ptr { return unsafe.Add(p, offset) }

// As returns p as a pointer to the T that lies there.
func As[T any](p Ptr) *T { return (*T)(p) }

// Of returns the address of the value that v points to.
func Of[T any](v *T) Ptr { return Ptr(v) }
