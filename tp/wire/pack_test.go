package wire_test

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/tp/wire"
)

var binaryFormats = []wire.Format{wire.MessagePack, wire.CBOR}

// unhex reads bytes written with spaces between them.
func unhex(t testing.TB, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// packings are bodies and what they are packed. The examples are those of spec
// section 15.3.
var packings = []struct {
	name   string
	format wire.Format
	plain  string
	packed string
}{
	{"example", wire.MessagePack,
		"81 00 81 02 92 82 06 01 09 a3 6f6e65 82 06 02 09 a3 74776f",
		"81 00 81 02 94 c70011 93 c0 06 09 92 01 a3 6f6e65 92 02 a3 74776f"},
	{"example with a hole", wire.MessagePack,
		"92 81 06 01 81 09 a1 62",
		"94 c70011 93 c0 06 09 91 01 92 c70012 a1 62"},
	{"example with a nested column", wire.MessagePack,
		"92 82 06 01 07 81 08 c3 82 07 81 09 a1 78 0a 91 81 06 02",
		"94 c70011 94 c0 06 93 07 08 09 0a 92 01 91 c3 93 c70012 92 c70012 a1 78 93 c70011 92 c0 06 91 02"},
	{"example of maps without keys", wire.MessagePack, "92 80 80", "94 c70011 91 c0 90 90"},
	{"item that is no map", wire.MessagePack, "92 01 81 06 01", "92 01 81 06 01"},
	{"nested before plain", wire.MessagePack, "92 81 06 80 81 06 c0", "92 81 06 80 81 06 c0"},
	{"plain before nested", wire.MessagePack, "92 81 06 01 81 06 80", "92 81 06 01 81 06 80"},
	{"list under a nested column", wire.MessagePack, "92 81 06 80 81 06 90", "92 81 06 80 81 06 90"},
	{"string key", wire.MessagePack, "91 81 a1 6b 01", "91 81 a1 6b 01"},
	{"string key in the last map", wire.MessagePack,
		"92 81 06 01 82 06 01 a1 6b 01", "92 81 06 01 82 06 01 a1 6b 01"},
	{"key twice", wire.MessagePack, "91 82 06 01 06 02", "91 82 06 01 06 02"},
	{"empty list", wire.MessagePack, "90", "90"},
	{"scalar", wire.MessagePack, "c0", "c0"},
	{"list of scalars", wire.MessagePack, "93 01 a1 62 c0", "93 01 a1 62 c0"},
	{"map is no list", wire.MessagePack, "81 00 81 06 01", "81 00 81 06 01"},
	{"one map", wire.MessagePack, "91 81 06 01", "93 c70011 92 c0 06 91 01"},
	{"other order", wire.MessagePack,
		"92 82 06 01 09 02 82 09 04 06 03", "94 c70011 93 c0 06 09 92 01 02 92 03 04"},
	{"key that the first map lacks", wire.MessagePack,
		"93 81 09 01 82 06 02 09 03 82 06 04 09 05", "95 c70011 93 c0 09 06 91 01 92 03 02 92 05 04"},
	{"null in a plain column", wire.MessagePack,
		"92 81 06 01 81 06 c0", "94 c70011 92 c0 06 91 01 91 c0"},
	{"list and number in one column", wire.MessagePack,
		"92 81 06 90 81 06 01", "94 c70011 92 c0 06 91 90 91 01"},
	{"later rows are longer", wire.MessagePack,
		"92 80 82 06 01 09 02", "94 c70011 93 c0 06 09 90 92 01 02"},
	{"conflict in a nested map ends the table around it", wire.MessagePack,
		"92 81 06 81 07 01 81 06 81 07 80", "92 81 06 81 07 01 81 06 81 07 80"},
	{"string key in a nested map", wire.MessagePack,
		"91 81 06 81 a1 6b 01", "91 81 06 81 a1 6b 01"},
	{"the lists in maps that are no rows", wire.MessagePack,
		"92 81 06 91 81 07 01 03", "92 81 06 93 c70011 92 c0 07 91 01 03"},
	{"the table around a list that is none", wire.MessagePack,
		"92 81 06 91 81 a1 6b 01 81 06 c0", "94 c70011 92 c0 06 91 91 81 a1 6b 01 91 c0"},
	{"lists in a list", wire.MessagePack,
		"92 91 81 06 01 91 81 06 02", "92 93 c70011 92 c0 06 91 01 93 c70011 92 c0 06 91 02"},
	{"list in a list in a cell", wire.MessagePack,
		"91 81 06 91 91 81 07 01", "93 c70011 92 c0 06 91 91 93 c70011 92 c0 07 91 01"},
	{"the lists of cells out of order", wire.MessagePack,
		"92 82 06 91 81 07 01 09 91 81 07 02 82 09 91 81 07 03 06 91 81 07 04",
		"94 c70011 93 c0 06 09" +
			"92 93 c70011 92 c0 07 91 01 93 c70011 92 c0 07 91 02" +
			"92 93 c70011 92 c0 07 91 04 93 c70011 92 c0 07 91 03"},
	{"numbers of two bytes", wire.MessagePack,
		"91 81 cc 80 01", "93 c70011 92 c0 cc 80 91 01"},

	{"CBOR example", wire.CBOR,
		"a1 00 a1 02 82 a2 06 01 09 63 6f6e65 a2 06 02 09 63 74776f",
		"a1 00 a1 02 84 d95450f6 83 f6 06 09 82 01 63 6f6e65 82 02 63 74776f"},
	{"CBOR hole", wire.CBOR,
		"82 a1 06 01 a1 09 61 62",
		"84 d95450f6 83 f6 06 09 81 01 82 f7 61 62"},
	{"CBOR nested column", wire.CBOR,
		"82 a2 06 01 07 a1 08 f5 a2 07 a1 09 61 78 0a 81 a1 06 02",
		"84 d95450f6 84 f6 06 83 07 08 09 0a 82 01 81 f5 83 f7 82 f7 61 78 83 d95450f6 82 f6 06 81 02"},
	{"CBOR numbers of two bytes", wire.CBOR,
		"82 a2 18 18 01 18 64 02 a2 18 18 03 18 64 04",
		"84 d95450f6 83 f6 18 18 18 64 82 01 02 82 03 04"},
	{"CBOR string key", wire.CBOR, "81 a1 61 6b 01", "81 a1 61 6b 01"},
}

func TestPack(t *testing.T) {
	t.Parallel()
	for _, tc := range packings {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			plain, want := unhex(t, tc.plain), unhex(t, tc.packed)
			got := tc.format.Pack([]byte("before"), plain)
			if !bytes.Equal(got, append([]byte("before"), want...)) {
				t.Errorf("got  %x\nwant %x", got[len("before"):], want)
			}
			if again := tc.format.Pack(nil, want); !bytes.Equal(again, want) {
				t.Errorf("packed twice it is %x", again)
			}
		})
	}
}

// TestPackLeaves packs what is no body.
func TestPackLeaves(t *testing.T) {
	t.Parallel()
	for _, tc := range packings {
		plain := unhex(t, tc.plain)
		for n := range plain {
			if got := tc.format.Pack(nil, plain[:n]); !bytes.Equal(got, plain[:n]) {
				t.Errorf("%s: %x is packed %x", tc.name, plain[:n], got)
			}
		}
		if more := append(plain, 0); !bytes.Equal(tc.format.Pack(nil, more), more) {
			t.Errorf("%s: packed in front of something else", tc.name)
		}
	}
	for _, text := range []string{"81 9f a1 06 01 ff", "82 a1 06 01 bf 06 01 ff", "81 a1 06 bf 07 01 ff"} {
		if body := unhex(t, text); !bytes.Equal(wire.CBOR.Pack(nil, body), body) {
			t.Errorf("%s is packed", text)
		}
	}
}

// checkTree checks the laws of packing on the body that v is.
func checkTree(t interface{ Fatalf(string, ...any) }, f wire.Format, v any) {
	plain, want := appendTree(f, nil, v), appendTree(f, nil, packTree(v))
	packed := f.Pack(nil, plain)
	if !bytes.Equal(packed, want) {
		t.Fatalf("%x is packed\n%x, want\n%x", plain, packed, want)
	}
	if again := f.Pack(nil, packed); !bytes.Equal(again, packed) {
		t.Fatalf("%x is packed\n%x", packed, again)
	}
	unpacked, ok := f.Unpack(nil, packed, wire.Limits{})
	if diff := difference(readTree(f, plain), readTree(f, unpacked)); !ok || diff != "" {
		t.Fatalf("%x is unpacked, %v (-want +got):\n%s", packed, ok, diff)
	}
}

// FuzzPack packs any bytes: those that are no body stay as they are, and no others
// become more than 32 times as many.
func FuzzPack(f *testing.F) {
	for _, tc := range packings {
		f.Add(unhex(f, tc.plain), tc.format == wire.CBOR)
	}
	f.Fuzz(func(t *testing.T, data []byte, cbor bool) {
		format := binaryFormats[0]
		if cbor {
			format = binaryFormats[1]
		}
		packed := format.Pack(nil, data)
		if len(packed) > 32*len(data) {
			t.Fatalf("%d bytes for %d", len(packed), len(data))
		}
		want := readTree(format, data)
		if want == nil {
			return
		}
		unpacked, ok := format.Unpack(nil, packed, wire.Limits{})
		if diff := difference(want, readTree(format, unpacked)); !ok || diff != "" {
			t.Fatalf("%x is unpacked, %v (-want +got):\n%s", packed, ok, diff)
		}
	})
}
