package mirror

import (
	"cmp"
	"reflect"
	"slices"

	"github.com/telestruct/telestruct/internal/mem"
)

// structShape is for structs, which are maps of their fields.
type structShape struct {
	traits
	// fields has those that are sent, by their names, and keys has the names. Most maps of the
	// type share the keys.
	fields []structField
	keys   []string
	// declared has the positions of the fields in the order in which they are declared.
	declared []int
	// parts covers all of the memory.
	parts []part
}

// structField is a field that is sent.
type structField struct {
	name   string
	offset uintptr
	shape  shape
	// optional says that the key is left out when there is no value.
	optional bool
}

func (f *structField) at(p mem.Ptr) mem.Ptr { return mem.At(p, f.offset) }

// isAbsent reports whether the key is left out for the struct at p.
func (f *structField) isAbsent(p mem.Ptr) bool {
	if o, ok := f.shape.(*optionalShape); ok {
		return o.isAbsent(f.at(p))
	}
	return f.optional && f.shape.about().nilable && mem.IsNil(f.at(p))
}

// part is a piece of the memory of a struct: several flat fields that lie next to each other,
// or one that is not flat.
type part struct {
	offset, size uintptr
	flat         bool
	// elem is the size of an element when the part is a slice of flat ones.
	elem uintptr
	// fields has the positions of the fields, hidden what is not sent.
	fields []int
	hidden []hiddenField
}

// hiddenField is a field that is not sent. It is copied as it is.
type hiddenField struct {
	offset uintptr
	t      reflect.Type
}

func (h *hiddenField) same(a, b mem.Ptr) bool {
	return mem.Equal(mem.At(a, h.offset), mem.At(b, h.offset), h.t.Size())
}

func (h *hiddenField) copy(to, from mem.Ptr) {
	mem.Copy(h.t, mem.At(to, h.offset), mem.At(from, h.offset))
}

// setFields sets the fields, in the order in which they are declared.
func (s *structShape) setFields(fields []structField, hidden []hiddenField) {
	s.fields = slices.SortedFunc(slices.Values(fields), func(a, b structField) int { return cmp.Compare(a.name, b.name) })
	for i := range fields {
		s.keys = append(s.keys, s.fields[i].name)
		at, _ := s.find(fields[i].name)
		s.declared = append(s.declared, at)
	}
	s.setParts(hidden)
	s.flat = !slices.ContainsFunc(s.parts, func(p part) bool { return !p.flat })
}

func (s *structShape) find(name string) (int, bool) {
	return slices.BinarySearchFunc(s.fields, name, func(f structField, name string) int { return cmp.Compare(f.name, name) })
}

// setParts groups what there is by where it lies.
func (s *structShape) setParts(hidden []hiddenField) {
	var parts []part
	for i, f := range s.fields {
		p := part{offset: f.offset, size: f.shape.about().size, flat: f.shape.about().flat, fields: []int{i}}
		if list, ok := f.shape.(*sliceShape); ok && list.elem != nil && list.elem.about().flat {
			p.elem = list.size()
		}
		parts = append(parts, p)
	}
	for _, h := range hidden {
		parts = append(parts, part{offset: h.offset, size: h.t.Size(), flat: true, hidden: []hiddenField{h}})
	}
	slices.SortStableFunc(parts, func(a, b part) int { return cmp.Compare(a.offset, b.offset) })
	for _, p := range parts {
		if last := len(s.parts) - 1; last >= 0 && p.flat && s.parts[last].flat {
			into := &s.parts[last]
			into.size = p.offset + p.size - into.offset
			into.fields, into.hidden = append(into.fields, p.fields...), append(into.hidden, p.hidden...)
			continue
		}
		s.parts = append(s.parts, p)
	}
}

// equal reports whether bytes are enough to tell that the part is the same.
func (p *part) equal(a, b mem.Ptr) bool {
	a, b = mem.At(a, p.offset), mem.At(b, p.offset)
	return p.flat && mem.Equal(a, b, p.size) || p.elem > 0 && mem.EqualSlices(a, b, p.elem)
}

// firstUnequal returns the position of the first part, from the given one on, that bytes do not
// tell to be the same; -1 if there is none.
func (s *structShape) firstUnequal(a, b mem.Ptr, from int) int {
	for i := from; i < len(s.parts); i++ {
		if !s.parts[i].equal(a, b) {
			return i
		}
	}
	return -1
}

func (s *structShape) same(a, b mem.Ptr) bool {
	for i := s.firstUnequal(a, b, 0); i >= 0; i = s.firstUnequal(a, b, i+1) {
		if !s.samePart(&s.parts[i], a, b) {
			return false
		}
	}
	return true
}

func (s *structShape) samePart(p *part, a, b mem.Ptr) bool {
	for _, i := range p.fields {
		if f := &s.fields[i]; !f.shape.same(f.at(a), f.at(b)) {
			return false
		}
	}
	for i := range p.hidden {
		if !p.hidden[i].same(a, b) {
			return false
		}
	}
	return true
}

func (s *structShape) copy(to, from mem.Ptr) {
	mem.Copy(s.t, to, from)
	for i := range s.parts {
		if s.parts[i].flat {
			continue
		}
		for _, at := range s.parts[i].fields {
			f := &s.fields[at]
			f.shape.copy(f.at(to), f.at(from))
		}
	}
}

func (s *structShape) restore(to, from mem.Ptr) {
	for i := s.firstUnequal(to, from, 0); i >= 0; i = s.firstUnequal(to, from, i+1) {
		for _, at := range s.parts[i].fields {
			if f := &s.fields[at]; !f.shape.same(f.at(to), f.at(from)) {
				f.shape.restore(f.at(to), f.at(from))
			}
		}
		for _, h := range s.parts[i].hidden {
			h.copy(to, from)
		}
	}
}

func (s *structShape) read(r reading, p mem.Ptr, old, new Value) *Error {
	if new.Kind() != KindMap {
		return wants("a map", new)
	}
	if err := r.enter(0); err != nil {
		return err
	}
	for i := range s.fields {
		f := &s.fields[i]
		was, had := s.get(old, i)
		is, has := s.get(new, i)
		switch {
		case has && had && identical(was, is), !has && !had:
		case !has:
			mem.Value(f.shape.about().t, f.at(p)).SetZero()
		default:
			if err := f.shape.read(r.inside(), f.at(p), was, is); err != nil {
				return err.inside(Key(f.name))
			}
		}
	}
	return nil
}

// get returns what a map has for the field at the position i.
func (s *structShape) get(v Value, i int) (Value, bool) {
	if v.Kind() == KindMap && len(v.of.keys) == len(s.keys) && v.of.keys[i] == s.keys[i] {
		return v.of.values[i], true
	}
	return v.Get(s.keys[i])
}
