package validate

import (
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/wire"
)

// array validates a value against [T] (spec section 4.5).
func (w *walk) array(elem *schema.Type, value any, at *place) {
	list, ok := value.([]any)
	if !ok {
		w.unexpected(at, value, "Array")
		return
	}
	in := at.elements()
	for i, v := range list {
		in.index = i
		w.value(elem, v, &in)
	}
}

// mapping validates a value against {"string": T} (spec section 4.6).
func (w *walk) mapping(elem *schema.Type, value any, at *place) {
	object, ok := value.(wire.Object)
	if !ok {
		w.unexpected(at, value, "Object")
		return
	}
	repeated := repeats(object)
	in := at.values()
	for i := range object {
		in.key = object[i].Key
		switch {
		case repeated != nil && repeated[i]:
			w.fail(&in, objectKeyDisallowed, nil)
		case w.utf8(object[i].Key, &in):
			w.value(elem, object[i].Value, &in)
		}
	}
}

// repeats returns which members of an object have the key of an earlier one, or
// nil for none, as in everything that was decoded.
func repeats(object wire.Object) []bool {
	if ascends(object) || differs(object) {
		return nil
	}
	repeated, found := make([]bool, len(object)), false
	seen := make(map[string]struct{}, len(object))
	for i := range object {
		if _, ok := seen[object[i].Key]; ok {
			repeated[i], found = true, true
		}
		seen[object[i].Key] = struct{}{}
	}
	if !found {
		return nil
	}
	return repeated
}

func ascends(object wire.Object) bool {
	for i := 1; i < len(object); i++ {
		if object[i-1].Key >= object[i].Key {
			return false
		}
	}
	return true
}

// differs reports whether a small object, for which comparing all pairs is the
// fastest way, has no key twice.
func differs(object wire.Object) bool {
	const small = 16
	if len(object) > small {
		return false
	}
	for i := range object {
		for j := range i {
			if object[i].Key == object[j].Key {
				return false
			}
		}
	}
	return true
}
