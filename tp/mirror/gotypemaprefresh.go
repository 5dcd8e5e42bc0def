package mirror

import (
	"math/rand/v2"
	"slices"

	"github.com/telestruct/telestruct/internal/mem"
)

func (s *mapShape) refresh(j *journal, known Value, base, work mem.Ptr, levels int) (Value, *Error) {
	if s.same(base, work) {
		return known, nil
	}
	if s.len(work) == 0 {
		j.copy(s, base, work)
		if known.Len() == 0 {
			return known, nil
		}
		return mapOf(nil, nil), nil
	}
	u := mapUpdate{mapShape: s, j: j, known: known, base: base, work: work, levels: levels - 1, room: s.enter()}
	defer s.leave(u.room)
	s.each(work, u.entry)
	if u.err == nil && u.kept < s.len(base) {
		s.each(base, u.remove)
	}
	if u.err != nil {
		return Value{}, u.err
	}
	// A map keeps the room of what was deleted. It is made anew the more surely the more that was:
	// on the average that costs no more than the deleting.
	if n := len(u.removed); n > 0 && rand.IntN(s.len(work)+n) < n {
		j.add(u.shrink)
	}
	return u.tree()
}

// shrink moves the entries of the map to one that has room for them only.
func (u *mapUpdate) shrink() {
	fresh := u.make(u.len(u.base))
	u.each(u.base, func(k mapKey, elem mem.Ptr) bool {
		u.set(fresh, k, elem)
		return true
	})
	mem.Copy(u.t, u.base, fresh)
}

// mapUpdate is one map that is refreshed.
type mapUpdate struct {
	*mapShape
	j          *journal
	known      Value
	base, work mem.Ptr
	levels     int
	room       *mapRoom

	// kept counts the keys that both maps have. Of these, values are in changed when their
	// trees are others.
	kept           int
	changed, added []mapEntry
	removed        []string
	err            *Error
}

// entry looks at an entry of the map that is worked with.
func (u *mapUpdate) entry(k mapKey, elem mem.Ptr) bool {
	if !u.load(u.base, k, u.room.a) {
		u.add(k, elem)
		return u.err == nil
	}
	u.kept++
	if u.elem.same(u.room.a, elem) {
		return true
	}
	// What the two elements lead to is that of the maps; only they themselves are copies.
	before, after := u.own(u.room.a), u.own(elem)
	known, _ := u.known.Get(k.text)
	v, err := u.elem.refresh(u.j, known, before, after, u.levels)
	if err != nil {
		u.err = err.inside(Key(k.text))
		return false
	}
	u.j.add(func() { u.set(u.base, k, before) })
	if !identical(known, v) {
		u.changed = append(u.changed, mapEntry{k.text, v})
	}
	return true
}

func (u *mapUpdate) add(k mapKey, elem mem.Ptr) {
	e, err := u.mapShape.entry(k, elem, u.levels)
	if err != nil {
		u.err = err
		return
	}
	u.added = append(u.added, e)
	after, copied := u.own(elem), mem.New(u.t.Elem())
	u.j.add(func() {
		u.elem.copy(copied, after)
		u.set(u.base, k, copied)
	})
}

// remove looks at an entry of the map as it was.
func (u *mapUpdate) remove(k mapKey, _ mem.Ptr) bool {
	if !u.load(u.work, k, u.room.a) {
		u.removed = append(u.removed, k.text)
		u.j.add(func() { u.delete(u.base, k) })
	}
	return true
}

// tree returns the tree of the map that is worked with.
func (u *mapUpdate) tree() (Value, *Error) {
	known := u.known
	if len(u.changed) > 0 {
		known = mapOf(known.of.keys, slices.Clone(known.of.values))
		for _, e := range u.changed {
			if i, ok := known.of.find(e.key); ok {
				known.of.values[i] = e.value
			}
		}
	}
	if len(u.added)+len(u.removed) == 0 {
		return known, nil
	}
	return entriesValue(u.added, known, u.removed)
}
