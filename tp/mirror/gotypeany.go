package mirror

import (
	"reflect"

	"github.com/telestruct/telestruct/internal/mem"
)

// anyShape is for empty interfaces. What they hold is read as nil, a bool, int64, float64 or
// string, a []any or a map[string]any; a reference to a model as a [Value]. Values of other
// types are written as their type is, if it can be.
type anyShape struct{ traits }

func newAny(t reflect.Type) *anyShape {
	s := &anyShape{newTraits(t, KindNull)}
	s.nilable, s.ty = true, anyKind
	return s
}

func (s *anyShape) at(p mem.Ptr) *any { return mem.As[any](p) }

func (s *anyShape) same(a, b mem.Ptr) bool { return samePlain(*s.at(a), *s.at(b)) }

func samePlain(a, b any) bool {
	switch a := a.(type) {
	case nil, bool, int64, float64, string:
		return a == b
	case []any:
		b, ok := b.([]any)
		return ok && len(a) == len(b) && (a == nil) == (b == nil) && slicesSame(a, b)
	case map[string]any:
		b, ok := b.(map[string]any)
		return ok && len(a) == len(b) && (a == nil) == (b == nil) && mapsSame(a, b)
	}
	if reflect.TypeOf(a) != reflect.TypeOf(b) {
		return false
	}
	x, err := dynamic(a)
	if err != nil {
		return false
	}
	y, err := dynamic(b)
	return err == nil && x.shape.same(x.p, y.p)
}

func slicesSame(a, b []any) bool {
	for i := range a {
		if !samePlain(a[i], b[i]) {
			return false
		}
	}
	return true
}

func mapsSame(a, b map[string]any) bool {
	for key, v := range a {
		if w, ok := b[key]; !ok || !samePlain(v, w) {
			return false
		}
	}
	return true
}

// dynamicValue is a copy of what an interface holds.
type dynamicValue struct {
	shape shape
	p     mem.Ptr
}

// dynamic returns what v holds. It fails when it cannot be sent.
func dynamic(v any) (dynamicValue, *Error) {
	var s shape
	switch v.(type) {
	case []any:
		s = anySlice
	case map[string]any:
		s = anyMap
	default:
		g, err := goTypeOf(reflect.TypeOf(v))
		if err != nil {
			return dynamicValue{}, &Error{Code: BadValue, Reason: err.Error(), Cause: err}
		}
		s = g.shape
	}
	p := mem.New(reflect.TypeOf(v))
	mem.Value(reflect.TypeOf(v), p).Set(reflect.ValueOf(v))
	return dynamicValue{s, p}, nil
}

// content returns the value as an interface.
func (d dynamicValue) content() any { return mem.Value(d.shape.about().t, d.p).Interface() }

// anySlice and anyMap are the shapes of what is usual in interfaces.
var anySlice, anyMap = func() (shape, shape) {
	elem := newAny(reflect.TypeFor[any]())
	list, entries := newSlice(reflect.TypeFor[[]any]()), newMap(reflect.TypeFor[map[string]any]())
	list.elem, entries.elem = elem, elem
	return list, entries
}()

func (s *anyShape) value(p mem.Ptr, levels int) (Value, *Error) {
	switch v := (*s.at(p)).(type) {
	case nil:
		return Value{}, nil
	case bool:
		return Bool(v), nil
	case int64:
		return Int(v), nil
	case float64:
		f := Float(v)
		return f, f.check(Value{}, 0)
	case string:
		text := Str(v)
		return text, text.check(Value{}, 0)
	}
	d, err := dynamic(*s.at(p))
	if err != nil {
		return Value{}, err
	}
	return d.shape.value(d.p, levels)
}

func (s *anyShape) refresh(j *journal, known Value, base, work mem.Ptr, levels int) (Value, *Error) {
	if s.same(base, work) {
		return known, nil
	}
	if t := reflect.TypeOf(*s.at(base)); t == nil || t != reflect.TypeOf(*s.at(work)) {
		return s.replace(j, known, base, work, levels)
	}
	before, err := dynamic(*s.at(base))
	if err != nil {
		return Value{}, err
	}
	after, err := dynamic(*s.at(work))
	if err != nil {
		return Value{}, err
	}
	v, err := before.shape.refresh(j, known, before.p, after.p, levels)
	if err == nil {
		j.add(func() { *s.at(base) = before.content() })
	}
	return v, err
}

// replace is refresh for values of different types.
func (s *anyShape) replace(j *journal, known Value, base, work mem.Ptr, levels int) (Value, *Error) {
	v, err := s.value(work, levels)
	if err != nil {
		return Value{}, err
	}
	j.copy(s, base, work)
	return keep(known, v), nil
}

func (s *anyShape) copy(to, from mem.Ptr) { *s.at(to) = copyPlain(*s.at(from)) }

func copyPlain(v any) any {
	switch v := v.(type) {
	case nil, bool, int64, float64, string:
		return v
	}
	from, err := dynamic(v)
	if err != nil {
		return v // which cannot be sent, so that no host keeps it
	}
	to := dynamicValue{from.shape, mem.New(reflect.TypeOf(v))}
	to.shape.copy(to.p, from.p)
	return to.content()
}

func (s *anyShape) restore(to, from mem.Ptr) { s.copy(to, from) }

func (s *anyShape) read(r reading, p mem.Ptr, _, new Value) *Error {
	v, err := plainOf(r, new)
	*s.at(p) = v
	return err
}

// plainOf returns a value as interfaces hold it.
func plainOf(r reading, v Value) (any, *Error) {
	switch v.Kind() {
	case KindBool:
		return v.bits != 0, nil
	case KindInt:
		return int64(v.bits), nil
	case KindFloat:
		f, _ := v.Float()
		return f, nil
	case KindStr:
		return v.text, nil
	case KindSubmodel:
		return v, nil
	case KindList, KindMap:
		if r.levels == 0 {
			return nil, tooDeep()
		}
		return plainContent(r.inside(), v)
	}
	return nil, nil
}

func plainContent(r reading, v Value) (any, *Error) {
	values := make([]any, v.Len())
	for i, inner := range v.of.values {
		var err *Error
		if values[i], err = plainOf(r, inner); err != nil {
			return nil, err
		}
	}
	if v.Kind() == KindList {
		return values, nil
	}
	entries := make(map[string]any, len(values))
	for i, key := range v.of.keys {
		entries[key] = values[i]
	}
	return entries, nil
}
