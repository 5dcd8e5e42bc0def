package wire

import "bytes"

// Value reads any value and returns its value tree, which is the caller's own.
// Keys that are numbers become names by f. It fails on a map that has a key twice,
// also once by its number and once by its name.
func (r *BinaryReader) Value(f *Fields) (any, bool) {
	switch r.Kind() {
	case KindNull:
		r.pos++
		return nil, true
	case KindBool:
		return boxed(r.Bool())
	case KindInteger, KindFloat:
		return r.number()
	case KindString:
		return boxed(r.String())
	case KindBytes:
		return r.ownBytes()
	case KindArray:
		return r.anyArray(f)
	case KindMap:
		return r.anyObject(f)
	}
	return nil, r.fail("expected a value")
}

// Boxing an empty array, object or string of bytes takes 24 times the byte that
// it comes from. Nobody can change these ones.
var emptyArray, emptyObject, emptyBytes any = []any{}, Object{}, []byte{}

func (r *BinaryReader) ownBytes() (any, bool) {
	v, ok := r.Bytes()
	switch {
	case !ok:
		return nil, false
	case len(v) == 0:
		return emptyBytes, true
	}
	return bytes.Clone(v), true
}

func (r *BinaryReader) anyArray(f *Fields) (any, bool) {
	array, ok := r.array(f, (*BinaryReader).Value)
	switch {
	case !ok:
		return nil, false
	case len(array) == 0:
		return emptyArray, true
	}
	return array, true
}

func (r *BinaryReader) anyObject(f *Fields) (any, bool) {
	object, ok := r.object(f)
	switch {
	case !ok:
		return nil, false
	case len(object) == 0:
		return emptyObject, true
	}
	return object, true
}

// GoValue is Value as users read one: as [Reader.GoValue].
func (r *BinaryReader) GoValue(f *Fields) (any, bool) {
	switch r.Kind() {
	case KindArray:
		list, ok := r.array(f, (*BinaryReader).GoValue)
		if !ok || !r.spendGoList(len(list)) {
			return nil, false
		}
		return list, true
	case KindMap:
		base := len(r.members)
		if !r.collectMembers(f, (*BinaryReader).GoValue) {
			return nil, false
		}
		return boxed(r.takeGoMap(base))
	}
	return r.Value(f)
}

// array reads an array, each element by read.
func (r *BinaryReader) array(f *Fields, read func(*BinaryReader, *Fields) (any, bool)) ([]any, bool) {
	items, ok := r.Array()
	if !ok {
		return nil, false
	}
	base := len(r.values)
	for {
		if more, ok := r.More(&items); !more {
			return r.takeValues(base), ok
		}
		v, ok := read(r, f)
		if !ok {
			return nil, false
		}
		r.values = append(withRoom(r.values, 1+r.Remaining()), v)
	}
}

// object reads a map.
func (r *BinaryReader) object(f *Fields) (Object, bool) {
	base := len(r.members)
	if !r.collectMembers(f, (*BinaryReader).Value) {
		return nil, false
	}
	return r.takeMembers(base)
}

// collectMembers reads a map, each value by read, and adds its entries to the
// scratch list. The caller takes them.
func (r *BinaryReader) collectMembers(f *Fields, read func(*BinaryReader, *Fields) (any, bool)) bool {
	items, ok := r.Map()
	if !ok {
		return false
	}
	for {
		if more, ok := r.More(&items); !more {
			return ok
		}
		var m Member
		if m.Key, ok = r.FieldName(f); !ok {
			return false
		}
		if m.Value, ok = read(r, f); !ok {
			return false
		}
		r.members = append(withRoom(r.members, 1+r.Remaining()/2), m)
	}
}

// Skip reads any value and drops it. It fails where [BinaryReader.Value] does, but
// knows neither which numbers are keys nor whether a key comes twice.
func (r *BinaryReader) Skip() bool {
	var found oddities
	return r.pass(&found) && (found == oddities{} || r.fail("expected a value"))
}

// oddities are what is well formed, but no value.
type oddities struct {
	keys   bool // keys that are neither names nor numbers of fields
	packed bool // parts of packed lists
}

// pass reads one well-formed item and notes what it finds in it.
func (r *BinaryReader) pass(found *oddities) bool {
	l := r.lead()
	switch l.kind {
	case KindNull, KindBool, KindUndefined:
		found.packed = found.packed || l.kind == KindUndefined
		r.pos++
		return true
	case KindInteger:
		_, ok := r.argument(l)
		return ok
	case KindFloat:
		_, ok := r.Float64()
		return ok
	case KindString:
		_, ok := r.StringBytes()
		return ok
	case KindBytes:
		_, ok := r.Bytes()
		return ok
	case KindArray:
		return r.passArray(found)
	case KindMap:
		return r.passMap(found)
	}
	if l.form != formTagged {
		return r.fail("expected a value")
	}
	return r.passTagged(l, found)
}

func (r *BinaryReader) passTagged(l lead, found *oddities) bool {
	if r.Marker() || r.Undefined() {
		found.packed = true
		return true
	}
	_, _, ok := r.bigBytes(l)
	return ok
}

func (r *BinaryReader) passArray(found *oddities) bool {
	items, ok := r.Array()
	for ok {
		var more bool
		if more, ok = r.More(&items); !more {
			return ok
		}
		ok = r.pass(found)
	}
	return false
}

func (r *BinaryReader) passMap(found *oddities) bool {
	items, ok := r.Map()
	for ok {
		var more bool
		if more, ok = r.More(&items); !more {
			return ok
		}
		ok = r.passKey(found) && r.pass(found)
	}
	return false
}

func (r *BinaryReader) passKey(found *oddities) bool {
	if _, _, ok := r.Key(); ok {
		return true
	}
	if r.problem != badKey {
		return false
	}
	r.problem = ""
	found.keys = true
	return r.pass(found)
}
