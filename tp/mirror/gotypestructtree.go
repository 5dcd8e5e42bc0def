package mirror

import (
	"slices"

	"github.com/telestruct/telestruct/internal/mem"
)

func (s *structShape) value(p mem.Ptr, levels int) (Value, *Error) {
	if levels == 0 {
		return Value{}, tooDeep()
	}
	values := make([]Value, len(s.fields))
	for i := range s.fields {
		f := &s.fields[i]
		if f.isAbsent(p) {
			continue
		}
		v, err := f.shape.value(f.at(p), levels-1)
		if err != nil {
			return Value{}, err.inside(Key(f.name))
		}
		values[i] = v
	}
	return s.tree(p, values, Value{}), nil
}

// tree returns the map of the struct at p, where values has the trees of all fields, also of
// those that are absent. It shares the keys of known, if they are the same.
func (s *structShape) tree(p mem.Ptr, values []Value, known Value) Value {
	absent := 0
	for i := range s.fields {
		if s.fields[i].isAbsent(p) {
			absent++
		}
	}
	if absent == 0 {
		return mapOf(s.keys, values)
	}
	keys := make([]string, 0, len(values)-absent)
	for i := range s.fields {
		if !s.fields[i].isAbsent(p) {
			values[len(keys)] = values[i]
			keys = append(keys, s.keys[i])
		}
	}
	if known.Kind() == KindMap && slices.Equal(keys, known.of.keys) {
		keys = known.of.keys
	}
	return mapOf(keys, values[:len(keys):len(keys)])
}

func (s *structShape) refresh(j *journal, known Value, base, work mem.Ptr, levels int) (Value, *Error) {
	first := s.firstUnequal(base, work, 0)
	if first < 0 {
		return known, nil
	}
	u := structUpdate{structShape: s, known: known, base: base, work: work, levels: levels - 1}
	for i := first; i >= 0; i = s.firstUnequal(base, work, i+1) {
		if err := u.part(j, &s.parts[i]); err != nil {
			return Value{}, err
		}
	}
	if u.values == nil {
		return known, nil
	}
	return s.tree(work, u.values, known), nil
}

// structUpdate is one struct that is refreshed.
type structUpdate struct {
	*structShape
	known      Value
	base, work mem.Ptr
	levels     int
	// values has the trees of all fields; nil as long as all are those of known.
	values []Value
}

func (u *structUpdate) part(j *journal, p *part) *Error {
	for _, i := range p.fields {
		if err := u.field(j, i); err != nil {
			return err.inside(Key(u.keys[i]))
		}
	}
	for i := range p.hidden {
		if h := &p.hidden[i]; !h.same(u.base, u.work) {
			base, work := u.base, u.work
			j.add(func() { h.copy(base, work) })
		}
	}
	return nil
}

func (u *structUpdate) field(j *journal, i int) *Error {
	f := &u.fields[i]
	base, work := f.at(u.base), f.at(u.work)
	was, is := !f.isAbsent(u.base), !f.isAbsent(u.work)
	if was && is {
		before, _ := u.get(u.known, i)
		v, err := f.shape.refresh(j, before, base, work, u.levels)
		if err == nil && !identical(before, v) {
			u.set(i, v)
		}
		return err
	}
	if f.shape.same(base, work) {
		return nil
	}
	var v Value
	var err *Error
	if is {
		v, err = f.shape.value(work, u.levels)
	}
	if err == nil {
		j.copy(f.shape, base, work)
		u.set(i, v)
	}
	return err
}

// set notes that the tree of a field is another one.
func (u *structUpdate) set(i int, v Value) {
	if u.values == nil {
		u.values = make([]Value, len(u.fields))
		for i := range u.fields {
			u.values[i], _ = u.get(u.known, i)
		}
	}
	u.values[i] = v
}
