package wire

// BinaryReader is a strict cursor over the bytes of one value in a binary
// [Format]. It refuses what [Limits] refuse, invalid UTF-8, declared lengths that
// the bytes left cannot hold, and kinds of items that messages do not have.
//
// A method that fails returns false and leaves the cursor anywhere. What methods
// return as []byte is part of the data that is read.
//
// The zero BinaryReader has nothing to read; [BinaryReader.Reset] makes it ready,
// any number of times. It must not be used concurrently.
type BinaryReader struct {
	data   []byte
	pos    int
	format Format
	// TODO(core): limits, depth, memory, scratch as Reader has them
}

// Kind is what comes next in a [BinaryReader].
type Kind uint8

// The kinds of items.
const (
	KindInvalid Kind = iota // the end, or an item that messages do not have
	KindNull
	KindBool
	KindInteger
	KindFloat
	KindString
	KindBytes
	KindArray
	KindMap
	KindMarker    // begins a packed list (spec section 15.1)
	KindUndefined // a cell of a packed list without a value
)

// Items counts what is left of an array or a map that was opened.
type Items struct {
	left  int // -1 when a break ends the list (CBOR)
	count int
}

// Left returns how many items are left, or at most how many when only the end
// of a CBOR list tells.
func (i Items) Left() int { return i.left }

// Reset makes r read data, from its first byte and under l.
func (r *BinaryReader) Reset(data []byte, f Format, l Limits) { panic("not there yet") }

// Format returns the format that r reads.
func (r *BinaryReader) Format() Format { return r.format }

// Kind returns what comes next, without reading it.
func (r *BinaryReader) Kind() Kind { panic("not there yet") }

// End reports whether nothing is left.
func (r *BinaryReader) End() bool { panic("not there yet") }

// Remaining returns the number of bytes that are left.
func (r *BinaryReader) Remaining() int { panic("not there yet") }

// Position returns the number of bytes that were read.
func (r *BinaryReader) Position() int { return r.pos }

// Memory returns how many bytes [BinaryReader.Spend] may still spend.
func (r *BinaryReader) Memory() int { panic("not there yet") }

// Spend is as [Reader.Spend].
func (r *BinaryReader) Spend(n int) bool { panic("not there yet") }

// LimitError is as [Reader.LimitError].
func (r *BinaryReader) LimitError() error { panic("not there yet") }

// Null reads null if it comes next; it does not fail on anything else.
func (r *BinaryReader) Null() bool { panic("not there yet") }

// Bool reads a boolean.
func (r *BinaryReader) Bool() (v, ok bool) { panic("not there yet") }

// Int64 reads an integer; it fails beyond 64 bits with a sign, and on floats.
func (r *BinaryReader) Int64() (v int64, ok bool) { panic("not there yet") }

// Float64 reads a number, which may be an integer.
func (r *BinaryReader) Float64() (v float64, ok bool) { panic("not there yet") }

// String reads a string.
func (r *BinaryReader) String() (v string, ok bool) { panic("not there yet") }

// StringBytes reads a string, without copying it.
func (r *BinaryReader) StringBytes() (v []byte, ok bool) { panic("not there yet") }

// Bytes reads raw bytes, without copying them.
func (r *BinaryReader) Bytes() (v []byte, ok bool) { panic("not there yet") }

// Array reads the head of an array. [BinaryReader.More] goes through its elements.
func (r *BinaryReader) Array() (Items, bool) { panic("not there yet") }

// Map reads the head of a map. [BinaryReader.More] goes through its entries.
func (r *BinaryReader) Map() (Items, bool) { panic("not there yet") }

// More reports whether another element, or entry, follows; when none does, the
// array or map is closed.
func (r *BinaryReader) More(items *Items) (more, ok bool) { panic("not there yet") }

// Key reads the key of a map entry: a number, or a name when id is -1.
func (r *BinaryReader) Key() (id int, name []byte, ok bool) { panic("not there yet") }

// FieldName reads the key of a map entry and returns its name: what f has for a
// number, and a string as it is.
func (r *BinaryReader) FieldName(f *Fields) (name string, ok bool) { panic("not there yet") }

// Skip reads any value and drops it.
func (r *BinaryReader) Skip() bool { panic("not there yet") }

// Value reads any value and returns its value tree, which is the caller's own.
// Keys that are numbers become names by f. It fails on a map that has a key twice.
func (r *BinaryReader) Value(f *Fields) (any, bool) { panic("not there yet") }

// GoValue is Value as users read one: as [Reader.GoValue].
func (r *BinaryReader) GoValue(f *Fields) (any, bool) { panic("not there yet") }
