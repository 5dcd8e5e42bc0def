package mirror

import (
	"reflect"

	"github.com/telestruct/telestruct/internal/mem"
)

// sliceShape is for slices. Nil is an empty list.
type sliceShape struct {
	traits
	elements
}

func newSlice(t reflect.Type) *sliceShape {
	s := &sliceShape{newTraits(t, KindList), elements{size: t.Elem().Size()}}
	s.nilable = true
	return s
}

func (s *sliceShape) at(p mem.Ptr) *mem.Slice { return mem.As[mem.Slice](p) }

func (s *sliceShape) same(a, b mem.Ptr) bool {
	x, y := s.at(a), s.at(b)
	return x.Len == y.Len && (x.Data == nil) == (y.Data == nil) && s.firstDifference(x.Data, y.Data, 0, x.Len) == x.Len
}

func (s *sliceShape) value(p mem.Ptr, levels int) (Value, *Error) {
	list := s.at(p)
	return s.elements.value(list.Data, list.Len, levels)
}

func (s *sliceShape) refresh(j *journal, known Value, base, work mem.Ptr, levels int) (Value, *Error) {
	b, w := s.at(base), s.at(work)
	switch {
	case b.Len != w.Len:
		return s.resize(j, known, base, work, levels)
	case b.Len == 0:
		if (b.Data == nil) != (w.Data == nil) {
			j.copy(s, base, work)
		}
		return known, nil
	}
	values, err := s.elements.refresh(j, known.of.values, b.Data, w.Data, b.Len, 0, levels)
	if err != nil || &values[0] == &known.of.values[0] {
		return known, err
	}
	return listOf(values), nil
}

// resize is refresh for slices that have not as many elements: those that are the same at the
// beginning and at the end are looked for.
func (s *sliceShape) resize(j *journal, known Value, base, work mem.Ptr, levels int) (Value, *Error) {
	b, w := s.at(base), s.at(work)
	least := min(b.Len, w.Len)
	head := s.firstDifference(b.Data, w.Data, 0, least)
	tail := s.commonTail(b, w, least-head)
	pairs := least - head - tail
	values := make([]Value, w.Len)
	copy(values, known.of.values[:head])
	copy(values[w.Len-tail:], known.of.values[b.Len-tail:])
	if pairs > 0 {
		changed, err := s.elements.refresh(j, known.of.values[head:head+pairs], b.At(head, s.size()), w.At(head, s.size()), pairs, head, levels)
		if err != nil {
			return Value{}, err
		}
		head += copy(values[head:], changed)
	}
	if added := values[head : w.Len-tail]; len(added) > 0 {
		if err := s.values(added, w.At(head, s.size()), head, levels); err != nil {
			return Value{}, err
		}
	}
	j.add(func() { s.splice(base, work, head, tail) })
	return listOf(values), nil
}

// commonTail returns how many of the last elements are the same, at most so many.
func (s *sliceShape) commonTail(a, b *mem.Slice, most int) int {
	for n := range most {
		if !s.elem.same(a.At(a.Len-1-n, s.size()), b.At(b.Len-1-n, s.size())) {
			return n
		}
	}
	return most
}

func (s *sliceShape) size() uintptr { return s.elements.size }

// splice makes the slice at to as long as the one at from: the elements at the beginning and
// at the end stay, as many as head and tail say, and those between are copied.
func (s *sliceShape) splice(to, from mem.Ptr, head, tail int) {
	list, length := mem.Value(s.t, to), s.at(from).Len
	before := list.Len()
	if grown := length - before; grown > 0 {
		list.Grow(grown)
		list.SetLen(length)
	}
	// The elements of both are in the same memory, which Copy minds.
	reflect.Copy(list.Slice(length-tail, length), list.Slice(before-tail, before))
	if length < before {
		list.Slice(length, before).Clear()
		list.SetLen(length)
		const few = 16
		if list.Cap() > few+2*length {
			s.own(to, list, length)
		}
	}
	if length == 0 {
		s.copy(to, from) // which may be nil
	}
	for i := head; i < length-tail; i++ {
		s.elem.copy(s.at(to).At(i, s.size()), s.at(from).At(i, s.size()))
	}
}

func (s *sliceShape) copy(to, from mem.Ptr) {
	source := mem.Value(s.t, from)
	if source.IsNil() {
		mem.Value(s.t, to).SetZero()
		return
	}
	s.own(to, source, source.Len())
	for i := 0; !s.elem.about().flat && i < source.Len(); i++ {
		s.elem.copy(s.at(to).At(i, s.size()), s.at(from).At(i, s.size()))
	}
}

// own makes the slice at to one of its own that has so many elements, the first of which are
// those of source.
func (s *sliceShape) own(to mem.Ptr, source reflect.Value, length int) {
	list := reflect.MakeSlice(s.t, length, length)
	reflect.Copy(list, source)
	mem.Value(s.t, to).Set(list)
}

func (s *sliceShape) restore(to, from mem.Ptr) {
	length, kept := s.at(from).Len, s.at(to).Len
	if mem.IsNil(from) {
		s.copy(to, from)
		return
	}
	s.own(to, mem.Value(s.t, to), length)
	for i := range length {
		t, f := s.at(to).At(i, s.size()), s.at(from).At(i, s.size())
		switch {
		case i >= kept:
			s.elem.copy(t, f)
		case !s.elem.same(t, f):
			s.elem.restore(t, f)
		}
	}
}

func (s *sliceShape) read(r reading, p mem.Ptr, old, new Value) *Error {
	if new.Kind() != KindList {
		return wants("a list", new)
	}
	was, is := old.list(), new.list()
	head, tail := commonValues(was, is)
	kept := min(len(was), len(is))
	if err := r.enter(uintptr(len(is)-kept) * s.size()); err != nil {
		return err
	}
	source, list := mem.Value(s.t, p), reflect.MakeSlice(s.t, len(is), len(is))
	reflect.Copy(list, source.Slice(0, kept-tail))
	reflect.Copy(list.Slice(len(is)-tail, len(is)), source.Slice(source.Len()-tail, source.Len()))
	mem.Value(s.t, p).Set(list)
	if len(is) == head+tail {
		return nil
	}
	return s.readAll(r, s.at(p).At(head, s.size()), was[head:kept-tail], is[head:len(is)-tail], head)
}

// commonValues returns how many values are identical at the beginning and at the end.
func commonValues(a, b []Value) (head, tail int) {
	least := min(len(a), len(b))
	for head < least && identical(a[head], b[head]) {
		head++
	}
	for tail < least-head && identical(a[len(a)-1-tail], b[len(b)-1-tail]) {
		tail++
	}
	return head, tail
}
