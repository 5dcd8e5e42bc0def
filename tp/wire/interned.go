package wire

import "math/bits"

// Interned are short strings that were read before, so that a text which comes again
// and again, such as a status or the code of a country, takes memory once. It is for
// readers that are used for many messages, see [Reader.Intern]. It holds at most 256
// strings of 16 bytes, and forgets one for another. The zero Interned has none; nil
// takes up none. It must not be used concurrently.
type Interned struct {
	texts [1 << internedBits]internedText
}

const (
	internedBits = 8
	// Go has the strings of one byte, and of long ones few come twice.
	minInterned, maxInterned = 2, 16
)

// internedText is a text with what tells it from all others.
type internedText struct {
	code shortCode
	text string
}

// shortCode tells texts of minInterned to maxInterned bytes apart that have the same
// length: it has all their bytes, some of them twice.
type shortCode struct{ first, last uint64 }

func newShortCode(text []byte) shortCode {
	const word, half = 8, 4
	switch n := len(text); {
	case n >= word:
		return shortCode{wordAt(text, 0), wordAt(text, n-word)}
	case n >= half:
		return shortCode{uint64(halfAt(text, 0)), uint64(halfAt(text, n-half))}
	default:
		return shortCode{uint64(text[0]) | uint64(text[n/2])<<8, uint64(text[n-1])}
	}
}

// place returns where texts with the code and the length are.
func (c shortCode) place(length int) uint64 {
	const odd = 0x9e3779b97f4a7c15 // 2⁶⁴ over the golden ratio: it spreads what differs little
	return (c.first ^ bits.RotateLeft64(c.last, 29) ^ uint64(length)) * odd >> (64 - internedBits)
}

// takes reports whether s has texts like this one.
func (s *Interned) takes(text []byte) bool {
	return s != nil && minInterned <= len(text) && len(text) <= maxInterned
}

// find returns the text with this code and length. Each has two places, so that two that
// come in turn do not drive out each other.
func (s *Interned) find(code shortCode, length int) (text string, ok bool) {
	at := code.place(length)
	if t := &s.texts[at]; t.code == code && len(t.text) == length {
		return t.text, true
	}
	if t := &s.texts[at^1]; t.code == code && len(t.text) == length {
		return t.text, true
	}
	return "", false
}

// add adds a text that find has not found, and returns it.
func (s *Interned) add(code shortCode, text []byte) string {
	at := code.place(len(text))
	s.texts[at^1] = s.texts[at]
	s.texts[at] = internedText{code, string(text)}
	return s.texts[at].text
}

// of returns text, which is valid UTF-8, as a string: readers do not look at what they
// find.
func (s *Interned) of(text []byte) string {
	if !s.takes(text) {
		return string(text)
	}
	code := newShortCode(text)
	if known, ok := s.find(code, len(text)); ok {
		return known
	}
	return s.add(code, text)
}
