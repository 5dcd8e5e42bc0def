package wire

import "bytes"

// Object is a JSON object whose members keep the order they were written in.
// A nil Object is an empty one. Decoded objects never hold a key twice.
type Object []Member

// Member is one entry of an [Object].
type Member struct {
	Key   string
	Value any
}

// Get returns the value at key and whether the object has that key.
// It is linear in the number of members.
func (o Object) Get(key string) (any, bool) {
	for i := range o {
		if o[i].Key == key {
			return o[i].Value, true
		}
	}
	return nil, false
}

// Set stores value at key, in place when the object has the key and as its
// last member otherwise.
func (o *Object) Set(key string, value any) {
	for i := range *o {
		if (*o)[i].Key == key {
			(*o)[i].Value = value
			return
		}
	}
	*o = append(*o, Member{key, value})
}

// Clone returns a copy of the value tree v that shares no array, object or raw
// bytes with it.
func Clone(v any) any {
	switch v := v.(type) {
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = Clone(v[i])
		}
		return list
	case Object:
		object := make(Object, len(v))
		for i := range v {
			object[i] = Member{v[i].Key, Clone(v[i].Value)}
		}
		return object
	case []byte:
		return bytes.Clone(v)
	}
	return v
}

// Number is the text of a JSON number that neither int64 nor float64 can hold:
// an integer outside the signed 64-bit range, or a magnitude beyond binary64
// (spec section 1.5). It is written back as it was read.
type Number string

// Path leads from a root value to a place inside it: strings are object keys,
// ints are array positions (spec section 4.1).
type Path []any

// Tree returns the path as a value tree, an array of its steps. It is never nil,
// and the caller's own.
func (p Path) Tree() []any {
	tree := make([]any, len(p))
	for i, step := range p {
		tree[i] = step
		if position, ok := step.(int); ok {
			tree[i] = int64(position)
		}
	}
	return tree
}
