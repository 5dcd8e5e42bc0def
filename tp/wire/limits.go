package wire

import (
	"math"
	"math/bits"
)

// Limits bound what a decoder accepts before it gives up. The zero value of a
// field means the default of [CallLimits].
type Limits struct {
	// Depth is the number of arrays and objects that may be open at once,
	// the message's own array and objects included. Default 64.
	Depth int
	// Elements is the number of elements of one array, or of members of one
	// object, anywhere in the headers and the payload, both included. The
	// array and the object of one entry that make a message are not counted.
	// Default 131072.
	Elements int
	// Extremes is the number of numbers of extreme size in one text: above
	// 1e270 or below 1e-290, and of more than 19 digits above 1e40 or below
	// 1e-40. Converting one can take as long as reading a kilobyte of text.
	// Default 4096.
	Extremes int
	// Expansion is the number of bytes that the lists, maps and structs which
	// a text becomes in Go may take for each byte of the text, with 256 KiB
	// in addition: an element that is written as {} may be a struct of any
	// size. Default 64.
	Expansion int
}

// CallLimits are the limits that requests and responses are decoded with.
func CallLimits() Limits {
	return Limits{Depth: 64, Elements: 131072, Extremes: 4096, Expansion: 64}
}

func (l Limits) withDefaults() Limits {
	def := CallLimits()
	if l.Depth <= 0 {
		l.Depth = def.Depth
	}
	if l.Elements <= 0 {
		l.Elements = def.Elements
	}
	if l.Extremes <= 0 {
		l.Extremes = def.Extremes
	}
	if l.Expansion <= 0 {
		l.Expansion = def.Expansion
	}
	return l
}

// memory returns how many bytes may be asked of the allocator for a text of the
// given size.
func (l Limits) memory(size int) int {
	const base = 256 << 10
	high, low := bits.Mul64(uint64(size), uint64(l.Expansion))
	if high > 0 || low > math.MaxInt-base {
		return math.MaxInt
	}
	// The allocator rounds up, by an eighth at most.
	return (base + int(low)) / 9 * 8
}
