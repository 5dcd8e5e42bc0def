package mirror

import (
	"strconv"
	"strings"
	"unicode"
)

// Segment is one step of a [Path]: into a map by its key, or into a list by its index. Its
// zero value is the index 0.
type Segment struct {
	key   string
	index int
	isKey bool
}

// Key returns the step to the entry of a map.
func Key(key string) Segment { return Segment{key: key, isKey: true} }

// Index returns the step to the element of a list. Indexes below 0 are in no list.
func Index(i int) Segment { return Segment{index: i} }

// Key returns the key; ok is false when the step is an index.
func (s Segment) Key() (key string, ok bool) { return s.key, s.isKey }

// Index returns the index; ok is false when the step is a key.
func (s Segment) Index() (i int, ok bool) { return s.index, !s.isKey }

// Path leads from the root of a model to a value in it; the empty path is the root
// (section 3).
type Path []Segment

// String returns the path as one writes it in Go, such as meta.tags[2], with quotes around
// keys that are no names. The root is a single dot.
func (p Path) String() string {
	if len(p) == 0 {
		return "."
	}
	var b strings.Builder
	for i, s := range p {
		switch {
		case !s.isKey:
			b.WriteString("[" + strconv.Itoa(s.index) + "]")
		case !isName(s.key):
			b.WriteString("[" + strconv.Quote(s.key) + "]")
		case i > 0:
			b.WriteString("." + s.key)
		default:
			b.WriteString(s.key)
		}
	}
	return b.String()
}

func isName(key string) bool {
	for i, c := range key {
		if c != '_' && !unicode.IsLetter(c) && (i == 0 || !unicode.IsDigit(c)) {
			return false
		}
	}
	return key != ""
}

// Lookup returns the value at path. It fails with an *[Error] where the path leads nowhere.
func (v Value) Lookup(path Path) (Value, error) {
	for i := range path {
		next, err := v.step(path[i])
		if err != nil {
			err.Path = path[:i+1]
			return Value{}, err
		}
		v = next
	}
	return v, nil
}

// step descends one segment (section 3.1).
func (v Value) step(s Segment) (Value, *Error) {
	i, err := v.position(s)
	switch {
	case err != nil:
		return Value{}, err
	case i < 0:
		return Value{}, keyNotFound(s.key)
	}
	return v.of.values[i], nil
}

func keyNotFound(key string) *Error {
	return &Error{Code: KeyNotFound, Reason: "there is no key " + strconv.Quote(key)}
}

// position returns where the segment is among the values of v; -1 for a key that a map does
// not have.
func (v Value) position(s Segment) (int, *Error) {
	if !s.isKey {
		return s.index, v.holds(s.index)
	}
	if v.Kind() != KindMap {
		return 0, &Error{Code: NotAMap, Reason: "a key leads into a Map, and this is " + v.Kind().String()}
	}
	if i, ok := v.of.find(s.key); ok {
		return i, nil
	}
	return -1, nil
}

// holds checks that v is a list that has an element at the index.
func (v Value) holds(index int) *Error {
	if err := v.isList(); err != nil {
		return err
	}
	if index < 0 || index >= v.Len() {
		return outOfBounds(index, v.Len())
	}
	return nil
}

func (v Value) isList() *Error {
	if v.Kind() != KindList {
		return &Error{Code: NotAList, Reason: "an index leads into a List, and this is " + v.Kind().String()}
	}
	return nil
}

func outOfBounds(index, length int) *Error {
	return &Error{Code: IndexOutOfBounds, Reason: "the index is " + strconv.Itoa(index) + ", and the length " + strconv.Itoa(length)}
}
