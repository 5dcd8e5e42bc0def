package wire

import (
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
)

// Fields is a table of the names that binary messages replace by numbers, which
// are their positions (spec section 14). Two sides that have the same names have
// the same checksum. It is immutable and safe for concurrent use. A nil table
// has no names.
type Fields struct {
	names    []string
	ids      map[string]int
	checksum int32
	header   Object
	// plain are the headers of messages that say no more than that they were written
	// with this table; plainBegin is how such messages begin in each format.
	plain      Object
	plainBegin [formats][]byte
	// okBegin is how the body of a result begins in each format.
	okBegin  [formats][]byte
	identity *FieldsIdentity
}

// FieldsIdentity is what one table of fields has and no other. Whoever remembers it
// can tell the table again, without keeping its names in memory.
type FieldsIdentity struct{ _ byte }

// NewFields returns the table of the given names, numbered in ascending order of
// their bytes, with the checksum of spec section 14.3. A name that comes twice
// counts once.
func NewFields(names []string) *Fields {
	names = slices.Clone(names)
	slices.Sort(names)
	names = slices.Compact(names)
	return newFields(names, int32(crc32.ChecksumIEEE([]byte(strings.Join(names, "\n")))))
}

// FieldsOf returns the table that a peer sent in the header @enc_ under the given
// checksum (spec section 14.5). It fails with a *[FieldsError] unless enc gives
// each number from 0 on to exactly one name.
func FieldsOf(enc Object, checksum int32) (*Fields, error) {
	names := make([]string, len(enc))
	taken := make([]bool, len(enc))
	for _, m := range enc {
		id, ok := m.Value.(int64)
		switch {
		case !ok:
			return nil, &FieldsError{m.Key, fmt.Sprintf("%T instead of an integer", m.Value)}
		case id < 0 || id >= int64(len(names)):
			return nil, &FieldsError{m.Key, fmt.Sprintf("%d is not among the %d numbers from 0 on", id, len(names))}
		case taken[id]:
			return nil, &FieldsError{m.Key, fmt.Sprintf("%d is the number of %q already", id, names[id])}
		}
		names[id], taken[id] = m.Key, true
	}
	f := newFields(names, checksum)
	if len(f.ids) != len(names) {
		key, _ := enc.repeatedKey()
		return nil, &FieldsError{key, "the name comes twice"}
	}
	return f, nil
}

// FieldsError says why a header @enc_ is no table of field names.
type FieldsError struct {
	// Name is the name whose number is wrong.
	Name string
	// Reason says what was found, and what may stand there.
	Reason string
}

// Error returns one line with the name and the reason.
func (e *FieldsError) Error() string {
	return fmt.Sprintf("wire: header @enc_ at %q: %s", e.Name, e.Reason)
}

// newFields returns the table of names, which it keeps and which are distinct.
func newFields(names []string, checksum int32) *Fields {
	f := &Fields{
		names:    names,
		ids:      make(map[string]int, len(names)),
		checksum: checksum,
		plain:    Object{{"@bin_", []any{int64(checksum)}}},
		header:   make(Object, len(names)),
		identity: new(FieldsIdentity),
	}
	for id, name := range names {
		f.ids[name] = id
		f.header[id] = Member{name, int64(id)}
	}
	for _, format := range []Format{MessagePack, CBOR} {
		f.plainBegin[format], _ = format.AppendHeaders(nil, f.plain) // which are a value tree
		f.okBegin[format], _ = format.appendTarget(nil, "Ok_", f)
	}
	return f
}

// Identity returns the identity of the table; nil for a nil table.
func (f *Fields) Identity() *FieldsIdentity {
	if f == nil {
		return nil
	}
	return f.identity
}

// ID returns the number of a name, and whether it has one.
func (f *Fields) ID(name string) (id int, ok bool) {
	if f == nil {
		return 0, false
	}
	id, ok = f.ids[name]
	return id, ok
}

// Name returns the name that has a number, and whether there is one.
func (f *Fields) Name(id int) (name string, ok bool) {
	if f == nil || id < 0 || id >= len(f.names) {
		return "", false
	}
	return f.names[id], true
}

// Len returns the number of names.
func (f *Fields) Len() int {
	if f == nil {
		return 0
	}
	return len(f.names)
}

// Checksum returns the number by which messages name the table.
func (f *Fields) Checksum() int32 {
	if f == nil {
		return 0
	}
	return f.checksum
}

// Plain returns the headers of messages that say no more than that they were written
// with this table: @bin_, which lists its checksum. They must not be changed. They are
// nil for a nil table.
func (f *Fields) Plain() Object {
	if f == nil {
		return nil
	}
	return f.plain
}

// Header returns the table as the header @enc_ has it. It must not be changed.
func (f *Fields) Header() Object {
	if f == nil {
		return nil
	}
	return f.header
}
