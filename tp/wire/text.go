package wire

import (
	"math/bits"
	"unicode/utf8"
)

// StringBytes reads a string and returns its text, which is valid UTF-8 and
// must not be changed. The bytes are valid until the next string is read.
func (r *Reader) StringBytes() ([]byte, bool) {
	if r.Peek() != '"' {
		return nil, r.fail("expected a string")
	}
	start := r.pos + 1
	i := plainRun(r.data, start)
	if i < len(r.data) && r.data[i] == '"' {
		r.pos = i + 1
		return r.data[start:i], true
	}
	return r.mixedText(start, i)
}

// String reads a string.
func (r *Reader) String() (string, bool) {
	text, ok := r.StringBytes()
	return r.interned.of(text), ok
}

// mixedText reads on at i, where the string that begins at start stops being
// plain ASCII.
func (r *Reader) mixedText(start, i int) ([]byte, bool) {
	for ; i < len(r.data); i++ {
		switch c := r.data[i]; {
		case c == '"':
			r.pos = i + 1
			return r.checked(r.data[start:i])
		case c == '\\':
			return r.escapedText(start, i)
		case c < ' ':
			return nil, r.failAt(i, "a control character must be escaped")
		}
	}
	return nil, r.failAt(i, "expected the end of a string")
}

// escapedText reads on at the first backslash, i.
func (r *Reader) escapedText(start, i int) ([]byte, bool) {
	text := append(r.text[:0], r.data[start:i]...)
	for i < len(r.data) {
		switch c := r.data[i]; {
		case c == '"':
			r.text, r.pos = text, i+1
			return r.checked(text)
		case c == '\\':
			char, size := unescape(r.data[i:])
			if size == 0 {
				return nil, r.failAt(i, "an escape must be one of JSON's, and no half of a surrogate pair")
			}
			text = utf8.AppendRune(text, char)
			i += size
		case c < ' ':
			return nil, r.failAt(i, "a control character must be escaped")
		default:
			run := max(plainRun(r.data, i), i+1)
			text = append(text, r.data[i:run]...)
			i = run
		}
	}
	return nil, r.failAt(i, "expected the end of a string")
}

// checked refuses text that is not UTF-8. No escape begins with a continuation
// byte, so looking at the text after unescaping misses nothing.
func (r *Reader) checked(text []byte) ([]byte, bool) {
	if !utf8.Valid(text) {
		return nil, r.fail("a string must be valid UTF-8")
	}
	return text, true
}

// unescape returns the character that the escape at the start of b stands for,
// and how long the escape is; 0 if it is not a valid one.
func unescape(b []byte) (char rune, size int) {
	if len(b) < 2 {
		return 0, 0
	}
	switch b[1] {
	case '"', '\\', '/':
		return rune(b[1]), 2
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case 'u':
		return unescapeHex(b)
	}
	return 0, 0
}

func unescapeHex(b []byte) (char rune, size int) {
	const (
		highFirst, lowFirst, lowLast = 0xd800, 0xdc00, 0xdfff
		length                       = len(`\uffff`)
	)
	high := hexUnit(b)
	switch {
	case high < 0 || lowFirst <= high && high <= lowLast:
		return 0, 0
	case high < highFirst || high > lowLast:
		return high, length
	}
	low := hexUnit(b[length:])
	if low < lowFirst || low > lowLast {
		return 0, 0
	}
	return (high-highFirst)<<10 + (low - lowFirst) + 0x10000, 2 * length
}

// hexUnit returns the value of the escape \uXXXX that b begins with, or -1.
func hexUnit(b []byte) rune {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return -1
	}
	var unit rune
	for _, c := range b[2:6] {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return -1
		}
		unit = unit<<4 | rune(c)
	}
	return unit
}

// plainRun returns the position of the first byte of text, from i on, that is
// not printable ASCII or that JSON escapes, len(text) if there is none.
func plainRun[T string | []byte](text T, i int) int {
	// Eight bytes at a time: strings are most of what a message consists of,
	// and this takes a third of the time that a table look-up per byte does.
	for i+8 <= len(text) {
		if special := specialBytes(wordAt(text, i)); special != 0 {
			return i + bits.TrailingZeros64(special)>>3
		}
		i += 8
	}
	for i < len(text) && isPlain(text[i]) {
		i++
	}
	return i
}

// specialBytes sets the high bit of each byte of word that is not plain. A
// borrow can set further ones above the first, so only the lowest set bit
// counts.
func specialBytes(word uint64) uint64 {
	const (
		ones  = 0x0101010101010101
		highs = 0x8080808080808080
	)
	return (word | (word - ones*' ') | (word ^ ones*'"' - ones) | (word ^ ones*'\\' - ones)) & highs
}

func isPlain(c byte) bool { return ' ' <= c && c < utf8.RuneSelf && c != '"' && c != '\\' }
