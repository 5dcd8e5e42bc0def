package wire

// Reader is a strict cursor over the bytes of one JSON text (RFC 8259). It
// refuses invalid UTF-8, lone surrogates, numbers outside the grammar, and
// whatever its [Limits] refuse.
//
// A method that fails returns false and leaves the cursor anywhere: the text
// is to be given up, and decoded again by who must explain why it is wrong
// ([DecodeJSON], [DecodeMessage]). White space in front of what a method reads
// is skipped.
//
// The zero Reader has nothing to read; [Reader.Reset] makes it ready, any
// number of times. A Reader must not be used concurrently.
type Reader struct {
	cursor
	// extremes counts the numbers of [Limits].Extremes.
	extremes int
}

// Reset makes r read data, from its first byte and under l. It keeps data
// until the next Reset; Reset(nil, Limits{}) lets go of everything that was
// read, but for what [Reader.Intern] keeps.
func (r *Reader) Reset(data []byte, l Limits) {
	r.reset(data, l)
	r.extremes = 0
}

// Peek returns the next byte that is not white space without reading it, 0 at
// the end of the text.
func (r *Reader) Peek() byte {
	if r.pos < len(r.data) && r.data[r.pos] > ' ' {
		return r.data[r.pos]
	}
	return r.peekAfterSpace()
}

func (r *Reader) peekAfterSpace() byte {
	for r.pos < len(r.data) {
		switch c := r.data[r.pos]; c {
		case ' ', '\n', '\t', '\r':
			r.pos++
		default:
			return c
		}
	}
	return 0
}

// Consume reads the punctuation mark c if it comes next.
func (r *Reader) Consume(c byte) bool {
	if r.Peek() != c {
		return false
	}
	r.pos++
	return true
}

// End reports whether nothing but white space is left.
func (r *Reader) End() bool {
	if r.Peek() == 0 && r.pos == len(r.data) {
		return true
	}
	return r.fail("expected the end of the text")
}

// LimitError returns a *[ParseError] if the first failure was one of
// [Reader.Spend], nil otherwise. [DecodeMessage] tells why other methods have
// failed, but knows nothing of the memory that Go values take.
func (r *Reader) LimitError() error {
	if r.problem != overspent {
		return nil
	}
	return &ParseError{Reason: ReasonNotTwoObjects, Cause: r.syntaxError(JSON)}
}

// Open reads the bracket that begins an array or an object. It fails when
// another byte comes next, or too many arrays and objects are open.
func (r *Reader) Open(bracket byte) bool {
	if r.Peek() != bracket {
		return r.fail(expectedOpen(bracket))
	}
	if !r.enter() {
		return false
	}
	r.pos++
	return true
}

// CloseEmpty reads the closing bracket of the innermost array or object if it
// comes next, which may only be asked before its first element.
func (r *Reader) CloseEmpty(bracket byte) bool {
	if r.Peek() != bracket {
		return false
	}
	r.depth--
	r.pos++
	return true
}

// Next reads what follows an element: a comma, and more is true, or the
// closing bracket, and more is false. It fails on anything else.
func (r *Reader) Next(bracket byte) (more, ok bool) {
	switch r.Peek() {
	case ',':
		r.pos++
		return true, true
	case bracket:
		r.depth--
		r.pos++
		return false, true
	}
	return false, r.fail(expectedNext(bracket))
}

// Key reads a member's key and the colon. The bytes are valid until the next
// string is read.
func (r *Reader) Key() ([]byte, bool) {
	key, ok := r.StringBytes()
	if !ok {
		return nil, r.fail("expected an object key")
	}
	if !r.Consume(':') {
		return nil, r.fail("expected ':' after an object key")
	}
	return key, true
}

// ConsumeKey reads a member's key and the colon if they come next exactly as
// quoted has them, such as `"name":`. A key that is written in another way, for
// instance with escapes, is left for [Reader.Key].
func (r *Reader) ConsumeKey(quoted string) bool {
	r.Peek()
	end := r.pos + len(quoted)
	if end > len(r.data) || string(r.data[r.pos:end]) != quoted {
		return false
	}
	r.pos = end
	return true
}

// Null reads null if it comes next; it does not fail on anything else.
func (r *Reader) Null() bool { return r.Peek() == 'n' && r.literal("null") }

// Bool reads true or false.
func (r *Reader) Bool() (v, ok bool) {
	switch r.Peek() {
	case 't':
		return true, r.literal("true")
	case 'f':
		return false, r.literal("false")
	}
	return false, r.fail("expected a boolean")
}

func (r *Reader) literal(name string) bool {
	end := r.pos + len(name)
	if end > len(r.data) || string(r.data[r.pos:end]) != name {
		return r.fail("expected " + name)
	}
	r.pos = end
	return true
}

func expectedOpen(bracket byte) string {
	if bracket == '[' {
		return "expected an array"
	}
	return "expected an object"
}

func expectedNext(bracket byte) string {
	if bracket == ']' {
		return "expected ',' or ']' after an array element"
	}
	return "expected ',' or '}' after an object member"
}
