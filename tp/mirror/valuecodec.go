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
func (s *source) value() (Value, *Error) {
	switch s.kind() {
	case wire.KindString:
		if name, ok := s.bytes(); ok && string(name) == kindNames[KindNull] {
			return Value{}, nil
		}
		return Value{}, badValue(`the only value that is a plain string is "Null"`)
	case wire.KindMap:
		return s.taggedValue()
	}
	return Value{}, badValue("a value is an object with the kind as its only key, found " + s.kind().String())
}

func (s *source) taggedValue() (Value, *Error) {
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
	v, err := s.content(kind)
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
func (s *source) content(kind Kind) (v Value, err *Error) {
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
		var text string
		text, ok = s.str()
		v = Str(text)
	case KindSubmodel:
		var id uint64
		id, ok = s.uint()
		v = Submodel(id)
	case KindList:
		return s.list()
	case KindMap:
		return s.valueMap()
	}
	if !ok {
		return Value{}, badContent(kind)
	}
	return v, nil
}

func badContent(kind Kind) *Error {
	return badValue("the content of " + kind.String() + " is " + contents[kind])
}

func (s *source) list() (Value, *Error) {
	var values []Value
	it, ok := s.openArray()
	for ok {
		var more bool
		if more, ok = s.moreElements(&it); !more {
			break
		}
		v, err := s.value()
		if err != nil {
			return Value{}, err.inside(Index(len(values)))
		}
		values = append(values, v)
		ok = len(values) <= s.elements
	}
	if !ok {
		return Value{}, badContent(KindList)
	}
	return listOf(slices.Clip(values)), nil
}

func (s *source) valueMap() (Value, *Error) {
	var keys []string
	var values []Value
	sorted := true
	it, ok := s.openMap()
	for ok {
		var more bool
		if more, ok = s.moreEntries(&it); !more {
			break
		}
		var key string
		if key, ok = s.entryKey(); !ok {
			break
		}
		v, err := s.value()
		if err != nil {
			return Value{}, err.inside(Key(key))
		}
		sorted = sorted && (len(keys) == 0 || keys[len(keys)-1] < key)
		keys, values = append(keys, key), append(values, v)
		ok = len(keys) <= s.elements
	}
	if !ok {
		return Value{}, badContent(KindMap)
	}
	if !sorted {
		keys, values = sortEntries(keys, values)
	}
	return mapOf(slices.Clip(keys), slices.Clip(values)), nil
}

// entryKey reads a key that is kept.
func (s *source) entryKey() (string, bool) {
	key, ok := s.key()
	return string(key), ok
}

// sortEntries sorts entries by their keys. Of entries with the same key, the last one stays.
func sortEntries(keys []string, values []Value) ([]string, []Value) {
	order := make([]int, len(keys))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return strings.Compare(keys[a], keys[b]) })
	var sortedKeys []string
	var sortedValues []Value
	for i, at := range order {
		if i+1 < len(order) && keys[order[i+1]] == keys[at] {
			continue
		}
		sortedKeys, sortedValues = append(sortedKeys, keys[at]), append(sortedValues, values[at])
	}
	return sortedKeys, sortedValues
}
