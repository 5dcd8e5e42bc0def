package wire_test

import (
	"encoding/hex"
	"math"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/tp/wire"
)

// appending appends one item in a format; it may be refused.
type appending func(wire.Format, []byte) ([]byte, bool)

func TestBinaryAppend(t *testing.T) {
	t.Parallel()
	float := func(v float64) appending {
		return func(f wire.Format, b []byte) ([]byte, bool) { return f.AppendFloat(b, v) }
	}
	text := func(v string) appending {
		return func(f wire.Format, b []byte) ([]byte, bool) { return f.AppendString(b, v) }
	}
	key := func(v string) appending {
		return func(f wire.Format, b []byte) ([]byte, bool) { return f.AppendKey(b, v, tableABC) }
	}
	just := func(add func(f wire.Format, b []byte) []byte) appending {
		return func(f wire.Format, b []byte) ([]byte, bool) { return add(f, b), true }
	}
	integer := func(v int64) appending {
		return just(func(f wire.Format, b []byte) []byte { return f.AppendInt(b, v) })
	}
	raw := func(n int) appending {
		return just(func(f wire.Format, b []byte) []byte { return f.AppendBytes(b, make([]byte, n)) })
	}
	array := func(n int) appending {
		return just(func(f wire.Format, b []byte) []byte { return f.AppendArray(b, n) })
	}
	object := func(n int) appending {
		return just(func(f wire.Format, b []byte) []byte { return f.AppendMap(b, n) })
	}
	const refused = "refused"
	for _, tc := range []struct {
		name              string
		add               appending
		messagePack, cbor string
	}{
		{"null", just(wire.Format.AppendNull), "c0", "f6"},
		{"false", just(func(f wire.Format, b []byte) []byte { return f.AppendBool(b, false) }), "c2", "f4"},
		{"true", just(func(f wire.Format, b []byte) []byte { return f.AppendBool(b, true) }), "c3", "f5"},
		{"marker", just(wire.Format.AppendMarker), "c70011", "d95450f6"},
		{"undefined", just(wire.Format.AppendUndefined), "c70012", "f7"},

		{"0", integer(0), "00", "00"},
		{"23", integer(23), "17", "17"},
		{"24", integer(24), "18", "1818"},
		{"127", integer(127), "7f", "187f"},
		{"128", integer(128), "cc80", "1880"},
		{"255", integer(255), "ccff", "18ff"},
		{"256", integer(256), "cd0100", "190100"},
		{"65535", integer(65535), "cdffff", "19ffff"},
		{"65536", integer(65536), "ce00010000", "1a00010000"},
		{"2^32-1", integer(math.MaxUint32), "ceffffffff", "1affffffff"},
		{"2^32", integer(1 << 32), "cf0000000100000000", "1b0000000100000000"},
		{"2^63-1", integer(math.MaxInt64), "cf7fffffffffffffff", "1b7fffffffffffffff"},
		{"-1", integer(-1), "ff", "20"},
		{"-24", integer(-24), "e8", "37"},
		{"-25", integer(-25), "e7", "3818"},
		{"-32", integer(-32), "e0", "381f"},
		{"-33", integer(-33), "d0df", "3820"},
		{"-128", integer(-128), "d080", "387f"},
		{"-129", integer(-129), "d1ff7f", "3880"},
		{"-256", integer(-256), "d1ff00", "38ff"},
		{"-257", integer(-257), "d1feff", "390100"},
		{"-32768", integer(-32768), "d18000", "397fff"},
		{"-32769", integer(-32769), "d2ffff7fff", "398000"},
		{"-2^31", integer(math.MinInt32), "d280000000", "3a7fffffff"},
		{"-2^31-1", integer(math.MinInt32 - 1), "d3ffffffff7fffffff", "3a80000000"},
		{"-2^63", integer(math.MinInt64), "d38000000000000000", "3b7fffffffffffffff"},
		{"a checksum", integer(1059755324), "ce3f2a953c", "1a3f2a953c"},
		{"a negative checksum", integer(-1372432010), "d2ae325976", "3a51cda689"},

		{"1.5", float(1.5), "cb3ff8000000000000", "fb3ff8000000000000"},
		{"0.0", float(0), "cb0000000000000000", "fb0000000000000000"},
		{"-0.0", float(math.Copysign(0, -1)), "cb8000000000000000", "fb8000000000000000"},
		{"largest float", float(math.MaxFloat64), "cb7fefffffffffffff", "fb7fefffffffffffff"},
		{"NaN", float(math.NaN()), refused, refused},
		{"infinity", float(math.Inf(1)), refused, refused},
		{"minus infinity", float(math.Inf(-1)), refused, refused},

		{"no text", text(""), "a0", "60"},
		{"text", text("é"), "a2c3a9", "62c3a9"},
		{"text of 23", text(strings.Repeat("a", 23)), "b7" + strings.Repeat("61", 23), "77" + strings.Repeat("61", 23)},
		{"text of 24", text(strings.Repeat("a", 24)), "b8" + strings.Repeat("61", 24), "7818" + strings.Repeat("61", 24)},
		{"text of 31", text(strings.Repeat("a", 31)), "bf" + strings.Repeat("61", 31), "781f" + strings.Repeat("61", 31)},
		{"text of 32", text(strings.Repeat("a", 32)), "d920" + strings.Repeat("61", 32), "7820" + strings.Repeat("61", 32)},
		{"text of 256", text(strings.Repeat("a", 256)), "da0100" + strings.Repeat("61", 256), "790100" + strings.Repeat("61", 256)},
		{"text of 65536", text(strings.Repeat("a", 1<<16)),
			"db00010000" + strings.Repeat("61", 1<<16), "7a00010000" + strings.Repeat("61", 1<<16)},
		{"bad UTF-8", text("\xff"), refused, refused},

		{"no bytes", raw(0), "c400", "40"},
		{"256 bytes", raw(256), "c50100" + strings.Repeat("00", 256), "590100" + strings.Repeat("00", 256)},
		{"65536 bytes", raw(1 << 16),
			"c600010000" + strings.Repeat("00", 1<<16), "5a00010000" + strings.Repeat("00", 1<<16)},

		{"array of 0", array(0), "90", "80"},
		{"array of 15", array(15), "9f", "8f"},
		{"array of 16", array(16), "dc0010", "90"},
		{"array of 24", array(24), "dc0018", "9818"},
		{"array of 65536", array(65536), "dd00010000", "9a00010000"},
		{"map of 0", object(0), "80", "a0"},
		{"map of 15", object(15), "8f", "af"},
		{"map of 16", object(16), "de0010", "b0"},
		{"map of 65536", object(65536), "df00010000", "ba00010000"},

		{"known name", key("c"), "02", "02"},
		{"other name", key("d"), "a164", "6164"},
		{"bad UTF-8 in a name", key("\xff"), refused, refused},
	} {
		for format, want := range map[wire.Format]string{mp: tc.messagePack, cb: tc.cbor} {
			got := refused
			if b, ok := tc.add(format, []byte("> ")); ok {
				got = strings.TrimPrefix(hex.EncodeToString(b), hex.EncodeToString([]byte("> ")))
			}
			if got != want {
				t.Errorf("%v, %s: got %.40s, want %.40s", format, tc.name, got, want)
			}
		}
	}
}
