package wire

import "slices"

// DecodeJSON returns the value tree of data, which must be one JSON value and
// nothing else. It fails with a *[SyntaxError] on anything but JSON in UTF-8,
// on an object that has a key twice, and beyond the limits. The tree does not
// refer to data.
func DecodeJSON(data []byte, l Limits) (any, error) {
	var r Reader
	r.Reset(data, l)
	if v, ok := r.Value(); ok && r.End() {
		return v, nil
	}
	return nil, r.syntaxError(JSON)
}

// Value reads any value and returns its value tree, which is the caller's own.
// It fails on an object that has a key twice.
func (r *Reader) Value() (any, bool) {
	switch r.Peek() {
	case '"':
		return boxed(r.String())
	case '{':
		return boxed(r.Object())
	case '[':
		return boxed(r.array((*Reader).Value, r.limits.Elements))
	case 't', 'f':
		return boxed(r.Bool())
	case 'n':
		return nil, r.Null()
	}
	return r.number()
}

// boxed returns nil instead of what a failing method left behind.
func boxed[T any](v T, ok bool) (any, bool) {
	if !ok {
		return nil, false
	}
	return v, true
}

// array reads an array of at most so many elements, each by read.
func (r *Reader) array(read func(*Reader) (any, bool), most int) ([]any, bool) {
	if !r.Open('[') {
		return nil, false
	}
	if r.CloseEmpty(']') {
		return []any{}, true
	}
	base := len(r.values)
	for more := true; more; {
		v, ok := read(r)
		if !ok {
			return nil, false
		}
		r.values = append(r.values, v)
		if len(r.values)-base > most {
			return nil, r.fail("more array elements than the limit")
		}
		if more, ok = r.Next(']'); !ok {
			return nil, false
		}
	}
	return r.takeValues(base), true
}

// Object reads an object and returns its value tree, which is the caller's
// own. It fails when the object has a key twice.
func (r *Reader) Object() (Object, bool) {
	base := len(r.members)
	if !r.collectMembers((*Reader).Value) {
		return nil, false
	}
	return r.takeMembers(base)
}

// collectMembers reads an object, each value by read, and adds its members to
// the scratch list. The caller drops them.
func (r *Reader) collectMembers(read func(*Reader) (any, bool)) bool {
	if !r.Open('{') {
		return false
	}
	if r.CloseEmpty('}') {
		return true
	}
	base := len(r.members)
	for more := true; more; {
		key, ok := r.Key()
		if !ok {
			return false
		}
		m := Member{Key: string(key)}
		if m.Value, ok = read(r); !ok {
			return false
		}
		r.members = append(r.members, m)
		if len(r.members)-base > r.limits.Elements {
			return r.fail("more object members than the limit")
		}
		if more, ok = r.Next('}'); !ok {
			return false
		}
	}
	return true
}

// repeatedKey returns a key that o has twice.
func (o Object) repeatedKey() (key string, repeated bool) {
	// Comparing all pairs is the fastest for as many members as objects have,
	// sorting keeps a hostile object from costing the square of its size.
	const few = 16
	if len(o) > few {
		return o.repeatedKeySorted()
	}
	for i := range o {
		for j := range i {
			if o[i].Key == o[j].Key {
				return o[i].Key, true
			}
		}
	}
	return "", false
}

func (o Object) repeatedKeySorted() (key string, repeated bool) {
	keys := make([]string, len(o))
	for i := range o {
		keys[i] = o[i].Key
	}
	slices.Sort(keys)
	for i := 1; i < len(keys); i++ {
		if keys[i] == keys[i-1] {
			return keys[i], true
		}
	}
	return "", false
}
