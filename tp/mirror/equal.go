package mirror

import (
	"hash/maphash"
	"math"
	"slices"
)

// Equal reports whether v and w have the same kind and equal content (section 2.4): an Int
// never equals a Float, 0.0 equals -0.0, and maps are equal whatever order they were
// written in. It takes no time for what the two share.
func (v Value) Equal(w Value) bool { return same(&v, &w) }

// same is Equal, and copies nothing.
func same(v, w *Value) bool {
	switch {
	case v.of != w.of:
		return sameNodes(v.of, w.of)
	case v.of == strNode:
		return v.text == w.text
	case v.of == floatNode:
		return math.Float64frombits(v.bits) == math.Float64frombits(w.bits)
	}
	return v.bits == w.bits
}

// sameNodes compares nodes that are not one: only those of lists and maps can be equal.
func sameNodes(a, b *node) bool {
	if a == nil || b == nil || a.kind != b.kind || len(a.values) != len(b.values) || !sameKeys(a.keys, b.keys) {
		return false
	}
	for i := range a.values {
		if !same(&a.values[i], &b.values[i]) {
			return false
		}
	}
	return true
}

// sameKeys compares keys; maps that were made of one another share them.
func sameKeys(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	return len(a) == 0 || &a[0] == &b[0] || slices.Equal(a, b)
}

// hash adds v to h, so that equal values add the same.
func (v Value) hash(h *maphash.Hash) {
	_ = h.WriteByte(byte(v.Kind())) // never fails
	switch v.Kind() {
	case KindNull:
	case KindStr:
		maphash.WriteComparable(h, v.text)
	case KindFloat:
		maphash.WriteComparable(h, math.Float64frombits(v.bits)) // 0.0 and -0.0 are the same
	case KindList, KindMap:
		maphash.WriteComparable(h, len(v.of.values))
		for i, value := range v.of.values {
			if v.of.kind == KindMap {
				maphash.WriteComparable(h, v.of.keys[i])
			}
			value.hash(h)
		}
	default:
		maphash.WriteComparable(h, v.bits)
	}
}
