package wire_test

import (
	"encoding/hex"
	"math"
	"strings"

	"github.com/telestruct/telestruct/tp/wire"
)

// validBinary and invalidBinary are the rules of the binary reader, each item in
// hexadecimal digits. The fuzz targets begin with them. Keys that are numbers mean
// the names of tableABC.

var tableABC = wire.NewFields([]string{"a", "b", "c"})

const (
	mp = wire.MessagePack
	cb = wire.CBOR
)

type binaryCase struct {
	name   string
	format wire.Format
	hex    string
	want   any
}

var validBinary = []binaryCase{
	{"nil", mp, "c0", nil},
	{"false", mp, "c2", false},
	{"true", mp, "c3", true},
	{"fixint 0", mp, "00", int64(0)},
	{"fixint 127", mp, "7f", int64(127)},
	{"fixint -1", mp, "ff", int64(-1)},
	{"fixint -32", mp, "e0", int64(-32)},
	{"uint 8", mp, "ccff", int64(255)},
	{"uint 8 that is wider than need be", mp, "cc01", int64(1)},
	{"uint 16", mp, "cdffff", int64(65535)},
	{"uint 32", mp, "ceffffffff", int64(4294967295)},
	{"uint 64", mp, "cf7fffffffffffffff", int64(math.MaxInt64)},
	{"uint 64 beyond int64", mp, "cf8000000000000000", wire.Number("9223372036854775808")},
	{"largest uint 64", mp, "cfffffffffffffffff", wire.Number("18446744073709551615")},
	{"int 8", mp, "d080", int64(-128)},
	{"int 8 of a small number", mp, "d001", int64(1)},
	{"int 16", mp, "d18000", int64(-32768)},
	{"int 32", mp, "d280000000", int64(math.MinInt32)},
	{"int 64", mp, "d38000000000000000", int64(math.MinInt64)},
	{"int 64 of a small number", mp, "d30000000000000001", int64(1)},
	{"float 32", mp, "ca3fc00000", 1.5},
	{"float 64", mp, "cb3ff8000000000000", 1.5},
	{"negative zero", mp, "cb8000000000000000", math.Copysign(0, -1)},
	{"largest float 64", mp, "cb7fefffffffffffff", math.MaxFloat64},
	{"fixstr, empty", mp, "a0", ""},
	{"fixstr", mp, "a26869", "hi"},
	{"fixstr of 31", mp, "bf" + strings.Repeat("61", 31), strings.Repeat("a", 31)},
	{"str 8", mp, "d9026869", "hi"},
	{"str 16", mp, "da00026869", "hi"},
	{"str 32", mp, "db000000026869", "hi"},
	{"characters of two to four bytes", mp, "a9c3a9e282acf09f9880", "é€😀"},
	{"bin 8, empty", mp, "c400", []byte{}},
	{"bin 8", mp, "c402fffe", []byte{0xff, 0xfe}},
	{"bin 16", mp, "c50001ff", []byte{0xff}},
	{"bin 32", mp, "c600000001ff", []byte{0xff}},
	{"fixarray, empty", mp, "90", []any{}},
	{"fixarray", mp, "920102", []any{int64(1), int64(2)}},
	{"array 16", mp, "dc000101", []any{int64(1)}},
	{"array 32", mp, "dd00000001c0", []any{nil}},
	{"fixmap, empty", mp, "80", wire.Object{}},
	{"fixmap keeps its order", mp, "82a17801a16100", wire.Object{{"x", int64(1)}, {"a", int64(0)}}},
	{"map 16", mp, "de0001a17801", wire.Object{{"x", int64(1)}}},
	{"map 32", mp, "df00000001a17801", wire.Object{{"x", int64(1)}}},
	{"numbers as keys", mp, "8300c202c301c0", wire.Object{{"a", false}, {"c", true}, {"b", nil}}},
	{"wide numbers as keys", mp, "83cc00c0d30000000000000001c0cf0000000000000002c0",
		wire.Object{{"a", nil}, {"b", nil}, {"c", nil}}},
	{"names beside numbers", mp, "8200c0a162c0", wire.Object{{"a", nil}, {"b", nil}}},
	{"a digit is a name", mp, "81a13101", wire.Object{{"1", int64(1)}}},
	{"wide name as key", mp, "81d90278780f", wire.Object{{"xx", int64(15)}}},
	{"nested", mp, "8100918101918102c0",
		wire.Object{{"a", []any{wire.Object{{"b", []any{wire.Object{{"c", nil}}}}}}}}},

	{"null", cb, "f6", nil},
	{"false", cb, "f4", false},
	{"true", cb, "f5", true},
	{"0", cb, "00", int64(0)},
	{"23", cb, "17", int64(23)},
	{"24", cb, "1818", int64(24)},
	{"wider than need be", cb, "1801", int64(1)},
	{"16 bits", cb, "19ffff", int64(65535)},
	{"32 bits", cb, "1affffffff", int64(4294967295)},
	{"64 bits", cb, "1b7fffffffffffffff", int64(math.MaxInt64)},
	{"64 bits beyond int64", cb, "1b8000000000000000", wire.Number("9223372036854775808")},
	{"-1", cb, "20", int64(-1)},
	{"-24", cb, "37", int64(-24)},
	{"-25", cb, "3818", int64(-25)},
	{"negative 16 bits", cb, "39ffff", int64(-65536)},
	{"negative 32 bits", cb, "3affffffff", int64(-4294967296)},
	{"negative 64 bits", cb, "3b7fffffffffffffff", int64(math.MinInt64)},
	{"negative 64 bits beyond int64", cb, "3b8000000000000000", wire.Number("-9223372036854775809")},
	{"lowest of 64 bits", cb, "3bffffffffffffffff", wire.Number("-18446744073709551616")},
	{"bignum", cb, "c249010000000000000000", wire.Number("18446744073709551616")},
	{"negative bignum", cb, "c349010000000000000000", wire.Number("-18446744073709551617")},
	{"small bignum", cb, "c24105", int64(5)},
	{"small negative bignum", cb, "c34105", int64(-6)},
	{"empty bignum", cb, "c240", int64(0)},
	{"bignum with zeros in front", cb, "c24a00000000000000000001", int64(1)},
	{"bignum in parts", cb, "c25f42010041ffff", int64(0x0100ff)},
	{"bignum with a wide tag", cb, "d90002" + "4101", int64(1)},
	{"float 16", cb, "f93e00", 1.5},
	{"float 16, smallest", cb, "f90001", 5.960464477539063e-8},
	{"float 16, largest below the normal ones", cb, "f983ff", -6.097555160522461e-5},
	{"float 16, largest", cb, "f97bff", 65504.0},
	{"float 16, negative zero", cb, "f98000", math.Copysign(0, -1)},
	{"float 32", cb, "fa3fc00000", 1.5},
	{"float 64", cb, "fb3ff8000000000000", 1.5},
	{"text, empty", cb, "60", ""},
	{"text", cb, "626869", "hi"},
	{"text of 24", cb, "7818" + strings.Repeat("61", 24), strings.Repeat("a", 24)},
	{"text with wide lengths", cb, "8379000161" + "7a0000000161" + "7b000000000000000161", []any{"a", "a", "a"}},
	{"text in parts", cb, "7f6161606262" + "63ff", "abc"},
	{"text in no parts", cb, "7fff", ""},
	{"bytes, empty", cb, "40", []byte{}},
	{"bytes", cb, "42fffe", []byte{0xff, 0xfe}},
	{"bytes in parts", cb, "5f41ff4041feff", []byte{0xff, 0xfe}},
	{"bytes in no parts", cb, "5fff", []byte{}},
	{"array, empty", cb, "80", []any{}},
	{"array", cb, "820102", []any{int64(1), int64(2)}},
	{"arrays with wide lengths", cb, "849801019900010" + "19a00000001019b000000000000000101",
		[]any{[]any{int64(1)}, []any{int64(1)}, []any{int64(1)}, []any{int64(1)}}},
	{"open array", cb, "9f0102ff", []any{int64(1), int64(2)}},
	{"open array, empty", cb, "9fff", []any{}},
	{"map, empty", cb, "a0", wire.Object{}},
	{"map keeps its order", cb, "a2617801616100", wire.Object{{"x", int64(1)}, {"a", int64(0)}}},
	{"map with a wide length", cb, "b801617801", wire.Object{{"x", int64(1)}}},
	{"open map", cb, "bf617801ff", wire.Object{{"x", int64(1)}}},
	{"open map, empty", cb, "bfff", wire.Object{}},
	{"numbers as keys", cb, "a300f402f501f6", wire.Object{{"a", false}, {"c", true}, {"b", nil}}},
	{"wide numbers as keys", cb, "a31800f61b0000000000000001f6c24102f6",
		wire.Object{{"a", nil}, {"b", nil}, {"c", nil}}},
	{"key in parts", cb, "a17f61786179ff00", wire.Object{{"xy", int64(0)}}},
	{"open lists in each other", cb, "9fbf009fffffbf019f00ffffff",
		[]any{wire.Object{{"a", []any{}}}, wire.Object{{"b", []any{int64(0)}}}}},
}

type invalidBinaryCase struct {
	name   string
	format wire.Format
	hex    string
	offset int
	reason string
}

const (
	cutOff     = "expected more bytes than are left, found "
	fewBytes   = "expected as many bytes as were declared, found "
	fewItems   = "expected as many items as were declared, found "
	noValue    = "expected a value, found "
	wrongKey   = "expected a string, or a number of the table of field names, as the key, found "
	wrongPart  = "expected another part in valid UTF-8, or the end of the parts, found "
	endOfBytes = "the end of the bytes"
)

var invalidBinary = []invalidBinaryCase{
	{"nothing", mp, "", 0, noValue + endOfBytes},
	{"two values", mp, "0000", 1, "expected the end of the message, found byte 0x00"},
	{"byte that means nothing", mp, "c1", 0, noValue + "byte 0xc1"},
	{"cut off uint 8", mp, "cc", 0, cutOff + "byte 0xcc"},
	{"cut off int 64", mp, "d300000000000000", 0, cutOff + "byte 0xd3"},
	{"cut off float", mp, "cb0000", 0, cutOff + "byte 0xcb"},
	{"NaN", mp, "cb7ff8000000000000", 9, "expected a finite number, found " + endOfBytes},
	{"infinity of 32 bits", mp, "caff800000", 5, "expected a finite number, found " + endOfBytes},
	{"cut off fixstr", mp, "a261", 1, fewBytes + "byte 0x61"},
	{"cut off length", mp, "da00", 0, cutOff + "byte 0xda"},
	{"string of four billion", mp, "dbffffffff61", 5, fewBytes + "byte 0x61"},
	{"bytes of four billion", mp, "c6ffffffff", 5, fewBytes + endOfBytes},
	{"bad UTF-8", mp, "a1ff", 2, "a string must be valid UTF-8"},
	{"surrogate in UTF-8", mp, "a3eda080", 4, "a string must be valid UTF-8"},
	{"bad UTF-8 in a key", mp, "81a1ff00", 3, "a string must be valid UTF-8"},
	{"array that is too short", mp, "9300", 1, fewItems + "byte 0x00"},
	{"array of four billion", mp, "ddffffffff", 5, "more elements than the limit"},
	{"map that is too short", mp, "8200c001", 1, fewItems + "byte 0x00"},
	{"map without a value", mp, "8100", 1, fewItems + "byte 0x00"},
	{"map of four billion", mp, "dfffffffff", 5, "more elements than the limit"},
	{"number without a name", mp, "8103c0", 1, wrongKey + "byte 0x03"},
	{"wide number without a name", mp, "81cd0100c0", 1, wrongKey + "byte 0xcd"},
	{"number beyond 64 bits as key", mp, "81cfffffffffffffffffc0", 1, wrongKey + "byte 0xcf"},
	{"negative key", mp, "81ffc0", 1, wrongKey + "byte 0xff"},
	{"null as key", mp, "81c0c0", 1, wrongKey + "byte 0xc0"},
	{"float as key", mp, "81ca00000000c0", 1, wrongKey + "byte 0xca"},
	{"bytes as key", mp, "81c40161c0", 1, wrongKey + "byte 0xc4"},
	{"array as key", mp, "8190c0", 1, wrongKey + "byte 0x90"},
	{"key twice", mp, "82a17800a17801", 7, `the object before has the key "x" twice`},
	{"key twice by number", mp, "8200000001", 5, `the object before has the key "a" twice`},
	{"key by name and number", mp, "820000a16101", 6, `the object before has the key "a" twice`},
	{"marker", mp, "91c70011", 1, noValue + "byte 0xc7"},
	{"undefined", mp, "c70012", 0, noValue + "byte 0xc7"},
	{"time", mp, "d6ff00000000", 0, noValue + "byte 0xd6"},
	{"extension of another type", mp, "c70013", 0, noValue + "byte 0xc7"},
	{"marker with content", mp, "c7011100", 0, noValue + "byte 0xc7"},
	{"cut off extension", mp, "c700", 0, noValue + "byte 0xc7"},

	{"nothing", cb, "", 0, noValue + endOfBytes},
	{"two values", cb, "0000", 1, "expected the end of the message, found byte 0x00"},
	{"reserved length", cb, "1c", 0, noValue + "byte 0x1c"},
	{"cut off integer", cb, "19ff", 0, cutOff + "byte 0x19"},
	{"half of NaN", cb, "f97e00", 3, "expected a finite number, found " + endOfBytes},
	{"half of infinity", cb, "f9fc00", 3, "expected a finite number, found " + endOfBytes},
	{"infinity", cb, "fb7ff0000000000000", 9, "expected a finite number, found " + endOfBytes},
	{"simple value", cb, "e0", 0, noValue + "byte 0xe0"},
	{"simple value of two bytes", cb, "f8ff", 0, noValue + "byte 0xf8"},
	{"undefined", cb, "f7", 0, noValue + "byte 0xf7"},
	{"marker", cb, "81d95450f6", 1, noValue + "byte 0xd9"},
	{"marker around something else", cb, "d95450f7", 0, noValue + "byte 0xd9"},
	{"time", cb, "c100", 0, noValue + "byte 0xc1"},
	{"tag that says that this is CBOR", cb, "d9d9f780", 0, noValue + "byte 0xd9"},
	{"bignum that is text", cb, "c26131", 0, noValue + "byte 0xc2"},
	{"bignum of 129 bytes", cb, "c25881" + strings.Repeat("01", 129), 132,
		"expected an integer of fewer bytes, found " + endOfBytes},
	{"cut off bignum", cb, "c24201", 2, fewBytes + "byte 0x01"},
	{"cut off tag", cb, "c2", 0, noValue + "byte 0xc2"},
	{"cut off text", cb, "6261", 1, fewBytes + "byte 0x61"},
	{"text of 2^64-1", cb, "7bffffffffffffffff", 9, fewBytes + endOfBytes},
	{"bad UTF-8", cb, "61ff", 2, "a string must be valid UTF-8"},
	{"bad UTF-8 in a part", cb, "7f61c361a9ff", 3, wrongPart + "byte 0x61"},
	{"bytes in text", cb, "7f4161ff", 1, "expected a string, found byte 0x41"},
	{"parts in parts", cb, "7f7f6161ffff", 1, "expected a part that has a length, found byte 0x7f"},
	{"parts without end", cb, "7f6161", 3, "expected a string, found " + endOfBytes},
	{"break", cb, "ff", 0, noValue + "byte 0xff"},
	{"break in an array with a length", cb, "8200ff", 2, noValue + "byte 0xff"},
	{"array without end", cb, "9f00", 2, "more elements than the limit, or no end of them"},
	{"break after a key", cb, "bf00ff", 2, noValue + "byte 0xff"},
	{"map without end", cb, "bf", 1, "more elements than the limit, or no end of them"},
	{"array of four billion", cb, "9affffffff", 5, "more elements than the limit"},
	{"map of 2^64-1", cb, "bbffffffffffffffff", 9, "more elements than the limit"},
	{"number without a name", cb, "a103f6", 1, wrongKey + "byte 0x03"},
	{"negative key", cb, "a120f6", 1, wrongKey + "byte 0x20"},
	{"bignum as key", cb, "a1c249010000000000000000f6", 1, wrongKey + "byte 0xc2"},
	{"array as key", cb, "a180f6", 1, wrongKey + "byte 0x80"},
	{"key twice in an open map", cb, "bf00f66161f6ff", 7, `the object before has the key "a" twice`},
}

// fromHex returns the bytes that text is in hexadecimal digits.
func fromHex(text string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		panic(text + ": " + err.Error())
	}
	return b
}
