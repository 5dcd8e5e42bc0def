package plan

import (
	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/tp/wire"
)

// boundFields are the fields of a [Struct] under the numbers of one table.
type boundFields struct {
	// table is what is known of the table: a table itself is as large as a server
	// makes it, and every plan of a client would keep one.
	table *wire.FieldsIdentity
	// keys are those of the fields as each format writes them.
	messagePack, cbor []wire.BinaryKey
}

// bound returns the fields of s as table numbers them. A plan is used with one table
// as a rule, a server's or that of the server which a client talks to, so the last one
// is kept.
func (s *Struct) bound(table *wire.Fields) *boundFields {
	if b := s.lastBound.Load(); b != nil && b.table == table.Identity() {
		return b
	}
	b := &boundFields{table: table.Identity()}
	for i := range s.fields {
		name := s.fields[i].Name
		b.messagePack = append(b.messagePack, keyOf(wire.MessagePack, name, table))
		b.cbor = append(b.cbor, keyOf(wire.CBOR, name, table))
	}
	s.lastBound.Store(b)
	return b
}

// keyOf returns the key of a field, whose name is valid UTF-8.
func keyOf(f wire.Format, name string, table *wire.Fields) wire.BinaryKey {
	key, _ := f.BinaryKey(name, table)
	return key
}

func (b *boundFields) keys(f wire.Format) []wire.BinaryKey {
	if f == wire.CBOR {
		return b.cbor
	}
	return b.messagePack
}

// DecodeBinary implements [Plan] by the rules of spec section 4.7.
func (s *Struct) DecodeBinary(d *BinaryDecoder, p mem.Ptr) bool {
	members, ok := d.Map()
	if !ok {
		return false
	}
	keys := s.bound(d.Fields).keys(d.Format())
	seen := newFieldSet(len(s.fields))
	for next := 0; ; next++ {
		if more, ok := d.More(&members); !more {
			return ok && (d.Incomplete || seen.hasAll(&s.required))
		}
		if next >= len(keys) || !d.Guess(&keys[next]) {
			if next, ok = s.binaryKey(d, keys, next); !ok {
				return false
			}
		}
		if next == unknownField {
			if !d.Skip() {
				return false
			}
			continue
		}
		if !seen.add(next) {
			return false
		}
		f := &s.fields[next]
		at := mem.At(p, f.Offset)
		switch f.direct { // a function of its own would cost the call that direct fields save
		case directText:
			*mem.As[string](at), ok = d.String()
		case directInt64:
			*mem.As[int64](at), ok = d.Int64()
		case directFloat64:
			*mem.As[float64](at), ok = d.Float64()
		default:
			ok = f.Plan.DecodeBinary(d, at)
		}
		if !ok {
			return false
		}
	}
}

// binaryKey reads a key and returns the field that it names; next is the field
// after the one before.
func (s *Struct) binaryKey(d *BinaryDecoder, keys []wire.BinaryKey, next int) (field int, ok bool) {
	for i := next; i < len(keys) && i < next+keyGuesses; i++ {
		if d.Guess(&keys[i]) {
			return i, true
		}
	}
	id, name, ok := d.Key()
	if !ok {
		return 0, false
	}
	if id < 0 {
		field, ok = s.byName[string(name)]
	} else if name, isName := d.Fields.Name(id); isName {
		field, ok = s.byName[name]
	} else {
		return 0, false
	}
	if !ok && d.Unknown {
		return unknownField, true
	}
	return field, ok
}

// AppendBinary implements [Plan], as Append does.
func (s *Struct) AppendBinary(e *Encoder, b []byte, p mem.Ptr) ([]byte, bool) {
	return s.appendBinary(e, b, p, e.Select.ofStruct(s))
}

// appendBinary writes the chosen fields; nil chooses all.
func (s *Struct) appendBinary(e *Encoder, b []byte, p mem.Ptr, chosen []bool) (_ []byte, ok bool) {
	e.enter()
	if chosen == nil && len(s.fields) <= wire.ShortMap && !e.tooDeep() {
		b, ok = s.appendShortBinary(e, b, p)
	} else {
		b, ok = s.appendAnyBinary(e, b, p, chosen)
	}
	e.leave()
	return b, ok
}

// appendShortBinary writes all fields of a struct with no more than [wire.ShortMap], as
// most are and most are written. It has less to keep in mind than appendAnyBinary.
func (s *Struct) appendShortBinary(e *Encoder, b []byte, p mem.Ptr) (_ []byte, ok bool) {
	start, absent := len(b), 0
	b = e.Format.AppendMap(b, len(s.fields))
	keys := s.bound(e.Fields).keys(e.Format)
	for i := range keys {
		f := &s.fields[i]
		at := mem.At(p, f.Offset)
		if f.Optional && f.isAbsent(at) {
			absent++
			continue
		}
		b = keys[i].Append(b)
		switch f.direct { // as in DecodeBinary
		case directText:
			b, ok = e.Format.AppendString(b, *mem.As[string](at))
		case directInt64:
			b, ok = e.Format.AppendInt(b, *mem.As[int64](at)), true
		case directFloat64:
			b, ok = e.Format.AppendFloat(b, *mem.As[float64](at))
		default:
			b, ok = f.Plan.AppendBinary(e, b, at)
		}
		if !ok {
			return b, false
		}
	}
	if absent > 0 {
		// This takes less time than to ask every field twice.
		e.Format.LowerMap(b[start:], absent)
	}
	return b, true
}

func (s *Struct) appendAnyBinary(e *Encoder, b []byte, p mem.Ptr, chosen []bool) (_ []byte, ok bool) {
	n := s.count(p, chosen)
	b = e.Format.AppendMap(b, n)
	if e.tooDeep() {
		return b, n == 0
	}
	keys := s.bound(e.Fields).keys(e.Format)
	for i := range s.fields {
		f := &s.fields[i]
		at := mem.At(p, f.Offset)
		if f.isLeftOut(at, chosen, i) {
			continue
		}
		b = keys[i].Append(b)
		if b, ok = f.Plan.AppendBinary(e, b, at); !ok {
			return b, false
		}
	}
	return b, true
}

// count returns how many fields appendAnyBinary writes.
func (s *Struct) count(p mem.Ptr, chosen []bool) int {
	n := 0
	for i := range s.fields {
		if f := &s.fields[i]; !f.isLeftOut(mem.At(p, f.Offset), chosen, i) {
			n++
		}
	}
	return n
}

// isLeftOut reports whether field i at the given place is not written: it is absent,
// or chosen says so.
func (f *structField) isLeftOut(at mem.Ptr, chosen []bool, i int) bool {
	return f.Optional && f.isAbsent(at) || chosen != nil && !chosen[i]
}

// isAbsent reports whether the optional field at the given place is absent.
func (f *structField) isAbsent(at mem.Ptr) bool {
	if f.nilable {
		return mem.IsNil(at)
	}
	return f.Plan.isNil(at)
}
