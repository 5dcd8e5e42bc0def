package mirror

import (
	"slices"
)

// Diff returns the operations that make new of old: none when the two are equal. The list is
// the same for everybody who follows the protocol (section 4). Values with NaN have no
// difference that ends: NaN does not equal itself. What old and new share takes no time.
func Diff(old, new Value) []Op {
	var d differences
	d.diff(old, new)
	return d.ops
}

// change returns operations that make new of old, for who has old: those of Diff, or one that sets
// the whole value where they would repeat so many names that this takes less.
func change(old, new Value) []Op {
	ops := Diff(old, new)
	names := 0
	for i := range ops {
		for _, s := range ops[i].Path {
			names += len(s.key)
		}
	}
	// A patch of many operations on few names is usual, and short; new is not weighed for that.
	const few = 1 << 20
	if names > few && names > new.weight() {
		return []Op{Set(nil, new)}
	}
	return ops
}

// differences collects operations.
type differences struct {
	ops []Op
	// path leads to what is being compared.
	path Path
}

// enter extends the path; leave takes the step back.
func (d *differences) enter(s Segment) { d.path = append(d.path, s) }
func (d *differences) leave()          { d.path = d.path[:len(d.path)-1] }

// add appends the operation, which gets the path.
func (d *differences) add(op Op) {
	op.Path = slices.Clone(d.path)
	d.ops = append(d.ops, op)
}

// set and remove are for what is one step below the path.
func (d *differences) set(s Segment, v Value) {
	d.enter(s)
	d.add(Op{Kind: OpSet, Value: v})
	d.leave()
}

func (d *differences) remove(key string) {
	d.enter(Key(key))
	d.add(Op{Kind: OpRemove})
	d.leave()
}

// diff adds what makes new of old, which are at the path.
func (d *differences) diff(old, new Value) {
	switch {
	case old.Kind() == KindMap && new.Kind() == KindMap:
		if old.of != new.of {
			d.diffMaps(old.of, new.of)
		}
	case old.Kind() == KindList && new.Kind() == KindList:
		if old.of != new.of {
			d.diffLists(lists{old.of.values, new.of.values})
		}
	case !old.Equal(new):
		d.add(Op{Kind: OpSet, Value: new})
	}
}

func (d *differences) diffMaps(old, new *node) {
	if sameKeys(old.keys, new.keys) {
		for i, key := range new.keys {
			d.diffAt(Key(key), old.values[i], new.values[i])
		}
		return
	}
	var removed []string
	i := 0
	for j, key := range new.keys {
		for i < len(old.keys) && old.keys[i] < key {
			removed = append(removed, old.keys[i])
			i++
		}
		if i < len(old.keys) && old.keys[i] == key {
			d.diffAt(Key(key), old.values[i], new.values[j])
			i++
		} else {
			d.set(Key(key), new.values[j])
		}
	}
	for _, key := range append(removed, old.keys[i:]...) {
		d.remove(key)
	}
}

// diffAt is diff for what is one step below the path.
func (d *differences) diffAt(s Segment, old, new Value) {
	d.enter(s)
	d.diff(old, new)
	d.leave()
}
