package wire_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/telestruct/telestruct/internal/allocs"
	"github.com/telestruct/telestruct/tp/wire"
)

// binaryTree reads data, which must be one value, and says why it is not.
func binaryTree(data []byte, f wire.Format, l wire.Limits) (any, error) {
	var r wire.BinaryReader
	r.Reset(data, f, l)
	if v, ok := r.Value(tableABC); ok && r.End() {
		return v, nil
	}
	return nil, r.SyntaxError()
}

func TestBinaryValue(t *testing.T) {
	t.Parallel()
	for _, tc := range validBinary {
		t.Run(tc.format.String()+"/"+tc.name, func(t *testing.T) {
			t.Parallel()
			data := fromHex(tc.hex)
			got, err := binaryTree(data, tc.format, wire.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := difference(tc.want, got); diff != "" {
				t.Errorf("tree differs (-want +got):\n%s", diff)
			}
			var r wire.BinaryReader
			r.Reset(data, tc.format, wire.Limits{})
			if !r.Skip() || !r.End() {
				t.Error("not skipped")
			}
			r.Reset(data, tc.format, wire.Limits{})
			plain, ok := r.GoValue(tableABC)
			if diff := difference(wire.ToGo(tc.want), plain); diff != "" || !ok || !r.End() {
				t.Errorf("Go value differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestBinaryValueRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range invalidBinary {
		t.Run(tc.format.String()+"/"+tc.name, func(t *testing.T) {
			t.Parallel()
			data := fromHex(tc.hex)
			v, err := binaryTree(data, tc.format, wire.Limits{})
			var syntax *wire.SyntaxError
			if !errors.As(err, &syntax) || v != nil {
				t.Fatalf("got %v, %v; want a SyntaxError", v, err)
			}
			if syntax.Offset != tc.offset || syntax.Reason != tc.reason || syntax.Format != tc.format {
				t.Errorf("got %d, %q; want %d, %q", syntax.Offset, syntax.Reason, tc.offset, tc.reason)
			}
			var r wire.BinaryReader
			r.Reset(data, tc.format, wire.Limits{})
			if v, ok := r.GoValue(tableABC); ok && r.End() {
				t.Errorf("got %v as a Go value", v)
			}
		})
	}
}

func TestBinarySyntaxErrorText(t *testing.T) {
	t.Parallel()
	for format, want := range map[wire.Format]string{
		mp: "wire: not valid MessagePack at byte 0: expected a value, found the end of the bytes",
		cb: "wire: not valid CBOR at byte 0: expected a value, found the end of the bytes",
	} {
		if _, err := binaryTree(nil, format, wire.Limits{}); err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// Skip cannot know names, and takes no parts of packed lists for values.
func TestBinarySkip(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		format wire.Format
		hex    string
		ok     bool
	}{
		{"number without a name", mp, "8177c0", true},
		{"number without a name", cb, "a11877f6", true},
		{"key twice", mp, "8200000000", true},
		{"negative key", mp, "81ffc0", false},
		{"null as key", cb, "a1f6f6", false},
		{"marker", mp, "91c70011", false},
		{"undefined", cb, "81f7", false},
		{"time", mp, "d6ff00000000", false},
		{"NaN", cb, "f97e00", false},
		{"bad UTF-8", mp, "91a1ff", false},
		{"long bignum", cb, "c25881" + strings.Repeat("01", 129), false},
	} {
		var r wire.BinaryReader
		r.Reset(fromHex(tc.hex), tc.format, wire.Limits{})
		if ok := r.Skip() && r.End(); ok != tc.ok {
			t.Errorf("%v, %s: got %v, want %v", tc.format, tc.name, ok, tc.ok)
		}
	}
}

func TestBinaryLimits(t *testing.T) {
	t.Parallel()
	limits := wire.Limits{Depth: 3, Elements: 4}
	const deep, many = "nested deeper than the limit", "more elements than the limit"
	const endless = "more elements than the limit, or no end of them"
	for _, tc := range []struct {
		name   string
		format wire.Format
		hex    string
		want   string
	}{
		{"depth within", mp, "91919100", ""},
		{"arrays too deep", mp, "9191919100", deep},
		{"maps too deep", mp, "8100810081008100", deep},
		{"depth is what is open", mp, "949090909190", ""},
		{"open arrays within", cb, "9f9f9fffffff", ""},
		{"open arrays too deep", cb, "9f9f9f9fffffffff", deep},
		{"text in parts is not nested", cb, "9f9f9f7fffffffff", ""},
		{"elements within", mp, "9401020304", ""},
		{"too many elements", mp, "950102030405", many},
		{"open array within", cb, "9f01020304ff", ""},
		{"open array beyond", cb, "9f0102030405ff", endless},
		{"entries within", mp, "84a000a17700a17800a17900", ""},
		{"too many entries", mp, "85a000a17700a17800a17900a17a00", many},
		{"open map within", cb, "bf6000617700617800617900ff", ""},
		{"open map beyond", cb, "bf6000617700617800617900617a00ff", endless},
		{"parts are no elements", cb, "7f" + strings.Repeat("6161", 9) + "ff", ""},
	} {
		t.Run(tc.format.String()+"/"+tc.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			var syntax *wire.SyntaxError
			if _, err := binaryTree(fromHex(tc.hex), tc.format, limits); errors.As(err, &syntax) {
				got, _, _ = strings.Cut(syntax.Reason, ", found")
			}
			if got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

// A binary tree must not change when the message's buffer is used again.
func TestBinaryValueDoesNotReferToInput(t *testing.T) {
	t.Parallel()
	want := []any{"text", []byte{1, 2}, wire.Object{{"key", wire.Number("18446744073709551616")}}, "ab"}
	data := fromHex("84 6474657874 420102 a1636b6579c249010000000000000000 7f61616162ff")
	var r wire.BinaryReader
	r.Reset(data, cb, wire.Limits{})
	v, ok := r.Value(nil)
	clear(data)
	r.Reset(fromHex("7f61786179ff"), cb, wire.Limits{})
	r.Value(nil)
	if diff := difference(any(want), v); !ok || diff != "" {
		t.Errorf("tree differs (-want +got):\n%s", diff)
	}
}

// What one tree shares with another must not let a user change both.
func TestEmptyValuesAreNotShared(t *testing.T) {
	t.Parallel()
	data := fromHex("83 a161 90 a162 80 a163 c400")
	first, _ := binaryTree(data, mp, wire.Limits{})
	object := first.(wire.Object)
	array, inner, raw := object[0].Value.([]any), object[1].Value.(wire.Object), object[2].Value.([]byte)
	_, _, _ = append(array, "changed"), append(inner, wire.Member{}), append(raw, 1)
	inner.Set("changed", true)
	object[0].Value = "changed"
	second, _ := binaryTree(data, mp, wire.Limits{})
	want := wire.Object{{"a", []any{}}, {"b", wire.Object{}}, {"c", []byte{}}}
	if diff := difference(any(want), second); diff != "" {
		t.Errorf("tree differs (-want +got):\n%s", diff)
	}
}

// hostileBinary has messages whose trees take much memory for their size.
func hostileBinary() map[wire.Format]map[string][]byte {
	many := func(head, unit string, n int) []byte {
		return append(fromHex(head), []byte(strings.Repeat(string(fromHex(unit)), n))...)
	}
	open := func(unit string, n int) []byte { return append(many("9f", unit, n), 0xff) }
	return map[wire.Format]map[string][]byte{
		mp: {
			"empty arrays":        many("dc2000", "90", 0x2000),
			"empty maps":          many("dc2000", "80", 0x2000),
			"empty strings":       many("dc2000", "a0", 0x2000),
			"empty bytes":         many("dc2000", "c400", 0x2000),
			"arrays of one":       many("dc2000", "9100", 0x2000),
			"maps of one":         many("dc2000", "810000", 0x2000),
			"strings of one":      many("dc2000", "a161", 0x2000),
			"null":                many("dc2000", "c0", 0x2000),
			"integers":            many("dc2000", "cc80", 0x2000),
			"large integers":      many("dc2000", "cfffffffffffffffff", 0x2000),
			"floats":              many("dc2000", "ca3fc00000", 0x2000),
			"the same key":        many("de2000", "0000", 0x2000),
			"keys of two":         many("de2000", "a16100", 0x2000),
			"nested arrays":       many("dc1000", strings.Repeat("91", 60)+"00", 0x1000),
			"nested maps":         many("dc1000", strings.Repeat("8100", 60)+"00", 0x1000),
			"four billion":        fromHex("ddffffffff"),
			"promised elements":   many("", "dc0fff", 0x1000),
			"promised entries":    many("", "de07ff00", 0x1000),
			"promised characters": many("dc0fff", "da0fff", 0x1000),
			"maps of 20":          many("dc0100", "de0014"+keysTo(20), 0x100),
		},
		cb: {
			"empty arrays":      open("80", 0x2000),
			"empty maps":        open("a0", 0x2000),
			"empty text":        open("60", 0x2000),
			"empty bytes":       open("40", 0x2000),
			"open arrays":       open("9fff", 0x2000),
			"open maps":         open("bfff", 0x2000),
			"text in no parts":  open("7fff", 0x2000),
			"arrays of one":     open("8100", 0x2000),
			"open arrays of 85": open("9f"+strings.Repeat("80", 85)+"ff", 100),
			"the same key":      append(many("bf", "0000", 0x2000), 0xff),
			"bignums":           open("c2490100000000000000ff", 0x1000),
			"short bignums":     open("c240", 0x2000),
			"four billion":      fromHex("9affffffff"),
			"promised elements": many("", "99ffff", 0x1000),
			"nested open":       many("", strings.Repeat("9f", 60)+"00"+strings.Repeat("ff", 60), 1),
			"parts of one":      append(many("5f", "4101", 0x2000), 0xff),
		},
	}
}

// keysTo returns n entries with distinct names of one byte, in hexadecimal.
func keysTo(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("a1" + string("0123456789abcdef"[i/16+4]) + string("0123456789abcdef"[i%16]) + "00")
	}
	return b.String()
}

// TestBinaryTreeAllocation must not be parallel: it counts what the process
// allocates.
func TestBinaryTreeAllocation(t *testing.T) {
	for format, messages := range hostileBinary() {
		for name, data := range messages {
			checkBinaryAllocation(t, name, format, data)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		format := rapid.SampledFrom([]wire.Format{mp, cb}).Draw(rt, "format")
		head := rapid.SampledFrom(heads(format)).Draw(rt, "head")
		unit := rapid.SliceOfN(rapid.SampledFrom(heads(format)), 1, 6).Draw(rt, "unit")
		data := []byte(head + strings.Repeat(strings.Join(unit, ""), 3000/len(strings.Join(unit, ""))+1))
		checkBinaryAllocation(rt, "drawn", format, data)
	})
}

// heads returns the beginnings of items, and short items.
func heads(f wire.Format) []string {
	if f == cb {
		return []string{"\x80", "\xa0", "\x60", "\x40", "\x9f", "\xbf", "\x7f", "\x5f", "\xff", "\x81", "\x82", "\xa1",
			"\x00", "\x01", "\x61a", "\x19\xff\xff", "\xfa\x00\x00\x00\x00", "\x98\x80", "\x99\x03\x00", "\xb9\x01\x00", "\xc2\x40"}
	}
	return []string{"\x80", "\x90", "\xa0", "\xc4\x00", "\x91", "\x92", "\x81", "\x00", "\x01", "\xa1a", "\xcd\xff\xff",
		"\xca\x00\x00\x00\x00", "\xdc\x00\x80", "\xdc\x03\x00", "\xde\x01\x00", "\xd9\x03abc"}
}

func checkBinaryAllocation(t interface{ Errorf(string, ...any) }, name string, f wire.Format, data []byte) {
	within := func(what string, most uint64, read func(r *wire.BinaryReader)) {
		spent := allocs.Bytes(most, func() {
			var r wire.BinaryReader
			r.Reset(data, f, wire.Limits{})
			read(&r)
		})
		if spent > most {
			t.Errorf("%v, %s: %d bytes %s %d of input", f, name, spent, what, len(data))
		}
	}
	size := uint64(len(data))
	within("for", 64*size+4096, func(r *wire.BinaryReader) { r.Value(tableABC) })
	within("to skip", 4*size+4096, func(r *wire.BinaryReader) { r.Skip() })
	// Reader.Spend has a fixed part, and its estimates leave out scratch memory.
	within("as Go values for", 100*size+300<<10, func(r *wire.BinaryReader) { r.GoValue(tableABC) })
}

// anyBinaryTree draws value trees with raw bytes, and keys of tableABC among
// others.
func anyBinaryTree() *rapid.Generator[any] {
	scalar := rapid.OneOf(
		rapid.Just[any](nil),
		rapid.Bool().AsAny(),
		rapid.Int64().AsAny(),
		rapid.Int64Range(-70000, 70000).AsAny(),
		rapid.Float64Range(-math.MaxFloat64, math.MaxFloat64).AsAny(),
		rapid.String().AsAny(),
		rapid.Custom(func(t *rapid.T) []byte { return rapid.SliceOf(rapid.Byte()).Draw(t, "bytes") }).AsAny(),
		rapid.SampledFrom([]wire.Number{"18446744073709551615", "9223372036854775808"}).AsAny(),
	)
	key := rapid.OneOf(rapid.SampledFrom([]string{"a", "b", "c", "0"}), rapid.String())
	tree := scalar
	for range 4 {
		inner := rapid.OneOf(scalar, tree)
		tree = rapid.OneOf(scalar,
			rapid.Custom(func(t *rapid.T) any { return rapid.SliceOfN(inner, 0, 40).Draw(t, "array") }),
			rapid.Custom(func(t *rapid.T) any {
				object := wire.Object{}
				for _, key := range rapid.SliceOfNDistinct(key, 0, 20, rapid.ID).Draw(t, "keys") {
					object.Set(key, inner.Draw(t, "value"))
				}
				return object
			}))
	}
	return tree
}

func TestBinaryTreeRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tree := anyBinaryTree().Draw(t, "tree")
		checkBinaryRoundTrip(t, tree, mp)
		checkBinaryRoundTrip(t, tree, cb)
	})
}

// checkBinaryRoundTrip checks that a tree is written as what it was.
func checkBinaryRoundTrip(t interface{ Fatalf(string, ...any) }, tree any, f wire.Format) {
	data, err := f.AppendValue(nil, tree, tableABC)
	if err != nil {
		t.Fatalf("%v: %#v: %v", f, tree, err)
	}
	again, err := binaryTree(data, f, wire.Limits{})
	if err != nil {
		t.Fatalf("%v: % x: %v", f, data, err)
	}
	if diff := difference(tree, again); diff != "" {
		t.Fatalf("%v: % x reads back as something else (-first +second):\n%s", f, data, diff)
	}
}

// binarySeeds returns the data that fuzz targets begin with.
func binarySeeds(f wire.Format) (seeds [][]byte) {
	for _, tc := range validBinary {
		if tc.format == f {
			seeds = append(seeds, fromHex(tc.hex))
		}
	}
	for _, tc := range invalidBinary {
		if tc.format == f {
			seeds = append(seeds, fromHex(tc.hex))
		}
	}
	for _, data := range hostileBinary()[f] {
		seeds = append(seeds, slices.Clip(data[:min(len(data), 100)]))
	}
	return seeds
}
