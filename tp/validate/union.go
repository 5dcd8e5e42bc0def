package validate

import (
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/wire"
)

// union validates a value against a union (spec section 4.8).
func (w *walk) union(u *schema.Union, value any, at *place) {
	if only, ok := w.only(value, at); ok {
		w.tag(u, only.Key, only.Value, at)
	}
}

// tag validates the payload of one tag of a union, where at is the union's
// place.
func (w *walk) tag(u *schema.Union, tag string, payload any, at *place) {
	in := at.member(tag)
	t := u.Tag(tag)
	if t == nil {
		w.fail(&in, objectKeyDisallowed, nil)
		return
	}
	w.structure(t.Payload, choice{definition: u.Key, tag: tag}, payload, &in)
}

// link validates a value against a function used as a type: a union whose only
// tag is the function's name (spec section 4.9). No field of it can be selected.
func (w *walk) link(f *schema.Function, value any, at *place) {
	only, ok := w.only(value, at)
	if !ok {
		return
	}
	in := at.member(only.Key)
	if only.Key != f.Key {
		w.fail(&in, objectKeyDisallowed, nil)
		return
	}
	w.structure(f.Args, unselected, only.Value, &in)
}

// only returns the single member that a union value has.
func (w *walk) only(value any, at *place) (wire.Member, bool) {
	object, ok := value.(wire.Object)
	if !ok {
		w.unexpected(at, value, "Object")
		return wire.Member{}, false
	}
	if len(object) == 1 {
		return object[0], true
	}
	if !w.full() {
		w.fail(at, objectSizeUnexpected, wire.Object{
			{Key: "actual", Value: int64(len(object))},
			{Key: "expected", Value: int64(1)},
		})
	}
	return wire.Member{}, false
}
