package plan

import (
	"reflect"
	"slices"

	"github.com/telestruct/telestruct/internal/mem"
)

// plainMap is the plan of types whose underlying type is map[string]V, which
// needs no package reflect.
type plainMap[V any] struct{ mapping }

func newPlainMap[V any](elem Plan) *plainMap[V] {
	return &plainMap[V]{mapping{
		elem:          elem,
		appendEntries: appendPlainEntries[V],
		mapSize:       newMapSize(reflect.TypeFor[V]()),
	}}
}

func (x *plainMap[V]) Decode(d *Decoder, p mem.Ptr) bool {
	if !d.Open('{') {
		return false
	}
	m := map[string]V{}
	*mem.As[map[string]V](p) = m
	if d.CloseEmpty('}') {
		return true
	}
	var zero V
	value := new(V)
	for n := 1; n <= d.MaxElements() && x.spend(d, n); n++ {
		name, ok := d.Key()
		if !ok {
			return false
		}
		key := d.Interned(name)
		if !x.elem.Decode(d, mem.Of(value)) {
			return false
		}
		m[key] = *value
		if len(m) != n {
			return false
		}
		if more, ok := d.Next('}'); !more {
			return ok
		}
		*value = zero
	}
	return false
}

func (x *plainMap[V]) DecodeBinary(d *BinaryDecoder, p mem.Ptr) bool {
	entries, ok := d.Map()
	if !ok {
		return false
	}
	m := map[string]V{}
	*mem.As[map[string]V](p) = m
	var zero V
	value := new(V)
	for n := 1; ; n++ {
		if more, ok := d.More(&entries); !more {
			return ok
		}
		key, ok := d.FieldName(d.Fields)
		if !ok || !x.spend(d, n) || !x.elem.DecodeBinary(d, mem.Of(value)) {
			return false
		}
		m[key] = *value
		if len(m) != n {
			return false
		}
		*value = zero
	}
}

func appendPlainEntries[V any](list []entry, p mem.Ptr) []entry {
	m := *mem.As[map[string]V](p)
	if len(m) == 0 {
		return list
	}
	// A map that grows meanwhile is its owner's race, but must not move the
	// values that entries point to.
	list, values := slices.Grow(list, len(m)), make([]V, 0, len(m))
	for key, value := range m {
		if len(values) == cap(values) {
			break
		}
		values = append(values, value)
		list = append(list, entry{key, mem.Of(&values[len(values)-1])})
	}
	return list
}
