package wire

import (
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
}

// NewFields returns the table of the given names, numbered in ascending order of
// their bytes, with the checksum of spec section 14.3. A name that comes twice
// counts once.
func NewFields(names []string) *Fields {
	names = slices.Clone(names)
	slices.Sort(names)
	names = slices.Compact(names)
	return newFields(names, int32(crc32.ChecksumIEEE([]byte(strings.Join(names, "\n")))))
}

func newFields(names []string, checksum int32) *Fields {
	f := &Fields{names: names, ids: make(map[string]int, len(names)), checksum: checksum}
	for id, name := range names {
		f.ids[name] = id
	}
	return f
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
