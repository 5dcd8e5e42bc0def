package plan

import (
	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/tp/wire"
)

// Encoder is what plans write to. It serves one message at a time; the zero
// value is ready.
type Encoder struct {
	nesting
	Panicked
	// Buf is what was written.
	Buf []byte
	// Select trims what is written to what the caller selected; nil writes
	// everything.
	Select *Select
	// Format is what Encode writes; Fields is the table of names in a binary one.
	Format wire.Format
	Fields *wire.Fields
	// Selectable is as in [Decoder].
	Selectable func(selection any) bool

	entries []entry // of the maps that are being written
}

// maxKeptEntries is how many entries of maps an encoder keeps the memory for from one
// message to the next.
const maxKeptEntries = 1 << 10

// Reset makes e ready for the next message. It keeps the memory of Buf, and Fields, which
// are those of the server as a rule.
func (e *Encoder) Reset() {
	e.Buf, e.Format, e.nesting = e.Buf[:0], wire.JSON, nesting{}
	e.Panicked.forget()
	if len(e.entries) > 0 || cap(e.entries) > maxKeptEntries {
		e.entries = nil
	}
	if e.Select != nil {
		e.Select = nil
	}
	if e.Selectable != nil {
		e.Selectable = nil
	}
}

// Encode appends the Go value at v, whose plan is p, to e.Buf. It fails as p's own
// methods do.
func (e *Encoder) Encode(p Plan, v mem.Ptr) (ok bool) {
	b := e.Buf
	if e.Format == wire.JSON {
		b, ok = p.Append(e, b, v)
	} else {
		b, ok = p.AppendBinary(e, b, v)
	}
	e.Keep(b)
	return ok
}

// EncodeResult is as Encode for the payload of tag in a function's result: what is
// written are the fields that the selection chooses of the tag in "->" (spec section
// 6.4).
func (e *Encoder) EncodeResult(p *Struct, tag string, v mem.Ptr) (ok bool) {
	b, chosen := e.Buf, e.Select.ofResult(p, tag)
	if e.Format == wire.JSON {
		b, ok = p.append(e, b, v, chosen)
	} else {
		b, ok = p.appendBinary(e, b, v, chosen)
	}
	e.Keep(b)
	return ok
}

// Keep makes e.Buf what something was appended to.
func (e *Encoder) Keep(appended []byte) {
	// Memory that did not grow is the same: to set its length alone is cheaper than
	// to set a pointer while the garbage collector runs.
	if n := len(appended); cap(appended) == cap(e.Buf) {
		e.Buf = e.Buf[:n]
	} else {
		e.Buf = appended
	}
}
