package mirror

import (
	"iter"
	"maps"
	"math"
	"slices"
)

// Value is one value of a model: a tree that never changes once it is made, so that it may
// be kept, shared and read concurrently. Values that are made of others share them. The
// zero Value is Null.
//
// Values must not be compared with ==, nor with [reflect.DeepEqual]; see [Value.Equal].
type Value struct {
	// of tells the kind: nil is Null, and lists and maps have a node of their own.
	of   *node
	bits uint64
	text string
}

// Kind is what a [Value] is (section 2.1).
type Kind uint8

// The kinds of values.
const (
	KindNull Kind = iota
	KindBool
	KindInt
	KindFloat
	KindStr
	KindList
	KindMap
	KindSubmodel
)

// kindNames are the tags of values on the wire.
var kindNames = [...]string{"Null", "Bool", "Int", "Float", "Str", "List", "Map", "Submodel"}

// String returns the name of the kind as it is on the wire.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "no kind"
}

// node is what values of one kind have in common, or the content of one list or map. It
// does not change once a Value that refers to it was handed out.
type node struct {
	kind Kind
	// keys of a map, ascending and unique; values has theirs in the same order. Maps may
	// share keys.
	keys   []string
	values []Value
	// weight is that of a list or map, once somebody has asked; it is read and written atomically.
	weight uintptr
}

var boolNode, intNode, floatNode, strNode, submodelNode = &node{kind: KindBool}, &node{kind: KindInt},
	&node{kind: KindFloat}, &node{kind: KindStr}, &node{kind: KindSubmodel}

// Null returns the value Null.
func Null() Value { return Value{} }

// Bool returns a boolean.
func Bool(v bool) Value {
	if v {
		return Value{of: boolNode, bits: 1}
	}
	return Value{of: boolNode}
}

// Int returns an integer.
func Int(v int64) Value { return Value{of: intNode, bits: uint64(v)} }

// Float returns a floating-point number. NaN and infinities cannot be sent: they are
// refused where a model is hosted or changed, and by codecs.
func Float(v float64) Value { return Value{of: floatNode, bits: math.Float64bits(v)} }

// Str returns a string. What is not valid UTF-8 cannot be sent, as NaN.
func Str(v string) Value { return Value{of: strNode, text: v} }

// Submodel returns a reference to the model with the given number.
func Submodel(id uint64) Value { return Value{of: submodelNode, bits: id} }

// List returns a list of the given values.
func List(values ...Value) Value { return listOf(slices.Clone(values)) }

// listOf is List, and keeps values.
func listOf(values []Value) Value { return Value{of: &node{kind: KindList, values: values}} }

// Map returns a map with the entries of m.
func Map(m map[string]Value) Value {
	keys := slices.Sorted(maps.Keys(m))
	values := make([]Value, len(keys))
	for i, key := range keys {
		values[i] = m[key]
	}
	return mapOf(keys, values)
}

// mapOf returns a map of the keys, which must ascend, and their values, and keeps both.
func mapOf(keys []string, values []Value) Value {
	return Value{of: &node{kind: KindMap, keys: keys, values: values}}
}

// Kind returns the kind of v.
func (v Value) Kind() Kind {
	if v.of == nil {
		return KindNull
	}
	return v.of.kind
}

// IsNull reports whether v is Null.
func (v Value) IsNull() bool { return v.of == nil }

// Bool returns the boolean that v is; ok is false when v is something else.
func (v Value) Bool() (b, ok bool) { return v.of == boolNode && v.bits != 0, v.of == boolNode }

// Int returns the integer that v is; ok is false when v is something else, a float among it.
func (v Value) Int() (n int64, ok bool) {
	if v.of != intNode {
		return 0, false
	}
	return int64(v.bits), true
}

// Float returns the floating-point number that v is; ok is false when v is something else,
// an integer among it.
func (v Value) Float() (f float64, ok bool) {
	if v.of != floatNode {
		return 0, false
	}
	return math.Float64frombits(v.bits), true
}

// Str returns the string that v is; ok is false when v is something else.
func (v Value) Str() (s string, ok bool) { return v.text, v.of == strNode }

// Submodel returns the number of the model that v refers to; ok is false when v is
// something else.
func (v Value) Submodel() (id uint64, ok bool) {
	if v.of != submodelNode {
		return 0, false
	}
	return v.bits, true
}

// Len returns the number of elements of a list, or of entries of a map; 0 for other kinds.
func (v Value) Len() int {
	if v.of == nil {
		return 0
	}
	return len(v.of.values)
}

// At returns the element of a list at the position i. It returns Null where there is none,
// and when v is no list.
func (v Value) At(i int) Value {
	if v.Kind() != KindList || i < 0 || i >= v.Len() {
		return Value{}
	}
	return v.of.values[i]
}

// Get returns the value that a map has under key; ok is false when it has none, or v is
// no map.
func (v Value) Get(key string) (value Value, ok bool) {
	if v.Kind() != KindMap {
		return Value{}, false
	}
	if i, ok := v.of.find(key); ok {
		return v.of.values[i], true
	}
	return Value{}, false
}

// Elements ranges over the elements of a list; over nothing when v is no list.
func (v Value) Elements() iter.Seq2[int, Value] {
	if v.Kind() != KindList {
		return func(func(int, Value) bool) {}
	}
	return slices.All(v.of.values)
}

// Entries ranges over the entries of a map, keys ascending by their bytes; over nothing
// when v is no map.
func (v Value) Entries() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		if v.Kind() != KindMap {
			return
		}
		for i, key := range v.of.keys {
			if !yield(key, v.of.values[i]) {
				return
			}
		}
	}
}

// find returns where the node of a map has key, or would have it.
func (n *node) find(key string) (int, bool) { return slices.BinarySearch(n.keys, key) }
