package mirror

import (
	"reflect"
	"slices"
	"strconv"

	"github.com/telestruct/telestruct/internal/mem"
)

// elements is what slices and arrays have in common.
type elements struct {
	elem shape
	size uintptr // of one
}

// chunk is how many elements are compared at once.
const chunk = 64

func (l *elements) at(data mem.Ptr, i int) mem.Ptr { return mem.At(data, uintptr(i)*l.size) }

// firstDifference returns the first position from which on the elements at a and b differ; n if
// there is none.
func (l *elements) firstDifference(a, b mem.Ptr, from, n int) int {
	for i := from; i < n; i++ {
		if l.equalChunk(a, b, i, n) {
			i += chunk - 1
			continue
		}
		if !l.elem.same(l.at(a, i), l.at(b, i)) {
			return i
		}
	}
	return n
}

// equalChunk reports whether a chunk of the n elements begins at i, and its bytes are the same.
func (l *elements) equalChunk(a, b mem.Ptr, i, n int) bool {
	return i%chunk == 0 && l.elem.about().flat && mem.Equal(l.at(a, i), l.at(b, i), uintptr(min(chunk, n-i))*l.size)
}

func (l *elements) value(data mem.Ptr, n, levels int) (Value, *Error) {
	if levels == 0 {
		return Value{}, tooDeep()
	}
	values := make([]Value, n)
	if err := l.values(values, data, 0, levels); err != nil {
		return Value{}, err
	}
	return listOf(values), nil
}

// values fills into with the trees of the elements at data, the first of which is the one at
// the position first.
func (l *elements) values(into []Value, data mem.Ptr, first, levels int) (err *Error) {
	for i := range into {
		if into[i], err = l.elem.value(l.at(data, i), levels-1); err != nil {
			return err.inside(Index(first + i))
		}
	}
	return nil
}

// refresh refreshes n elements, and returns their trees; those of known itself when none is
// another one. The first element is the one at the position first.
func (l *elements) refresh(j *journal, known []Value, base, work mem.Ptr, n, first, levels int) ([]Value, *Error) {
	values := known
	for i := 0; i < n; i++ {
		if l.equalChunk(base, work, i, n) {
			i += chunk - 1
			continue
		}
		v, err := l.elem.refresh(j, known[i], l.at(base, i), l.at(work, i), levels-1)
		if err != nil {
			return nil, err.inside(Index(first + i))
		}
		if identical(v, known[i]) {
			continue
		}
		if &values[0] == &known[0] {
			values = slices.Clone(known)
		}
		values[i] = v
	}
	return values, nil
}

// readAll reads the elements from the position first on, of which the data has as many as
// there are in new. Those that have an old tree hold what that says; the others are zero.
func (l *elements) readAll(r reading, data mem.Ptr, old, new []Value, first int) *Error {
	for i, v := range new {
		before := Value{}
		if i < len(old) {
			if before = old[i]; identical(before, v) {
				continue
			}
		}
		if err := l.elem.read(r.inside(), l.at(data, i), before, v); err != nil {
			return err.inside(Index(first + i))
		}
	}
	return nil
}

// arrayShape is for arrays, which are lists of one length.
type arrayShape struct {
	traits
	elements
	n int
}

func newArray(t reflect.Type, elem shape) *arrayShape {
	s := &arrayShape{newTraits(t, KindList), elements{elem, t.Elem().Size()}, t.Len()}
	s.flat = elem.about().flat
	return s
}

func (s *arrayShape) same(a, b mem.Ptr) bool { return s.firstDifference(a, b, 0, s.n) == s.n }

func (s *arrayShape) value(p mem.Ptr, levels int) (Value, *Error) {
	return s.elements.value(p, s.n, levels)
}

func (s *arrayShape) refresh(j *journal, known Value, base, work mem.Ptr, levels int) (Value, *Error) {
	values, err := s.elements.refresh(j, known.of.values, base, work, s.n, 0, levels)
	if err != nil || s.n == 0 || &values[0] == &known.of.values[0] {
		return known, err
	}
	return listOf(values), nil
}

func (s *arrayShape) copy(to, from mem.Ptr) {
	mem.Copy(s.t, to, from)
	for i := 0; !s.flat && i < s.n; i++ {
		s.elem.copy(s.at(to, i), s.at(from, i))
	}
}

func (s *arrayShape) restore(to, from mem.Ptr) {
	for i := s.firstDifference(to, from, 0, s.n); i < s.n; i = s.firstDifference(to, from, i+1, s.n) {
		s.elem.restore(s.at(to, i), s.at(from, i))
	}
}

func (s *arrayShape) read(r reading, p mem.Ptr, old, new Value) *Error {
	if new.Kind() != KindList || new.Len() != s.n {
		return wants("a list of "+strconv.Itoa(s.n)+" elements", new)
	}
	if err := r.enter(0); err != nil || s.n == 0 {
		return err
	}
	return s.readAll(r, p, old.list(), new.list(), 0)
}

// list returns the elements of a list, and nothing of anything else.
func (v Value) list() []Value {
	if v.Kind() != KindList {
		return nil
	}
	return v.of.values
}
