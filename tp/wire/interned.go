package wire

import "math/bits"

// Interned are short strings that were read before, so that a text which comes again
// and again, such as a status or the code of a country, takes memory once. It is for
// readers that are used for many messages, see [Reader.Intern]. It holds at most 256
// strings of 16 bytes, and forgets one for another. The zero Interned has none; nil
// takes up none. It must not be used concurrently.
type Interned struct {
	strings [1 << internedBits]string
}

const (
	internedBits = 8
	// Go has the strings of one byte, and of long ones few come twice.
	minInterned, maxInterned = 2, 16
)

// of returns text as a string.
func (s *Interned) of(text []byte) string {
	if s == nil || len(text) < minInterned || len(text) > maxInterned {
		return string(text)
	}
	// Each text has two places, so that two that come in turn do not drive out each
	// other.
	at := hashShort(text)
	first, second := &s.strings[at], &s.strings[at^1]
	switch {
	case *first == string(text):
		return *first
	case *second == string(text):
		return *second
	}
	*second = *first
	*first = string(text)
	return *first
}

// hashShort returns a number of internedBits bits for a text of minInterned to
// maxInterned bytes.
func hashShort(text []byte) uint64 {
	const odd = 0x9e3779b97f4a7c15 // 2⁶⁴ over the golden ratio: it spreads what differs little
	var first, last uint64
	if n := len(text); n >= 8 {
		first, last = wordAt(text, 0), wordAt(text, n-8)
	} else {
		first = uint64(text[0]) | uint64(text[n/2])<<8 | uint64(text[n-1])<<16
		last = uint64(text[n/4])<<8 | uint64(text[3*n/4])
	}
	mixed := (first ^ bits.RotateLeft64(last, 29) ^ uint64(len(text))) * odd
	return mixed >> (64 - internedBits)
}
