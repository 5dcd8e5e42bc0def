package validate

import (
	"strings"

	"github.com/telestruct/telestruct/tp/wire"
)

// place says where a value stands: the step that leads to it from the place
// above. A nil place is the root.
//
// Places live on the stack of the walk, so that a path costs nothing until there
// is something to report. They stay there only as long as nothing that is kept
// comes out of one; keys are therefore copied.
type place struct {
	up    *place
	key   string // the object key, when index is negative
	index int    // the array position
	wild  bool   // one of many values of the same type: coercion trees say "*"
	depth int    // the number of steps from the root
}

// top returns the place of a member of the root object.
func top(key string) place { return (*place)(nil).member(key) }

// member returns the place of an object's member below p, for a member whose
// type belongs to its key.
func (p *place) member(key string) place {
	return place{up: p, key: key, index: -1, depth: p.steps() + 1}
}

// elements returns a place below p for the elements of an array, one after the
// other: the walk sets index.
func (p *place) elements() place {
	return place{up: p, wild: true, depth: p.steps() + 1}
}

// values returns a place below p for the values of a string map, one after the
// other: the walk sets key.
func (p *place) values() place {
	return place{up: p, index: -1, wild: true, depth: p.steps() + 1}
}

func (p *place) steps() int {
	if p == nil {
		return 0
	}
	return p.depth
}

// path returns the way from the root to p, and how many bytes its keys have.
// Keys that are not UTF-8 are repaired, since they could not be reported
// otherwise.
func (p *place) path() (wire.Path, int) {
	path, size := make(wire.Path, p.steps()), 0
	for ; p != nil; p = p.up {
		if p.index >= 0 {
			path[p.depth-1] = p.index
			continue
		}
		size += len(p.key)
		path[p.depth-1] = strings.ToValidUTF8(strings.Clone(p.key), "\uFFFD")
	}
	return path, size
}
