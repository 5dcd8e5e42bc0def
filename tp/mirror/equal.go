package mirror

import (
	"hash/maphash"
	"math"
	"slices"
)

// Equal reports whether v and w have the same kind and equal content (section 2.4): an Int
// never equals a Float, 0.0 equals -0.0, and maps are equal whatever order they were
// written in. It takes no time for what the two share.
func (v Value) Equal(w Value) bool {
	if v.of != w.of {
		return v.equalNode(w)
	}
	switch v.of {
	case strNode:
		return v.text == w.text
	case floatNode:
		return math.Float64frombits(v.bits) == math.Float64frombits(w.bits)
	}
	return v.bits == w.bits
}

// equalNode compares lists and maps that are not the same.
func (v Value) equalNode(w Value) bool {
	if v.of == nil || w.of == nil || v.of.kind != w.of.kind || len(v.of.values) != len(w.of.values) {
		return false
	}
	return sameKeys(v.of.keys, w.of.keys) && slices.EqualFunc(v.of.values, w.of.values, Value.Equal)
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
