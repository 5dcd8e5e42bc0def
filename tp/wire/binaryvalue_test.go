package wire_test

import (
	"encoding/hex"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/telestruct/telestruct/tp/wire"
)

func TestBinaryAppendValue(t *testing.T) {
	t.Parallel()
	const outOfRange = "cfffffffffffffffff" // 2^64-1 in MessagePack
	const cborOutOfRange = "1bffffffffffffffff"
	digits := func(n int) wire.Number { return wire.Number("1" + strings.Repeat("0", n-1)) }
	for _, tc := range []struct {
		name              string
		v                 any
		messagePack, cbor string
	}{
		{"null", nil, "c0", "f6"},
		{"boolean", true, "c3", "f5"},
		{"integer", int64(-7), "f9", "26"},
		{"float", 2.0, "cb4000000000000000", "fb4000000000000000"},
		{"string", "hi", "a26869", "626869"},
		{"bytes", []byte{0xff}, "c401ff", "41ff"},
		{"nil bytes", []byte(nil), "c400", "40"},
		{"array", []any{int64(1), nil}, "9201c0", "8201f6"},
		{"nil array", []any(nil), "90", "80"},
		{"object", wire.Object{{"b", int64(1)}, {"x", wire.Object{{"a", nil}}}}, "820101a1788100c0", "a201016178a100f6"},
		{"nil object", wire.Object(nil), "80", "a0"},

		{"2^63", wire.Number("9223372036854775808"), "cf8000000000000000", "1b8000000000000000"},
		{"2^64-1", wire.Number("18446744073709551615"), outOfRange, cborOutOfRange},
		{"2^64", wire.Number("18446744073709551616"), outOfRange, "c249010000000000000000"},
		{"-2^63-1", wire.Number("-9223372036854775809"), outOfRange, "3b8000000000000000"},
		{"-2^64", wire.Number("-18446744073709551616"), outOfRange, "3bffffffffffffffff"},
		{"-2^64-1", wire.Number("-18446744073709551617"), outOfRange, "c349010000000000000000"},
		{"2^1024-1", wire.Number(largest1024), outOfRange, "c25880" + strings.Repeat("ff", 128)},
		{"2^1024", wire.Number(largest1024[:len(largest1024)-1] + "6"), outOfRange, cborOutOfRange},
		{"320 digits", digits(320), outOfRange, cborOutOfRange},
		{"100000 digits", digits(100000), outOfRange, cborOutOfRange},
		{"1e999", wire.Number("1e999"), outOfRange, cborOutOfRange},
		{"-1.5e999", wire.Number("-1.5e999"), outOfRange, cborOutOfRange},
		{"a number that need not be text", wire.Number("5"), "05", "05"},
		{"a float that need not be text", wire.Number("1.5"), "cb3ff8000000000000", "fb3ff8000000000000"},
	} {
		for format, want := range map[wire.Format]string{mp: tc.messagePack, cb: tc.cbor} {
			got, err := format.AppendValue(nil, tc.v, tableABC)
			if err != nil || hex.EncodeToString(got) != want {
				t.Errorf("%v, %s: got %x, %v; want %s", format, tc.name, got, err, want)
			}
		}
	}
}

// largest1024 is 2^1024-1.
const largest1024 = "1797693134862315907729305190789024733617976978942306572734300811577326758055009631327084773224075360" +
	"211201138798713933576587897688144166224928474306394741243777678934248654852763022196012460941194530829520" +
	"85005768838150682342462881473913110540827237163350510684586298239947245938479716304835356329624224137215"

// Out of JSON into both binary formats and back: CBOR keeps every integer, and
// what neither can hold stays out of range.
func TestBinaryKeepsNumbers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`-?([1-9][0-9]{0,300}|0)`).Draw(t, "integer")
		tree, ok := wire.ParseNumber(text)
		if !ok {
			t.Fatal(text)
		}
		data, err := cb.AppendValue(nil, tree, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := binaryTree(data, cb, wire.Limits{}); err != nil || got != tree {
			t.Fatalf("%s in CBOR: got %v, %v", text, got, err)
		}
		data, _ = mp.AppendValue(nil, tree, nil)
		got, err := binaryTree(data, mp, wire.Limits{})
		if _, isNumber := tree.(wire.Number); err != nil || isNumber != (got != tree) && !isNumber {
			t.Fatalf("%s in MessagePack: got %v, %v", text, got, err)
		} else if _, is := got.(wire.Number); is != isNumber {
			t.Fatalf("%s in MessagePack: got %v", text, got)
		}
	})
}

func TestBinaryAppendValueRefuses(t *testing.T) {
	t.Parallel()
	selfList := []any{nil}
	selfList[0] = selfList
	for _, tc := range []struct {
		name   string
		v      any
		path   wire.Path
		reason string
	}{
		{"int", []any{1}, wire.Path{0}, "int is not a kind of value that messages have"},
		{"NaN", wire.Object{{"a", []any{nil, math.NaN()}}}, wire.Path{"a", 1}, "NaN is not a finite number"},
		{"bad UTF-8", []any{"ok", "\xff"}, wire.Path{1}, `"\xff" is not valid UTF-8; send it as bytes`},
		{"bad UTF-8 in a key", wire.Object{{"\xff", nil}}, nil, `"\xff" is not valid UTF-8; send it as bytes`},
		{"no number", wire.Number("1x"), nil, `"1x" is not a JSON number`},
		{"key twice", wire.Object{{"a", wire.Object{{"b", nil}, {"b", nil}}}}, wire.Path{"a"},
			`the object has the key "b" twice`},
		{"array in itself", []any{selfList}, nil, "it is nested too deep, or contains itself"},
	} {
		for _, format := range []wire.Format{mp, cb} {
			_, err := format.AppendValue(nil, tc.v, tableABC)
			var value *wire.ValueError
			if !errors.As(err, &value) || value.Reason != tc.reason || tc.name != "array in itself" && !cmp.Equal(value.Path, tc.path) {
				t.Errorf("%v, %s: got %v, want %q at %v", format, tc.name, err, tc.reason, tc.path)
			}
		}
	}
}
