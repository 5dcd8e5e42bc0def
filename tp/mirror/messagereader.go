package mirror

import (
	"strings"

	"github.com/telestruct/telestruct/tp/wire"
)

// Fields of messages beside t, and which of them the types have.
const (
	fieldID = 1 << iota
	fieldType
	fieldRev
	fieldValue
	fieldPatch
	fieldError
)

var messageFields = map[string]uint{
	typeSnapshot: fieldID | fieldType | fieldRev | fieldValue,
	typePatch:    fieldID | fieldPatch,
	typeReject:   fieldID | fieldRev | fieldError,
}

// envelope is what was read of a message.
type envelope struct {
	t        string
	hasT     bool
	has      uint
	id, rev  uint64
	typeName string
	value    Value
	patch    Patch
	err      string
}

// frameReader reads the messages of one end of a connection.
type frameReader struct {
	limits Limits
	// proposals tells that patches may lack what they are made of: those of clients.
	proposals bool
}

// message reads the message that data is. A Change comes with an error that says BadPatch
// when only its patch is malformed, so that it can be refused.
func (f frameReader) message(data []byte, format wire.Format) (Message, *Error) {
	if len(data) > f.limits.Size {
		return nil, &Error{Code: TooLarge, Reason: "the frame is larger than the limit"}
	}
	const all = ^uint(0)
	var e envelope
	// Most messages have their own fields and no others, so they are read in one go. What
	// that cannot make sense of is looked at again.
	if err := f.read(&e, data, format, all); err == nil && e.hasT && messageFields[e.t]&^e.has == 0 {
		return e.message(), nil
	}
	t, err := f.diagnose(data, format)
	if err != nil {
		return nil, err
	}
	fields, known := messageFields[t]
	if !known {
		return Other{t}, nil
	}
	e = envelope{t: t}
	err = f.read(&e, data, format, fields)
	switch missing := fields &^ e.has; {
	case err != nil && err.Code == BadPatch:
		return f.malformed(data, format, err)
	case err != nil:
		return nil, err
	case missing != 0:
		return nil, &Error{Code: BadMessage, Reason: "a " + t + " has the fields " + fieldNames(fields)}
	}
	return e.message(), nil
}

// malformed reads a Change whose patch is malformed as bad says.
func (f frameReader) malformed(data []byte, format wire.Format, bad *Error) (Message, *Error) {
	var e envelope
	if err := f.read(&e, data, format, fieldID); err != nil || e.has&fieldID == 0 {
		return nil, &Error{Code: BadMessage, Reason: "a " + typePatch + " has the fields " + fieldNames(fieldID|fieldPatch)}
	}
	return Change{ID: e.id}, bad
}

// fieldNames lists fields.
func fieldNames(fields uint) string {
	var names []string
	for i, name := range []string{"id", "type", "rev", "value", "patch", "error"} {
		if fields&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// diagnose returns the type of a message, whatever else is in it.
func (f frameReader) diagnose(data []byte, format wire.Format) (t string, err *Error) {
	limits := f.limits.wire()
	if !isDocument(data, format, limits) {
		return "", &Error{Code: Undecodable, Reason: "the frame is not one document in " + format.String() +
			" within the limits of depth and elements"}
	}
	s := newSource(data, format, limits)
	var hasType bool
	ok := s.fields(func(key []byte) bool {
		if string(key) != "t" || s.kind() != wire.KindString {
			return s.skip()
		}
		t, hasType = s.str()
		return hasType
	})
	if !ok || !hasType {
		return "", &Error{Code: BadMessage, Reason: "a message is an object with the field t, a string"}
	}
	return t, nil
}

// read reads those of the given fields that there are, and skips all others.
func (f frameReader) read(e *envelope, data []byte, format wire.Format, fields uint) (err *Error) {
	s := newSource(data, format, f.limits.wire())
	ok := s.fields(func(key []byte) (ok bool) {
		field := fieldOf(key) & fields
		e.has |= field
		switch field {
		case fieldID:
			e.id, ok = s.uint()
		case fieldType:
			e.typeName, ok = s.str()
		case fieldRev:
			e.rev, ok = s.uint()
		case fieldError:
			e.err, ok = s.str()
		case fieldValue:
			e.value, err = s.value()
			return err == nil
		case fieldPatch:
			e.patch, err = s.patch(f.proposals)
			return err == nil
		default:
			return f.other(s, e, string(key) == "t")
		}
		return ok
	})
	if err == nil && (!ok || !s.end()) {
		err = &Error{Code: BadMessage, Reason: "id and rev are integers that are not negative, type and error strings"}
	}
	return err
}

// other reads the field t, or skips one.
func (f frameReader) other(s *source, e *envelope, isType bool) bool {
	if !isType {
		return s.skip()
	}
	e.t, e.hasT = s.str()
	return e.hasT
}

func fieldOf(key []byte) uint {
	switch string(key) {
	case "id":
		return fieldID
	case "type":
		return fieldType
	case "rev":
		return fieldRev
	case "value":
		return fieldValue
	case "patch":
		return fieldPatch
	case "error":
		return fieldError
	}
	return 0
}

func (e *envelope) message() Message {
	switch e.t {
	case typeSnapshot:
		return Snapshot{ID: e.id, Type: e.typeName, Rev: e.rev, Value: e.value}
	case typePatch:
		return Change{ID: e.id, Patch: e.patch}
	case typeReject:
		return Reject{ID: e.id, Rev: e.rev, Error: e.err}
	}
	return Other{e.t}
}
