package wire_test

import (
	"bytes"
	"testing"

	"github.com/telestruct/telestruct/tp/wire"
)

func TestUnpack(t *testing.T) {
	t.Parallel()
	for _, tc := range packings {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, ok := tc.format.Unpack([]byte("before"), unhex(t, tc.packed), wire.Limits{})
			if !ok || !bytes.HasPrefix(got, []byte("before")) {
				t.Fatalf("got %x, %v", got, ok)
			}
			want := readTree(tc.format, unhex(t, tc.plain))
			if diff := difference(want, readTree(tc.format, got[len("before"):])); diff != "" {
				t.Errorf("tree differs (-want +got):\n%s", diff)
			}
		})
	}
}

// unpackings are what other writers make of lists, and what comes of it.
var unpackings = []struct {
	name   string
	format wire.Format
	packed string
	want   string
}{
	{"rows filled with undefined cells", wire.MessagePack,
		"94 c70011 93 c0 06 09 92 01 c70012 92 c70012 02", "92 81 06 01 81 09 02"},
	{"row of undefined cells", wire.MessagePack, "93 c70011 93 c0 06 09 92 c70012 c70012", "91 80"},
	{"undefined nested cell", wire.MessagePack, "93 c70011 92 c0 92 06 07 91 c70012", "91 80"},
	{"no rows", wire.MessagePack, "92 c70011 92 c0 06", "90"},
	{"no columns", wire.MessagePack, "93 c70011 91 c0 90", "91 80"},
	{"map in a plain column", wire.MessagePack,
		"93 c70011 92 c0 06 91 81 07 93 c70011 92 c0 08 91 01", "91 81 06 81 07 91 81 08 01"},
	{"list in a plain column", wire.MessagePack,
		"93 c70011 92 c0 06 91 92 01 93 c70011 92 c0 08 91 01", "91 81 06 92 01 91 81 08 01"},
	{"nested column without columns", wire.MessagePack,
		"93 c70011 92 c0 91 06 91 90", "91 81 06 80"},
	{"same number in a nested column", wire.MessagePack,
		"93 c70011 92 c0 92 06 06 91 91 01", "91 81 06 81 06 01"},
	{"table behind a table", wire.MessagePack,
		"92 93 c70011 92 c0 06 91 01 93 c70011 92 c0 07 91 02", "92 91 81 06 01 91 81 07 02"},
	{"long heads", wire.MessagePack,
		"dd00000003 c90000000011 dc0002 c0 06 dd00000001 a0", "91 81 06 a0"},
	{"negative number", wire.MessagePack, "93 c70011 92 c0 ff 91 01", "91 81 ff 01"},
	{"number above every table", wire.MessagePack,
		"93 c70011 92 c0 cf ffffffffffffffff 91 01", "91 81 cf ffffffffffffffff 01"},
	{"key of a map that is no number", wire.MessagePack, "81 cb 3ff0000000000000 01", "81 cb 3ff0000000000000 01"},

	{"CBOR without counts", wire.CBOR,
		"9f d95450f6 9f f6 06 09 ff 9f 01 ff 9f 02 7f 61 62 61 63 ff ff ff",
		"9f a1 06 01 a2 06 02 09 7f 61 62 61 63 ff ff"},
	{"CBOR map without a count", wire.CBOR,
		"bf 00 83 d95450f6 82 f6 06 81 01 01 9f 02 ff ff", "bf 00 81 a1 06 01 01 9f 02 ff ff"},
	{"CBOR undefined cells", wire.CBOR, "83 d95450f6 83 f6 06 09 82 f7 c2 41 ff", "81 a1 09 c2 41 ff"},
	{"CBOR long heads", wire.CBOR,
		"9b0000000000000003 da00005450f6 9802 f6 06 990001 60", "81 a1 06 60"},
	{"CBOR negative number", wire.CBOR, "83 d95450f6 82 f6 20 81 01", "81 a1 20 01"},
}

func TestUnpackOthers(t *testing.T) {
	t.Parallel()
	for _, tc := range unpackings {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, ok := tc.format.Unpack(nil, unhex(t, tc.packed), wire.Limits{})
			if want := unhex(t, tc.want); !ok || !bytes.Equal(got, want) {
				t.Errorf("got  %x, %v\nwant %x", got, ok, want)
			}
		})
	}
}

// TestUnpackWideRows has rows whose maps need longer heads.
func TestUnpackWideRows(t *testing.T) {
	t.Parallel()
	for _, f := range binaryFormats {
		for _, columns := range []int{15, 16, 17, 23, 24, 255, 256, 65535, 65536} {
			for _, values := range []int{0, columns - 1, columns} {
				packed := wideTable(f, columns, values)
				got, ok := f.Unpack(nil, packed, wire.Limits{})
				want := f.Pack(nil, got)
				if values == columns && !bytes.Equal(want, packed) {
					t.Errorf("%v, %d columns: not packed again", f, columns)
				}
				list, _ := readTree(f, got).([]any)
				if !ok || len(list) != 1 || len(list[0].(map[any]any)) != values {
					t.Fatalf("%v, %d columns, %d values: got %v", f, columns, values, ok)
				}
			}
		}
	}
}

// wideTable returns a table of one row, in which the first cells have values and
// the others are undefined.
func wideTable(f wire.Format, columns, values int) []byte {
	b := f.AppendMarker(f.AppendArray(nil, 3))
	b = f.AppendNull(f.AppendArray(b, columns+1))
	for id := range columns {
		b = f.AppendInt(b, int64(id))
	}
	b = f.AppendArray(b, columns)
	for i := range columns {
		if i < values {
			b = f.AppendBool(b, true)
		} else {
			b = f.AppendUndefined(b)
		}
	}
	return b
}

// malformed are bodies that Unpack refuses.
var malformed = []struct {
	name   string
	format wire.Format
	packed string
}{
	{"nothing", wire.MessagePack, ""},
	{"end in a list", wire.MessagePack, "92 01"},
	{"end in a map", wire.MessagePack, "81 06"},
	{"end in a string", wire.MessagePack, "a2 61"},
	{"end in a length", wire.MessagePack, "dc 00"},
	{"more elements than bytes", wire.MessagePack, "dd ffffffff 01"},
	{"more entries than half of the bytes", wire.MessagePack, "82 01 02 03"},
	{"something behind", wire.MessagePack, "90 90"},
	{"something behind a table", wire.MessagePack, "92 c70011 91 c0 90"},
	{"marker alone", wire.MessagePack, "c70011"},
	{"marker in a map", wire.MessagePack, "81 06 c70011"},
	{"marker as a key", wire.MessagePack, "81 c70011 06"},
	{"marker behind the first item", wire.MessagePack, "92 01 c70011"},
	{"marker in a cell", wire.MessagePack, "93 c70011 92 c0 06 91 c70011"},
	{"marker with a payload", wire.MessagePack, "92 c7011100 91 c0"},
	{"other extension", wire.MessagePack, "d6ff 00000000"},
	{"undefined alone", wire.MessagePack, "c70012"},
	{"undefined in a list", wire.MessagePack, "91 c70012"},
	{"undefined in a list in a cell", wire.MessagePack, "93 c70011 92 c0 06 91 91 c70012"},
	{"undefined in a map", wire.MessagePack, "81 06 c70012"},
	{"undefined column", wire.MessagePack, "92 c70011 92 c0 c70012"},
	{"undefined row", wire.MessagePack, "93 c70011 92 c0 06 c70012"},
	{"undefined header", wire.MessagePack, "92 c70011 c70012"},
	{"no header", wire.MessagePack, "91 c70011"},
	{"header that is no list", wire.MessagePack, "92 c70011 80"},
	{"header of nothing", wire.MessagePack, "92 c70011 90"},
	{"header that begins with a number", wire.MessagePack, "92 c70011 92 06 07"},
	{"nested header that begins with null", wire.MessagePack, "92 c70011 92 c0 92 c0 06"},
	{"nested header of nothing", wire.MessagePack, "92 c70011 93 c0 90 06"},
	{"string column", wire.MessagePack, "92 c70011 92 c0 a1 61"},
	{"float column", wire.MessagePack, "92 c70011 92 c0 cb 3ff0000000000000"},
	{"nested string column", wire.MessagePack, "92 c70011 92 c0 92 a1 61 06"},
	{"column twice", wire.MessagePack, "92 c70011 94 c0 06 07 06"},
	{"column twice, once nested", wire.MessagePack, "92 c70011 93 c0 06 91 06"},
	{"column twice in a nested header", wire.MessagePack, "92 c70011 92 c0 93 07 06 06"},
	{"column twice in different widths", wire.MessagePack, "92 c70011 93 c0 06 cc06"},
	{"row that is no list", wire.MessagePack, "93 c70011 92 c0 06 81 06 01"},
	{"null row", wire.MessagePack, "93 c70011 92 c0 06 c0"},
	{"nested cell that is no row", wire.MessagePack, "93 c70011 92 c0 92 06 07 91 81 07 01"},
	{"nested cell that is null", wire.MessagePack, "93 c70011 92 c0 92 06 07 91 c0"},
	{"cell beyond the header", wire.MessagePack, "93 c70011 92 c0 06 92 01 02"},
	{"undefined cell beyond the header", wire.MessagePack, "93 c70011 92 c0 06 92 01 c70012"},
	{"cell beyond a nested header", wire.MessagePack, "93 c70011 92 c0 92 06 07 91 92 01 02"},
	{"end in a row", wire.MessagePack, "93 c70011 92 c0 06 91"},

	{"CBOR break alone", wire.CBOR, "ff"},
	{"CBOR break in a counted list", wire.CBOR, "82 01 ff"},
	{"CBOR break in place of a value", wire.CBOR, "bf 06 ff"},
	{"CBOR no break", wire.CBOR, "9f 01"},
	{"CBOR break in place of a header", wire.CBOR, "9f d95450f6 ff 81 f6"},
	{"CBOR break in place of the first item of a header", wire.CBOR, "82 d95450f6 9f ff"},
	{"CBOR cell beyond the header, without counts", wire.CBOR, "9f d95450f6 82 f6 06 9f 01 02 ff ff"},
	{"CBOR row without a break", wire.CBOR, "9f d95450f6 82 f6 06 9f 01"},
	{"CBOR big column", wire.CBOR, "82 d95450f6 82 f6 c2 41 01"},
	{"CBOR string column", wire.CBOR, "82 d95450f6 82 f6 61 61"},
	{"CBOR column twice", wire.CBOR, "82 d95450f6 83 f6 18 18 190018"},
	{"CBOR undefined in a list", wire.CBOR, "81 f7"},
	{"CBOR marker on something else", wire.CBOR, "82 d95450f7 81 f6"},
	{"CBOR other tag", wire.CBOR, "c1 01"},
	{"CBOR other simple value", wire.CBOR, "f8 20"},
	{"CBOR parts of another kind", wire.CBOR, "7f 41 61 ff"},
	{"CBOR parts of parts", wire.CBOR, "7f 7f 61 61 ff ff"},
	{"CBOR parts without an end", wire.CBOR, "7f 61 61"},
	{"CBOR reserved length", wire.CBOR, "9c 01"},
	{"CBOR length of 64 bits", wire.CBOR, "9b ffffffffffffffff 01"},
	{"CBOR string of 64 bits", wire.CBOR, "7b ffffffffffffffff 01"},
	{"CBOR big integer cut short", wire.CBOR, "c2 42 01"},
}

func TestUnpackRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range malformed {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, ok := tc.format.Unpack([]byte("before"), unhex(t, tc.packed), wire.Limits{})
			if ok || string(got) != "before" {
				t.Errorf("got %x, %v", got, ok)
			}
		})
	}
}

// TestUnpackCutShort unpacks the beginnings of bodies.
func TestUnpackCutShort(t *testing.T) {
	t.Parallel()
	for _, tc := range unpackings {
		packed := unhex(t, tc.packed)
		for n := range packed {
			if got, ok := tc.format.Unpack(nil, packed[:n], wire.Limits{}); ok {
				t.Errorf("%s: %x is unpacked %x", tc.name, packed[:n], got)
			}
		}
	}
}

// TestUnpackSameColumns has tables with the same columns behind each other, which
// are enough of them for an index.
func TestUnpackSameColumns(t *testing.T) {
	t.Parallel()
	for _, f := range binaryFormats {
		table := wideTable(f, 40, 40)
		packed := f.AppendArray(nil, 3)
		for range 3 {
			packed = append(packed, table...)
		}
		got, ok := f.Unpack(nil, packed, wire.Limits{})
		if !ok || !bytes.Equal(f.Pack(nil, got), packed) {
			t.Errorf("%v: got %x, %v", f, got, ok)
		}
	}
}

// TestUnpackWideRepeats has a column twice among so many that they have an index.
func TestUnpackWideRepeats(t *testing.T) {
	t.Parallel()
	for _, f := range binaryFormats {
		for _, again := range []int64{0, 15, 16, 39} {
			b := f.AppendMarker(f.AppendArray(nil, 2))
			b = f.AppendNull(f.AppendArray(b, 42))
			for id := range int64(40) {
				b = f.AppendInt(b, id)
			}
			if _, ok := f.Unpack(nil, f.AppendInt(bytes.Clone(b), 40), wire.Limits{}); !ok {
				t.Fatalf("%v: forty-one columns refused", f)
			}
			if _, ok := f.Unpack(nil, f.AppendInt(b, again), wire.Limits{}); ok {
				t.Errorf("%v: column %d twice", f, again)
			}
		}
	}
}

func TestUnpackLimits(t *testing.T) {
	t.Parallel()
	const list = "94 c70011 94 c0 06 07 93 08 06 07 93 01 02 92 03 04 93 01 02 92 03 04"
	const empty = "94 c70011 91 c0 90 90"
	for _, tc := range []struct {
		name   string
		packed string
		limits wire.Limits
		want   bool
	}{
		{"deep enough", list, wire.Limits{Depth: 4}, true},
		{"too deep", list, wire.Limits{Depth: 3}, false},
		{"lists of lists", "91 91 90", wire.Limits{Depth: 4}, true},
		{"lists of lists too deep", "91 91 90", wire.Limits{Depth: 3}, false},
		{"as many rows and columns", list, wire.Limits{Elements: 3}, true},
		{"too many columns", list, wire.Limits{Elements: 2}, false},
		{"as many rows", empty, wire.Limits{Elements: 2}, true},
		{"too many rows", empty, wire.Limits{Elements: 1}, false},
		{"as many elements", "92 01 02", wire.Limits{Elements: 2}, true},
		{"too many elements", "92 01 02", wire.Limits{Elements: 1}, false},
		{"as many entries", "81 01 02", wire.Limits{Elements: 1}, true},
		{"too many entries", "82 01 02 03 04", wire.Limits{Elements: 1}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if _, ok := wire.MessagePack.Unpack(nil, unhex(t, tc.packed), tc.limits); ok != tc.want {
				t.Errorf("got %v", ok)
			}
		})
	}
}

// TestUnpackExpansion has what grows the most: rows of cells of one byte under
// columns of nine.
func TestUnpackExpansion(t *testing.T) {
	t.Parallel()
	const columns, rows = 15, 10000
	b := wire.MessagePack.AppendArray(nil, rows+2)
	b = wire.MessagePack.AppendMarker(b)
	b = wire.MessagePack.AppendNull(wire.MessagePack.AppendArray(b, columns+1))
	for id := range columns {
		b = append(b, 0xcf, 0, 0, 0, 0, 0, 0, 0, byte(id))
	}
	b = append(b, bytes.Repeat(append([]byte{0x90 | columns}, make([]byte, columns)...), rows)...)
	got, ok := wire.MessagePack.Unpack(nil, b, wire.Limits{})
	if !ok || len(got) > 10*len(b) || len(got) < 9*len(b) {
		t.Errorf("got %d bytes of %d, %v", len(got), len(b), ok)
	}
	if _, ok := wire.MessagePack.Unpack(nil, b, wire.Limits{Expansion: 1}); ok {
		t.Error("limit of expansion passed")
	}
	if _, ok := wire.CBOR.Unpack(nil, wideTable(wire.CBOR, 65536, 0), wire.Limits{Expansion: 1}); ok {
		t.Error("limit of expansion passed by columns")
	}
}

// TestUnpackUncounted has lists of CBOR of which only their end tells how long they
// are.
func TestUnpackUncounted(t *testing.T) {
	t.Parallel()
	list := unhex(t, "9f 01 02 03 ff")
	for elements, want := range map[int]bool{2: false, 3: true} {
		if _, ok := wire.CBOR.Unpack(nil, list, wire.Limits{Elements: elements}); ok != want {
			t.Errorf("three elements under a limit of %d: %v", elements, ok)
		}
	}
}

// FuzzUnpack unpacks any bytes: what comes out is bounded, and can be packed and
// unpacked to the same.
func FuzzUnpack(f *testing.F) {
	for _, tc := range packings {
		f.Add(unhex(f, tc.packed), tc.format == wire.CBOR)
	}
	for _, tc := range unpackings {
		f.Add(unhex(f, tc.packed), tc.format == wire.CBOR)
	}
	for _, tc := range malformed {
		f.Add(unhex(f, tc.packed), tc.format == wire.CBOR)
	}
	f.Fuzz(func(t *testing.T, data []byte, cbor bool) {
		format := binaryFormats[0]
		if cbor {
			format = binaryFormats[1]
		}
		plain, ok := format.Unpack(nil, data, wire.Limits{})
		if !ok {
			return
		}
		if len(plain) > 10*len(data) {
			t.Fatalf("%d bytes of %d", len(plain), len(data))
		}
		again, ok := format.Unpack(nil, format.Pack(nil, plain), wire.Limits{})
		if diff := difference(readTree(format, plain), readTree(format, again)); !ok || diff != "" {
			t.Fatalf("%x is packed and unpacked, %v (-want +got):\n%s", plain, ok, diff)
		}
	})
}
