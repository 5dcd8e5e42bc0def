package mirror

import (
	"math"
	"slices"
	"strconv"
)

// What others send may shift so many elements of lists: maxShifts, and each one of the lists that
// it changes shiftsPerElement times, which is twice what Diff finds. A megabyte of insertions at
// the front of a long list could otherwise keep a server busy for minutes.
const maxShifts, shiftsPerElement = 1 << 25, 16

// Apply returns what v becomes when the operations are carried out in order, each on the
// result of the one before (section 3.1). It fails with an *[Error] when any of them fails;
// v is as it was in any case, for values do not change. What the operations do not touch is
// shared with v; each list or map on their paths is copied once.
func Apply(v Value, ops []Op) (Value, error) {
	v, err := apply(v, ops, math.MaxInt)
	if err != nil {
		return Value{}, err
	}
	return v, nil
}

// applyForeign applies operations that others have sent, and fails also when they shift too many
// elements.
func applyForeign(v Value, ops []Op) (Value, *Error) { return apply(v, ops, maxShifts) }

// apply is Apply, and fails when the operations shift so many elements more than
// shiftsPerElement lets them.
func apply(v Value, ops []Op, shifts int) (Value, *Error) {
	e := edit{root: v, shifts: shifts}
	if len(ops) > 1 {
		e.owned = map[*node]owned{}
	}
	for i := range ops {
		if err := e.apply(&ops[i]); err != nil {
			err.Op = i
			if err.Path == nil {
				err.Path = ops[i].Path
			}
			return Value{}, err
		}
	}
	e.sortOpen()
	e.trim()
	return e.root, nil
}

// trim gives back the memory of elements that were added and removed again: nobody would count it.
func (e *edit) trim() {
	const few = 16
	for n := range e.owned {
		if cap(n.values) > few+2*len(n.values) {
			n.values = slices.Clone(n.values)
		}
		if cap(n.keys) > few+2*len(n.keys) {
			n.keys = slices.Clone(n.keys)
		}
	}
}

// edit is a value that is being changed.
type edit struct {
	root Value
	// owned has the nodes that were copied already, and nobody else has seen. It is nil when
	// nothing would be copied twice.
	owned map[*node]owned
	// shifts is how many elements of lists may still be shifted.
	shifts int
}

// owned is what is known about a node that was copied.
type owned struct {
	// keys tells whether the keys were copied as well.
	keys bool
	// shifted is how many entries of a map were shifted so far.
	shifted int
	// open has the entries of a map once these were many; the node has them again in the end.
	open map[string]*Value
}

func (e *edit) apply(op *Op) *Error {
	switch {
	case op.Kind != OpSet && op.Kind != OpRemove:
		return e.applyToList(op)
	case len(op.Path) > 0:
		return e.applyToParent(op)
	case op.Kind == OpRemove:
		return &Error{Code: BadPath, Reason: "the root cannot be removed"}
	}
	e.root = op.Value
	return nil
}

// applyToParent carries out a Set or Remove below the root.
func (e *edit) applyToParent(op *Op) *Error {
	last := op.Path[len(op.Path)-1]
	if op.Kind == OpRemove && !last.isKey {
		return &Error{Code: BadPath, Reason: "elements of lists are removed by RemoveAt"}
	}
	parent, err := e.find(op.Path[:len(op.Path)-1])
	if err != nil {
		return err
	}
	at, err := e.child(parent, last)
	switch {
	case err != nil:
		return err
	case at == nil && op.Kind == OpRemove:
		return nil
	}
	n := e.own(op.Path[:len(op.Path)-1])
	if at == nil || op.Kind == OpRemove {
		e.changeKeys(n, last.key, op)
		return nil
	}
	at, err = e.child(n.value(), last)
	if err == nil {
		*at = op.Value
	}
	return err
}

// applyToList carries out one of the operations on lists.
func (e *edit) applyToList(op *Op) *Error {
	list, err := e.find(op.Path)
	if err == nil {
		err = list.takes(op)
	}
	if err != nil {
		return err
	}
	n := e.own(op.Path)
	length := len(n.values)
	switch op.Kind {
	case OpInsert:
		n.values = slices.Insert(n.values, op.Index, op.Value)
		return e.shift(length - op.Index)
	case OpRemoveAt:
		n.values = slices.Delete(n.values, op.Index, op.Index+1)
		return e.shift(length - op.Index)
	case OpMove:
		moveElement(n.values, op.Index, op.To)
		return e.shift(max(op.Index, op.To) - min(op.Index, op.To))
	}
	permuted := make([]Value, length)
	for at, from := range op.Order {
		permuted[at] = n.values[from]
	}
	n.values = permuted
	return nil
}

// shift counts elements that were shifted.
func (e *edit) shift(n int) *Error {
	e.shifts -= n
	if e.shifts < 0 {
		return &Error{Code: TooLarge, Reason: "the patch shifts too many elements"}
	}
	return nil
}

// takes checks that op, which is about lists, can be carried out on v.
func (v Value) takes(op *Op) *Error {
	if err := v.isList(); err != nil {
		return err
	}
	switch {
	case op.Kind == OpReorder:
		return isPermutation(op.Order, v.Len())
	case op.Kind == OpInsert && op.Index == v.Len():
		return nil
	case op.Kind == OpMove && (op.To < 0 || op.To >= v.Len()):
		return outOfBounds(op.To, v.Len())
	}
	return v.holds(op.Index)
}

// isPermutation checks that order has each index of a list of the given length once.
func isPermutation(order []int, length int) *Error {
	if len(order) != length {
		return &Error{Code: BadPermutation, Reason: "the order has " + strconv.Itoa(len(order)) + " indexes for " +
			strconv.Itoa(length) + " elements"}
	}
	seen := make([]bool, length)
	for _, i := range order {
		if i < 0 || i >= length || seen[i] {
			return &Error{Code: BadPermutation, Reason: "the order does not have each index once: " + strconv.Itoa(i)}
		}
		seen[i] = true
	}
	return nil
}

// moveElement takes the element at from out of list and puts it back so that it ends at to.
func moveElement[T any](list []T, from, to int) {
	moved := list[from]
	if from < to {
		copy(list[from:to], list[from+1:to+1])
	} else {
		copy(list[to+1:from+1], list[to:from])
	}
	list[to] = moved
}

// find returns the value at path as it is now.
func (e *edit) find(path Path) (Value, *Error) {
	v := e.root
	for i := range path {
		next, err := e.child(v, path[i])
		if err == nil && next == nil {
			err = keyNotFound(path[i].key)
		}
		if err != nil {
			err.Path = path[:i+1]
			return Value{}, err
		}
		v = *next
	}
	return v, nil
}

// child returns where the value is that is one step below v, as v is now; nil for a key that a
// map does not have.
func (e *edit) child(v Value, s Segment) (*Value, *Error) {
	if open := e.owned[v.of].open; open != nil && s.isKey {
		return open[s.key], nil
	}
	i, err := v.position(s)
	if err != nil || i < 0 {
		return nil, err
	}
	return &v.of.values[i], nil
}

// own returns the node of the list or map at path, which must exist, to be changed: it and
// what is above it are copied unless they have been.
func (e *edit) own(path Path) *node {
	n := e.ownNode(&e.root)
	for _, s := range path {
		at, _ := e.child(n.value(), s)
		n = e.ownNode(at)
	}
	return n
}

func (n *node) value() Value { return Value{of: n} }

func (e *edit) ownNode(v *Value) *node {
	if _, isOwned := e.owned[v.of]; isOwned {
		return v.of
	}
	n := &node{kind: v.of.kind, keys: v.of.keys, values: cloneForOneMore(v.of.values)}
	v.of = n
	if e.owned != nil {
		e.owned[n] = owned{}
	}
	if n.kind == KindList && e.shifts < math.MaxInt/2 {
		e.shifts += shiftsPerElement * len(n.values)
	}
	return n
}

// cloneForOneMore copies list. Most patches add one element, if any.
func cloneForOneMore[T any](list []T) []T { return append(make([]T, 0, len(list)+1), list...) }
