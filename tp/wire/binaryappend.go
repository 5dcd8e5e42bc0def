package wire

import (
	"encoding/binary"
	"math"
	"slices"
	"unicode/utf8"

	"github.com/tinylib/msgp/msgp"
)

// AppendNull appends null.
func (f Format) AppendNull(b []byte) []byte {
	if f == CBOR {
		return append(b, cborNull)
	}
	return msgp.AppendNil(b)
}

// AppendBool appends a boolean.
func (f Format) AppendBool(b []byte, v bool) []byte {
	switch {
	case f != CBOR:
		return msgp.AppendBool(b, v)
	case v:
		return append(b, cborFalse+1)
	}
	return append(b, cborFalse)
}

// AppendInt appends an integer in its shortest form.
func (f Format) AppendInt(b []byte, v int64) []byte {
	// These are their own bytes in both formats, and most keys are among them.
	if uint64(v) < cborSmall {
		return append(b, byte(v))
	}
	return f.appendLongInt(b, v)
}

func (f Format) appendLongInt(b []byte, v int64) []byte {
	switch {
	case f != CBOR && v < 0:
		return msgp.AppendInt64(b, v)
	case f != CBOR:
		return msgp.AppendUint64(b, uint64(v))
	case v < 0:
		return appendCBOR(b, cborNegative, uint64(-1-v))
	}
	return appendCBOR(b, cborUnsigned, uint64(v))
}

// AppendFloat appends a float of 64 bits. It fails on NaN and infinities.
func (f Format) AppendFloat(b []byte, v float64) ([]byte, bool) {
	bits := math.Float64bits(v)
	if bits&exponentBits == exponentBits {
		return b, false
	}
	lead := byte(messagePackFloat)
	if f == CBOR {
		lead = cborFloat
	}
	return appendEight(b, lead, bits), true
}

// exponentBits are those of a float which are all set in infinities and NaN, and in
// nothing else.
const exponentBits = 0x7ff << 52

// appendEight appends the first byte of an item and its argument of eight bytes. It is
// one append, since two look for room twice.
func appendEight(b []byte, lead byte, arg uint64) []byte {
	return append(b, lead, byte(arg>>56), byte(arg>>48), byte(arg>>40), byte(arg>>32),
		byte(arg>>24), byte(arg>>16), byte(arg>>8), byte(arg))
}

// AppendString appends a string. It fails when v is not valid UTF-8.
func (f Format) AppendString(b []byte, v string) ([]byte, bool) {
	if len(v) < cborSmall {
		lead := byte(messagePackString)
		if f == CBOR {
			lead = cborString
		}
		return appendShort(b, lead|byte(len(v)), v)
	}
	if !isASCII(v) && !utf8.ValidString(v) {
		return b, false
	}
	if f == CBOR {
		return append(appendCBOR(b, cborString, uint64(len(v))), v...), true
	}
	return msgp.AppendString(b, v), true
}

// appendShort appends the first byte of a string, and its text of fewer than cborSmall
// bytes. It copies and looks at eight bytes at a time, which takes less time than to
// do one after the other.
func appendShort(b []byte, lead byte, v string) ([]byte, bool) {
	const word, high = 8, 0x8080808080808080
	if cap(b)-len(b) < 1+cborSmall {
		b = slices.Grow(b, 1+cborSmall)
	}
	start, n := len(b), len(v)
	to := b[start : start+1+cborSmall]
	to[0] = lead
	if n < word {
		copy(to[1:], v)
		if !isShortASCII(v) && !utf8.ValidString(v) {
			return b, false
		}
		return b[:start+1+n], true
	}
	var all uint64
	for i := 0; i+word < n; i += word {
		w := wordAt(v, i)
		all |= w
		binary.LittleEndian.PutUint64(to[1+i:], w)
	}
	w := wordAt(v, n-word)
	binary.LittleEndian.PutUint64(to[1+n-word:], w)
	if (all|w)&high != 0 && !utf8.ValidString(v) {
		return b, false
	}
	return b[:start+1+n], true
}

// LowerMap makes the map whose head is at b[0], with at most [ShortMap] entries, one of
// so many entries less.
func (f Format) LowerMap(b []byte, entries int) { b[0] -= byte(entries) }

// ShortMap is how many entries a map has at most whose head is one byte in all formats.
const ShortMap = 15

// AppendBytes appends raw bytes.
func (f Format) AppendBytes(b, v []byte) []byte {
	if f == CBOR {
		return append(appendCBOR(b, cborBytes, uint64(len(v))), v...)
	}
	return msgp.AppendBytes(b, v)
}

// AppendArray appends the head of an array of n elements, which follow.
func (f Format) AppendArray(b []byte, n int) []byte {
	if f == CBOR {
		return appendCBOR(b, cborArray, uint64(n))
	}
	return msgp.AppendArrayHeader(b, uint32(n))
}

// AppendMap appends the head of a map of n entries, which follow.
func (f Format) AppendMap(b []byte, n int) []byte {
	if f == CBOR {
		return appendCBOR(b, cborMap, uint64(n))
	}
	return msgp.AppendMapHeader(b, uint32(n))
}

// AppendKey appends a map key: the number that names has for it, or else the
// name. It fails when the name is not valid UTF-8.
func (f Format) AppendKey(b []byte, name string, names *Fields) ([]byte, bool) {
	if id, ok := names.ID(name); ok {
		return f.AppendInt(b, int64(id)), true
	}
	return f.AppendString(b, name)
}

// AppendMarker appends the marker that begins a packed list.
func (f Format) AppendMarker(b []byte) []byte {
	if f == CBOR {
		return append(appendCBOR(b, cborTag, tagMarker), cborNull)
	}
	return append(b, messagePackExt8, 0, extMarker)
}

// AppendUndefined appends a cell without a value.
func (f Format) AppendUndefined(b []byte) []byte {
	if f == CBOR {
		return append(b, cborUndefined)
	}
	return append(b, messagePackExt8, 0, extUndefined)
}
