package mirror

import "slices"

// idSet is a set of numbers of models, ascending. What comes to its end or leaves its beginning,
// as is usual, costs the same however many there are.
type idSet []uint64

func (s idSet) has(id uint64) bool {
	_, ok := slices.BinarySearch(s, id)
	return ok
}

func (s *idSet) add(id uint64) {
	if n := len(*s); n == 0 || (*s)[n-1] < id {
		*s = append(*s, id)
	} else if at, ok := slices.BinarySearch(*s, id); !ok {
		*s = slices.Insert(*s, at, id)
	}
}

func (s *idSet) remove(id uint64) {
	at, ok := slices.BinarySearch(*s, id)
	switch {
	case !ok:
	case len(*s) == 1:
		*s = nil // and its memory
	case at == 0:
		*s = (*s)[1:]
	default:
		*s = slices.Delete(*s, at, at+1)
	}
}
