package wire_test

import (
	"fmt"
	"math"
	"reflect"
	"testing"

	"github.com/telestruct/telestruct/internal/allocs"
	"github.com/telestruct/telestruct/tp/wire"
)

func ExampleBinaryReader() {
	// {"id": 7, 1: [true]} with the table of a, b and c.
	data := []byte{0x82, 0xa2, 'i', 'd', 0x07, 0x01, 0x91, 0xc3}
	fields := wire.NewFields([]string{"a", "b", "c"})
	var r wire.BinaryReader
	r.Reset(data, wire.MessagePack, wire.CallLimits())
	entries, ok := r.Map()
	for ok {
		var more bool
		if more, ok = r.More(&entries); !more {
			break
		}
		name, _ := r.FieldName(fields)
		fmt.Println(name, "is", r.Kind())
		ok = r.Skip()
	}
	fmt.Println(ok && r.End())
	// Output:
	// id is an integer
	// b is an array
	// true
}

func binaryReaderOf(f wire.Format, text string) *wire.BinaryReader {
	var r wire.BinaryReader
	r.Reset(fromHex(text), f, wire.Limits{})
	return &r
}

func TestBinaryKind(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		format wire.Format
		hex    string
		want   wire.Kind
		name   string
	}{
		{mp, "", wire.KindInvalid, "no item of a message"},
		{mp, "c0", wire.KindNull, "null"},
		{mp, "c2", wire.KindBool, "a boolean"},
		{mp, "ff", wire.KindInteger, "an integer"},
		{mp, "ca", wire.KindFloat, "a float"},
		{mp, "a0", wire.KindString, "a string"},
		{mp, "c4", wire.KindBytes, "bytes"},
		{mp, "dc", wire.KindArray, "an array"},
		{mp, "de", wire.KindMap, "a map"},
		{mp, "c70011", wire.KindMarker, "the marker of a packed list"},
		{mp, "c70012", wire.KindUndefined, "an undefined cell"},
		{mp, "c8000011", wire.KindMarker, "the marker of a packed list"},
		{mp, "c90000000012", wire.KindUndefined, "an undefined cell"},
		{mp, "c7ff11", wire.KindInvalid, "no item of a message"},
		{mp, "c1", wire.KindInvalid, "no item of a message"},
		{mp, "d40100", wire.KindInvalid, "no item of a message"},
		{cb, "", wire.KindInvalid, "no item of a message"},
		{cb, "f6", wire.KindNull, "null"},
		{cb, "f5", wire.KindBool, "a boolean"},
		{cb, "3b", wire.KindInteger, "an integer"},
		{cb, "c240", wire.KindInteger, "an integer"},
		{cb, "d80340", wire.KindInteger, "an integer"},
		{cb, "f9", wire.KindFloat, "a float"},
		{cb, "7f", wire.KindString, "a string"},
		{cb, "5f", wire.KindBytes, "bytes"},
		{cb, "9f", wire.KindArray, "an array"},
		{cb, "bf", wire.KindMap, "a map"},
		{cb, "d95450f6", wire.KindMarker, "the marker of a packed list"},
		{cb, "da00005450f6", wire.KindMarker, "the marker of a packed list"},
		{cb, "d95450f5", wire.KindInvalid, "no item of a message"},
		{cb, "f7", wire.KindUndefined, "an undefined cell"},
		{cb, "c000", wire.KindInvalid, "no item of a message"},
		{cb, "ff", wire.KindInvalid, "no item of a message"},
	} {
		r := binaryReaderOf(tc.format, tc.hex)
		if got := r.Kind(); got != tc.want || got.String() != tc.name {
			t.Errorf("%v %s: got %v, want %v", tc.format, tc.hex, got, tc.name)
		}
		size := len(tc.hex) / 2
		if r.Remaining() != size {
			t.Errorf("%v %s: read", tc.format, tc.hex)
		}
		if marker := r.Marker(); marker != (tc.want == wire.KindMarker) || marker != (r.Remaining() < size) {
			t.Errorf("%v %s: marker: %v", tc.format, tc.hex, marker)
		}
		if r.Remaining() == size && r.Undefined() != (tc.want == wire.KindUndefined) {
			t.Errorf("%v %s: undefined: %v", tc.format, tc.hex, tc.want != wire.KindUndefined)
		}
		if read := tc.want == wire.KindMarker || tc.want == wire.KindUndefined; read && !r.End() {
			t.Errorf("%v %s: not read to the end", tc.format, tc.hex)
		}
	}
}

func TestBinaryInt64(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		format wire.Format
		hex    string
		want   int64
		ok     bool
	}{
		{mp, "05", 5, true},
		{mp, "e0", -32, true},
		{mp, "d0e0", -32, true},
		{mp, "d1ffff", -1, true},
		{mp, "d2ffffffff", -1, true},
		{mp, "cf7fffffffffffffff", math.MaxInt64, true},
		{mp, "cf8000000000000000", 0, false},
		{mp, "d38000000000000000", math.MinInt64, true},
		{mp, "ca3f800000", 0, false},
		{mp, "a131", 0, false},
		{mp, "c0", 0, false},
		{mp, "cd01", 0, false},
		{mp, "", 0, false},
		{cb, "17", 23, true},
		{cb, "37", -24, true},
		{cb, "38ff", -256, true},
		{cb, "1b7fffffffffffffff", math.MaxInt64, true},
		{cb, "1b8000000000000000", 0, false},
		{cb, "3b7fffffffffffffff", math.MinInt64, true},
		{cb, "3b8000000000000000", 0, false},
		{cb, "c2487fffffffffffffff", math.MaxInt64, true},
		{cb, "c3487fffffffffffffff", math.MinInt64, true},
		{cb, "c2488000000000000000", 0, false},
		{cb, "c2", 0, false},
		{cb, "d95450f6", 0, false},
		{cb, "f93c00", 0, false},
		{cb, "f4", 0, false},
	} {
		got, ok := binaryReaderOf(tc.format, tc.hex).Int64()
		if ok != tc.ok || got != tc.want {
			t.Errorf("%v %s: got %d, %v; want %d, %v", tc.format, tc.hex, got, ok, tc.want, tc.ok)
		}
	}
}

func TestBinaryFloat64(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		format wire.Format
		hex    string
		want   float64
		ok     bool
	}{
		{mp, "05", 5, true},
		{mp, "cb4000000000000000", 2, true},
		{mp, "ca40000000", 2, true},
		{mp, "cf7fffffffffffffff", math.MaxInt64, true},
		{mp, "cf8000000000000000", 0, false},
		{mp, "ca7f800000", 0, false},
		{mp, "cb7ff8000000000001", 0, false},
		{mp, "ca4000", 0, false},
		{mp, "a0", 0, false},
		{cb, "20", -1, true},
		{cb, "f94000", 2, true},
		{cb, "fac0000000", -2, true},
		{cb, "c24102", 2, true},
		{cb, "c249010000000000000000", 0, false},
		{cb, "f97c00", 0, false},
		{cb, "f6", 0, false},
	} {
		got, ok := binaryReaderOf(tc.format, tc.hex).Float64()
		if ok != tc.ok || got != tc.want {
			t.Errorf("%v %s: got %v, %v; want %v, %v", tc.format, tc.hex, got, ok, tc.want, tc.ok)
		}
	}
}

// Every float of 16 bits has the value that the standard gives it.
func TestHalfFloats(t *testing.T) {
	t.Parallel()
	for bits := range 1 << 16 {
		exponent, fraction := bits>>10&31, float64(bits&1023)
		want := fraction * math.Pow(2, -24)
		if exponent > 0 {
			want = (1024 + fraction) * math.Pow(2, float64(exponent)-25)
		}
		if bits >= 1<<15 {
			want = -want
		}
		got, ok := binaryReaderOf(cb, fmt.Sprintf("f9%04x", bits)).Float64()
		if ok != (exponent < 31) || ok && math.Float64bits(got) != math.Float64bits(want) {
			t.Fatalf("%04x: got %v, %v; want %v", bits, got, ok, want)
		}
	}
}

func TestBinaryNullAndBool(t *testing.T) {
	t.Parallel()
	for _, f := range []wire.Format{mp, cb} {
		data := f.AppendBool(f.AppendBool(f.AppendNull(nil), true), false)
		var r wire.BinaryReader
		r.Reset(data, f, wire.Limits{})
		if !r.Null() || r.Null() {
			t.Errorf("%v: null is not read once", f)
		}
		if v, ok := r.Bool(); !v || !ok {
			t.Errorf("%v: true is not read", f)
		}
		if v, ok := r.Bool(); v || !ok {
			t.Errorf("%v: false is not read", f)
		}
		if _, ok := r.Bool(); ok || r.Null() || !r.End() {
			t.Errorf("%v: the end is read", f)
		}
	}
}

func TestBinaryKeys(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		format wire.Format
		hex    string
		id     int
		name   string
		field  string // the name by tableABC
		ok     bool   // there is one
	}{
		{mp, "02", 2, "", "c", true},
		{mp, "cc02", 2, "", "c", true},
		{mp, "a2c3a9", -1, "é", "é", true},
		{mp, "a161", -1, "a", "a", true},
		{mp, "d90161", -1, "a", "a", true},
		{mp, "03", 3, "", "", false},
		{mp, "ce7fffffff", math.MaxInt32, "", "", false},
		{cb, "02", 2, "", "c", true},
		{cb, "1802", 2, "", "c", true},
		{cb, "c24102", 2, "", "c", true},
		{cb, "7f61786179ff", -1, "xy", "xy", true},
	} {
		id, name, ok := binaryReaderOf(tc.format, tc.hex).Key()
		if !ok || id != tc.id || string(name) != tc.name {
			t.Errorf("%v %s: got %d, %q, %v; want %d, %q", tc.format, tc.hex, id, name, ok, tc.id, tc.name)
		}
		field, ok := binaryReaderOf(tc.format, tc.hex).FieldName(tableABC)
		if ok != tc.ok || field != tc.field {
			t.Errorf("%v %s: got name %q, %v; want %q, %v", tc.format, tc.hex, field, ok, tc.field, tc.ok)
		}
	}
	for _, bad := range []string{"", "ff", "c0", "ce80000000", "cfffffffffffffffff", "cc", "a1", "a1ff", "90"} {
		if id, name, ok := binaryReaderOf(mp, bad).Key(); ok {
			t.Errorf("%s: got %d, %q", bad, id, name)
		}
	}
	if name, ok := binaryReaderOf(mp, "00").FieldName(nil); ok {
		t.Errorf("a table without names has %q", name)
	}
}

func TestItemsLeft(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		format wire.Format
		hex    string
		want   int
		open   bool
	}{
		{mp, "93000000", 3, false},
		{mp, "8200000000", 2, false},
		{mp, "90", 0, false},
		{cb, "83000000", 3, false},
		{cb, "80", 0, false},
		{cb, "9f000000ff", 4, true}, // as many as there can be
		{cb, "bf00000000ff", 2, true},
		{cb, "9fff", 1, true},
	} {
		r := binaryReaderOf(tc.format, tc.hex)
		items, ok := r.Array()
		if !ok {
			r.Reset(fromHex(tc.hex), tc.format, wire.Limits{})
			items, _ = r.Map()
		}
		if items.Left() != tc.want || items.Open() != tc.open {
			t.Errorf("%v %s: got %d, %v, want %d, %v", tc.format, tc.hex, items.Left(), items.Open(), tc.want, tc.open)
		}
	}
}

// One BinaryReader reads many messages, whatever state the one before left it in.
func TestBinaryReaderReset(t *testing.T) {
	t.Parallel()
	var r wire.BinaryReader
	if r.Kind() != wire.KindInvalid || r.Skip() || !r.End() {
		t.Error("the zero BinaryReader has something to read")
	}
	for range 2 {
		for _, tc := range validBinary {
			want, _ := binaryTree(fromHex(tc.hex), tc.format, wire.Limits{Depth: 6})
			r.Reset(fromHex(tc.hex), tc.format, wire.Limits{Depth: 6})
			got, ok := r.Value(tableABC)
			if !ok || !r.End() || r.Format() != tc.format || fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%v, %s: got %v, %v; want %v", tc.format, tc.name, got, ok, want)
			}
		}
		for _, tc := range invalidBinary {
			r.Reset(fromHex(tc.hex), tc.format, wire.Limits{Depth: 6})
			if v, ok := r.Value(tableABC); ok && r.End() {
				t.Errorf("%v, %s: got %v", tc.format, tc.name, v)
			}
		}
	}
}

func TestBinaryReaderAllocatesNothing(t *testing.T) {
	texts := map[wire.Format][]byte{
		mp: fromHex("92 80 81 00 96 01 cd0400 cb3ff8000000000000 a474657874 c3 c40101"),
		cb: fromHex("82 a0 a1 00 86 01 190400 fb3ff8000000000000 6474657874 f5 4101"),
	}
	for f, text := range texts {
		var r wire.BinaryReader
		got := allocs.Objects(0, func() {
			r.Reset(text, f, wire.Limits{})
			_, begins := r.Begin()
			target, ok := r.Target(tableABC)
			items, opens := r.Array()
			ok = ok && begins && opens && target == "a" && items.Left() == 6
			for i := 0; ok && i < 6; i++ {
				more, _ := r.More(&items)
				ok = more && readNext(&r)
			}
			more, closes := r.More(&items)
			if !ok || more || !closes || !r.Finish() {
				t.Errorf("%v: refused", f)
			}
		})
		if got != 0 {
			t.Errorf("%v: %v allocations", f, got)
		}
	}
}

// readNext reads a value by the method for its kind.
func readNext(r *wire.BinaryReader) (ok bool) {
	switch r.Kind() {
	case wire.KindInteger:
		_, ok = r.Int64()
	case wire.KindFloat:
		_, ok = r.Float64()
	case wire.KindString:
		_, ok = r.StringBytes()
	case wire.KindBool:
		_, ok = r.Bool()
	case wire.KindBytes:
		_, ok = r.Bytes()
	}
	return ok
}

func FuzzMessagePack(f *testing.F) { fuzzBinary(f, mp) }

func FuzzCBOR(f *testing.F) { fuzzBinary(f, cb) }

// fuzzBinary checks that what is read is written as what it was, and read the
// same in every way.
func fuzzBinary(f *testing.F, format wire.Format) {
	for _, seed := range binarySeeds(format) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		tree, err := binaryTree(data, format, wire.Limits{})
		var r wire.BinaryReader
		r.Reset(data, format, wire.Limits{})
		skipped := r.Skip() && r.End()
		if err == nil && !skipped {
			t.Error("read, but not skipped")
		}
		r.Reset(data, format, wire.Limits{})
		if plain, ok := r.GoValue(tableABC); ok && r.End() && !reflect.DeepEqual(plain, wire.ToGo(tree)) {
			t.Errorf("got %#v as a Go value of %#v", plain, tree)
		} else if ok && r.End() != (err == nil) && r.LimitError() == nil {
			t.Errorf("got %v as a Go value, error %v", plain, err)
		}
		if err == nil {
			checkBinaryRoundTrip(t, tree, format)
		}
	})
}

// FuzzBinaryReader checks that the typed methods accept the values that trees
// have.
func FuzzBinaryReader(f *testing.F) {
	for _, format := range []wire.Format{mp, cb} {
		for _, seed := range binarySeeds(format) {
			f.Add(format == cb, seed)
		}
	}
	f.Fuzz(func(t *testing.T, inCBOR bool, data []byte) {
		format := mp
		if inCBOR {
			format = cb
		}
		tree, err := binaryTree(data, format, wire.Limits{})
		var r wire.BinaryReader
		reset := func() *wire.BinaryReader { r.Reset(data, format, wire.Limits{}); return &r }
		whole := func(ok bool) bool { return ok && r.End() }

		i, ok := reset().Int64()
		if want, is := tree.(int64); whole(ok) != is || is && i != want {
			t.Errorf("Int64: got %v, %v; tree %#v", i, ok, tree)
		}
		_, ok = reset().Float64()
		_, isInt := tree.(int64)
		if _, is := tree.(float64); whole(ok) != (is || isInt) {
			t.Errorf("Float64: got %v; tree %#v", ok, tree)
		}
		s, ok := reset().String()
		if want, is := tree.(string); whole(ok) != is || is && s != want {
			t.Errorf("String: got %q, %v; tree %#v", s, ok, tree)
		}
		raw, ok := reset().Bytes()
		if want, is := tree.([]byte); whole(ok) != is || is && string(raw) != string(want) {
			t.Errorf("Bytes: got %q, %v; tree %#v", raw, ok, tree)
		}
		v, ok := reset().Bool()
		if want, is := tree.(bool); whole(ok) != is || is && v != want {
			t.Errorf("Bool: got %v, %v; tree %#v", v, ok, tree)
		}
		if null := whole(reset().Null()); null != (tree == nil && err == nil) {
			t.Errorf("Null: got %v; tree %#v, error %v", null, tree, err)
		}
		if reset().Marker() && err == nil || reset().Undefined() && err == nil {
			t.Errorf("part of a packed list: tree %#v", tree)
		}
	})
}
