package wire_test

import (
	"math"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/internal/allocs"
	"github.com/telestruct/telestruct/tp/wire"
)

func readerOf(text string) *wire.Reader {
	var r wire.Reader
	r.Reset([]byte(text), wire.Limits{})
	return &r
}

func TestReaderInt64(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		text string
		want int64
		ok   bool
	}{
		{"0", 0, true},
		{" -7", -7, true},
		{"9223372036854775807", math.MaxInt64, true},
		{"-9223372036854775808", math.MinInt64, true},
		{"9223372036854775808", 0, false},
		{"-9223372036854775809", 0, false},
		{"99999999999999999999", 0, false},
		{"18446744073709551617", 0, false},
		{"1.0", 0, false},
		{"1e2", 0, false},
		{"0.1", 0, false},
		{"01", 0, false},
		{"true", 0, false},
		{`"1"`, 0, false},
		{"null", 0, false},
		{"", 0, false},
	} {
		got, ok := readerOf(tc.text).Int64()
		if ok != tc.ok || ok && got != tc.want {
			t.Errorf("%q: got %d, %v; want %d, %v", tc.text, got, ok, tc.want, tc.ok)
		}
	}
}

func TestReaderFloat64(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		text string
		want float64
		ok   bool
	}{
		{"0", 0, true},
		{"-0", math.Copysign(0, -1), true},
		{"-0.0", math.Copysign(0, -1), true},
		{"12", 12, true},
		{"-1.5e1", -15, true},
		{"9007199254740993", 9007199254740992, true},
		{"9223372036854775807", 9223372036854775807, true},
		{"-9223372036854775808", -9223372036854775808, true},
		{"9223372036854775808", 0, false},
		{"-9223372036854775809", 0, false},
		{"9223372036854775808.0", 9223372036854775808, true},
		{"1e300", 1e300, true},
		{"1e400", 0, false},
		{"true", 0, false},
		{`"1"`, 0, false},
		{"-", 0, false},
	} {
		got, ok := readerOf(tc.text).Float64()
		if ok != tc.ok || ok && math.Float64bits(got) != math.Float64bits(tc.want) {
			t.Errorf("%q: got %v, %v; want %v, %v", tc.text, got, ok, tc.want, tc.ok)
		}
	}
}

func TestReaderNullAndBool(t *testing.T) {
	t.Parallel()
	r := readerOf(" null true\nfalse nul")
	if !r.Null() {
		t.Error("null: not read")
	}
	if r.Null() {
		t.Error("true: read as null")
	}
	if v, ok := r.Bool(); !v || !ok {
		t.Error("true: not read")
	}
	if v, ok := r.Bool(); v || !ok {
		t.Error("false: not read")
	}
	if _, ok := r.Bool(); ok {
		t.Error("nul: read as boolean")
	}
	if r.Null() {
		t.Error("nul: read as null")
	}
}

func TestReaderKeys(t *testing.T) {
	t.Parallel()
	r := readerOf(` {"a":1, "b" :2,"\u0063":3}`)
	steps := []bool{
		r.Open('{'), r.ConsumeKey(`"a":`), r.Consume('1'), r.Consume(','),
		!r.ConsumeKey(`"bb":`), !r.ConsumeKey(`"b":`), keyIs(r, "b"), r.Consume('2'), r.Consume(','),
		!r.ConsumeKey(`"c":`), keyIs(r, "c"), r.Consume('3'),
		!r.ConsumeKey(`"longer than what is left":`),
	}
	for i, ok := range steps {
		if !ok {
			t.Errorf("step %d failed", i)
		}
	}
	if more, ok := r.Next('}'); more || !ok || !r.End() {
		t.Error("the object does not end")
	}
}

func keyIs(r *wire.Reader, want string) bool {
	key, ok := r.Key()
	return ok && string(key) == want
}

// One Reader reads many texts, whatever state the one before left it in.
func TestReaderReset(t *testing.T) {
	t.Parallel()
	var r wire.Reader
	texts := []string{
		`[[[1,`, `[[[[1]]]]`, `{"a":"\n`, `{"a":"\n"}`, `[1,2,{"a":1,"a":2}]`, `[1]`,
		"[" + strings.Repeat(`{"a":"\t"},`, 3000) + "1]", `["` + strings.Repeat(`\n`, 1<<17) + `"]`, `[2]`,
	}
	for _, text := range texts {
		want, err := wire.DecodeJSON([]byte(text), wire.Limits{Depth: 4})
		r.Reset([]byte(text), wire.Limits{Depth: 4})
		got, ok := r.Value()
		if ok = ok && r.End(); ok != (err == nil) {
			t.Errorf("%.20s: got %v, want %v", text, ok, err)
		}
		if gotText, _ := wire.AppendValue(nil, got); ok && string(gotText) != mustAppend(t, want) {
			t.Errorf("%.20s: got %.20s", text, gotText)
		}
	}
	r.Reset(nil, wire.Limits{})
	if !r.End() || r.Remaining() != 0 {
		t.Error("a Reader without data is not at its end")
	}
}

func mustAppend(t *testing.T, v any) string {
	t.Helper()
	b, err := wire.AppendValue(nil, v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A tree must not change when the message's buffer is used again.
func TestValueDoesNotReferToInput(t *testing.T) {
	t.Parallel()
	data := []byte(`{"key":["plain","esc\nape",1e999]}`)
	var r wire.Reader
	r.Reset(data, wire.Limits{})
	v, ok := r.Value()
	if !ok {
		t.Fatal("refused")
	}
	for i := range data {
		data[i] = 'x'
	}
	r.Reset([]byte(`["\tother"]`), wire.Limits{})
	r.Value()
	if got, want := mustAppend(t, v), `{"key":["plain","esc\nape",1e999]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestReaderAllocatesNothing(t *testing.T) {
	text := []byte(`[{},{"fn.add":[1,-2.5,"plain","é","\n",true,null]}]`)
	var r wire.Reader
	got := allocs.Objects(0, func() {
		r.Reset(text, wire.Limits{})
		_, target, ok := r.Begin()
		ok = ok && string(target) == "fn.add" && r.Open('[')
		_, isInt := r.Int64()
		ok = ok && isInt && r.Consume(',')
		_, isFloat := r.Float64()
		ok = ok && isFloat && r.Consume(',')
		for range 3 {
			_, isText := r.StringBytes()
			ok = ok && isText && r.Consume(',')
		}
		_, isBool := r.Bool()
		if !ok || !isBool || !r.Consume(',') || !r.Null() || !r.Consume(']') || !r.Finish() {
			t.Error("refused")
		}
	})
	if got != 0 {
		t.Errorf("%v allocations", got)
	}
}

// FuzzReader checks that the typed methods accept the values that trees have.
func FuzzReader(f *testing.F) {
	for _, tc := range validJSON {
		f.Add([]byte(tc.text))
	}
	for _, tc := range invalidJSON {
		f.Add([]byte(tc.text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		tree, err := wire.DecodeJSON(data, wire.Limits{})
		var r wire.Reader
		whole := func(ok bool) bool { return ok && r.End() }
		reset := func() { r.Reset(data, wire.Limits{}) }

		reset()
		i, ok := r.Int64()
		if want, is := tree.(int64); whole(ok) != is || is && i != want {
			t.Errorf("Int64: got %v, %v; tree %#v", i, ok, tree)
		}
		reset()
		_, ok = r.Float64()
		_, isInt := tree.(int64)
		if _, is := tree.(float64); whole(ok) != (is || isInt) {
			t.Errorf("Float64: got %v; tree %#v", ok, tree)
		}
		reset()
		s, ok := r.String()
		if want, is := tree.(string); whole(ok) != is || is && s != want {
			t.Errorf("String: got %q, %v; tree %#v", s, ok, tree)
		}
		reset()
		v, ok := r.Bool()
		if want, is := tree.(bool); whole(ok) != is || is && v != want {
			t.Errorf("Bool: got %v, %v; tree %#v", v, ok, tree)
		}
		reset()
		if null := whole(r.Null()); null != (tree == nil && err == nil) {
			t.Errorf("Null: got %v; tree %#v, error %v", null, tree, err)
		}
		reset()
		_, ok = r.Object()
		if _, is := tree.(wire.Object); whole(ok) != is {
			t.Errorf("Object: got %v; tree %#v", ok, tree)
		}
	})
}
