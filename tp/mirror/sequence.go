package mirror

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// Sequence is a list that merges in any order (section 10.2). A model keeps its text, that of
// [Sequence.String], in one Str, so that a change replaces it whole, and who reads two of them
// merges them. A Sequence never changes; the zero Sequence is empty.
type Sequence struct {
	// entries are sorted, those that were deleted among them.
	entries []sequenceEntry
}

// sequenceEntry is one item, at a position between 0 and 1 that it keeps for ever.
type sequenceEntry struct {
	at      *big.Rat
	origin  string
	value   any
	deleted bool
}

func (e sequenceEntry) compare(f sequenceEntry) int {
	if c := e.at.Cmp(f.at); c != 0 {
		return c
	}
	return strings.Compare(e.origin, f.origin)
}

// SequenceOf returns a sequence of the items, which are anything that encoding/json takes.
// Origin is who made it.
func SequenceOf(origin string, items ...any) Sequence {
	var s Sequence
	at := new(big.Rat)
	for _, item := range items {
		at = between(at, big.NewRat(1, 1))
		s.entries = append(s.entries, sequenceEntry{at: at, origin: origin, value: item})
	}
	return s
}

// between returns the middle of two positions.
func between(a, b *big.Rat) *big.Rat {
	sum := new(big.Rat).Add(a, b)
	return sum.Quo(sum, big.NewRat(2, 1))
}

// Items returns the items in order, without those that were deleted.
func (s Sequence) Items() []any {
	items := []any{}
	for _, e := range s.entries {
		if !e.deleted {
			items = append(items, e.value)
		}
	}
	return items
}

// live returns where the items of s are among its entries.
func (s Sequence) live() []int {
	var at []int
	for i, e := range s.entries {
		if !e.deleted {
			at = append(at, i)
		}
	}
	return at
}

// Insert returns s with an item more, in front of the item at index; origin is who inserts. It
// fails with an *[Error] when index is not between 0 and the number of items.
func (s Sequence) Insert(index int, item any, origin string) (Sequence, error) {
	live := s.live()
	if index < 0 || index > len(live) {
		return s, outOfBounds(index, len(live))
	}
	low, high := new(big.Rat), big.NewRat(1, 1)
	if index > 0 {
		low = s.entries[live[index-1]].at
	}
	// Items of different origins may have the same position; nothing fits between them.
	for _, i := range live[index:] {
		if s.entries[i].at.Cmp(low) > 0 {
			high = s.entries[i].at
			break
		}
	}
	e := sequenceEntry{at: between(low, high), origin: origin, value: item}
	at, taken := slices.BinarySearchFunc(s.entries, e, sequenceEntry.compare)
	for taken { // by an item that the same origin has deleted
		e.at = between(low, e.at)
		at, taken = slices.BinarySearchFunc(s.entries, e, sequenceEntry.compare)
	}
	return Sequence{slices.Insert(slices.Clone(s.entries), at, e)}, nil
}

// Delete returns s without the item at index. It fails with an *[Error] when there is none.
func (s Sequence) Delete(index int) (Sequence, error) {
	live := s.live()
	if index < 0 || index >= len(live) {
		return s, outOfBounds(index, len(live))
	}
	entries := slices.Clone(s.entries)
	entries[live[index]].deleted = true
	return Sequence{entries}, nil
}

// Merge returns the items of both, without those that either of them has deleted.
func (s Sequence) Merge(other Sequence) Sequence {
	merged := make([]sequenceEntry, 0, max(len(s.entries), len(other.entries)))
	i := 0
	for _, e := range other.entries {
		for i < len(s.entries) && s.entries[i].compare(e) < 0 {
			merged = append(merged, s.entries[i])
			i++
		}
		if i < len(s.entries) && s.entries[i].compare(e) == 0 {
			deleted := e.deleted
			e = s.entries[i]
			e.deleted = e.deleted || deleted
			i++
		}
		merged = append(merged, e)
	}
	return Sequence{append(merged, s.entries[i:]...)}
}

// sequenceText is an entry as it is written.
type sequenceText struct {
	K string `json:"k"`
	O string `json:"o"`
	V any    `json:"v"`
	X bool   `json:"x"`
}

// MarshalJSON returns the array of entries that the text of s is. It fails when an item cannot
// be marshalled.
func (s Sequence) MarshalJSON() ([]byte, error) {
	list := make([]sequenceText, len(s.entries))
	for i, e := range s.entries {
		list[i] = sequenceText{e.at.String(), e.origin, e.value, e.deleted}
	}
	return json.Marshal(list)
}

// String returns the text of s, which [ParseSequence] reads, or why there is none.
func (s Sequence) String() string { return text(s.MarshalJSON()) }

// maxDigits is how long a position may be as text: that of an item in front of which more than
// ten thousand others were inserted, one in front of the other. Longer ones take long to read.
const maxDigits = 8 << 10

// ParseSequence reads the text of a sequence, whose entries may be in any order. It fails when
// the text is anything else.
func ParseSequence(text string) (Sequence, error) {
	var list []sequenceText
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return Sequence{}, fmt.Errorf("mirror: no sequence: %w", err)
	}
	var s Sequence
	for _, e := range list {
		at, err := parsePosition(e.K)
		if err != nil {
			return Sequence{}, err
		}
		one := Sequence{[]sequenceEntry{{at, e.O, e.V, e.X}}}
		if n := len(s.entries); n == 0 || s.entries[n-1].compare(one.entries[0]) < 0 {
			s.entries = append(s.entries, one.entries...)
		} else {
			s = s.Merge(one)
		}
	}
	return s, nil
}

// parsePosition reads a fraction strictly between 0 and 1.
func parsePosition(text string) (*big.Rat, error) {
	isDigit := func(c rune) bool { return '0' <= c && c <= '9' || c == '/' }
	at, ok := new(big.Rat), len(text) <= maxDigits && strings.IndexFunc(text, func(c rune) bool { return !isDigit(c) }) < 0
	if ok {
		_, ok = at.SetString(text)
	}
	if !ok || at.Sign() <= 0 || at.Cmp(big.NewRat(1, 1)) >= 0 {
		return nil, fmt.Errorf("mirror: no sequence: the position %.40q is no fraction between 0 and 1", text)
	}
	return at, nil
}
