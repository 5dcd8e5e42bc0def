package plan

import (
	"reflect"
	"sync"
	"sync/atomic"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/tp/wire"
)

// Field is one field of a [Struct].
type Field struct {
	// Name is the wire key, with its "!".
	Name string
	// Offset is where the field lies in the Go struct.
	Offset uintptr
	Plan   Plan
	// Optional says that the key may be absent, which is nil in Go, or the
	// absent state of an [Optional].
	Optional bool
}

// Struct is the plan of a Go struct: a struct definition, the arguments of a
// function, or the payload of a tag.
type Struct struct {
	neverNull
	neverNil
	t      reflect.Type
	name   string
	fields []structField
	byName map[string]int
	// required are the fields that are not optional.
	required fieldSet
	// withBytes returns the fields that can contain raw bytes.
	withBytes func() []int
	lastBound atomic.Pointer[boundFields]
}

type structField struct {
	Field
	// nilable says that [mem.IsNil] knows whether the field is nil.
	nilable bool
	direct  direct // how a value of a binary format is decoded
	// separated is `,"name":`, quoted the same without the comma.
	separated, quoted string
}

// NewStruct returns the plan of t, a struct type, without fields. Name is the
// key of its definition, such as "struct.Order", by which a selection refers
// to it; it may be empty for what no selection refers to.
func NewStruct(t reflect.Type, name string) *Struct {
	s := &Struct{t: t, name: name}
	s.SetFields(nil)
	return s
}

// SetFields sets the fields, in the order in which they are written. Names
// differ; plans may still lack their own fields. It must not be called once
// the plan is in use.
func (s *Struct) SetFields(fields []Field) {
	s.fields = make([]structField, len(fields))
	s.byName = make(map[string]int, len(fields))
	s.required = newFieldSet(len(fields))
	for i, f := range fields {
		separated, _ := wire.AppendString([]byte{','}, f.Name)
		separated = append(separated, ':')
		_, nilable := f.Plan.(interface{ nilWord() })
		s.fields[i] = structField{f, nilable, directOf(f.Plan), string(separated), string(separated[1:])}
		s.byName[f.Name] = i
		if !f.Optional {
			s.required.add(i)
		}
	}
	s.withBytes = sync.OnceValue(s.findBytes)
	s.lastBound.Store(nil)
}

// Fields returns the fields in the order in which they are written.
func (s *Struct) Fields() []Field {
	fields := make([]Field, len(s.fields))
	for i := range s.fields {
		fields[i] = s.fields[i].Field
	}
	return fields
}

// Decode implements [Plan] by the rules of spec section 4.7.
func (s *Struct) Decode(d *Decoder, p mem.Ptr) bool {
	if !d.Open('{') {
		return false
	}
	seen := newFieldSet(len(s.fields))
	if d.CloseEmpty('}') {
		return d.Incomplete || seen.hasAll(&s.required)
	}
	for next := 0; ; next++ {
		var ok bool
		if next, ok = s.key(d, next); !ok || !s.decodeField(d, p, next, &seen) {
			return false
		}
		if more, ok := d.Next('}'); !more {
			fits := len(s.fields) <= d.MaxElements() || seen.len() <= d.MaxElements()
			return ok && fits && (d.Incomplete || seen.hasAll(&s.required))
		}
	}
}

// decodeField decodes the value of a field that has not been seen, or skips that
// of an unknown one.
func (s *Struct) decodeField(d *Decoder, p mem.Ptr, field int, seen *fieldSet) bool {
	if field == unknownField {
		_, ok := d.Value()
		return ok
	}
	f := &s.fields[field]
	return seen.add(field) && f.Plan.Decode(d, mem.At(p, f.Offset))
}

// unknownField is the position of fields that a struct does not have.
const unknownField = -1

// keyGuesses is how many fields are tried for a key before the map is asked, which
// costs more than looking at these: peers write keys in declared order as a rule,
// and leave out a few.
const keyGuesses = 3

// key reads a key and returns the field that it names; next is the field after
// the one before.
func (s *Struct) key(d *Decoder, next int) (field int, ok bool) {
	for i := next; i < len(s.fields) && i < next+keyGuesses; i++ {
		if d.ConsumeKey(s.fields[i].quoted) {
			return i, true
		}
		if !s.fields[i].Optional {
			break
		}
	}
	name, ok := d.Key()
	if !ok {
		return 0, false
	}
	field, ok = s.byName[string(name)]
	if !ok && d.Unknown {
		return unknownField, true
	}
	return field, ok
}

// Append implements [Plan]. It writes the fields that e's selection chooses of
// the definition.
func (s *Struct) Append(e *Encoder, b []byte, p mem.Ptr) ([]byte, bool) {
	return s.append(e, b, p, e.Select.ofStruct(s))
}

// append writes the chosen fields; nil chooses all.
func (s *Struct) append(e *Encoder, b []byte, p mem.Ptr, chosen []bool) ([]byte, bool) {
	e.enter()
	b, ok := s.appendFields(e, b, p, chosen)
	e.leave()
	return b, ok
}

func (s *Struct) appendFields(e *Encoder, b []byte, p mem.Ptr, chosen []bool) (_ []byte, ok bool) {
	start, tooDeep := len(b), e.tooDeep()
	for i := range s.fields {
		f := &s.fields[i]
		at := mem.At(p, f.Offset)
		if f.isLeftOut(at, chosen, i) {
			continue
		}
		b = append(b, f.separated...)
		if tooDeep {
			return b, false
		}
		if b, ok = f.Plan.Append(e, b, at); !ok {
			return b, false
		}
	}
	if len(b) == start {
		return append(b, "{}"...), true
	}
	b[start] = '{' // the comma in front of the first key has kept the place
	return append(b, '}'), true
}

func (s *Struct) tree(w *walk, p mem.Ptr) any {
	w.enter()
	defer w.leave()
	tree := make(wire.Object, 0, len(s.fields))
	for i := range s.fields {
		f := &s.fields[i]
		at := mem.At(p, f.Offset)
		if !f.Optional || !f.Plan.isNil(at) {
			tree = append(tree, wire.Member{Key: f.Name, Value: w.tree(f.Plan, at)})
		}
	}
	return tree
}

func (s *Struct) base64(w *walk, p mem.Ptr) any {
	w.enter()
	defer w.leave()
	var tree wire.Object
	for _, i := range s.withBytes() {
		f := &s.fields[i]
		at := mem.At(p, f.Offset)
		if f.Optional && f.Plan.isNil(at) {
			continue
		}
		if sub := w.base64(f.Plan, at); sub != nil {
			tree = append(tree, wire.Member{Key: f.Name, Value: sub})
		}
	}
	if tree == nil {
		return nil
	}
	return tree
}

// findBytes finds out what withBytes returns. It runs when it is first asked
// for, since the plans that s refers to may get their fields after s.
func (s *Struct) findBytes() []int {
	var found []int
	for i := range s.fields {
		if s.fields[i].Plan.holdsBytes(map[Plan]bool{}) {
			found = append(found, i)
		}
	}
	return found
}

func (s *Struct) holdsBytes(seen map[Plan]bool) bool {
	if seen[s] {
		return false
	}
	seen[s] = true
	for i := range s.fields {
		if s.fields[i].Plan.holdsBytes(seen) {
			return true
		}
	}
	return false
}
