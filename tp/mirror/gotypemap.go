package mirror

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/telestruct/telestruct/internal/mem"
)

// mapShape is for maps. Nil is an empty one.
type mapShape struct {
	traits
	entries
	elem shape
	// rooms has rooms that nobody uses.
	rooms sync.Pool
}

// mapRoom is where two elements of maps fit: those in maps have no addresses.
type mapRoom struct {
	a, b mem.Ptr
	iter reflect.MapIter
	key  reflect.Value
}

func newMap(t reflect.Type) *mapShape {
	s := &mapShape{traits: newTraits(t, KindMap), entries: entriesOf(t)}
	s.nilable = true
	s.rooms.New = func() any {
		return &mapRoom{a: mem.New(t.Elem()), b: mem.New(t.Elem()), key: reflect.New(t.Key()).Elem()}
	}
	return s
}

func (s *mapShape) enter() *mapRoom { return s.rooms.Get().(*mapRoom) }

// leave gives r back, empty, for what was in it not to be kept.
func (s *mapShape) leave(r *mapRoom) {
	mem.Value(s.t.Elem(), r.a).SetZero()
	mem.Value(s.t.Elem(), r.b).SetZero()
	r.key.SetZero()
	r.iter = reflect.MapIter{}
	s.rooms.Put(r)
}

// own returns a copy of the element at p.
func (s *mapShape) own(p mem.Ptr) mem.Ptr {
	elem := mem.New(s.t.Elem())
	mem.Copy(s.t.Elem(), elem, p)
	return elem
}

func (s *mapShape) same(a, b mem.Ptr) bool {
	if s.len(a) != s.len(b) || mem.IsNil(a) != mem.IsNil(b) {
		return false
	}
	r := s.enter()
	defer s.leave(r)
	return s.entries.same(r, s.elem, a, b)
}

func (s *mapShape) copy(to, from mem.Ptr) {
	if mem.IsNil(from) {
		mem.Value(s.t, to).SetZero()
		return
	}
	r, fresh := s.enter(), s.make(s.len(from))
	defer s.leave(r)
	s.each(from, func(k mapKey, elem mem.Ptr) bool {
		s.elem.copy(r.a, elem)
		s.set(fresh, k, r.a)
		return true
	})
	mem.Copy(s.t, to, fresh)
}

func (s *mapShape) restore(to, from mem.Ptr) {
	if mem.IsNil(from) {
		s.copy(to, from)
		return
	}
	r, fresh := s.enter(), s.make(s.len(from))
	defer s.leave(r)
	s.each(from, func(k mapKey, elem mem.Ptr) bool {
		switch {
		case !s.load(to, k, r.a):
			s.elem.copy(r.a, elem)
		case !s.elem.same(r.a, elem):
			s.elem.restore(r.a, elem)
		}
		s.set(fresh, k, r.a)
		return true
	})
	mem.Copy(s.t, to, fresh)
}

func (s *mapShape) read(r reading, p mem.Ptr, old, new Value) *Error {
	if new.Kind() != KindMap {
		return wants("a map", new)
	}
	if err := r.enter(uintptr(max(new.Len()-old.Len(), 0)) * s.t.Elem().Size()); err != nil {
		return err
	}
	fresh := s.make(new.Len())
	room := s.enter()
	defer s.leave(room)
	for text, v := range new.Entries() {
		k, err := s.key(text)
		if err == nil {
			before, had := old.Get(text)
			if had = had && s.load(p, k, room.a); !had {
				before = Value{}
				mem.Value(s.t.Elem(), room.a).SetZero()
			}
			if !had || !identical(before, v) {
				err = s.elem.read(r.inside(), room.a, before, v)
			}
		}
		if err != nil {
			return err.inside(Key(text))
		}
		s.set(fresh, k, room.a)
	}
	mem.Copy(s.t, p, fresh)
	return nil
}

// mapEntry is an entry of the tree of a map.
type mapEntry struct {
	key   string
	value Value
}

func (s *mapShape) value(p mem.Ptr, levels int) (Value, *Error) {
	if levels == 0 {
		return Value{}, tooDeep()
	}
	var err *Error
	list := make([]mapEntry, 0, s.len(p))
	s.each(p, func(k mapKey, elem mem.Ptr) bool {
		var e mapEntry
		if e, err = s.entry(k, elem, levels-1); err == nil {
			list = append(list, e)
		}
		return err == nil
	})
	if err != nil {
		return Value{}, err
	}
	return entriesValue(list, Value{}, nil)
}

// entry returns the tree of an entry.
func (s *mapShape) entry(k mapKey, elem mem.Ptr, levels int) (mapEntry, *Error) {
	switch {
	case k.err != nil:
		return mapEntry{}, k.err
	case !utf8.ValidString(k.text):
		return mapEntry{}, (&Error{Code: BadValue, Reason: "a key must be valid UTF-8"}).inside(Key(k.text))
	}
	v, err := s.elem.value(elem, levels)
	if err != nil {
		return mapEntry{}, err.inside(Key(k.text))
	}
	return mapEntry{k.text, v}, nil
}

// entriesValue returns the map that has the entries of list, which it sorts, and those of known
// but the removed ones, for which list has no others.
func entriesValue(list []mapEntry, known Value, removed []string) (Value, *Error) {
	slices.SortFunc(list, func(a, b mapEntry) int { return strings.Compare(a.key, b.key) })
	slices.Sort(removed)
	size := len(list) + known.Len() - len(removed)
	keys, values := make([]string, 0, size), make([]Value, 0, size)
	add := func(key string, v Value) *Error {
		if n := len(keys); n > 0 && keys[n-1] == key {
			return badValue("two keys of the map are both written " + strconv.Quote(key))
		}
		keys, values = append(keys, key), append(values, v)
		return nil
	}
	for key, v := range known.Entries() {
		for ; len(list) > 0 && list[0].key <= key; list = list[1:] {
			if err := add(list[0].key, list[0].value); err != nil {
				return Value{}, err
			}
		}
		if len(removed) > 0 && removed[0] == key {
			removed = removed[1:]
		} else if err := add(key, v); err != nil {
			return Value{}, err
		}
	}
	for _, e := range list {
		if err := add(e.key, e.value); err != nil {
			return Value{}, err
		}
	}
	return mapOf(keys, values), nil
}
