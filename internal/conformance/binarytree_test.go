package conformance

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// unhex returns the bytes of a test, which may be written in groups.
func unhex(t testing.TB, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestDecodeMessagePack(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, data, want string }{
		{"null", "c0", `null`},
		{"booleans", "92 c2 c3", `[false,true]`},
		{"integers in one byte", "94 00 7f ff e0", `[0,127,-1,-32]`},
		{"unsigned integers", "94 cc ff cd ffff ce ffffffff cf ffffffffffffffff", `[255,65535,4294967295,18446744073709551615]`},
		{"signed integers", "94 d0 80 d1 8000 d2 80000000 d3 8000000000000000", `[-128,-32768,-2147483648,-9223372036854775808]`},
		{"positive signed integers", "92 d0 7f d3 0000000000000001", `[127,1]`},
		{"floats", "93 ca 3fc00000 cb 4000000000000000 cb 7fefffffffffffff", `[1.5,2.0,1.7976931348623157e+308]`},
		{"texts", "93 a2 c3bc d9 01 61 da 0001 62", `["ü","a","b"]`},
		{"long text", "db 00000001 61", `"a"`},
		{"bytes", "93 c4 01 00 c5 0000 c6 00000001 ff", `[{"$bytes":"AA=="},{"$bytes":""},{"$bytes":"/w=="}]`},
		{"extensions", "93 c7 00 11 d4 ff 00 d5 01 0102", `[{"$ext":[17,""]},{"$ext":[-1,"AA=="]},{"$ext":[1,"AQI="]}]`},
		{"long extensions", "92 c8 0001 12 00 c9 00000000 05", `[{"$ext":[18,"AA=="]},{"$ext":[5,""]}]`},
		{"arrays", "93 90 dc 0001 01 dd 00000001 02", `[[],[1],[2]]`},
		{"maps", "93 80 de 0001 a161 01 df 00000001 a162 02", `[{},{"a":1},{"b":2}]`},
		{"integer keys", "91 82 01 c0 d0ff 81 05 80", `[{"$intkeys":{"-1":{"$intkeys":{"5":{}}},"1":null}}]`},
		{"keys of both kinds", "91 82 01 c0 a161 c3", `[{"$intkeys":{"1":null},"a":true}]`},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			checkDecoded(t, unhex(t, tc.data), tc.want)
		})
	}
}

// checkDecoded compares the tree of a binary message, in JSON, with the one wanted.
func checkDecoded(t *testing.T, data []byte, want string) {
	t.Helper()
	tree, err := decodeBinary(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(encodeJSON(tree))); diff != "" {
		t.Errorf("tree (-want +got):\n%s", diff)
	}
}

func TestDecodeCBOR(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, data, want string }{
		{"message", "82 a0 a1 05 a0", `[{},{"$intkeys":{"5":{}}}]`},
		{"simple values", "82 82 f4 f5 82 f6 f7", `[[false,true],[null,{"$ext":[18,""]}]]`},
		{"integers", "82 82 00 17 84 18ff 19ffff 1affffffff 1bffffffffffffffff", `[[0,23],[255,65535,4294967295,18446744073709551615]]`},
		{"negative integers", "82 20 82 387f 3bffffffffffffffff", `[-1,[-128,-18446744073709551616]]`},
		{"large integers", "82 c2 49 010000000000000000 c3 49 010000000000000000", `[18446744073709551616,-18446744073709551617]`},
		{"floats", "82 fa 3fc00000 fb 4000000000000000", `[1.5,2.0]`},
		{"text and bytes", "82 62 c3bc 5801 ff", `["ü",{"$bytes":"/w=="}]`},
		{"arrays and maps", "82 80 b801 6161 9800", `[[],{"a":[]}]`},
		{"packed list", "82 d95450f6 82 f6 06", `[{"$ext":[17,""]},[null,6]]`},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			checkDecoded(t, unhex(t, tc.data), tc.want)
		})
	}
}

func TestDecodeBinaryRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, data, want string }{
		{"nothing", "", "1 bytes are announced, 0 are left"},
		{"no value", "c1", "0xc1 begins no value"},
		{"more than a value", "c0 c0", "1 bytes follow"},
		{"half an integer", "cd ff", "2 bytes are announced, 1 are left"},
		{"half a float", "cb 00", "8 bytes"},
		{"half a text", "a2 61", "2 bytes"},
		{"text longer than the data", "db ffffffff 61", "4294967295 bytes"},
		{"text that is not UTF-8", "a1 ff", "not UTF-8"},
		{"half an extension", "c7 02 11 00", "2 bytes"},
		{"extension without a code", "c7 00", "1 bytes"},
		{"half an array", "92 c0", "1 bytes"},
		{"array longer than the data", "dd ffffffff c0", "1 bytes"},
		{"map without a value", "81 01", "1 bytes"},
		{"text key twice", "91 82 a161 c0 a161 c0", `the key "a" twice`},
		{"integer key twice", "91 82 01 c0 d001 c0", "the key 1 twice"},
		{"key that is a float", "81 cb 3ff0000000000000 c0", "the key 1.0"},
		{"key that is null", "81 c0 c0", "the key null"},
		{"not a number", "cb 7ff8000000000000", "no number"},
		{"infinity", "ca 7f800000", "no number"},
		{"nested too deeply", strings.Repeat("91", 300), "too deeply"},

		{"indefinite array in CBOR", "82 9f ff 80", "indefinite"},
		{"reserved length in CBOR", "82 1c 80", "indefinite length, or none"},
		{"half float in CBOR", "82 f93c00 80", "simple value or float 25"},
		{"other tag in CBOR", "82 c074 80", "bytes"},
		{"tag around another value in CBOR", "82 c201 80", "tag 2 around 1"},
		{"marker around a value in CBOR", "82 d9545000 80", "tag 21584 around 0"},
		{"half a length in CBOR", "82 19 00", "2 bytes"},
		{"more than a message in CBOR", "82 00 00 00", "1 bytes follow"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			tree, err := decodeBinary(unhex(t, tc.data))
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("tree %s, error %v; want %q in it", encodeJSON(tree), err, tc.want)
			}
		})
	}
}

func TestEncodeMessagePack(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, tree, want string }{
		{"scalars", `[null, true, false]`, "93 c0 c3 c2"},
		{"positive integers", `[0, 127, 128, 32768, 2147483648, 18446744073709551615]`,
			"96 00 7f d1 0080 d2 00008000 d3 0000000080000000 cf ffffffffffffffff"},
		{"negative integers", `[-32, -33, -129, -32769, -2147483649]`, "95 e0 d0 df d1 ff7f d2 ffff7fff d3 ffffffff7fffffff"},
		{"number", `1.0`, "cb 3ff0000000000000"},
		{"text", `"ü"`, "a2 c3bc"},
		{"text of 32 bytes", `"` + strings.Repeat("a", 32) + `"`, "d9 20" + strings.Repeat("61", 32)},
		{"text of 256 bytes", `"` + strings.Repeat("a", 256) + `"`, "da 0100" + strings.Repeat("61", 256)},
		{"bytes", `{"$bytes": "AA=="}`, "c4 01 00"},
		{"extension", `{"$ext": [17, ""]}`, "c7 00 11"},
		{"array of 16", `[` + strings.Repeat("0,", 15) + `0]`, "dc 0010" + strings.Repeat("00", 16)},
		{"map", `{"b": 1, "a": {}}`, "82 a162 01 a161 80"},
		{"integer keys", `{"$intkeys": {"300": 1, "0": {"$intkeys": {}}}}`, "82 00 80 d1 012c 01"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := encodeMessagePack(tree(t, tc.tree))
			if diff := cmp.Diff(unhex(t, tc.want), got); diff != "" || err != nil {
				t.Errorf("error %v, bytes (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestEncodeMessagePackRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"18446744073709551616", "[1e999]", `{"a": -9223372036854775809}`, `{"$intkeys": {"1": [1e999]}}`} {
		if got, err := encodeMessagePack(tree(t, text)); err == nil {
			t.Errorf("%s is written as % x", text, got)
		}
	}
	if got, err := encodeMessagePack(1); err == nil {
		t.Errorf("an int, which is no tree, is written as % x", got)
	}
}

func FuzzDecodeBinary(f *testing.F) {
	for _, text := range []string{
		"92 81 a5 40 62 69 6e 5f 91 ce 3f 2a 95 3c 81 05 80",
		"94 c7 00 11 93 c0 06 09 91 01 92 c7 00 12 a1 62",
		"92 80 82 01 c0 a161 c3", "cb 8000000000000000", "82 82 f6 f7 c3 49 010000000000000000", "df ffffffff",
	} {
		f.Add(unhex(f, text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		first, err := decodeBinary(data)
		if err != nil {
			return
		}
		written, err := encodeMessagePack(first)
		if err != nil {
			return // an integer of CBOR that MessagePack does not have
		}
		second, err := decodeBinary(written)
		if err != nil || !(comparison{}).equal(first, second) {
			t.Errorf("%s is written as % x and read as %s, error %v", encodeJSON(first), written, encodeJSON(second), err)
		}
	})
}
