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
}

// Reset makes e ready for the next message. It keeps the memory of Buf, and Fields, which
// are those of the server as a rule.
func (e *Encoder) Reset() {
	e.Buf, e.Format, e.nesting = e.Buf[:0], wire.JSON, nesting{}
	e.Panicked.forget()
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
	if e.Format == wire.JSON {
		e.Buf, ok = p.Append(e, e.Buf, v)
	} else {
		e.Buf, ok = p.AppendBinary(e, e.Buf, v)
	}
	return ok
}

// EncodeResult is as Encode for the payload of tag in a function's result: what is
// written are the fields that the selection chooses of the tag in "->" (spec section
// 6.4).
func (e *Encoder) EncodeResult(p *Struct, tag string, v mem.Ptr) (ok bool) {
	chosen := e.Select.ofResult(p, tag)
	if e.Format == wire.JSON {
		e.Buf, ok = p.append(e, e.Buf, v, chosen)
	} else {
		e.Buf, ok = p.appendBinary(e, e.Buf, v, chosen)
	}
	return ok
}
