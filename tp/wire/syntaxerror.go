package wire

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// SyntaxError says why bytes are not the one value that was expected, or which
// limit they pass.
type SyntaxError struct {
	// Format is the format in which the bytes were read.
	Format Format
	// Offset is the position of the byte that is wrong, counted from 0.
	Offset int
	// Reason says what was expected there and what was found.
	Reason string
}

// Error returns one line with the place and the reason.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("wire: not valid %s at byte %d: %s", e.Format.title(), e.Offset, e.Reason)
}

// syntaxError says why a method of a reader of the format f has failed.
func (c *cursor) syntaxError(f Format) *SyntaxError {
	reason := c.problem
	if strings.HasPrefix(reason, "expected") {
		reason += ", found " + c.found(f)
	}
	return &SyntaxError{Format: f, Offset: c.pos, Reason: reason}
}

// found describes what stands at the cursor.
func (c *cursor) found(f Format) string {
	switch {
	case c.pos >= len(c.data) && f == JSON:
		return "the end of the text"
	case c.pos >= len(c.data):
		return "the end of the bytes"
	case c.data[c.pos] < utf8.RuneSelf && f == JSON:
		return strconv.QuoteRune(rune(c.data[c.pos]))
	}
	return fmt.Sprintf("byte %#02x", c.data[c.pos])
}
