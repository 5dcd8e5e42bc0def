package wire

import (
	"math"
	"strconv"
	"unicode/utf8"
)

// AppendString appends s as a JSON string. It fails when s is not valid UTF-8.
func AppendString(b []byte, s string) ([]byte, bool) {
	i := plainRun(s, 0)
	b = append(b, '"')
	if i < len(s) {
		if !utf8.ValidString(s) {
			return b, false
		}
		return appendEscaped(b, s, i), true
	}
	b = append(b, s...)
	return append(b, '"'), true
}

// appendEscaped appends s, of which the first i bytes are plain, and the
// closing quote.
func appendEscaped(b []byte, s string, i int) []byte {
	const hex = "0123456789abcdef"
	done := 0
	for ; i < len(s); i++ {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[done:i]...)
		done = i + 1
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		case '\r':
			b = append(b, '\\', 'r')
		case '\t':
			b = append(b, '\\', 't')
		default:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	b = append(b, s[done:]...)
	return append(b, '"')
}

// AppendInt appends an integer.
func AppendInt(b []byte, v int64) []byte { return strconv.AppendInt(b, v, 10) }

// AppendFloat appends the shortest number that reads back as v, which has bits
// (32 or 64) bits. An integral v has no fraction, but for negative zero, which
// would not read back without. Magnitudes from 1e16 on have an exponent: nobody
// can make a short number a long one, and from 2⁶³ on digits alone would be an
// integer out of range (spec section 1.5). It fails on NaN and infinities.
func AppendFloat(b []byte, v float64, bits int) ([]byte, bool) {
	size := math.Abs(v)
	switch {
	case !(size <= math.MaxFloat64):
		return b, false
	case v == 0:
		if math.Signbit(v) {
			b = append(b, "-0.0"...)
		} else {
			b = append(b, '0')
		}
		return b, true
	case size < 1e-6 || size >= 1e16:
		return strconv.AppendFloat(b, v, 'e', -1, bits), true
	}
	return strconv.AppendFloat(b, v, 'f', -1, bits), true
}

// maxNesting is the nesting at which values are taken to contain themselves.
const maxNesting = 1000

// AppendValue appends the value tree v in JSON. Raw bytes become base64 text;
// a float64 keeps a fraction or an exponent, so that decoding gives v again. It
// fails with a *[ValueError] on anything that is not a value tree, also deep
// inside, on invalid UTF-8, NaN and infinities, and on an object that has a key
// twice; b is then followed by a part of v.
func AppendValue(b []byte, v any) ([]byte, error) {
	b, err := appendTree(b, v, maxNesting)
	if err != nil {
		return b, err
	}
	return b, nil
}

func appendTree(b []byte, v any, depth int) ([]byte, *ValueError) {
	if depth == 0 {
		return b, &ValueError{Reason: nestedTooDeep}
	}
	switch v := v.(type) {
	case nil:
		return append(b, "null"...), nil
	case bool:
		return strconv.AppendBool(b, v), nil
	case int64:
		return AppendInt(b, v), nil
	case float64:
		return appendTreeFloat(b, v)
	case Number:
		return appendNumber(b, v)
	case string:
		return appendTreeString(b, v)
	case []byte:
		return AppendBase64(b, v), nil
	case []any:
		return appendArray(b, v, depth)
	case Object:
		return appendObject(b, v, depth)
	}
	return b, noTree(v)
}

func appendTreeFloat(b []byte, v float64) ([]byte, *ValueError) {
	start := len(b)
	b, ok := AppendFloat(b, v, 64)
	if !ok {
		return b, notFinite(v)
	}
	for _, c := range b[start:] {
		if c == '.' || c == 'e' {
			return b, nil
		}
	}
	return append(b, ".0"...), nil
}

func appendNumber(b []byte, v Number) ([]byte, *ValueError) {
	if _, size := scanNumber([]byte(v)); size == 0 || size != len(v) {
		return b, noNumber(v)
	}
	return append(b, v...), nil
}

func appendTreeString(b []byte, v string) ([]byte, *ValueError) {
	b, ok := AppendString(b, v)
	if !ok {
		return b, notUTF8(v)
	}
	return b, nil
}

func appendArray(b []byte, array []any, depth int) (_ []byte, err *ValueError) {
	b = append(b, '[')
	for i, v := range array {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = appendTree(b, v, depth-1); err != nil {
			return b, err.in(i)
		}
	}
	return append(b, ']'), nil
}

func appendObject(b []byte, object Object, depth int) (_ []byte, err *ValueError) {
	if key, repeated := object.repeatedKey(); repeated {
		return b, repeats(key)
	}
	b = append(b, '{')
	for i, m := range object {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = appendTreeString(b, m.Key); err != nil {
			return b, err
		}
		b = append(b, ':')
		if b, err = appendTree(b, m.Value, depth-1); err != nil {
			return b, err.in(m.Key)
		}
	}
	return append(b, '}'), nil
}
