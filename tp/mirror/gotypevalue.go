package mirror

import "github.com/telestruct/telestruct/internal/mem"

// treeShape is for fields of the type [Value], which are sent as they are.
type treeShape struct{ scalar }

func (s *treeShape) at(p mem.Ptr) Value { return *mem.As[Value](p) }

func (s *treeShape) same(a, b mem.Ptr) bool {
	return identical(s.at(a), s.at(b)) || s.at(a).Equal(s.at(b))
}

func (s *treeShape) value(p mem.Ptr, levels int) (Value, *Error) {
	return s.at(p), s.at(p).check(Value{}, levels)
}

func (s *treeShape) refresh(j *journal, known Value, base, work mem.Ptr, levels int) (Value, *Error) {
	if identical(s.at(base), s.at(work)) {
		return known, nil
	}
	if err := s.at(work).check(known, levels); err != nil {
		return Value{}, err
	}
	j.copy(s, base, work)
	return keep(known, s.at(work)), nil
}

func (s *treeShape) read(r reading, p mem.Ptr, old, new Value) *Error {
	*mem.As[Value](p) = new
	return new.check(old, r.levels)
}
