package wire

import (
	"encoding/binary"
	"math"
)

// CBOR's major types, in the place where the first byte of an item has them, and
// its items of one byte (RFC 8949, section 3).
const (
	cborUnsigned  = 0 << 5
	cborNegative  = 1 << 5
	cborBytes     = 2 << 5
	cborString    = 3 << 5
	cborArray     = 4 << 5
	cborMap       = 5 << 5
	cborTag       = 6 << 5
	cborFalse     = 0xf4
	cborNull      = 0xf6
	cborUndefined = 0xf7
	cborFloat     = 0xfb
)

// Bytes of CBOR that arrays and maps without a count have: what begins an array,
// and what ends both.
const (
	cborOpenArray = cborArray | 31
	cborBreak     = 0xff
)

// Tags of CBOR (RFC 8949, section 3.4), and our own for the marker of a packed
// list. The values of positive and negative bignums are n and -1-n.
const (
	tagPositive = 2
	tagNegative = 3
	tagMarker   = 0x5450
)

// cborSmall is the first number that does not fit into the first byte.
const cborSmall = 24

// appendCBOR appends the first byte of an item and its argument, as short as can
// be.
func appendCBOR(b []byte, major byte, arg uint64) []byte {
	switch {
	case arg < cborSmall:
		return append(b, major|byte(arg))
	case arg <= math.MaxUint8:
		return append(b, major|24, byte(arg))
	case arg <= math.MaxUint16:
		return binary.BigEndian.AppendUint16(append(b, major|25), uint16(arg))
	case arg <= math.MaxUint32:
		return binary.BigEndian.AppendUint32(append(b, major|26), uint32(arg))
	}
	return binary.BigEndian.AppendUint64(append(b, major|27), arg)
}

// cborTagged returns what a tag makes of the item with the given lead.
func cborTagged(tag uint64, content lead) Kind {
	switch {
	case (tag == tagPositive || tag == tagNegative) && content.kind == KindBytes:
		return KindInteger
	case tag == tagMarker && content.kind == KindNull:
		return KindMarker
	}
	return KindInvalid
}
