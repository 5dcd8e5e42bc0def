package wire_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/tp/wire"
)

// Numbers that take long to convert are counted, however they are written, and
// others never.
func TestExtremeNumbers(t *testing.T) {
	t.Parallel()
	const halfway = "1.00000000000000056461"
	extreme := []string{
		"1e-324", "5e-324", "-9e-309", "2E-308", "9e-291", "1e-291", "1e309", "1e271", "1e-330",
		"179769313486231580793728971405e279", "2.2250738585072011e-308",
		halfway + "e200", halfway + "e-200", halfway + "e41",
		"0." + strings.Repeat("0", 310) + "1", "0.00000000000000000000001e-280",
		"1" + strings.Repeat("0", 300) + ".0",
	}
	ordinary := []string{
		"0", "123", "0.1", "1.5", "0.30000000000000004", "1e22", "1e23", "-1e100", "1e-100", "9e269", "1e-290",
		"123456789012345678901234567890", "12345678901234567890123.5", "0.12345678901234567890123", halfway, halfway + "e39",
		"0e-320", "0.000e308", "-0.0e400", strings.Repeat("9", 400),
	}
	for _, text := range extreme {
		if n := countExtremes(t, text); n != 1 {
			t.Errorf("%s: counted %d times", text, n)
		}
	}
	for _, text := range ordinary {
		if n := countExtremes(t, text); n != 0 {
			t.Errorf("%s: counted %d times", text, n)
		}
	}
}

// countExtremes returns how many numbers a text counts for: whether a second
// one of it passes a limit of one.
func countExtremes(t *testing.T, text string) int {
	t.Helper()
	limits := wire.Limits{Extremes: 1}
	_, err := wire.DecodeJSON([]byte("["+text+","+text+"]"), limits)
	_, typed := readFloats(text+","+text, limits)
	var syntax *wire.SyntaxError
	refused := errors.As(err, &syntax)
	if refused && syntax.Reason != "more numbers of extreme size than the limit" {
		t.Errorf("%s: got %v", text, err)
	}
	if refused && typed {
		t.Errorf("%s: the tree was refused, the floats were not", text)
	}
	if refused {
		return 1
	}
	return 0
}

// readFloats reads numbers with commas in between, and reports how many and
// whether all were read.
func readFloats(text string, limits wire.Limits) (n int, ok bool) {
	var r wire.Reader
	r.Reset([]byte(text), limits)
	for {
		if _, ok := r.Float64(); !ok {
			return n, false
		}
		n++
		if !r.Consume(',') {
			return n, r.End()
		}
	}
}

// The number of slow conversions is bounded, whatever the size of a text.
func TestExtremeNumbersLimit(t *testing.T) {
	t.Parallel()
	const limit = 4096
	list := func(n int) string { return strings.Repeat("5e-324,", n-1) + "5e-324" }
	for _, tc := range []struct {
		count, read int
		ok          bool
	}{
		{limit, limit, true},
		{limit + 1, limit, false},
		{150_000, limit, false},
	} {
		n, ok := readFloats(list(tc.count), wire.CallLimits())
		if n != tc.read || ok != tc.ok {
			t.Errorf("%d numbers: %d were read, %v; want %d, %v", tc.count, n, ok, tc.read, tc.ok)
		}
		message := `[{},{"fn.f":{"list":[` + list(tc.count) + `]}}]`
		if _, err := wire.DecodeMessage([]byte(message), wire.CallLimits()); (err == nil) != tc.ok {
			t.Errorf("message of %d numbers: %v", tc.count, err)
		}
	}
	if _, ok := readFloats(strings.Repeat("0.30000000000000004,", 100_000)+"1", wire.CallLimits()); !ok {
		t.Error("ordinary numbers were refused")
	}
}

func TestParseNumber(t *testing.T) {
	t.Parallel()
	cases := []struct {
		text string
		want any // nil: refused
	}{
		{"0", int64(0)},
		{"-0", int64(0)},
		{"-12", int64(-12)},
		{"9223372036854775807", int64(9223372036854775807)},
		{"9223372036854775808", wire.Number("9223372036854775808")},
		{"1.5", 1.5},
		{"1e2", 100.0},
		{"-2.5E-1", -0.25},
		{"1e999", wire.Number("1e999")},
		{"", nil},
		{"-", nil},
		{"01", nil},
		{"+1", nil},
		{".5", nil},
		{"1.", nil},
		{"1e", nil},
		{"0x10", nil},
		{"1_000", nil},
		{" 1", nil},
		{"1 ", nil},
		{"1,2", nil},
		{"NaN", nil},
	}
	for _, tc := range cases {
		got, ok := wire.ParseNumber(tc.text)
		if got != tc.want || ok != (tc.want != nil) {
			t.Errorf("%q: got %v, %v; want %v", tc.text, got, ok, tc.want)
		}
	}
}
