package plan

import (
	"math"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/tp/wire"
)

// Tree returns the Go value at v, whose plan is p, as a value tree. It never
// fails: what has no place in a tree (NaN, a channel inside an any, a value
// that contains itself) becomes something that the validator refuses. From the
// first place on that is too deep, nothing is looked at any more.
func Tree(p Plan, v mem.Ptr) any {
	return p.tree(new(walk), v)
}

// Base64 returns the coercion tree of the raw bytes inside the Go value at v,
// whose plan is p (spec section 7.1): true for bytes, an Object for what
// contains some, nil for what contains none. Raw bytes where the schema says
// any are not marked: they become text that the peer cannot tell from other
// text. It returns nil for a value that contains itself, and costs nothing for
// a struct that cannot contain bytes.
func Base64(p Plan, v mem.Ptr) any {
	if s, ok := p.(*Struct); ok && len(s.withBytes()) == 0 {
		return nil
	}
	return findBytes(p, v)
}

func findBytes(p Plan, v mem.Ptr) any {
	var w walk
	tree := p.base64(&w, v)
	if w.stopped {
		return nil
	}
	return tree
}

// FromTree decodes the value tree v into the Go value at to, whose plan is p,
// and which must be zero. It returns false when v is not a value of this type or
// takes more memory than the default [wire.Limits] give, and for every selection.
// Raw bytes in v fit where the schema says bytes; where it says any they become
// base64 text.
func FromTree(p Plan, v any, to mem.Ptr) bool { return Tolerance{}.FromTree(p, v, to) }

// FromTree is as the function [FromTree], for trees that t tolerates.
func (t Tolerance) FromTree(p Plan, v any, to mem.Ptr) bool {
	text, err := wire.AppendValue(nil, v)
	if err != nil {
		return false
	}
	d := Decoder{Tolerance: t}
	// The tree was read within limits; only what its values take in Go may be
	// out of proportion still.
	d.Reset(text, wire.Limits{Depth: math.MaxInt, Elements: math.MaxInt, Extremes: math.MaxInt})
	return p.Decode(&d, to) && d.End()
}

// walk is the state of [Tree] and [Base64].
type walk struct {
	nesting
	stopped bool // a place was too deep: nothing more is looked at
}

// tree returns the tree of what lies inside a value.
func (w *walk) tree(p Plan, v mem.Ptr) any {
	if w.ended() {
		return unseen{}
	}
	return p.tree(w, v)
}

// base64 returns the coercion tree of what lies inside a value.
func (w *walk) base64(p Plan, v mem.Ptr) any {
	if w.ended() {
		return nil
	}
	return p.base64(w, v)
}

// ended reports whether the walk is over, here or since a place before.
func (w *walk) ended() bool {
	w.stopped = w.stopped || w.tooDeep()
	return w.stopped
}

// unseen stands in a value tree for what was not looked at. No type expression
// accepts it, nor does [wire.AppendValue].
type unseen struct{}

// merge returns the coercion tree that marks what a or b mark.
func merge(a, b any) any {
	to, ok := a.(wire.Object)
	if !ok {
		if a == nil {
			return b
		}
		return a
	}
	from, _ := b.(wire.Object)
	for _, m := range from {
		have, _ := to.Get(m.Key)
		to.Set(m.Key, merge(have, m.Value))
	}
	return to
}

// step returns the coercion tree that leads to tree by key; nil for no tree.
func step(key string, tree any) any {
	if tree == nil {
		return nil
	}
	return wire.Object{{Key: key, Value: tree}}
}
