package sample

import "github.com/telestruct/telestruct/tp/wire"

// Blueprint is a part of a value that is already decided; the rest is made up
// around it (spec section 12.3). The zero value decides nothing, which is not
// the same as a null that was [Given].
//
// Scalars of a blueprint are taken over unseen, a null among them; raw bytes are
// shared, not copied. Keys that the schema does not have are dropped, and so is
// what stands for a list, an object or a tag without being one. Values of type
// any and of the extension types are always made up.
type Blueprint struct {
	value any
	given bool
}

// Given returns the blueprint that decides what the value tree v contains.
func Given(v any) Blueprint { return Blueprint{value: v, given: true} }

// member returns the blueprint of the value at key.
func (b Blueprint) member(key string) Blueprint {
	if object, ok := b.value.(wire.Object); ok {
		if v, ok := object.Get(key); ok {
			return Given(v)
		}
	}
	return Blueprint{}
}
