package wsx

// Kind says what sort of WebSocket message something is. It is kept wherever messages
// go: a text stays a text, and bytes stay bytes.
type Kind uint8

// The kinds.
const (
	// Text is UTF-8; the zero value.
	Text Kind = iota
	// Binary is any bytes.
	Binary
)

// String returns the kind in lower case.
func (k Kind) String() string {
	if k == Binary {
		return "binary"
	}
	return "text"
}

// firstByte returns how the frame of a message of the kind begins.
func (k Kind) firstByte() byte {
	if k == Binary {
		return frameBinary
	}
	return frameText
}
