package wire

import (
	"math"
	"strconv"
)

// Int64 reads an integer of the signed 64-bit range. It fails on a number with
// a fraction or an exponent, whatever its value (spec section 4.4).
func (r *Reader) Int64() (int64, bool) {
	d, size := scanNumber(r.tail())
	v, ok := d.int64()
	if size == 0 || !ok {
		return 0, r.fail("expected an integer of 64 bits")
	}
	r.pos += size
	return v, true
}

// Float64 reads a number: an integer of the signed 64-bit range, or any other
// number that binary64 can hold (spec section 4.4).
func (r *Reader) Float64() (float64, bool) {
	text := r.tail()
	d, size := scanNumber(text)
	if size == 0 {
		return 0, r.fail("expected a number")
	}
	if d.exact() {
		r.pos += size
		return d.exactFloat64(), true
	}
	return r.inexactFloat64(d, text[:size])
}

func (r *Reader) inexactFloat64(d decimal, text []byte) (float64, bool) {
	if !r.affords(d, text) {
		return 0, false
	}
	if _, ok := d.int64(); d.integer() && !ok {
		return 0, r.fail("expected an integer of 64 bits")
	}
	v, ok := d.float64(text)
	if !ok {
		return 0, r.fail("expected a number that 64 bits can hold")
	}
	r.pos += len(text)
	return v, true
}

// number reads any number as it stands in a value tree: an int64, a float64 or
// a Number (spec section 1.5).
func (r *Reader) number() (any, bool) {
	text := r.tail()
	d, size := scanNumber(text)
	if size == 0 {
		return nil, r.fail("expected a value")
	}
	if !d.exact() && !r.affords(d, text[:size]) {
		return nil, false
	}
	r.pos += size
	return d.tree(text[:size]), true
}

// affords counts the number that was written as text if it is one of
// [Limits].Extremes, and fails when there were too many of them.
func (r *Reader) affords(d decimal, text []byte) bool {
	if d.integer() || !d.extreme(text) {
		return true
	}
	r.extremes++
	return r.extremes <= r.limits.Extremes || r.fail("more numbers of extreme size than the limit")
}

// tail returns what is left of the text after white space.
func (r *Reader) tail() []byte {
	r.Peek()
	return r.data[r.pos:]
}

// ParseNumber returns the JSON number that text is as it stands in a value tree:
// an int64, a float64 or a [Number] (spec section 1.5). It fails on anything
// else, white space around a number among it.
func ParseNumber(text string) (any, bool) {
	d, size := scanNumber([]byte(text))
	if size == 0 || size != len(text) {
		return nil, false
	}
	return d.tree([]byte(text)), true
}

// tree returns the number that was written as text as it stands in a value
// tree.
func (d decimal) tree(text []byte) any {
	if d.integer() {
		if i, ok := d.int64(); ok {
			return i
		}
	} else if f, ok := d.float64(text); ok {
		return f
	}
	return Number(text)
}

// decimal is a number as it was written: mantissa × 10^exponent.
type decimal struct {
	mantissa uint64
	exponent int
	negative bool
	form     numberForm
}

type numberForm uint8

const (
	isReal numberForm = 1 << iota // written with a fraction or an exponent
	isLong                        // more digits than mantissa can be trusted to hold
)

// Digits of a number that a uint64 holds, whatever they are.
const mantissaDigits = 19

// scanNumber reads the number that b begins with by the grammar of RFC 8259,
// and returns its length, 0 if there is none.
func scanNumber(b []byte) (d decimal, size int) {
	i := 0
	if len(b) > 0 && b[0] == '-' {
		d.negative = true
		i = 1
	}
	first := i
	for i < len(b) && b[i]-'0' <= 9 {
		d.mantissa = d.mantissa*10 + uint64(b[i]-'0')
		i++
	}
	digits := i - first
	if digits == 0 || b[first] == '0' && digits > 1 {
		return decimal{}, 0
	}
	if i < len(b) && b[i] == '.' {
		i++
		first = i
		for i < len(b) && b[i]-'0' <= 9 {
			d.mantissa = d.mantissa*10 + uint64(b[i]-'0')
			i++
		}
		if i == first {
			return decimal{}, 0
		}
		digits += i - first
		d.exponent = first - i
		d.form = isReal
	}
	if digits > mantissaDigits {
		d.form |= isLong
	}
	if i < len(b) && b[i]|0x20 == 'e' {
		return d.scanExponent(b, i+1)
	}
	return d, i
}

// scanExponent reads what follows the letter of an exponent, from i on.
func (d decimal) scanExponent(b []byte, i int) (decimal, int) {
	negative := false
	if i < len(b) && (b[i] == '+' || b[i] == '-') {
		negative = b[i] == '-'
		i++
	}
	first, exponent := i, 0
	for i < len(b) && b[i]-'0' <= 9 {
		// Every number with a larger exponent than this is long past what
		// float64 computes exactly, and leaves the rest to strconv.
		exponent = min(exponent*10+int(b[i]-'0'), 1<<20)
		i++
	}
	if i == first {
		return decimal{}, 0
	}
	if negative {
		exponent = -exponent
	}
	d.exponent += exponent
	d.form |= isReal
	return d, i
}

// integer reports whether the number has neither a fraction nor an exponent.
func (d decimal) integer() bool { return d.form&isReal == 0 }

// int64 returns the value of an integer of the signed 64-bit range.
func (d decimal) int64() (int64, bool) {
	switch {
	case d.form != 0:
		return 0, false
	case d.mantissa <= math.MaxInt64:
		if d.negative {
			return -int64(d.mantissa), true
		}
		return int64(d.mantissa), true
	}
	return math.MinInt64, d.negative && d.mantissa == 1<<63
}

// float64 returns the value that binary64 rounds the number to; text is how it
// was written. It fails beyond the largest finite value.
func (d decimal) float64(text []byte) (float64, bool) {
	if d.exact() {
		return d.exactFloat64(), true
	}
	f, err := strconv.ParseFloat(string(text), 64)
	return f, err == nil
}

// exactFloat64 returns the value of an exact number.
func (d decimal) exactFloat64() float64 {
	// Both operands are exact, so the one operation rounds as it must.
	f := float64(d.mantissa)
	if d.exponent < 0 {
		f /= exactPowers[-d.exponent]
	} else {
		f *= exactPowers[d.exponent]
	}
	if d.negative {
		f = -f
	}
	return f
}

// exact reports whether mantissa and power of ten are exact in binary64.
func (d decimal) exact() bool {
	const exactMantissa = 1 << 53
	return d.form&isLong == 0 && d.mantissa <= exactMantissa && -maxExactPower <= d.exponent && d.exponent <= maxExactPower
}

// The powers of ten between which strconv finds the nearest float in a
// microsecond at most. Beyond them it may have to compute with hundreds of
// digits, which takes up to forty: from 20 digits on, which can lie close to the
// middle between two floats, and at the ends of what binary64 holds whatever
// the digits.
const (
	maxQuickPower     = 270
	minQuickPower     = -290
	maxQuickLongPower = 40
)

// extreme reports whether the number that was written as text may take long to
// convert.
func (d decimal) extreme(text []byte) bool {
	digits := significantDigits(text)
	// The number lies between the power of ten below this one and this one.
	switch power := digits + d.exponent; {
	case digits == 0:
		return false
	case digits > mantissaDigits:
		return power <= -maxQuickLongPower || power > maxQuickLongPower
	default:
		return power <= minQuickPower || power > maxQuickPower
	}
}

// significantDigits counts the digits of a number from the first that is not
// zero, without those of its exponent.
func significantDigits(text []byte) int {
	digits := 0
	for _, c := range text {
		switch {
		case c|0x20 == 'e':
			return digits
		case '1' <= c && c <= '9' || c == '0' && digits > 0:
			digits++
		}
	}
	return digits
}

// maxExactPower is the largest n for which 10^n is exact in binary64.
const maxExactPower = 22

var exactPowers = [maxExactPower + 1]float64{
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
}
