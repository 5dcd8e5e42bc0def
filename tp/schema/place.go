package schema

import (
	"slices"

	"github.com/telestruct/telestruct/tp/wire"
)

// start is the location of everything that has none of its own: a path that is
// absent from the text, an unreadable text, definitions derived from Go (spec
// section 10).
var start = Location{Row: 1, Col: 1}

// place is a spot in a source: the way to it, where it stands in the text, and
// the value there. Paths are spelled out only for what is kept or reported.
type place struct {
	source *source
	parent *place
	step   any // string or int; nil at the root
	at     Location
	node   *node // nil when the text has no such place
	// definition is the schema key of the definition that p is the place of,
	// once that is known.
	definition string
}

// element returns the i-th element of the array at p.
func (p *place) element(elements []node, i int) *place {
	return &place{source: p.source, parent: p, step: i, at: elements[i].at, node: &elements[i]}
}

// entry returns an entry of the object at p.
func (p *place) entry(m *member) *place {
	return &place{source: p.source, parent: p, step: m.key, at: m.at, node: &m.value}
}

// key returns the entry called name of the object at p, which need not exist.
func (p *place) key(name string) *place {
	members, _ := p.node.value.([]member)
	for i := range members {
		if members[i].key == name {
			return p.entry(&members[i])
		}
	}
	return &place{source: p.source, parent: p, step: name, at: start}
}

// keys returns the keys of the object at p; none if there is no object.
func (p *place) keys() []string {
	if p.node == nil {
		return nil
	}
	members, _ := p.node.value.([]member)
	keys := make([]string, len(members))
	for i := range members {
		keys[i] = members[i].key
	}
	return keys
}

// path spells out the way from the root of the source to p.
func (p *place) path() wire.Path {
	path := wire.Path{}
	for ; p.parent != nil; p = p.parent {
		path = append(path, p.step)
	}
	slices.Reverse(path)
	return path
}

// origin returns p in the form that definitions and failures carry.
func (p *place) origin() Origin {
	path := p.path()
	o := Origin{Document: p.source.name, Path: path, Location: p.at}
	if p.source.blind {
		o.Location = start
	}
	if given := originAt(p.source.derived, path); given.Go != "" {
		o.Go, o.Site = given.Go, given.Site
	}
	return o
}
