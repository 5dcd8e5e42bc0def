package mirror

import (
	"math"
	"strconv"
	"strings"
)

// wants is what is wrong with a value where another kind is accepted.
func wants(what string, found Value) *Error {
	text := found.Kind().String()
	switch found.Kind() {
	case KindBool, KindInt, KindFloat, KindStr:
		const most = 40 // of what somebody else has written
		text += " " + brief(found, most)
	}
	return badValue("this must be " + what + ", and is " + text)
}

// brief returns a scalar as a person writes it, of a long string the beginning.
func brief(v Value, most int) string {
	switch v.Kind() {
	case KindBool:
		return strconv.FormatBool(v.bits != 0)
	case KindInt:
		return strconv.FormatInt(int64(v.bits), 10)
	case KindFloat:
		return strconv.FormatFloat(math.Float64frombits(v.bits), 'g', -1, 64)
	}
	if len(v.text) > most {
		return strconv.Quote(v.text[:most]) + "…"
	}
	return strconv.Quote(v.text)
}

// bool returns the boolean that v is, or says unless r is strict.
func (r reading) bool(v Value) (bool, *Error) {
	if b, ok := v.Bool(); ok {
		return b, nil
	}
	if text, ok := v.Str(); ok && !r.strict {
		switch strings.ToLower(text) {
		case "true", "1":
			return true, nil
		case "false", "0":
			return false, nil
		}
	}
	return false, wants("a boolean", v)
}

// int returns the integer that v is; a float may have no fraction, and a string may say one
// unless r is strict.
func (r reading) int(v Value) (int64, *Error) {
	if n, ok := v.Int(); ok {
		return n, nil
	}
	if f, ok := v.Float(); ok && f == math.Trunc(f) && f >= math.MinInt64 && f < -math.MinInt64 {
		return int64(f), nil
	}
	if text, ok := v.Str(); ok && !r.strict {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return n, nil
		}
	}
	return 0, wants("an integer", v)
}

// float returns the number that v is, or says unless r is strict.
func (r reading) float(v Value) (float64, *Error) {
	if f, ok := v.Float(); ok {
		return f, nil
	}
	if n, ok := v.Int(); ok {
		return float64(n), nil
	}
	if text, ok := v.Str(); ok && !r.strict && isDecimal(text) {
		if f, err := strconv.ParseFloat(text, 64); err == nil {
			return f, nil
		}
	}
	return 0, wants("a number", v)
}

// isDecimal refuses what the language of Go calls a number and nobody else: hexadecimal ones,
// underscores, infinities.
func isDecimal(text string) bool { return strings.Trim(text, "0123456789+-.eE") == "" }
