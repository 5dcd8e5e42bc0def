package plan

// Encoder is what plans write to. It serves one message at a time; the zero
// value is ready.
type Encoder struct {
	Panicked
	// Buf is what was written.
	Buf []byte
	// Select trims what is written to what the caller selected; nil writes
	// everything.
	Select *Select
	// Selectable is as in [Decoder].
	Selectable func(selection any) bool

	depth int
}

// maxNesting is the number of structs inside each other at which a Go value is
// taken to contain itself.
const maxNesting = 1000

// enter counts one more struct that is being written, and reports whether it
// may be. Every call is followed by one of leave.
func (e *Encoder) enter() bool {
	e.depth++
	return e.depth <= maxNesting
}

func (e *Encoder) leave() { e.depth-- }
