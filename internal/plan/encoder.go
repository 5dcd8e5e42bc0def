package plan

import "github.com/telestruct/telestruct/tp/wire"

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
	// Format is what AppendBinary writes, Fields the table of its names.
	Format wire.Format
	Fields *wire.Fields
	// Selectable is as in [Decoder].
	Selectable func(selection any) bool
}
