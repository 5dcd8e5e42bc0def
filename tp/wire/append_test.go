package wire_test

import (
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/telestruct/telestruct/tp/wire"
)

func TestAppendString(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		text string
		want string
		ok   bool
	}{
		{"", `""`, true},
		{"plain", `"plain"`, true},
		{"exactly8", `"exactly8"`, true},
		{`say "hi" \ bye/`, `"say \"hi\" \\ bye/"`, true},
		{"line\nreturn\rtab\t", `"line\nreturn\rtab\t"`, true},
		{"\x00\b\f\x1f\x7f", "\"\\u0000\\u0008\\u000c\\u001f\x7f\"", true},
		{"é€😀\u2028", "\"é€😀\u2028\"", true},
		{"long enough for words, then \"", `"long enough for words, then \""`, true},
		{"\xff", "", false},
		{"long enough for words\xed\xa0\x80", "", false},
		{"cut off \xe2\x82", "", false},
	} {
		got, ok := wire.AppendString([]byte("> "), tc.text)
		if ok != tc.ok || ok && string(got) != "> "+tc.want {
			t.Errorf("%q: got %s, %v; want %s, %v", tc.text, got, ok, tc.want, tc.ok)
		}
	}
}

func FuzzAppendString(f *testing.F) {
	for _, s := range []string{"", "plain text of some length", "\"\\\n\x00", "é€😀", "\xff", "abcdefg\xc3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		b, ok := wire.AppendString(nil, s)
		if ok != utf8.ValidString(s) {
			t.Fatalf("%q: got %v", s, ok)
		}
		if !ok {
			return
		}
		var std string
		if err := json.Unmarshal(b, &std); err != nil || std != s {
			t.Errorf("encoding/json reads %q from %s, %v; want %q", std, b, err, s)
		}
		if got, ok := readerOf(string(b)).String(); !ok || got != s {
			t.Errorf("reads back as %q, %v; want %q", got, ok, s)
		}
	})
}

func TestAppendFloat(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		v    float64
		bits int
		want string
		ok   bool
	}{
		{0, 64, "0", true},
		{math.Copysign(0, -1), 64, "-0.0", true},
		{1, 64, "1", true},
		{-2.5, 64, "-2.5", true},
		{0.1, 64, "0.1", true},
		{float64(float32(0.1)), 32, "0.1", true},
		{float64(float32(0.1)), 64, "0.10000000149011612", true},
		{1e15, 64, "1000000000000000", true},
		{math.Nextafter(1e16, 0), 64, "9999999999999998", true},
		{1e16, 64, "1e+16", true},
		{-1e18, 64, "-1e+18", true},
		{1e18, 32, "1e+18", true},
		{12345678901234567, 64, "1.2345678901234568e+16", true},
		{1 << 63, 64, "9.223372036854776e+18", true},
		{-1 << 63, 64, "-9.223372036854776e+18", true},
		{1e20, 64, "1e+20", true},
		{1e21, 64, "1e+21", true},
		{1e-6, 64, "0.000001", true},
		{1e-7, 64, "1e-07", true},
		{math.MaxFloat64, 64, "1.7976931348623157e+308", true},
		{math.NaN(), 64, "", false},
		{math.Inf(1), 64, "", false},
		{math.Inf(-1), 32, "", false},
	} {
		got, ok := wire.AppendFloat(nil, tc.v, tc.bits)
		if ok != tc.ok || string(got) != tc.want {
			t.Errorf("%v: got %s, %v; want %s, %v", tc.v, got, ok, tc.want, tc.ok)
		}
	}
}

// A float reads back as it was: as a number from JSON, as a float from a tree.
func TestFloatRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v := math.Float64frombits(rapid.Uint64().Draw(t, "bits"))
		if math.IsNaN(v) || math.IsInf(v, 0) {
			t.Skip()
		}
		text, _ := wire.AppendFloat(nil, v, 64)
		checkFloat(t, string(text), v)
		checkRoundTrip(t, v)
	})
}

// What comes back from a peer must not be a multiple of what it sent.
func TestFloatsStayShort(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"1e16", "1e17", "1e18", "-1e18", "9e18", "1e300", "1E-300"} {
		v, err := wire.DecodeJSON([]byte(text), wire.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		got := mustAppend(t, v)
		if len(got) > len(text)+1 {
			t.Errorf("%s comes back as %s", text, got)
		}
		if again, err := wire.DecodeJSON([]byte(got), wire.Limits{}); err != nil || again != v {
			t.Errorf("%s reads back as %v, %v; want %v", got, again, err, v)
		}
	}
}

// Every number in the grammar reads as strconv reads it.
func TestFloatTexts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`-?(0|[1-9][0-9]{0,25})\.[0-9]{1,25}([eE][+-]?[0-9]{1,3})?`).Draw(t, "text")
		want, err := strconv.ParseFloat(text, 64)
		if err != nil {
			if _, ok := readerOf(text).Float64(); ok {
				t.Fatalf("%s: accepted", text)
			}
			return
		}
		checkFloat(t, text, want)
	})
}

func checkFloat(t *rapid.T, text string, want float64) {
	got, ok := readerOf(text).Float64()
	if !ok || math.Float64bits(got) != math.Float64bits(want) {
		t.Fatalf("%s: got %v, %v; want %v", text, got, ok, want)
	}
}

func TestAppendValue(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		v    any
		want string
	}{
		{"null", nil, "null"},
		{"boolean", true, "true"},
		{"integer", int64(math.MinInt64), "-9223372036854775808"},
		{"integral float", 2.0, "2.0"},
		{"negative zero", math.Copysign(0, -1), "-0.0"},
		{"float with exponent", 1e30, "1e+30"},
		{"out of range", wire.Number("1e999"), "1e999"},
		{"string", "a\"b", `"a\"b"`},
		{"bytes", []byte{0xfb, 0xff}, `"+/8="`},
		{"no bytes", []byte{}, `""`},
		{"array", []any{int64(1), nil, []any{}}, `[1,null,[]]`},
		{"nil array", []any(nil), `[]`},
		{"object", wire.Object{{"b", int64(1)}, {"a\n", wire.Object{}}}, `{"b":1,"a\n":{}}`},
		{"nil object", wire.Object(nil), `{}`},
	} {
		got, err := wire.AppendValue(nil, tc.v)
		if err != nil || string(got) != tc.want {
			t.Errorf("%s: got %s, %v; want %s", tc.name, got, err, tc.want)
		}
	}
}

func TestAppendValueRefuses(t *testing.T) {
	t.Parallel()
	selfList := []any{nil}
	selfList[0] = selfList
	type point struct{ X int }
	for _, tc := range []struct {
		name   string
		v      any
		path   wire.Path
		reason string
	}{
		{"struct", point{}, nil, "wire_test.point is not a kind of value that messages have"},
		{"int", []any{1}, wire.Path{0}, "int is not a kind of value that messages have"},
		{"Go map", wire.Object{{"a", map[string]any{}}}, wire.Path{"a"},
			"map[string]interface {} is not a kind of value that messages have"},
		{"NaN", wire.Object{{"a", []any{nil, math.NaN()}}}, wire.Path{"a", 1}, "NaN is not a finite number"},
		{"infinity", math.Inf(-1), nil, "-Inf is not a finite number"},
		{"bad UTF-8", []any{"ok", "\xff"}, wire.Path{1}, `"\xff" is not valid UTF-8; send it as bytes`},
		{"bad UTF-8 in a key", wire.Object{{"\xff", nil}}, nil, `"\xff" is not valid UTF-8; send it as bytes`},
		{"no number", wire.Number("1x"), nil, `"1x" is not a JSON number`},
		{"empty number", wire.Number(""), nil, `"" is not a JSON number`},
		{"key twice", wire.Object{{"a", wire.Object{{"b", nil}, {"b", nil}}}}, wire.Path{"a"},
			`the object has the key "b" twice`},
	} {
		_, err := wire.AppendValue(nil, tc.v)
		var value *wire.ValueError
		if !errors.As(err, &value) || !cmp.Equal(value.Path, tc.path) || value.Reason != tc.reason {
			t.Errorf("%s: got %v, want %q at %v", tc.name, err, tc.reason, tc.path)
		}
	}
	_, err := wire.AppendValue(nil, selfList)
	var value *wire.ValueError
	if !errors.As(err, &value) || value.Reason != "it is nested too deep, or contains itself" {
		t.Errorf("array in itself: got %v", err)
	}
}

func TestValueErrorText(t *testing.T) {
	t.Parallel()
	_, err := wire.AppendValue(nil, wire.Object{{"a", []any{math.NaN()}}})
	const want = "wire: value at [a 0] cannot be written: NaN is not a finite number"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// anyTree draws a value tree without raw bytes, which JSON does not keep apart
// from text.
func anyTree() *rapid.Generator[any] {
	scalar := rapid.OneOf(
		rapid.Just[any](nil),
		rapid.Bool().AsAny(),
		rapid.Int64().AsAny(),
		rapid.Float64Range(-math.MaxFloat64, math.MaxFloat64).AsAny(),
		rapid.String().AsAny(),
		rapid.SampledFrom([]wire.Number{"1e999", "-9223372036854775809"}).AsAny(),
	)
	tree := scalar
	for range 4 {
		inner := rapid.OneOf(scalar, tree)
		tree = rapid.OneOf(scalar,
			rapid.Custom(func(t *rapid.T) any { return rapid.SliceOfN(inner, 0, 5).Draw(t, "array") }),
			rapid.Custom(func(t *rapid.T) any {
				object := wire.Object{}
				for _, key := range rapid.SliceOfNDistinct(rapid.String(), 0, 20, rapid.ID).Draw(t, "keys") {
					object.Set(key, inner.Draw(t, "value"))
				}
				return object
			}))
	}
	return tree
}

func TestTreeRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) { checkRoundTrip(t, anyTree().Draw(t, "tree")) })
}
