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
	if t.Key() == reflect.TypeFor[string]() {
		switch t.Elem() {
		case reflect.TypeFor[string]():
			return newPlainMap[string](elem)
		case reflect.TypeFor[bool]():
			return newPlainMap[bool](elem)
		case reflect.TypeFor[int]():
			return newPlainMap[int](elem)
		case reflect.TypeFor[int64]():
			return newPlainMap[int64](elem)
		case reflect.TypeFor[float64]():
			return newPlainMap[float64](elem)
		case reflect.TypeFor[any]():
			return newPlainMap[any](elem)
		}
	}
	return newReflectedMap(t, elem)
}

// mapping is what the plans of all maps have in common: everything but how
// entries get in and out of a Go map.
type mapping struct {
	neverNull
	nilable
	elem Plan
	// appendEntries appends the entries of the map at p to list.
	appendEntries func(list []entry, p mem.Ptr) []entry
	mapSize
}

// entry is one entry of a map: its key, and the address of a copy of its value.
type entry struct {
	key   string
	value mem.Ptr
}

func (x *mapping) Append(e *Encoder, b []byte, p mem.Ptr) ([]byte, bool) {
	b = append(b, '{')
	e.enter()
	entries := x.borrowed(e, p)
	b, ok := x.writeEntries(e, b, entries)
	e.giveBack(len(entries))
	e.leave()
	return append(b, '}'), ok
}

func (x *mapping) writeEntries(e *Encoder, b []byte, entries []entry) (_ []byte, ok bool) {
	tooDeep := e.tooDeep()
	for i, entry := range entries {
		if i > 0 {
			b = append(b, ',')
		}
		if b, ok = wire.AppendString(b, entry.key); !ok || tooDeep {
			return b, false
		}
		b = append(b, ':')
		if b, ok = x.elem.Append(e, b, entry.value); !ok {
			return b, false
		}
	}
	return b, true
}

func (x *mapping) AppendBinary(e *Encoder, b []byte, p mem.Ptr) ([]byte, bool) {
	entries := x.borrowed(e, p)
	b = e.Format.AppendMap(b, len(entries))
	e.enter()
	ok := len(entries) == 0 || !e.tooDeep()
	if ok {
		b, ok = x.writeBinaryEntries(e, b, entries)
	}
	e.giveBack(len(entries))
	e.leave()
	return b, ok
}

func (x *mapping) writeBinaryEntries(e *Encoder, b []byte, entries []entry) (_ []byte, ok bool) {
	for _, entry := range entries {
		if b, ok = e.Format.AppendKey(b, entry.key, e.Fields); !ok {
			return b, false
		}
		if b, ok = x.elem.AppendBinary(e, b, entry.value); !ok {
			return b, false
		}
	}
	return b, true
}

func (x *mapping) tree(w *walk, p mem.Ptr) any {
	w.enter()
	defer w.leave()
	entries := x.sorted(p)
	tree := make(wire.Object, len(entries))
	for i, entry := range entries {
		tree[i] = wire.Member{Key: entry.key, Value: w.tree(x.elem, entry.value)}
	}
	return tree
}

func (x *mapping) base64(w *walk, p mem.Ptr) any {
	w.enter()
	defer w.leave()
	var every any
	for _, entry := range x.sorted(p) {
		every = merge(every, w.base64(x.elem, entry.value))
	}
	return step("*", every)
}

func (x *mapping) holdsBytes(seen map[Plan]bool) bool { return x.elem.holdsBytes(seen) }

// sorted returns the entries of the map at p in ascending order of their keys.
func (x *mapping) sorted(p mem.Ptr) []entry {
	entries := x.appendEntries(nil, p)
	sortEntries(entries)
	return entries
}

// borrowed is as sorted, in memory of the encoder.
func (x *mapping) borrowed(e *Encoder, p mem.Ptr) []entry {
	others := len(e.entries)
	e.entries = x.appendEntries(e.entries, p)
	entries := e.entries[others:]
	sortEntries(entries)
	return entries
}

// giveBack ends what borrowed began for n entries. What was borrowed last is given back
// first.
func (e *Encoder) giveBack(n int) {
	left := len(e.entries) - n
	clear(e.entries[left:])
	e.entries = e.entries[:left]
}

func sortEntries(entries []entry) {
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.key, b.key) })
}

// mapSize estimates the memory of maps of one type.
type mapSize struct {
	slot  int // of an entry in the map
	apart int // of a value that is too large for the map itself
}

func newMapSize(elem reflect.Type) mapSize {
	const key, address, direct = 16, 8, 128
	if size := int(elem.Size()); size <= direct {
		return mapSize{slot: key + size}
	}
	return mapSize{slot: key + address, apart: int(elem.Size())}
}

// spend takes the memory for entry n, counted from 1, from what d has.
func (s mapSize) spend(d budget, n int) bool {
	const (
		header = 48
		group  = 8 // room is made for so many entries at a time,
		spare  = 3 // and for up to twice as many as there are
	)
	switch {
	case n == 1:
		return d.Spend(header + (group+1)*s.slot + s.apart)
	case n > group:
		return d.Spend(spare*s.slot + s.apart)
	}
	return s.apart == 0 || d.Spend(s.apart)
}
