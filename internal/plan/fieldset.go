package plan

// fieldSet is the set of the fields of a struct that have been decoded.
type fieldSet struct {
	size  int
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
	s.size++
	return true
}

func (s *fieldSet) has(i int) bool {
	word := s.first
	if i >= 64 {
		word = s.rest[i/64-1]
	}
	return word&(1<<(i&63)) != 0
}
