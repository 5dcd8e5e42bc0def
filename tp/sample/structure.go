package sample

import (
	"cmp"
	"slices"

	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/wire"
)

// structure makes a struct, arguments or the payload of a tag: its fields by
// ascending name.
func (w *walk) structure(s *schema.Struct, b Blueprint) wire.Object {
	again := w.enter(s)
	object := make(wire.Object, 0, len(s.Fields))
	for _, f := range ascending(s.Fields, fieldName) {
		decided := b.member(f.Name)
		if decided.given || w.includes(f) {
			object = append(object, wire.Member{Key: f.Name, Value: w.value(f.Type, decided)})
		}
	}
	w.leave(s, again)
	return object
}

// includes decides whether a field is there that no blueprint has.
func (w *walk) includes(f *schema.Field) bool {
	switch {
	case !f.Optional && !w.partial:
		return true
	case w.ending():
		return false
	case !f.Optional:
		return !w.random.boolean()
	case w.optional == Randomize:
		return !w.random.boolean()
	default:
		return w.optional == Include
	}
}

// union makes a value of a union or a result.
func (w *walk) union(u *schema.Union, b Blueprint) wire.Object {
	again := w.enter(u)
	tag, payload := w.tag(u, b)
	object := wire.Object{{Key: tag.Name, Value: w.structure(tag.Payload, payload)}}
	w.leave(u, again)
	return object
}

// tag decides the tag of a union: the blueprint's, or else one drawn from the
// tags by ascending name.
func (w *walk) tag(u *schema.Union, b Blueprint) (*schema.Tag, Blueprint) {
	for _, t := range u.Tags {
		if payload := b.member(t.Name); payload.given {
			return t, payload
		}
	}
	if w.ending() {
		if t := w.shortest(u); t != nil {
			return t, Blueprint{}
		}
	}
	// A single tag costs a draw like any other.
	index := w.random.below(len(u.Tags))
	return ascending(u.Tags, tagName)[index], Blueprint{}
}

// link makes the body of a request: the union whose only tag is the function.
func (w *walk) link(f *schema.Function, b Blueprint) wire.Object {
	args := b.member(f.Key)
	if !args.given {
		w.random.next() // the draw of that tag
	}
	return wire.Object{{Key: f.Key, Value: w.structure(f.Args, args)}}
}

// ascending returns list in the order of its names, and list itself if that is
// its order already.
func ascending[T any](list []T, name func(T) string) []T {
	compare := func(a, b T) int { return cmp.Compare(name(a), name(b)) }
	if slices.IsSortedFunc(list, compare) {
		return list
	}
	return slices.SortedFunc(slices.Values(list), compare)
}

func fieldName(f *schema.Field) string { return f.Name }

func tagName(t *schema.Tag) string { return t.Name }
