package mirror

import (
	"reflect"

	"github.com/telestruct/telestruct/internal/mem"
)

// pointerShape is for pointers; nil is Null.
type pointerShape struct {
	traits
	elem shape
}

func newPointer(t reflect.Type) *pointerShape {
	s := &pointerShape{traits: newTraits(t, KindNull)}
	s.nilable = true
	return s
}

func (s *pointerShape) same(a, b mem.Ptr) bool {
	a, b = *mem.As[mem.Ptr](a), *mem.As[mem.Ptr](b)
	return a == b || a != nil && b != nil && s.elem.same(a, b)
}

func (s *pointerShape) value(p mem.Ptr, levels int) (Value, *Error) {
	if mem.IsNil(p) {
		return Value{}, nil
	}
	return s.elem.value(*mem.As[mem.Ptr](p), levels)
}

func (s *pointerShape) refresh(j *journal, known Value, base, work mem.Ptr, levels int) (Value, *Error) {
	from, to := *mem.As[mem.Ptr](base), *mem.As[mem.Ptr](work)
	switch {
	case from != nil && to != nil:
		return s.elem.refresh(j, known, from, to, levels)
	case from == to:
		return known, nil
	}
	j.copy(s, base, work)
	return s.value(work, levels)
}

func (s *pointerShape) copy(to, from mem.Ptr) {
	at := *mem.As[mem.Ptr](from)
	if at != nil {
		pointee := mem.New(s.t.Elem())
		s.elem.copy(pointee, at)
		at = pointee
	}
	*mem.As[mem.Ptr](to) = at
}

func (s *pointerShape) restore(to, from mem.Ptr) {
	if mem.IsNil(to) || mem.IsNil(from) {
		s.copy(to, from)
		return
	}
	pointee := s.own(to)
	if at := *mem.As[mem.Ptr](from); !s.elem.same(pointee, at) {
		s.elem.restore(pointee, at)
	}
}

// own makes the pointer at p point to a value of its own, and returns that.
func (s *pointerShape) own(p mem.Ptr) mem.Ptr {
	pointee := mem.New(s.t.Elem())
	if !mem.IsNil(p) {
		mem.Copy(s.t.Elem(), pointee, *mem.As[mem.Ptr](p))
	}
	*mem.As[mem.Ptr](p) = pointee
	return pointee
}

func (s *pointerShape) read(r reading, p mem.Ptr, old, new Value) *Error {
	if new.IsNull() {
		*mem.As[mem.Ptr](p) = nil
		return nil
	}
	if mem.IsNil(p) {
		if err := r.spend(s.elem.about().size); err != nil {
			return err
		}
	}
	return s.elem.read(r, s.own(p), old, new)
}

// nullableShape is for slices and maps of which nil is Null, not an empty one.
type nullableShape struct{ shape }

func (s nullableShape) value(p mem.Ptr, levels int) (Value, *Error) {
	if mem.IsNil(p) {
		return Value{}, nil
	}
	return s.shape.value(p, levels)
}

func (s nullableShape) refresh(j *journal, known Value, base, work mem.Ptr, levels int) (Value, *Error) {
	switch {
	case !mem.IsNil(base) && !mem.IsNil(work):
		return s.shape.refresh(j, known, base, work, levels)
	case mem.IsNil(base) && mem.IsNil(work):
		return known, nil
	}
	j.copy(s, base, work)
	return s.value(work, levels)
}

func (s nullableShape) read(r reading, p mem.Ptr, old, new Value) *Error {
	if new.IsNull() {
		mem.Value(s.about().t, p).SetZero()
		return nil
	}
	return s.shape.read(r, p, old, new)
}
