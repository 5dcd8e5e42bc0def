package mirror

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"net/netip"
	"reflect"
	"time"

	"github.com/telestruct/telestruct/internal/mem"
)

// opaqueShape is for types that say themselves what they are in JSON, or as a text. What two
// values marshal to tells whether they are the same, unless their memory does; they are copied
// by what they marshal to, and assigned if they do not read that. Such values are to be
// replaced, not changed in place.
type opaqueShape struct {
	traits
	isText bool
	memory memory
}

// memory says what there is to copy of an opaque value.
type memory uint8

const (
	unknownMemory memory = iota
	flatMemory           // nothing that it leads to can change
	bytesMemory          // a slice of bytes
)

// opaque returns the shape of a type with methods for JSON or for text; ok is false when t has
// none.
func opaque(t reflect.Type) (s *opaqueShape, ok bool) {
	if t.Kind() == reflect.Pointer || t.Kind() == reflect.Interface {
		return nil, false
	}
	p := reflect.PointerTo(t)
	inJSON := p.Implements(reflect.TypeFor[json.Marshaler]())
	isText := !inJSON && p.Implements(reflect.TypeFor[encoding.TextMarshaler]())
	if !inJSON && !isText {
		return nil, false
	}
	s = &opaqueShape{traits: newTraits(t, KindStr), isText: isText, memory: memoryOf(t)}
	s.flat = s.memory == flatMemory
	if inJSON && t != reflect.TypeFor[time.Time]() {
		s.ty = anyKind
	}
	return s, true
}

func memoryOf(t reflect.Type) memory {
	switch {
	case isFlat(t):
		return flatMemory
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8:
		return bytesMemory
	}
	return unknownMemory
}

// isFlat reports whether values of t lead to nothing that can change, whatever their methods.
func isFlat(t reflect.Type) bool {
	switch t {
	case reflect.TypeFor[time.Time](), reflect.TypeFor[netip.Addr](), reflect.TypeFor[netip.AddrPort](), reflect.TypeFor[netip.Prefix]():
		return true
	}
	switch t.Kind() {
	case reflect.Array:
		return isFlat(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if !isFlat(t.Field(i).Type) {
				return false
			}
		}
		return true
	}
	return t.Kind() <= reflect.Complex128 && t.Kind() != reflect.Uintptr || t.Kind() == reflect.String
}

func (s *opaqueShape) at(p mem.Ptr) any { return mem.Value(s.t, p).Addr().Interface() }

func (s *opaqueShape) same(a, b mem.Ptr) bool {
	switch s.memory {
	case flatMemory:
		return mem.Equal(a, b, s.size)
	case bytesMemory:
		return mem.IsNil(a) == mem.IsNil(b) && bytes.Equal(*mem.As[[]byte](a), *mem.As[[]byte](b))
	}
	x, err := s.marshal(a)
	if err != nil {
		return false
	}
	y, err := s.marshal(b)
	return err == nil && bytes.Equal(x, y)
}

func (s *opaqueShape) refresh(j *journal, known Value, base, work mem.Ptr, levels int) (Value, *Error) {
	return refreshWhole(s, j, known, base, work, levels)
}

func (s *opaqueShape) copy(to, from mem.Ptr) {
	switch s.memory {
	case flatMemory:
		mem.Copy(s.t, to, from)
		return
	case bytesMemory:
		*mem.As[[]byte](to) = bytes.Clone(*mem.As[[]byte](from))
		return
	}
	fresh := mem.New(s.t)
	data, err := s.marshal(from)
	if err != nil || s.unmarshal(fresh, data) != nil {
		fresh = from
	}
	mem.Copy(s.t, to, fresh)
}

func (s *opaqueShape) restore(to, from mem.Ptr) { s.copy(to, from) }

// marshal returns the JSON or the text of the value at p.
func (s *opaqueShape) marshal(p mem.Ptr) (data []byte, err *Error) {
	err = guarded(func() (err error) {
		if s.isText {
			data, err = s.at(p).(encoding.TextMarshaler).MarshalText()
		} else {
			data, err = s.at(p).(json.Marshaler).MarshalJSON()
		}
		return err
	})
	return data, err
}

// unmarshal reads the JSON or the text into the zero value at p.
func (s *opaqueShape) unmarshal(p mem.Ptr, data []byte) *Error {
	return guarded(func() error {
		if u, ok := s.at(p).(encoding.TextUnmarshaler); ok && s.isText {
			return u.UnmarshalText(data)
		}
		if u, ok := s.at(p).(json.Unmarshaler); ok && !s.isText {
			return u.UnmarshalJSON(data)
		}
		return fmt.Errorf("%v cannot be read, it has no method for that", s.t)
	})
}

// guarded runs a function of the program, whose panic is an error, too.
func guarded(fn func() error) (bad *Error) {
	defer caught("a method of the type", &bad)
	if err := fn(); err != nil {
		return &Error{Code: BadValue, Reason: err.Error(), Cause: err}
	}
	return nil
}

func (s *opaqueShape) value(p mem.Ptr, levels int) (Value, *Error) {
	data, err := s.marshal(p)
	if err != nil {
		return Value{}, err
	}
	v := Str(string(data))
	if !s.isText {
		if v, err = jsonValue(data); err != nil {
			return Value{}, err
		}
	}
	return v, v.check(Value{}, levels)
}

func (s *opaqueShape) read(r reading, p mem.Ptr, _, new Value) *Error {
	data, err := s.written(r, new)
	if err != nil {
		return err
	}
	fresh := mem.New(s.t)
	if err := s.unmarshal(fresh, data); err != nil {
		return err
	}
	if new.IsNull() {
		// Most types take null for nothing to do, which is not to say that they can be null.
		if v, err := s.value(fresh, r.levels); err != nil || !v.IsNull() {
			return wants("what "+s.t.String()+" is read from", new)
		}
	}
	mem.Copy(s.t, p, fresh)
	return nil
}

// written returns v as the type reads it.
func (s *opaqueShape) written(r reading, v Value) ([]byte, *Error) {
	if s.isText {
		text, ok := v.Str()
		if !ok {
			return nil, wants("a string", v)
		}
		return []byte(text), nil
	}
	tree, bad := plainOf(r, v)
	if bad != nil {
		return nil, bad
	}
	var data []byte
	bad = guarded(func() (err error) {
		data, err = json.Marshal(tree)
		return err
	})
	return data, bad
}

// jsonValue returns a document in JSON as a value: a number is an Int if it is an integer that
// fits, a Float if not.
func jsonValue(data []byte) (Value, *Error) {
	var tree any
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(&tree); err != nil || !json.Valid(data) {
		return Value{}, badValue("what it marshals to is no JSON")
	}
	return treeValue(tree)
}

func treeValue(tree any) (Value, *Error) {
	switch tree := tree.(type) {
	case bool:
		return Bool(tree), nil
	case string:
		return Str(tree), nil
	case json.Number:
		if n, err := tree.Int64(); err == nil {
			return Int(n), nil
		}
		f, err := tree.Float64()
		if err != nil {
			return Value{}, badValue("a number must fit 64 bits, and is " + tree.String())
		}
		return Float(f), nil
	case []any:
		values := make([]Value, len(tree))
		for i := range tree {
			var err *Error
			if values[i], err = treeValue(tree[i]); err != nil {
				return Value{}, err.inside(Index(i))
			}
		}
		return listOf(values), nil
	case map[string]any:
		entries := make(map[string]Value, len(tree))
		for key := range tree {
			v, err := treeValue(tree[key])
			if err != nil {
				return Value{}, err.inside(Key(key))
			}
			entries[key] = v
		}
		return Map(entries), nil
	}
	return Value{}, nil
}
