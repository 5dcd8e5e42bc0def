package wirecbor_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"math"
	"math/big"
	"testing"

	"github.com/fxamacker/cbor/v2"
	"pgregory.net/rapid"

	"github.com/telestruct/telestruct/tp/wire"
	"github.com/telestruct/telestruct/tp/wirecbor"
)

var tableABC = wire.NewFields([]string{"a", "b", "c"})

// libraryMode decodes as strictly as package wire, where the library can.
func libraryMode(t testing.TB) cbor.DecMode {
	t.Helper()
	const undefined = 23
	simple, err := cbor.NewSimpleValueRegistryFromDefaults(cbor.WithRejectedSimpleValue(undefined))
	if err != nil {
		t.Fatal(err)
	}
	mode, err := cbor.DecOptions{
		DupMapKey:        cbor.DupMapKeyEnforcedAPF,
		MaxNestedLevels:  64,
		MaxArrayElements: 131072,
		MaxMapPairs:      131072,
		NaN:              cbor.NaNDecodeForbidden,
		Inf:              cbor.InfDecodeForbidden,
		SimpleValues:     simple,
		TimeTag:          cbor.DecTagRequired,
	}.DecMode()
	if err != nil {
		t.Fatal(err)
	}
	return mode
}

// checkAgainstLibrary holds what package wire reads to what the library decodes:
// it takes nothing that the library refuses, refuses nothing that the library
// decodes into values of messages, and both have the same values.
func checkAgainstLibrary(t interface{ Fatalf(string, ...any) }, mode cbor.DecMode, data []byte) {
	var r wire.BinaryReader
	r.Reset(data, wire.CBOR, wire.Limits{})
	tree, ok := r.Value(tableABC)
	ok = ok && r.End()
	if err := wirecbor.Check(data, wire.Limits{}); ok && err != nil {
		t.Fatalf("% x: read, but %v", data, err)
	}
	var decoded any
	err := mode.Unmarshal(data, &decoded)
	want, plain := treeOf(decoded)
	if _, isKey := errors.AsType[*cbor.InvalidMapKeyTypeError](err); isKey {
		return // such as a small integer that is written as a large one
	}
	switch {
	case ok && err != nil:
		t.Fatalf("% x: read as %#v, but the library says %v", data, tree, err)
	case !ok && err == nil && plain && !bytes.Contains(data, selfDescribed):
		t.Fatalf("% x: refused, but the library decodes %#v", data, decoded)
	case ok && (!plain || !same(tree, want)):
		t.Fatalf("% x: read as %#v, but the library decodes %#v", data, tree, decoded)
	}
}

// selfDescribed is the tag that says of an item that it is CBOR, which the library
// drops; messages have no tags that say nothing.
var selfDescribed = []byte{0xd9, 0xd9, 0xf7}

// treeOf returns the value tree of what the library decoded, in which objects are
// maps. It fails on what messages do not have.
func treeOf(v any) (tree any, ok bool) {
	switch v := v.(type) {
	case nil, bool, int64, float64, string, []byte:
		return v, true
	case uint64:
		return treeInteger(new(big.Int).SetUint64(v))
	case big.Int:
		return treeInteger(&v)
	case []any:
		list := make([]any, len(v))
		for i := range v {
			if list[i], ok = treeOf(v[i]); !ok {
				return nil, false
			}
		}
		return list, true
	case map[any]any:
		return treeObject(v)
	}
	return nil, false
}

func treeInteger(n *big.Int) (any, bool) {
	if n.IsInt64() {
		return n.Int64(), true
	}
	return wire.Number(n.String()), n.BitLen() <= 1024
}

func treeObject(decoded map[any]any) (any, bool) {
	object := make(map[string]any, len(decoded))
	for key, value := range decoded {
		tree, plain := treeOf(value)
		key, _ := treeOf(key)
		name, isName := key.(string)
		if id, isID := key.(int64); isID && id <= math.MaxInt32 {
			name, isName = tableABC.Name(int(id))
		}
		if _, twice := object[name]; !plain || !isName || twice {
			return nil, false
		}
		object[name] = tree
	}
	return object, true
}

// same reports whether a tree is what treeOf returns.
func same(tree, want any) bool {
	switch tree := tree.(type) {
	case wire.Object:
		m, ok := want.(map[string]any)
		for i := range tree {
			value, has := m[tree[i].Key]
			ok = ok && has && same(tree[i].Value, value)
		}
		return ok && len(m) == len(tree)
	case []any:
		list, ok := want.([]any)
		if !ok || len(list) != len(tree) {
			return false
		}
		for i := range tree {
			if !same(tree[i], list[i]) {
				return false
			}
		}
		return true
	case []byte:
		raw, ok := want.([]byte)
		return ok && string(raw) == string(tree)
	case float64:
		f, ok := want.(float64)
		return ok && math.Float64bits(f) == math.Float64bits(tree)
	}
	return tree == want
}

// TestRandomItems draws items as they may be written, well formed for the most
// part.
func TestRandomItems(t *testing.T) {
	t.Parallel()
	mode := libraryMode(t)
	rapid.Check(t, func(t *rapid.T) { checkAgainstLibrary(t, mode, drawItem(t, 4)) })
}

// drawItem draws one item, with lists that are nested so deep.
func drawItem(t *rapid.T, depth int) []byte {
	major := rapid.IntRange(0, 7).Draw(t, "major")
	if depth == 0 && major > 3 {
		major = 0
	}
	n := rapid.IntRange(0, 4).Draw(t, "n")
	open := rapid.Bool().Draw(t, "open")
	switch major {
	case 0, 1:
		return head(t, major, rapid.Uint64().Draw(t, "integer"))
	case 2, 3:
		text := rapid.SliceOfN(rapid.ByteRange('a', 'z'), n, n).Draw(t, "text")
		chunk := append(head(t, major, uint64(n)), text...)
		if open {
			return append(append([]byte{byte(major<<5 | 31)}, chunk...), 0xff)
		}
		return chunk
	case 4, 5:
		items := head(t, major, uint64(n))
		if open {
			items = []byte{byte(major<<5 | 31)}
		}
		for range n * (major - 3) {
			items = append(items, drawItem(t, depth-1)...)
		}
		if open {
			items = append(items, 0xff)
		}
		return items
	case 6:
		return append(head(t, major, uint64(n)), drawItem(t, depth-1)...)
	}
	return append([]byte{}, rapid.SampledFrom([]string{
		"\xf4", "\xf5", "\xf6", "\xf7", "\xe0", "\xf8\x20", "\xf9\x3c\x01", "\xfa\x3f\x80\x00\x01",
		"\xfb\x3f\xf0\x00\x00\x00\x00\x00\x01", "\xf9\x7e\x00", "\xff",
	}).Draw(t, "simple")...)
}

// head draws a head in any of the widths that hold n.
func head(t *rapid.T, major int, n uint64) []byte {
	width := rapid.IntRange(0, 4).Draw(t, "width")
	b := []byte{byte(major << 5)}
	for width > 0 && width < 4 && n>>(8<<(width-1)) > 0 {
		width++
	}
	if width == 0 {
		return append(b[:0], b[0]|byte(n%24))
	}
	b[0] |= byte(23 + width)
	for shift := 8<<(width-1) - 8; shift >= 0; shift -= 8 {
		b = append(b, byte(n>>shift))
	}
	return b
}

func FuzzCBOR(f *testing.F) {
	for _, text := range []string{
		"82a0a1636b6579a0", "82bfffbf61619fff617f7f61626163ffff", "c249010000000000000000",
		"81d95450f6", "f7", "f97c00", "f93c00", "bf00ff", "9affffffff", "5f4101ff", "d8024101",
		"a200016161f6", "a3000001010202", "c35f4101ff", "fb7ff0000000000000", "61ff", "a120f6",
	} {
		data, _ := hex.DecodeString(text)
		f.Add(data)
	}
	mode := libraryMode(f)
	f.Fuzz(func(t *testing.T, data []byte) { checkAgainstLibrary(t, mode, data) })
}
