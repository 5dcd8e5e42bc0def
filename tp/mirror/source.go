package mirror

import (
	"strconv"

	"github.com/telestruct/telestruct/tp/wire"
)

// source reads documents in any of the three formats, with the same calls. A method that
// fails returns false; the document is to be given up.
type source struct {
	data     []byte
	format   wire.Format
	elements int
	// positional tells that patches and operations may be arrays of their fields.
	positional bool
	json       wire.Reader
	binary     wire.BinaryReader
}

// items is what is left of an array or a map.
type items struct {
	binary wire.Items
	begun  bool
}

func newSource(data []byte, f wire.Format, l wire.Limits) *source {
	s := &source{data: data, format: f, elements: l.Elements}
	if f == wire.JSON {
		s.json.Reset(data, l)
	} else {
		s.binary.Reset(data, f, l)
	}
	return s
}

// kind returns what comes next. In JSON, every number is KindInteger.
func (s *source) kind() wire.Kind {
	if s.format != wire.JSON {
		if s.tagged() {
			return wire.KindInvalid
		}
		return s.binary.Kind()
	}
	switch s.json.Peek() {
	case '"':
		return wire.KindString
	case '{':
		return wire.KindMap
	case '[':
		return wire.KindArray
	case 't', 'f':
		return wire.KindBool
	case 'n':
		return wire.KindNull
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return wire.KindInteger
	}
	return wire.KindInvalid
}

// tagged reports whether the next item is one of CBOR with a tag: the reader would take a
// bignum for an integer.
func (s *source) tagged() bool {
	const tag, majorType = 6, 5
	left := s.binary.Remaining()
	return s.format == wire.CBOR && left > 0 && s.data[len(s.data)-left]>>majorType == tag
}

// end reports whether nothing is left.
func (s *source) end() bool {
	if s.format == wire.JSON {
		return s.json.End()
	}
	return s.binary.End()
}

func (s *source) openMap() (it items, ok bool) {
	switch {
	case s.kind() != wire.KindMap:
		return it, false
	case s.format == wire.JSON:
		return it, s.json.Open('{')
	}
	it.binary, ok = s.binary.Map()
	return it, ok
}

func (s *source) openArray() (it items, ok bool) {
	switch {
	case s.kind() != wire.KindArray:
		return it, false
	case s.format == wire.JSON:
		return it, s.json.Open('[')
	}
	it.binary, ok = s.binary.Array()
	return it, ok
}

// moreEntries and moreElements report whether another one follows; when none does, the map
// or array is closed.
func (s *source) moreEntries(it *items) (more, ok bool)  { return s.more(it, '}') }
func (s *source) moreElements(it *items) (more, ok bool) { return s.more(it, ']') }

func (s *source) more(it *items, bracket byte) (more, ok bool) {
	switch {
	case s.format != wire.JSON:
		return s.binary.More(&it.binary)
	case it.begun:
		return s.json.Next(bracket)
	}
	it.begun = true
	return !s.json.CloseEmpty(bracket), true
}

// key reads the key of an entry. The bytes are valid until the next string is read.
func (s *source) key() (key []byte, ok bool) {
	if s.format == wire.JSON {
		return s.json.Key()
	}
	return s.bytes()
}

// bytes reads a string. The bytes are valid until the next string is read.
func (s *source) bytes() ([]byte, bool) {
	switch {
	case s.kind() != wire.KindString:
		return nil, false
	case s.format == wire.JSON:
		return s.json.StringBytes()
	}
	return s.binary.StringBytes()
}

func (s *source) str() (string, bool) {
	text, ok := s.bytes()
	return string(text), ok
}

func (s *source) null() bool {
	if s.format == wire.JSON {
		return s.json.Null()
	}
	return s.binary.Null()
}

func (s *source) bool() (v, ok bool) {
	if s.format == wire.JSON {
		return s.json.Bool()
	}
	return s.binary.Bool()
}

func (s *source) int() (int64, bool) {
	switch {
	case s.kind() != wire.KindInteger:
		return 0, false
	case s.format == wire.JSON:
		return s.json.Int64()
	}
	return s.binary.Int64()
}

// uint reads an integer that is not negative.
func (s *source) uint() (uint64, bool) {
	if s.kind() != wire.KindInteger {
		return 0, false
	}
	switch v := s.number().(type) {
	case int64:
		return uint64(v), v >= 0
	case wire.Number:
		n, err := strconv.ParseUint(string(v), 10, 64)
		return n, err == nil
	}
	return 0, false
}

// number reads a number of any size: an int64, a float64, a wire.Number, or nil when it
// fails.
func (s *source) number() any {
	var v any
	if s.format == wire.JSON {
		v, _ = s.json.Value()
	} else {
		v, _ = s.binary.Value(nil)
	}
	return v
}

// index reads a position in a list, or a number that can be one.
func (s *source) index() (int, bool) {
	n, ok := s.int()
	return int(n), ok && n >= 0 && int64(int(n)) == n
}

// float reads a number, which may be an integer, also one of more than 64 bits: JavaScript
// writes floats up to 1e21 as integers.
func (s *source) float() (float64, bool) {
	switch kind := s.kind(); {
	case kind != wire.KindInteger && kind != wire.KindFloat:
		return 0, false
	case s.isLong():
		return s.longFloat()
	case s.format == wire.JSON:
		return s.json.Float64()
	}
	return s.binary.Float64()
}

// isLong reports whether the number that comes next may be an integer of 64 bits or more.
func (s *source) isLong() bool {
	const digits = 18
	if s.format != wire.JSON {
		const cborNegative64 = 0x3b
		lead := s.data[len(s.data)-s.binary.Remaining()]
		return s.format == wire.MessagePack && lead == messagePackUint64 ||
			s.format == wire.CBOR && (lead == cborUint64 || lead == cborNegative64)
	}
	rest := s.data[len(s.data)-s.json.Remaining():]
	for i, c := range rest {
		if i > 0 && c-'0' > 9 {
			return false
		}
		if i > digits {
			return true
		}
	}
	return false
}

func (s *source) longFloat() (float64, bool) {
	switch v := s.number().(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	case wire.Number:
		f, err := strconv.ParseFloat(string(v), 64)
		return f, err == nil
	}
	return 0, false
}

// skip reads the next item, whatever it is, if documents can have it.
func (s *source) skip() (ok bool) {
	switch s.kind() {
	case wire.KindNull:
		return s.null()
	case wire.KindBool:
		_, ok = s.bool()
	case wire.KindInteger, wire.KindFloat:
		return s.number() != nil
	case wire.KindString:
		_, ok = s.bytes()
	case wire.KindArray:
		return s.skipArray()
	case wire.KindMap:
		return s.fields(func([]byte) bool { return s.skip() })
	}
	return ok
}

func (s *source) skipArray() bool {
	it, ok := s.openArray()
	for ok {
		var more bool
		if more, ok = s.moreElements(&it); !more {
			return ok
		}
		ok = s.skip()
	}
	return false
}

// fields reads a map, and calls field after each key, which reads the value.
func (s *source) fields(field func(key []byte) bool) bool {
	it, ok := s.openMap()
	for ok {
		var more bool
		if more, ok = s.moreEntries(&it); !more {
			return ok
		}
		var key []byte
		if key, ok = s.key(); ok {
			ok = field(key)
		}
	}
	return false
}

// isDocument reports whether data is one document, valid as a message or not.
func isDocument(data []byte, f wire.Format, l wire.Limits) bool {
	s := newSource(data, f, l)
	return s.skip() && s.end()
}
