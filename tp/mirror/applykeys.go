package mirror

import (
	"maps"
	"slices"
)

// changeKeys sets a key that the map does not have, or removes one that it has. A map in which
// that shifts many entries is opened: each further key then costs the same.
func (e *edit) changeKeys(n *node, key string, op *Op) {
	o := e.owned[n]
	if o.open != nil {
		if delete(o.open, key); op.Kind == OpSet {
			v := op.Value // the patch is not to change with it
			o.open[key] = &v
		}
		return
	}
	if !o.keys {
		n.keys = cloneForOneMore(n.keys)
		o.keys = true
	}
	at, _ := n.find(key)
	if op.Kind == OpSet {
		n.keys = slices.Insert(n.keys, at, key)
		n.values = slices.Insert(n.values, at, op.Value)
	} else {
		n.keys = slices.Delete(n.keys, at, at+1)
		n.values = slices.Delete(n.values, at, at+1)
	}
	if e.owned == nil {
		return
	}
	const few = 1 << 12
	if o.shifted += len(n.values) - at; o.shifted > few+shiftsPerElement*len(n.values) {
		o.open = n.opened()
	}
	e.owned[n] = o
}

// opened returns the entries of a map, whose values may be changed.
func (n *node) opened() map[string]*Value {
	open := make(map[string]*Value, len(n.keys))
	for i, key := range n.keys {
		open[key] = &n.values[i]
	}
	return open
}

// sortOpen gives maps that were opened their entries again.
func (e *edit) sortOpen() {
	for n, o := range e.owned {
		if o.open == nil {
			continue
		}
		n.keys = slices.Sorted(maps.Keys(o.open))
		values := make([]Value, len(n.keys))
		for i, key := range n.keys {
			values[i] = *o.open[key]
		}
		n.values = values
	}
}
