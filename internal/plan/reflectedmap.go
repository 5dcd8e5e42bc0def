package plan

import (
	"reflect"

	"github.com/telestruct/telestruct/internal/mem"
)

// reflectedMap is the plan of maps of any type.
type reflectedMap struct {
	mapping
	t      reflect.Type
	values reflect.Type // a slice of t's values
}

func newReflectedMap(t reflect.Type, elem Plan) *reflectedMap {
	x := &reflectedMap{t: t, values: reflect.SliceOf(t.Elem())}
	x.mapping = mapping{elem: elem, appendEntries: x.appendReflected, mapSize: newMapSize(t.Elem())}
	return x
}

func (x *reflectedMap) Decode(d *Decoder, p mem.Ptr) bool {
	if !d.Open('{') {
		return false
	}
	m := reflect.MakeMap(x.t)
	mem.Value(x.t, p).Set(m)
	if d.CloseEmpty('}') {
		return true
	}
	if !d.Spend(int(x.t.Elem().Size())) {
		return false
	}
	key, value := reflect.New(x.t.Key()).Elem(), reflect.New(x.t.Elem())
	for n := 1; n <= d.MaxElements() && x.spend(d, n); n++ {
		name, ok := d.Key()
		if !ok {
			return false
		}
		key.SetString(d.Interned(name))
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

func (x *reflectedMap) DecodeBinary(d *BinaryDecoder, p mem.Ptr) bool {
	entries, ok := d.Map()
	if !ok {
		return false
	}
	m := reflect.MakeMap(x.t)
	mem.Value(x.t, p).Set(m)
	if !d.Spend(int(x.t.Elem().Size())) {
		return false
	}
	key, value := reflect.New(x.t.Key()).Elem(), reflect.New(x.t.Elem())
	for n := 1; ; n++ {
		if more, ok := d.More(&entries); !more {
			return ok
		}
		name, ok := d.FieldName(d.Fields)
		if !ok || !x.spend(d, n) || !x.elem.DecodeBinary(d, value.UnsafePointer()) {
			return false
		}
		key.SetString(name)
		m.SetMapIndex(key, value.Elem())
		if m.Len() != n {
			return false
		}
		value.Elem().SetZero()
	}
}

func (x *reflectedMap) appendReflected(list []entry, p mem.Ptr) []entry {
	m := mem.Value(x.t, p)
	if m.Len() == 0 {
		return list
	}
	// The values of a map have no addresses, so they are copied into a slice.
	// A map that grows meanwhile is its owner's race, but must not be ours.
	values := reflect.MakeSlice(x.values, m.Len(), m.Len())
	for n, i := 0, m.MapRange(); n < values.Len() && i.Next(); n++ {
		value := values.Index(n)
		value.SetIterValue(i)
		list = append(list, entry{i.Key().String(), value.Addr().UnsafePointer()})
	}
	return list
}
