package mirror

import (
	"encoding"
	"reflect"
	"strconv"

	"github.com/telestruct/telestruct/internal/mem"
)

// entries is how maps of one type are read and written.
type entries interface {
	len(p mem.Ptr) int
	// same reports whether two maps that have as many entries have the same ones.
	same(r *mapRoom, elem shape, a, b mem.Ptr) bool
	// each calls fn with the entries until it returns false. The element is good for as long as
	// fn runs, in which the map must not change.
	each(p mem.Ptr, fn func(mapKey, mem.Ptr) bool)
	// load copies the element to into, as = does. It reports whether there is one.
	load(p mem.Ptr, k mapKey, into mem.Ptr) bool
	// set copies the element into the map, which it makes if it is nil.
	set(p mem.Ptr, k mapKey, elem mem.Ptr)
	delete(p mem.Ptr, k mapKey)
	// make returns the address of a new map with room for n entries.
	make(n int) mem.Ptr
	// key returns the key that is written so.
	key(text string) (mapKey, *Error)
}

// mapKey is a key of a map, as it is written, and, but for keys that are plain strings, as it
// is; or why it cannot be written.
type mapKey struct {
	text string
	key  reflect.Value
	err  *Error
}

// entriesOf returns the entries of maps of the type t. Only the layout of the elements
// matters to maps whose keys are strings, so that a few kinds of maps stand for most.
func entriesOf(t reflect.Type) entries {
	if t.Key() == reflect.TypeFor[string]() {
		switch elem := t.Elem(); elem.Kind() {
		case reflect.String:
			return plainEntries[string]{}
		case reflect.Bool, reflect.Int8, reflect.Uint8:
			return plainEntries[uint8]{}
		case reflect.Int16, reflect.Uint16:
			return plainEntries[uint16]{}
		case reflect.Int32, reflect.Uint32, reflect.Float32:
			return plainEntries[uint32]{}
		case reflect.Int64, reflect.Uint64, reflect.Float64:
			return plainEntries[uint64]{}
		case reflect.Int, reflect.Uint:
			return plainEntries[uint]{}
		case reflect.Pointer, reflect.Map:
			return plainEntries[mem.Ptr]{}
		case reflect.Slice:
			return plainEntries[mem.Slice]{}
		case reflect.Interface:
			return plainEntries[any]{}
		}
	}
	return &reflectedEntries{t}
}

// plainEntries is for maps whose keys are strings, and whose elements lie in memory as V.
type plainEntries[V any] struct{}

func (plainEntries[V]) at(p mem.Ptr) map[string]V { return *mem.As[map[string]V](p) }

func (x plainEntries[V]) len(p mem.Ptr) int { return len(x.at(p)) }

func (x plainEntries[V]) same(r *mapRoom, elem shape, a, b mem.Ptr) bool {
	other, v, w := x.at(b), mem.As[V](r.a), mem.As[V](r.b)
	var key string
	var ok bool
	for key, *v = range x.at(a) {
		if *w, ok = other[key]; !ok || !elem.same(r.a, r.b) {
			return false
		}
	}
	return true
}

func (x plainEntries[V]) each(p mem.Ptr, fn func(mapKey, mem.Ptr) bool) {
	elem := new(V)
	var key string
	for key, *elem = range x.at(p) {
		if !fn(mapKey{text: key}, mem.Of(elem)) {
			return
		}
	}
}

func (x plainEntries[V]) load(p mem.Ptr, k mapKey, into mem.Ptr) (ok bool) {
	*mem.As[V](into), ok = x.at(p)[k.text]
	return ok
}

func (x plainEntries[V]) set(p mem.Ptr, k mapKey, elem mem.Ptr) {
	if mem.IsNil(p) {
		*mem.As[map[string]V](p) = map[string]V{}
	}
	x.at(p)[k.text] = *mem.As[V](elem)
}

func (x plainEntries[V]) delete(p mem.Ptr, k mapKey) { delete(x.at(p), k.text) }

func (plainEntries[V]) make(n int) mem.Ptr {
	m := make(map[string]V, n)
	return mem.Of(&m)
}

func (plainEntries[V]) key(text string) (mapKey, *Error) { return mapKey{text: text}, nil }

// reflectedEntries is for maps of any type.
type reflectedEntries struct{ t reflect.Type }

func (x *reflectedEntries) at(p mem.Ptr) reflect.Value { return mem.Value(x.t, p) }

func (x *reflectedEntries) len(p mem.Ptr) int { return x.at(p).Len() }

func (x *reflectedEntries) same(r *mapRoom, elem shape, a, b mem.Ptr) bool {
	other, v := x.at(b), mem.Value(x.t.Elem(), r.a)
	r.iter.Reset(x.at(a))
	for r.iter.Next() {
		r.key.SetIterKey(&r.iter)
		v.SetIterValue(&r.iter)
		w := other.MapIndex(r.key)
		if !w.IsValid() {
			return false
		}
		mem.Value(x.t.Elem(), r.b).Set(w)
		if !elem.same(r.a, r.b) {
			return false
		}
	}
	return true
}

func (x *reflectedEntries) each(p mem.Ptr, fn func(mapKey, mem.Ptr) bool) {
	elem := reflect.New(x.t.Elem())
	for i := x.at(p).MapRange(); i.Next(); {
		elem.Elem().SetIterValue(i)
		k := mapKey{key: i.Key()}
		k.text, k.err = keyText(k.key)
		if !fn(k, elem.UnsafePointer()) {
			return
		}
	}
}

func (x *reflectedEntries) load(p mem.Ptr, k mapKey, into mem.Ptr) bool {
	elem := x.at(p).MapIndex(k.key)
	if elem.IsValid() {
		mem.Value(x.t.Elem(), into).Set(elem)
	}
	return elem.IsValid()
}

func (x *reflectedEntries) set(p mem.Ptr, k mapKey, elem mem.Ptr) {
	if mem.IsNil(p) {
		x.at(p).Set(reflect.MakeMap(x.t))
	}
	x.at(p).SetMapIndex(k.key, mem.Value(x.t.Elem(), elem))
}

func (x *reflectedEntries) delete(p mem.Ptr, k mapKey) {
	x.at(p).SetMapIndex(k.key, reflect.Value{})
}

func (x *reflectedEntries) make(n int) mem.Ptr {
	p := mem.New(x.t)
	x.at(p).Set(reflect.MakeMapWithSize(x.t, n))
	return p
}

// key reads a key as package encoding/json does.
func (x *reflectedEntries) key(text string) (mapKey, *Error) {
	p := reflect.New(x.t.Key())
	k := mapKey{text: text, key: p.Elem()}
	if u, ok := p.Interface().(encoding.TextUnmarshaler); ok && x.t.Key().Kind() != reflect.String {
		return k, guarded(func() error { return u.UnmarshalText([]byte(text)) })
	}
	switch {
	case x.t.Key().Kind() == reflect.String:
		k.key.SetString(text)
		return k, nil
	case k.key.CanInt():
		if n, err := strconv.ParseInt(text, 10, 64); err == nil && !k.key.OverflowInt(n) {
			k.key.SetInt(n)
			return k, nil
		}
	case k.key.CanUint():
		if n, err := strconv.ParseUint(text, 10, 64); err == nil && !k.key.OverflowUint(n) {
			k.key.SetUint(n)
			return k, nil
		}
	}
	return k, badValue("the key must be an integer that fits " + x.t.Key().String())
}

// keyText writes a key as package encoding/json does.
func keyText(key reflect.Value) (text string, err *Error) {
	if key.Kind() == reflect.String {
		return key.String(), nil
	}
	if m, ok := key.Interface().(encoding.TextMarshaler); ok {
		err = guarded(func() error {
			raw, err := m.MarshalText()
			text = string(raw)
			return err
		})
		return text, err
	}
	if key.CanInt() {
		return strconv.FormatInt(key.Int(), 10), nil
	}
	return strconv.FormatUint(key.Uint(), 10), nil
}
