package plan

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
	// Selectable is as in [Decoder].
	Selectable func(selection any) bool
}
