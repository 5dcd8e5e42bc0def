package mirror

import (
	"math"
	"reflect"
	"strconv"

	"github.com/telestruct/telestruct/internal/mem"
)

// scalar is what the shapes of values that are one piece of memory have in common.
type scalar struct{ traits }

func newScalar(t reflect.Type, kind Kind) scalar {
	s := scalar{newTraits(t, kind)}
	s.flat = true
	return s
}

func (s *scalar) same(a, b mem.Ptr) bool     { return mem.Equal(a, b, s.size) }
func (s *scalar) copy(to, from mem.Ptr)      { mem.Copy(s.t, to, from) }
func (s *scalar) restore(to, from mem.Ptr)   { mem.Copy(s.t, to, from) }
func (s *scalar) at(p mem.Ptr) reflect.Value { return mem.Value(s.t, p) }

// refreshWhole is refresh of shapes whose values change as a whole.
func refreshWhole(s shape, j *journal, known Value, base, work mem.Ptr, levels int) (Value, *Error) {
	if s.same(base, work) {
		return known, nil
	}
	v, err := s.value(work, levels)
	if err != nil {
		return Value{}, err
	}
	j.copy(s, base, work)
	return keep(known, v), nil
}

type boolShape struct{ scalar }

func (s *boolShape) value(p mem.Ptr, _ int) (Value, *Error) { return Bool(*mem.As[bool](p)), nil }

func (s *boolShape) refresh(j *journal, known Value, base, work mem.Ptr, levels int) (Value, *Error) {
	return refreshWhole(s, j, known, base, work, levels)
}

func (s *boolShape) read(r reading, p mem.Ptr, _, new Value) *Error {
	b, err := r.bool(new)
	*mem.As[bool](p) = b
	return err
}

// intShape is for integers that have a sign, uintShape for those that have none.
type (
	intShape  struct{ scalar }
	uintShape struct{ scalar }
)

func (s *intShape) value(p mem.Ptr, _ int) (Value, *Error) { return Int(s.at(p).Int()), nil }

func (s *intShape) refresh(j *journal, known Value, base, work mem.Ptr, levels int) (Value, *Error) {
	return refreshWhole(s, j, known, base, work, levels)
}

func (s *intShape) read(r reading, p mem.Ptr, _, new Value) *Error {
	n, err := r.int(new)
	to := s.at(p)
	if err == nil && to.OverflowInt(n) {
		return s.overflow(n)
	}
	to.SetInt(n)
	return err
}

func (s *uintShape) value(p mem.Ptr, _ int) (Value, *Error) {
	n := s.at(p).Uint()
	if n > math.MaxInt64 {
		return Value{}, badValue("an integer must be below 2^63, and is " + strconv.FormatUint(n, 10))
	}
	return Int(int64(n)), nil
}

func (s *uintShape) refresh(j *journal, known Value, base, work mem.Ptr, levels int) (Value, *Error) {
	return refreshWhole(s, j, known, base, work, levels)
}

func (s *uintShape) read(r reading, p mem.Ptr, _, new Value) *Error {
	n, err := r.int(new)
	to := s.at(p)
	if err == nil && (n < 0 || to.OverflowUint(uint64(n))) {
		return s.overflow(n)
	}
	to.SetUint(uint64(n))
	return err
}

// overflow is what is wrong with a number that the type has no room for.
func (x *traits) overflow(n int64) *Error {
	return badValue("the number must fit " + x.t.String() + ", and is " + strconv.FormatInt(n, 10))
}

type floatShape struct{ scalar }

func (s *floatShape) value(p mem.Ptr, _ int) (Value, *Error) {
	f := s.at(p).Float()
	if s.size == 4 {
		f = shortest(f)
	}
	v := Float(f)
	return v, v.check(Value{}, 0)
}

// shortest returns the number of 64 bits that is written as short as the one of 32 bits that f
// is: 0.1 for the 0.1 of 32 bits, which is another number.
func shortest(f float64) float64 {
	if short, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', -1, 32), 64); err == nil {
		return short
	}
	return f
}

func (s *floatShape) refresh(j *journal, known Value, base, work mem.Ptr, levels int) (Value, *Error) {
	return refreshWhole(s, j, known, base, work, levels)
}

func (s *floatShape) read(r reading, p mem.Ptr, _, new Value) *Error {
	f, err := r.float(new)
	to := s.at(p)
	if err == nil && to.OverflowFloat(f) {
		return badValue("the number must fit " + s.t.String() + ", and is " + strconv.FormatFloat(f, 'g', -1, 64))
	}
	to.SetFloat(f)
	return err
}

type stringShape struct{ scalar }

// same compares what the strings say, not where they lie.
func (s *stringShape) same(a, b mem.Ptr) bool { return *mem.As[string](a) == *mem.As[string](b) }

func (s *stringShape) value(p mem.Ptr, _ int) (Value, *Error) {
	v := Str(*mem.As[string](p))
	return v, v.check(Value{}, 0)
}

func (s *stringShape) refresh(j *journal, known Value, base, work mem.Ptr, levels int) (Value, *Error) {
	if mem.Equal(base, work, s.size) {
		return known, nil
	}
	v, err := s.value(work, levels)
	if err != nil {
		return Value{}, err
	}
	// Also a string that says the same moves: bytes that are equal are found faster next time.
	j.copy(s, base, work)
	return keep(known, v), nil
}

func (s *stringShape) read(_ reading, p mem.Ptr, _, new Value) *Error {
	text, ok := new.Str()
	if !ok {
		return wants("a string", new)
	}
	*mem.As[string](p) = text
	return nil
}
