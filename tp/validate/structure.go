package validate

import (
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/wire"
)

// structure validates a value against the fields of a struct, of arguments or
// of a tag's payload (spec section 4.7). The choice names what a selection may
// have left out of it.
func (w *walk) structure(s *schema.Struct, c choice, value any, at *place) {
	object, ok := value.(wire.Object)
	if !ok {
		w.unexpected(at, value, "Object")
		return
	}
	var few [4]uint64
	present := bits(few[:])
	if len(s.Fields) > 64*len(few) {
		present = make(bits, len(s.Fields)/64+1)
	}
	find := newFinder(s.Fields, len(object))
	for i := range object {
		if field := find.field(object[i].Key); field >= 0 {
			present.set(field)
		}
	}
	w.missing(s, c, present, at)
	w.members(&find, object, present, at)
}

// missing records the required fields that are not there.
func (w *walk) missing(s *schema.Struct, c choice, present bits, at *place) {
	if w.partial {
		return
	}
	for i, f := range s.Fields {
		if w.full() {
			return
		}
		if !f.Optional && !present.has(i) && !w.leftOut(c, f.Name) {
			w.fail(at, requiredObjectKeyMissing, wire.Object{{Key: "key", Value: f.Name}})
		}
	}
}

// members validates the members that are there. It takes each field out of
// present, so that a key is refused when it comes again.
func (w *walk) members(find *finder, object wire.Object, present bits, at *place) {
	in := at.member("")
	for i := range object {
		in.key = object[i].Key
		field := find.field(object[i].Key)
		if field < 0 || !present.has(field) {
			w.fail(&in, objectKeyDisallowed, nil)
			continue
		}
		present.clear(field)
		w.value(find.fields[field].Type, object[i].Value, &in)
	}
}

// bits is a set of small numbers.
type bits []uint64

func (b bits) set(i int)      { b[i/64] |= 1 << (i % 64) }
func (b bits) clear(i int)    { b[i/64] &^= 1 << (i % 64) }
func (b bits) has(i int) bool { return b[i/64]&(1<<(i%64)) != 0 }

// finder finds the fields of a struct by name, for the members of one object.
type finder struct {
	fields []*schema.Field
	// next is the field after the one found last: members mostly come in the
	// order of declaration.
	next int
	// index is there when trying every field for every member would take long.
	index map[string]int
}

func newFinder(fields []*schema.Field, members int) finder {
	const few = 32
	f := finder{fields: fields}
	if len(fields) > few && members > few {
		f.index = make(map[string]int, len(fields))
		for i, field := range fields {
			f.index[field.Name] = i
		}
	}
	return f
}

// field returns the position of the field of that name, or -1.
func (f *finder) field(name string) int {
	if f.next < len(f.fields) && f.fields[f.next].Name == name {
		f.next++
		return f.next - 1
	}
	if f.index != nil {
		if i, ok := f.index[name]; ok {
			return i
		}
		return -1
	}
	for i, field := range f.fields {
		if field.Name == name {
			f.next = i + 1
			return i
		}
	}
	return -1
}
