package mirror

import (
	"reflect"
	"strings"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/reflectschema"
)

// optionalShape is for [reflectschema.Optional]. One that is null is Null; one that is absent
// is left out of the map of a struct, and Null elsewhere.
type optionalShape struct {
	traits
	elem           shape
	content, state uintptr // offsets
}

// What is in the second field of an Optional, when there is anything.
const optionalNull, optionalValue = 1, 2

func isOptional(t reflect.Type) bool {
	return t.PkgPath() == reflect.TypeFor[reflectschema.Optional[int]]().PkgPath() && strings.HasPrefix(t.Name(), "Optional[")
}

func newOptional(t reflect.Type) *optionalShape {
	return &optionalShape{traits: newTraits(t, KindNull), content: t.Field(0).Offset, state: t.Field(1).Offset}
}

func (s *optionalShape) stateAt(p mem.Ptr) *uint8    { return mem.As[uint8](mem.At(p, s.state)) }
func (s *optionalShape) contentAt(p mem.Ptr) mem.Ptr { return mem.At(p, s.content) }

// isAbsent reports whether the key is left out of a map.
func (s *optionalShape) isAbsent(p mem.Ptr) bool { return *s.stateAt(p) < optionalNull }

func (s *optionalShape) same(a, b mem.Ptr) bool {
	state := *s.stateAt(a)
	return state == *s.stateAt(b) && (state != optionalValue || s.elem.same(s.contentAt(a), s.contentAt(b)))
}

func (s *optionalShape) value(p mem.Ptr, levels int) (Value, *Error) {
	if *s.stateAt(p) != optionalValue {
		return Value{}, nil
	}
	return s.elem.value(s.contentAt(p), levels)
}

func (s *optionalShape) refresh(j *journal, known Value, base, work mem.Ptr, levels int) (Value, *Error) {
	if *s.stateAt(base) == optionalValue && *s.stateAt(work) == optionalValue {
		return s.elem.refresh(j, known, s.contentAt(base), s.contentAt(work), levels)
	}
	return refreshWhole(s, j, known, base, work, levels)
}

func (s *optionalShape) copy(to, from mem.Ptr) {
	mem.Copy(s.t, to, from)
	if *s.stateAt(from) == optionalValue {
		s.elem.copy(s.contentAt(to), s.contentAt(from))
	}
}

func (s *optionalShape) restore(to, from mem.Ptr) {
	if *s.stateAt(to) == optionalValue && *s.stateAt(from) == optionalValue {
		s.elem.restore(s.contentAt(to), s.contentAt(from))
		return
	}
	s.copy(to, from)
}

func (s *optionalShape) read(r reading, p mem.Ptr, old, new Value) *Error {
	if new.IsNull() {
		mem.Value(s.t, p).SetZero()
		*s.stateAt(p) = optionalNull
		return nil
	}
	*s.stateAt(p) = optionalValue
	return s.elem.read(r, s.contentAt(p), old, new)
}
