package mirror

import (
	"encoding/binary"
	"math"
	"strconv"

	"github.com/telestruct/telestruct/tp/wire"
)

// writer appends documents in any of the three formats: the same calls make the same
// document. Maps get their keys in the order they are written in.
type writer struct {
	b      []byte
	format wire.Format
	// fresh is true, in JSON, where no comma must come before the next item.
	fresh bool
	// positional makes patches and operations arrays of their fields.
	positional bool
	// err is the first mistake. What was appended is worthless then.
	err *Error
}

func newWriter(b []byte, f wire.Format) *writer { return &writer{b: b, format: f, fresh: true} }

// result returns what was appended.
func (w *writer) result() ([]byte, error) {
	if w.err != nil {
		return nil, w.err
	}
	return w.b, nil
}

// fail notes the first mistake.
func (w *writer) fail(reason string) {
	if w.err == nil {
		w.err = &Error{Code: BadValue, Reason: reason}
	}
}

// comma separates an item from the one before, in JSON.
func (w *writer) comma() {
	if !w.fresh {
		w.b = append(w.b, ',')
	}
	w.fresh = false
}

// openMap begins a map of n entries. After it, each entry is a call of key and a value.
func (w *writer) openMap(n int) {
	if w.format != wire.JSON {
		w.b = w.format.AppendMap(w.b, n)
		return
	}
	w.open('{')
}

// openArray begins an array of n elements.
func (w *writer) openArray(n int) {
	if w.format != wire.JSON {
		w.b = w.format.AppendArray(w.b, n)
		return
	}
	w.open('[')
}

func (w *writer) open(bracket byte) {
	w.comma()
	w.b = append(w.b, bracket)
	w.fresh = true
}

func (w *writer) closeMap()   { w.close('}') }
func (w *writer) closeArray() { w.close(']') }

func (w *writer) close(bracket byte) {
	if w.format == wire.JSON {
		w.b = append(w.b, bracket)
		w.fresh = false
	}
}

// key writes the key of an entry.
func (w *writer) key(name string) {
	w.str(name)
	if w.format == wire.JSON {
		w.b = append(w.b, ':')
		w.fresh = true
	}
}

func (w *writer) str(s string) {
	var ok bool
	if w.format == wire.JSON {
		w.comma()
		w.b, ok = wire.AppendString(w.b, s)
	} else {
		w.b, ok = w.format.AppendString(w.b, s)
	}
	if !ok {
		w.fail("a string must be valid UTF-8")
	}
}

func (w *writer) bool(v bool) {
	if w.format == wire.JSON {
		w.comma()
		w.b = strconv.AppendBool(w.b, v)
		return
	}
	w.b = w.format.AppendBool(w.b, v)
}

func (w *writer) int(v int64) {
	if w.format == wire.JSON {
		w.comma()
		w.b = wire.AppendInt(w.b, v)
		return
	}
	w.b = w.format.AppendInt(w.b, v)
}

// First bytes of the widest unsigned integers, and of the two shorter floats of CBOR.
const (
	messagePackUint64 = 0xcf
	cborUint64        = 0x1b
	cborHalf          = 0xf9
	cborSingle        = 0xfa
)

func (w *writer) uint(v uint64) {
	switch {
	case v <= math.MaxInt64:
		w.int(int64(v))
	case w.format == wire.JSON:
		w.comma()
		w.b = strconv.AppendUint(w.b, v, 10)
	case w.format == wire.CBOR:
		w.b = binary.BigEndian.AppendUint64(append(w.b, cborUint64), v)
	default:
		w.b = binary.BigEndian.AppendUint64(append(w.b, messagePackUint64), v)
	}
}

// float writes v: in JSON always with a fraction or an exponent, and in CBOR as short as can
// be.
func (w *writer) float(v float64) {
	ok := true
	switch w.format {
	case wire.JSON:
		w.jsonFloat(v)
		return
	case wire.CBOR:
		if half, fits := halfOf(v); fits {
			w.b = binary.BigEndian.AppendUint16(append(w.b, cborHalf), half)
			return
		}
		if single := float32(v); float64(single) == v && !math.IsInf(v, 0) {
			w.b = binary.BigEndian.AppendUint32(append(w.b, cborSingle), math.Float32bits(single))
			return
		}
	}
	if w.b, ok = w.format.AppendFloat(w.b, v); !ok {
		w.fail(notFinite)
	}
}

const notFinite = "a float must be finite"

func (w *writer) jsonFloat(v float64) {
	w.comma()
	start := len(w.b)
	var ok bool
	if w.b, ok = wire.AppendFloat(w.b, v, 64); !ok {
		w.fail(notFinite)
	}
	for _, c := range w.b[start:] {
		if c == '.' || c == 'e' {
			return
		}
	}
	w.b = append(w.b, ".0"...)
}

// halfOf returns v in 16 bits if that is exact.
func halfOf(v float64) (uint16, bool) {
	const (
		fractionBits, wideFractionBits = 10, 52
		bias, wideBias                 = 15, 1023
		smallest                       = -24 // the exponent of the smallest number above zero
		leastNormal, greatest          = -14, 15
	)
	bits := math.Float64bits(v)
	sign := uint16(bits >> 63 << 15)
	exponent := int(bits>>wideFractionBits&0x7ff) - wideBias
	fraction := bits & (1<<wideFractionBits - 1)
	switch {
	case v == 0:
		return sign, true
	case exponent > greatest || exponent < smallest:
		return 0, false
	case exponent >= leastNormal:
		half := fraction >> (wideFractionBits - fractionBits)
		return sign | uint16(exponent+bias)<<fractionBits | uint16(half),
			half<<(wideFractionBits-fractionBits) == fraction
	}
	// Below the normal numbers, the leading one is written, and fewer digits are left.
	shift := wideFractionBits - (exponent - smallest)
	fraction |= 1 << wideFractionBits
	half := fraction >> shift
	return sign | uint16(half), half<<shift == fraction
}
