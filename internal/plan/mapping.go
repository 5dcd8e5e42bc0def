package plan

import (
	"reflect"
	"slices"
	"strings"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/tp/wire"
)

// Map returns the plan of t, a map from a type of kind string to values with
// the plan elem. It decodes to a map that is not nil and refuses a key that
// comes twice; it encodes nil as an empty object, and keys in ascending order.
func Map(t reflect.Type, elem Plan) Plan {
	return &mapping{t: t, values: reflect.SliceOf(t.Elem()), elem: elem}
}

type mapping struct {
	nilable
	t      reflect.Type
	values reflect.Type // a slice of t's values
	elem   Plan
}

func (x *mapping) Decode(d *Decoder, p mem.Ptr) bool {
	if !d.Open('{') {
		return false
	}
	m := reflect.MakeMap(x.t)
	mem.Value(x.t, p).Set(m)
	if d.CloseEmpty('}') {
		return true
	}
	key, value := reflect.New(x.t.Key()).Elem(), reflect.New(x.t.Elem())
	for n := 1; n <= d.MaxElements(); n++ {
		name, ok := d.Key()
		if !ok {
			return false
		}
		key.SetString(string(name))
		if !x.elem.Decode(d, value.UnsafePointer()) {
			return false
		}
		m.SetMapIndex(key, value.Elem())
		if m.Len() != n {
			return false
		}
		if more, ok := d.Next('}'); !more {
			return ok
		}
		value.Elem().SetZero()
	}
	return false
}

func (x *mapping) Encode(e *Encoder, p mem.Ptr) bool {
	e.Buf = append(e.Buf, '{')
	for i, entry := range x.entries(p) {
		if i > 0 {
			e.Buf = append(e.Buf, ',')
		}
		var ok bool
		if e.Buf, ok = wire.AppendString(e.Buf, entry.key); !ok {
			return false
		}
		e.Buf = append(e.Buf, ':')
		if !x.elem.Encode(e, entry.value) {
			return false
		}
	}
	e.Buf = append(e.Buf, '}')
	return true
}

func (x *mapping) tree(w *walk, p mem.Ptr) any {
	entries := x.entries(p)
	tree := make(wire.Object, len(entries))
	for i, entry := range entries {
		tree[i] = wire.Member{Key: entry.key, Value: x.elem.tree(w, entry.value)}
	}
	return tree
}

func (x *mapping) base64(w *walk, p mem.Ptr) any {
	var every any
	for _, entry := range x.entries(p) {
		every = merge(every, x.elem.base64(w, entry.value))
	}
	return step("*", every)
}

func (x *mapping) holdsBytes(seen map[Plan]bool) bool { return x.elem.holdsBytes(seen) }

// entry is one entry of a map: its key, and the address of a copy of its value.
type entry struct {
	key   string
	value mem.Ptr
}

// entries returns the entries of the map at p in ascending order of their keys.
func (x *mapping) entries(p mem.Ptr) []entry {
	m := mem.Value(x.t, p)
	if m.Len() == 0 {
		return nil
	}
	// The values of a map have no addresses, so they are copied into a slice.
	// A map that grows meanwhile is its owner's race, but must not be ours.
	entries := make([]entry, 0, m.Len())
	values := reflect.MakeSlice(x.values, m.Len(), m.Len())
	for i := m.MapRange(); len(entries) < cap(entries) && i.Next(); {
		value := values.Index(len(entries))
		value.SetIterValue(i)
		entries = append(entries, entry{i.Key().String(), value.Addr().UnsafePointer()})
	}
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.key, b.key) })
	return entries
}
