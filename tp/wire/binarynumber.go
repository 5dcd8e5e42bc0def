package wire

import (
	"math"
	"math/big"
)

// Int64 reads an integer; it fails beyond 64 bits with a sign, and on floats.
func (r *BinaryReader) Int64() (v int64, ok bool) {
	l := r.lead()
	if l.kind == KindInteger && l.form == formDirect {
		r.pos++
		return int64(l.small), true
	}
	return r.longInt64(l)
}

func (r *BinaryReader) longInt64(l lead) (int64, bool) {
	if l.kind != KindInteger {
		return r.bigInt64(l)
	}
	n, ok := r.argument(l)
	if !ok {
		return 0, false
	}
	switch {
	case l.form == formSigned:
		unused := 64 - 8*l.width
		return int64(n<<unused) >> unused, true
	case n > math.MaxInt64:
		return 0, r.fail(expectedInt64)
	case l.form == formNegative:
		return -1 - int64(n), true
	}
	return int64(n), true
}

const expectedInt64 = "expected an integer of 64 bits"

// bigInt64 reads an integer in the form that is there for larger ones.
func (r *BinaryReader) bigInt64(l lead) (int64, bool) {
	if l.form != formTagged {
		return 0, r.fail(expectedInt64)
	}
	digits, tag, ok := r.bigBytes(l)
	if !ok {
		return 0, false
	}
	var n uint64
	for _, digit := range digits {
		if n > math.MaxInt64>>8 {
			return 0, r.fail(expectedInt64)
		}
		n = n<<8 | uint64(digit)
	}
	if tag == tagNegative {
		return -1 - int64(n), true
	}
	return int64(n), true
}

// Float64 reads a number, which may be an integer.
func (r *BinaryReader) Float64() (v float64, ok bool) {
	l := r.lead()
	if l.kind != KindFloat {
		n, ok := r.Int64()
		return float64(n), ok
	}
	bits, ok := r.argument(l)
	if !ok {
		return 0, false
	}
	switch l.width {
	case 8:
		v = math.Float64frombits(bits)
	case 4:
		v = float64(math.Float32frombits(uint32(bits)))
	default:
		v = halfFloat(uint16(bits))
	}
	if math.Float64bits(v)&exponentBits == exponentBits {
		return 0, r.fail("expected a finite number")
	}
	return v, true
}

// halfFloat returns the float that is written in 16 bits.
func halfFloat(bits uint16) float64 {
	const (
		fractionBits = 10
		fractions    = 1 << fractionBits
		infinite     = 31
		bias         = 15
	)
	exponent, fraction := int(bits>>fractionBits&infinite), float64(bits%fractions)
	v := math.Ldexp(fraction, 1-bias-fractionBits)
	switch {
	case exponent == infinite:
		v = math.Inf(1)
	case exponent > 0:
		v = math.Ldexp(fractions+fraction, exponent-bias-fractionBits)
	}
	if bits>>15 == 1 {
		return -v
	}
	return v
}

// number reads any number as it stands in a value tree: an int64, a float64 or
// a Number (spec section 1.5).
func (r *BinaryReader) number() (any, bool) {
	l := r.lead()
	switch {
	case l.kind == KindFloat:
		return boxed(r.Float64())
	case l.form == formTagged:
		if n, ok := r.bigInteger(l); ok {
			return treeInteger(n), true
		}
		return nil, false
	case l.width == 8 && l.form != formSigned:
		return r.wideInteger(l)
	}
	n, ok := r.Int64()
	if ok && n < 0 && n >= -int64(len(smallNegatives)) {
		return smallNegatives[-n-1], true
	}
	return boxed(n, ok)
}

// smallNegatives are the integers from -1 down that formats write in one byte. Go
// has small positive integers at hand when they become values of a tree; these would
// take memory, more than their one byte pays for.
var smallNegatives = func() (values [32]any) {
	for i := range values {
		values[i] = int64(-1 - i)
	}
	return values
}()

// wideInteger reads an integer with 64 bits besides its sign.
func (r *BinaryReader) wideInteger(l lead) (any, bool) {
	bits, ok := r.argument(l)
	if !ok {
		return nil, false
	}
	if bits <= math.MaxInt64 {
		if l.form == formNegative {
			return -1 - int64(bits), true
		}
		return int64(bits), true
	}
	n := new(big.Int).SetUint64(bits)
	if l.form == formNegative {
		n.Not(n)
	}
	return treeInteger(n), true
}

func treeInteger(n *big.Int) any {
	if n.IsInt64() {
		return n.Int64()
	}
	return Number(n.String())
}

// maxBigBytes is how many bytes a bignum may have: those of the largest finite
// float64. Text for longer ones takes long to find.
const maxBigBytes = 128

// bigInteger reads a bignum of CBOR.
func (r *BinaryReader) bigInteger(l lead) (*big.Int, bool) {
	bytes, tag, ok := r.bigBytes(l)
	if !ok {
		return nil, false
	}
	n := new(big.Int).SetBytes(bytes)
	if tag == tagNegative {
		n.Not(n)
	}
	return n, true
}

// bigBytes reads a bignum of CBOR and returns the bytes that it consists of.
func (r *BinaryReader) bigBytes(l lead) (bytes []byte, tag uint64, ok bool) {
	kind, tag, next := r.tagged(l)
	if kind != KindInteger {
		return nil, 0, r.fail("expected a value")
	}
	r.pos = next
	bytes, ok = r.Bytes()
	if !ok || len(bytes) > maxBigBytes {
		return nil, 0, r.fail("expected an integer of fewer bytes")
	}
	return bytes, tag, true
}
