// Package plan holds the codecs that package reflectschema compiles from Go
// types: one small type per kind of Go value, put together once when an API is
// built, so that a request never looks at a tag and never calls reflect for a
// field.
//
// A plan only has to notice that its input is wrong; package validate explains
// why. Both must agree on what is valid, in both directions. What a Go type
// refuses of its schema type (schema.Refinement) it therefore refuses to
// write as well: numbers are within their own type's range anyway, and texts are
// read back, see [Text].
//
// The constructors take Go types that were found fit for the plan; they do not
// check them again. Types that contain themselves are put together in two
// steps: [NewStruct], [NewUnion] and [NewLink] return plans that others may
// refer to before they are filled.
package plan

import (
	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/tp/wire"
)

// Plan decodes and encodes the values of one Go type. Plans are immutable once
// their API is built, and safe for concurrent use. Only this package has any.
type Plan interface {
	// Decode reads one value from d into the Go value at p, which must be
	// zero. It returns false when the input is not JSON or not a value of
	// this type; what it has written by then is unspecified.
	Decode(d *Decoder, p mem.Ptr) bool
	// Append appends the Go value at p to b in JSON. It returns false when the
	// value has no encoding (a nil union, NaN, bad UTF-8, a value that contains
	// itself); a part of it has been appended then. The bytes are passed along,
	// and not kept in e, because to update a slice in memory for every value
	// takes longer than to append most values.
	Append(e *Encoder, b []byte, p mem.Ptr) ([]byte, bool)
	// DecodeBinary and AppendBinary do the same in the binary formats.
	DecodeBinary(d *BinaryDecoder, p mem.Ptr) bool
	AppendBinary(e *Encoder, b []byte, p mem.Ptr) ([]byte, bool)

	// tree and base64 do the work of [Tree] and [Base64] for the value at p.
	tree(w *walk, p mem.Ptr) any
	base64(w *walk, p mem.Ptr) any
	// holdsBytes reports whether values of the type can contain raw bytes
	// that base64 would find. It looks at no plan in seen.
	holdsBytes(seen map[Plan]bool) bool
	// isNull reports whether [Tree] of the Go value at p is null, which is
	// null to a plan that allows it and has no encoding of its own.
	isNull(p mem.Ptr) bool
	// isNil reports whether the Go value at p is one that makes an optional
	// field absent.
	isNil(p mem.Ptr) bool
}

// Decoder is what plans read from: the cursor over the message and what the
// function being called adds to it. It serves one message at a time.
type Decoder struct {
	wire.Reader
	Panicked
	Tolerance
	// Selectable reports whether a value tree is a selection that the function
	// being called allows (spec section 6.2); nil refuses every selection.
	Selectable func(selection any) bool
}

// Reset makes d read data as [wire.Reader.Reset] does, and forgets the panic of
// the message before.
func (d *Decoder) Reset(data []byte, l wire.Limits) {
	d.Reader.Reset(data, l)
	d.Panicked.forget()
}

// budget is the memory that what a [Decoder] or a [BinaryDecoder] reads may still take.
type budget interface {
	Memory() int
	Spend(n int) bool
}

// noBytes is embedded by plans whose values never contain raw bytes.
type noBytes struct{}

func (noBytes) base64(*walk, mem.Ptr) any     { return nil }
func (noBytes) holdsBytes(map[Plan]bool) bool { return false }

// neverNil is embedded by plans of Go types without a nil value, nilable by
// those whose nil value [mem.IsNil] knows.
type (
	neverNil struct{}
	nilable  struct{}
)

func (neverNil) isNil(mem.Ptr) bool  { return false }
func (nilable) isNil(p mem.Ptr) bool { return mem.IsNil(p) }
func (nilable) nilWord()             {} // tells these plans from others

// neverNull is embedded by plans whose values are never null.
type neverNull struct{}

func (neverNull) isNull(mem.Ptr) bool { return false }
