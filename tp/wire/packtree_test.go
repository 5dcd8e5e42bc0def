package wire_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/telestruct/telestruct/tp/wire"
)

// packTree says, on trees and by the words of spec section 15.2, what packing is.
// Keys are int64 or string, maps are lists of entries.

type (
	entry     struct{ key, value any }
	entries   []entry
	marker    struct{}
	undefined struct{}
	// column is one of a header; inner is set when it is nested.
	column struct {
		id    int64
		inner *[]column
	}
)

func packTree(v any) any {
	switch v := v.(type) {
	case []any:
		if table, ok := packTable(v); ok && len(v) > 0 {
			return table
		}
		packed := make([]any, len(v))
		for i := range v {
			packed[i] = packTree(v[i])
		}
		return packed
	case entries:
		packed := make(entries, len(v))
		for i := range v {
			packed[i] = entry{v[i].key, packTree(v[i].value)}
		}
		return packed
	}
	return v
}

func packTable(list []any) (table []any, ok bool) {
	var header []column
	table = []any{marker{}, nil}
	for _, item := range list {
		row, ok := packRow(item, &header)
		if !ok {
			return nil, false
		}
		table = append(table, row)
	}
	table[1] = packHeader(nil, header)
	return table, true
}

func packHeader(first any, header []column) any {
	packed := []any{first}
	for _, c := range header {
		if c.inner == nil {
			packed = append(packed, c.id)
		} else {
			packed = append(packed, packHeader(c.id, *c.inner))
		}
	}
	return packed
}

func packRow(item any, header *[]column) (row []any, ok bool) {
	m, ok := item.(entries)
	row = []any{}
	for _, e := range m {
		id, isID := e.key.(int64)
		if !isID {
			return nil, false
		}
		_, nested := e.value.(entries)
		at := slices.IndexFunc(*header, func(c column) bool { return c.id == id })
		if at < 0 {
			at = len(*header)
			*header = append(*header, column{id: id})
			if nested {
				(*header)[at].inner = new([]column)
			}
		}
		inner := (*header)[at].inner
		if nested != (inner != nil) {
			return nil, false
		}
		for len(row) <= at {
			row = append(row, undefined{})
		}
		if !nested {
			row[at] = packTree(e.value)
		} else if row[at], ok = packRow(e.value, inner); !ok {
			return nil, false
		}
	}
	return row, ok
}

// appendTree appends a tree in a binary format.
func appendTree(f wire.Format, b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return f.AppendNull(b)
	case bool:
		return f.AppendBool(b, v)
	case int64:
		return f.AppendInt(b, v)
	case string:
		b, _ = f.AppendString(b, v)
		return b
	case marker:
		return f.AppendMarker(b)
	case undefined:
		return f.AppendUndefined(b)
	case []any:
		b = f.AppendArray(b, len(v))
		for _, item := range v {
			b = appendTree(f, b, item)
		}
		return b
	}
	m := v.(entries)
	b = f.AppendMap(b, len(m))
	for _, e := range m {
		b = appendTree(f, appendTree(f, b, e.key), e.value)
	}
	return b
}

// readTree returns the tree of a value, with maps in place of entries and the
// bytes of scalars as they are. It returns nil when there is no valid value, or
// one with a key twice.
func readTree(f wire.Format, data []byte) any {
	var r wire.BinaryReader
	r.Reset(data, f, wire.Limits{})
	if v, ok := readItem(&r, data); ok && r.End() {
		return v
	}
	return nil
}

func readItem(r *wire.BinaryReader, data []byte) (v any, ok bool) {
	switch start := len(data) - r.Remaining(); r.Kind() {
	case wire.KindArray:
		return readArray(r, data)
	case wire.KindMap:
		return readMap(r, data)
	case wire.KindNull:
		ok = r.Null()
		return "null", ok
	case wire.KindBool:
		return readScalar(r.Bool())
	case wire.KindString:
		return readScalar(r.String())
	case wire.KindBytes:
		v, ok := r.Bytes()
		return "bytes " + string(v), ok
	case wire.KindInteger, wire.KindFloat:
		_, ok := r.Float64()
		return data[start : len(data)-r.Remaining()], ok
	}
	return nil, false
}

func readScalar[T any](v T, ok bool) (any, bool) { return v, ok }

func readArray(r *wire.BinaryReader, data []byte) (any, bool) {
	list := []any{}
	items, ok := r.Array()
	for ok {
		more, closed := r.More(&items)
		if !more {
			return list, closed
		}
		var v any
		v, ok = readItem(r, data)
		list = append(list, v)
	}
	return nil, false
}

func readMap(r *wire.BinaryReader, data []byte) (any, bool) {
	m := map[any]any{}
	items, ok := r.Map()
	for ok {
		more, closed := r.More(&items)
		if !more {
			return m, closed
		}
		id, name, isKey := r.Key()
		var key any = id
		if id < 0 {
			key = string(name)
		}
		if _, twice := m[key]; twice || !isKey {
			return nil, false
		}
		m[key], ok = readItem(r, data)
	}
	return nil, false
}

// drawTree draws a tree of which many lists can be packed, or nearly.
func drawTree(t *rapid.T, depth int) any {
	most := 9
	if depth == 0 {
		most = 6
	}
	switch rapid.IntRange(0, most).Draw(t, "kind") {
	case 0:
		return nil
	case 1:
		return rapid.Bool().Draw(t, "bool")
	case 2, 3:
		return rapid.Int64().Draw(t, "integer")
	case 4, 5:
		return rapid.StringN(0, 40, 40).Draw(t, "string")
	case 6, 7:
		return drawMap(t, depth-1)
	}
	list := []any{}
	for range rapid.IntRange(0, 4).Draw(t, "length") {
		if depth > 0 && rapid.IntRange(0, 9).Draw(t, "map") > 0 {
			list = append(list, drawMap(t, depth-1))
		} else {
			list = append(list, drawTree(t, max(depth-1, 0)))
		}
	}
	return list
}

func drawMap(t *rapid.T, depth int) entries {
	m := entries{}
	if depth < 0 {
		return m
	}
	ids := rapid.SliceOfNDistinct(rapid.Int64Range(0, 5), 0, 4, rapid.ID[int64]).Draw(t, "ids")
	for _, id := range ids {
		var value any
		switch shape := rapid.IntRange(0, 9).Draw(t, "shape"); {
		case shape == 0:
			value = drawTree(t, depth)
		case id == 0:
			value = drawMap(t, depth-1)
		case id == 1 && depth > 0:
			value = []any{drawMap(t, depth-1), drawMap(t, depth-1)}
		default:
			value = rapid.Int64Range(-200, 200).Draw(t, "value")
		}
		var key any = id * 60 // of one, two and three bytes
		if rapid.IntRange(0, 29).Draw(t, "string key") == 0 {
			key = "k"
		}
		m = append(m, entry{key, value})
	}
	return slices.CompactFunc(m, func(a, b entry) bool { return a.key == b.key })
}

func TestPackTree(t *testing.T) {
	t.Parallel()
	for _, f := range binaryFormats {
		t.Run(f.String(), func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) { checkTree(t, f, drawTree(t, 4)) })
		})
	}
}
