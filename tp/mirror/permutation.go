package mirror

import (
	"hash/maphash"
	"sort"
)

// differing returns the positions at which the lists, which have the same length, differ.
func (l lists) differing() []int {
	var differ []int
	for i := range l.new {
		if !l.equal(i, i) {
			differ = append(differ, i)
		}
	}
	return differ
}

// permutation returns the old positions of the elements of the new list by their new ones, and
// nil when they are not all in the old list (step A of section 4.2). Of equal elements, the
// leftmost comes first. The lists have the same length, and are equal but for the positions
// in differ, which has at least one.
func (l lists) permutation(differ []int) []int {
	// What is equal at the same position has no part in whether there is a permutation. This
	// is why a list with one changed record costs no hash of all the others, and none of the
	// record itself.
	if len(differ) == 1 {
		return nil
	}
	if _, ok := newMatcher(l, differ).match(differ); !ok {
		return nil
	}
	order := make([]int, len(l.new))
	for i := range order {
		order[i] = i
	}
	// In front of the first difference and behind the last one, the leftmost of equal
	// elements that is left is the one at the same position.
	middle := order[differ[0] : differ[len(differ)-1]+1]
	matched, _ := newMatcher(l, middle).match(middle)
	copy(middle, matched)
	return order
}

// matcher finds old elements that equal new ones.
type matcher struct {
	lists
	hash maphash.Hash
	// classes are the positions of equal old elements, ascending, and heads the numbers of
	// the classes by hash.
	classes [][]int
	heads   map[uint64][]int
}

// newMatcher returns a matcher of the old elements at the given positions.
func newMatcher(l lists, positions []int) *matcher {
	m := &matcher{lists: l, heads: make(map[uint64][]int, len(positions))}
	for _, old := range positions {
		m.hash.Reset()
		l.old[old].hash(&m.hash)
		sum := m.hash.Sum64()
		class := m.class(sum, func(first int) bool { return l.equalOld(first, old) })
		if class < 0 {
			class = len(m.classes)
			m.classes = append(m.classes, nil)
			m.heads[sum] = append(m.heads[sum], class)
		}
		m.classes[class] = append(m.classes[class], old)
	}
	return m
}

// class returns the class of old elements with the given hash whose members are equal to an
// element; -1 if there is none. Classes that are used up are left out.
func (m *matcher) class(sum uint64, equals func(old int) bool) int {
	for _, class := range m.heads[sum] {
		if members := m.classes[class]; len(members) > 0 && equals(members[0]) {
			return class
		}
	}
	return -1
}

// match pairs the new elements at the given positions, in order, each with the leftmost
// equal old one that is left. It fails when there is none.
func (m *matcher) match(positions []int) (matched []int, ok bool) {
	matched = make([]int, 0, len(positions))
	for _, at := range positions {
		m.hash.Reset()
		m.new[at].hash(&m.hash)
		class := m.class(m.hash.Sum64(), func(old int) bool { return m.equal(old, at) })
		if class < 0 {
			return nil, false
		}
		matched = append(matched, m.classes[class][0])
		m.classes[class] = m.classes[class][1:]
	}
	return matched, true
}

// longestIncreasing returns the length of the longest strictly increasing subsequence.
func longestIncreasing(order []int) int {
	var ends []int // the smallest ends of subsequences by their length
	for _, n := range order {
		at := sort.SearchInts(ends, n)
		if at == len(ends) {
			ends = append(ends, n)
		} else {
			ends[at] = n
		}
	}
	return len(ends)
}
