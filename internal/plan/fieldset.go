package plan

import "math/bits"

// fieldSet is a set of fields of a struct.
type fieldSet struct {
	first uint64   // fields 0 to 63
	rest  []uint64 // 64 fields in each
}

// newFieldSet returns an empty set for fields 0 to fields-1.
func newFieldSet(fields int) fieldSet {
	if fields <= 64 {
		return fieldSet{}
	}
	return fieldSet{rest: make([]uint64, (fields-1)/64)}
}

// add adds field i; it returns false if the set has it already.
func (s *fieldSet) add(i int) bool {
	word, bit := &s.first, uint64(1)<<(i&63)
	if i >= 64 {
		word = &s.rest[i/64-1]
	}
	if *word&bit != 0 {
		return false
	}
	*word |= bit
	return true
}

// hasAll reports whether no field of the other set, which is for as many, is missing.
func (s *fieldSet) hasAll(other *fieldSet) bool {
	missing := other.first &^ s.first
	for i, word := range other.rest {
		missing |= word &^ s.rest[i]
	}
	return missing == 0
}

// len returns how many fields there are in the set.
func (s *fieldSet) len() int {
	n := bits.OnesCount64(s.first)
	for _, word := range s.rest {
		n += bits.OnesCount64(word)
	}
	return n
}
