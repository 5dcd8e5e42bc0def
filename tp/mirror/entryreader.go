package mirror

import (
	"slices"
	"strings"
)

// entryReader has what was read of a map. Records of a list have the same keys; those that come
// one after another keep them once.
type entryReader struct {
	// like and likeValues are those of a map that this one may resemble, and next is the
	// position of the key that should come.
	like       []string
	likeValues []Value
	next       int

	values []Value
	keys   []string // nil as long as they begin as those of like
	// unsorted tells that the keys do not ascend.
	unsorted bool
}

// entriesLike returns a reader of a map that may resemble another value.
func entriesLike(like Value) entryReader {
	if like.Kind() != KindMap {
		return entryReader{}
	}
	return entryReader{like: like.of.keys, likeValues: like.of.values}
}

// enter takes the key of the next entry, and returns what its value may resemble: that under the
// same key, or else the one before it.
func (e *entryReader) enter(name []byte) (key string, like Value) {
	at, known := e.find(name)
	switch n := len(e.values); {
	case known:
		key, like, e.next = e.like[at], e.likeValues[at], at+1
	case n > 0:
		key, like = string(name), e.values[n-1]
	default:
		key = string(name)
	}
	if e.values == nil {
		const most = 16 // a short document must not reserve much again and again
		e.values = make([]Value, 0, min(len(e.like), most))
	}
	e.add(key, known && at == len(e.values))
	return key, like
}

// find returns the position of the key in the other map.
func (e *entryReader) find(name []byte) (at int, known bool) {
	if e.next < len(e.like) && e.like[e.next] == string(name) {
		return e.next, true
	}
	return slices.BinarySearchFunc(e.like, name, func(key string, name []byte) int { return strings.Compare(key, string(name)) })
}

// add adds a key, which may be at the same position in the other map.
func (e *entryReader) add(key string, same bool) {
	if same && e.keys == nil {
		return
	}
	if e.keys == nil {
		e.keys = slices.Clone(e.like[:len(e.values)])
	}
	if n := len(e.keys); n > 0 && e.keys[n-1] >= key {
		e.unsorted = true
	}
	e.keys = append(e.keys, key)
}

// value returns the map.
func (e *entryReader) value() Value {
	keys, values := e.keys, e.values
	switch {
	case keys == nil:
		keys = e.like[:len(values)]
	case e.unsorted:
		keys, values = sortEntries(keys, values)
	}
	return mapOf(slices.Clip(keys), slices.Clip(values))
}

// sortEntries sorts entries by their keys. Of entries with the same key, the last one stays.
func sortEntries(keys []string, values []Value) ([]string, []Value) {
	order := make([]int, len(keys))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return strings.Compare(keys[a], keys[b]) })
	var sortedKeys []string
	var sortedValues []Value
	for i, at := range order {
		if i+1 < len(order) && keys[order[i+1]] == keys[at] {
			continue
		}
		sortedKeys, sortedValues = append(sortedKeys, keys[at]), append(sortedValues, values[at])
	}
	return sortedKeys, sortedValues
}
