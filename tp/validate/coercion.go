package validate

import (
	"strings"

	"github.com/telestruct/telestruct/tp/wire"
)

// direction says which of the two spellings of bytes has to be found, because
// it is going to be turned into the other (spec section 7.1).
type direction uint8

const (
	nowhere   direction = iota // headers and single values: record nothing
	toHandler                  // requests, and responses that will be binary: base64 text becomes raw bytes
	toJSON                     // raw bytes become base64 text
)

// node is one object of a coercion tree while the tree grows; a node without
// children is a leaf. Children are few: their number is that of a struct's
// fields or a union's tags.
type node struct {
	steps    []string
	children []*node
}

func (n *node) child(step string) *node {
	for i, s := range n.steps {
		if s == step {
			return n.children[i]
		}
	}
	child := &node{}
	n.steps = append(n.steps, strings.Clone(step))
	n.children = append(n.children, child)
	return child
}

// tree returns the node as values: nil for no node, true for a leaf.
func (n *node) tree() any {
	if n == nil {
		return nil
	}
	if len(n.steps) == 0 {
		return true
	}
	tree := make(wire.Object, len(n.steps))
	for i, step := range n.steps {
		tree[i] = wire.Member{Key: step, Value: n.children[i].tree()}
	}
	return tree
}

// coerce records that the value at the given place has to be coerced.
func (w *walk) coerce(at *place) {
	if w.coercions == nil {
		w.coercions = &node{}
	}
	w.coercions.at(at)
}

// at returns the node of a place below the root n, and makes what is missing on
// the way.
func (n *node) at(p *place) *node {
	if p == nil {
		return n
	}
	step := p.key
	if p.wild {
		step = "*"
	}
	return n.at(p.up).child(step)
}
