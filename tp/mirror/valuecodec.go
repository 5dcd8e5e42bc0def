package mirror

import (
	"slices"
	"strings"

	"github.com/telestruct/telestruct/tp/wire"
)

// value writes v with the tag of its kind (section 2.1).
func (w *writer) value(v Value) {
	kind := v.Kind()
	if kind == KindNull {
		w.str(kindNames[KindNull])
		return
	}
	w.openMap(1)
	w.key(kindNames[kind])
	switch kind {
	case KindBool:
		w.bool(v.bits != 0)
	case KindInt:
		w.int(int64(v.bits))
	case KindFloat:
		f, _ := v.Float()
		w.float(f)
	case KindStr:
		w.str(v.text)
	case KindSubmodel:
		w.uint(v.bits)
	case KindList:
		w.openArray(len(v.of.values))
		for _, value := range v.of.values {
			w.value(value)
		}
		w.closeArray()
	case KindMap:
		w.openMap(len(v.of.keys))
		for i, key := range v.of.keys {
			w.key(key)
			w.value(v.of.values[i])
		}
		w.closeMap()
	}
	w.closeMap()
}

// badValue is a value that is malformed.
func badValue(reason string) *Error { return &Error{Code: BadValue, Reason: reason} }

// inside tells that e is about something below the step s.
func (e *Error) inside(s Segment) *Error {
	e.Path = append(Path{s}, e.Path...)
	return e
}

// value reads a value (section 2.3).
func (s *source) value() (Value, *Error) { return s.valueLike(Value{}) }

// valueLike is value. The value is likely to resemble another one of the same document, such as
// the record before it in a list; what they have in common is kept once: all keys of a map, and
// strings.
func (s *source) valueLike(like Value) (Value, *Error) {
	switch s.kind() {
	case wire.KindString:
		if name, ok := s.bytes(); ok && string(name) == kindNames[KindNull] {
			return Value{}, nil
		}
		return Value{}, badValue(`the only value that is a plain string is "Null"`)
	case wire.KindMap:
		return s.taggedValue(like)
	}
	return Value{}, badValue("a value is an object with the kind as its only key, found " + s.kind().String())
}

func (s *source) taggedValue(like Value) (Value, *Error) {
	it, ok := s.openMap()
	if !ok {
		return Value{}, badValue("values are nested too deep")
	}
	more, ok := s.moreEntries(&it)
	if !more || !ok {
		return Value{}, badValue("a value has its kind as a key, and this object is empty")
	}
	name, ok := s.key()
	kind := Kind(slices.Index(kindNames[:], string(name)))
	if !ok || int(kind) >= len(kindNames) {
		return Value{}, badValue("a value has one of the kinds as its key: " + strings.Join(kindNames[:], ", "))
	}
	v, err := s.content(kind, like)
	if err != nil {
		return Value{}, err
	}
	if more, ok = s.moreEntries(&it); more || !ok {
		return Value{}, badValue("a value has its kind as the only key")
	}
	return v, nil
}

// contents says what the content of the kinds must be.
var contents = [...]string{
	KindNull: "null", KindBool: "a boolean", KindInt: "an integer of 64 bits without a fraction", KindFloat: "a finite number",
	KindStr: "a string of valid UTF-8", KindList: "an array within the limits", KindMap: "an object within the limits",
	KindSubmodel: "an integer that is not negative",
}

// content reads what is under the tag of a kind.
func (s *source) content(kind Kind, like Value) (v Value, err *Error) {
	var ok bool
	switch kind {
	case KindNull:
		ok = s.null()
	case KindBool:
		var b bool
		b, ok = s.bool()
		v = Bool(b)
	case KindInt:
		var n int64
		n, ok = s.int()
		v = Int(n)
	case KindFloat:
		var f float64
		f, ok = s.float()
		v = Float(f)
	case KindStr:
		v, ok = s.strLike(like)
	case KindSubmodel:
		var id uint64
		id, ok = s.uint()
		v = Submodel(id)
	case KindList:
		return s.listLike(like)
	case KindMap:
		return s.mapLike(like)
	}
	if !ok {
		return Value{}, badContent(kind)
	}
	return v, nil
}

func badContent(kind Kind) *Error {
	return badValue("the content of " + kind.String() + " is " + contents[kind])
}

func (s *source) strLike(like Value) (Value, bool) {
	text, ok := s.bytes()
	if like.Kind() == KindStr && string(text) == like.text {
		return like, ok
	}
	return Str(string(text)), ok
}

func (s *source) listLike(like Value) (Value, *Error) {
	var values []Value
	like = like.At(0)
	it, ok := s.openArray()
	for ok {
		var more bool
		if more, ok = s.moreElements(&it); !more {
			break
		}
		v, err := s.valueLike(like)
		if err != nil {
			return Value{}, err.inside(Index(len(values)))
		}
		values, like = append(values, v), v
		ok = len(values) <= s.elements
	}
	if !ok {
		return Value{}, badContent(KindList)
	}
	return listOf(slices.Clip(values)), nil
}

func (s *source) mapLike(like Value) (Value, *Error) {
	entries := entriesLike(like)
	it, ok := s.openMap()
	for ok {
		var more bool
		if more, ok = s.moreEntries(&it); !more {
			break
		}
		var name []byte
		if name, ok = s.key(); !ok {
			break
		}
		key, like := entries.enter(name)
		v, err := s.valueLike(like)
		if err != nil {
			return Value{}, err.inside(Key(key))
		}
		entries.values = append(entries.values, v)
		ok = len(entries.values) <= s.elements
	}
	if !ok {
		return Value{}, badContent(KindMap)
	}
	return entries.value(), nil
}
