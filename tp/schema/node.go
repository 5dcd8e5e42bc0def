package schema

import (
	"slices"

	"github.com/telestruct/telestruct/tp/wire"
)

// node is a value of a document and where its first character stands. The
// value is nil, a bool, int64, float64, [wire.Number], string, []node for an
// array, or []member for an object.
type node struct {
	at    Location
	value any
}

// member is one entry of an object; at is the first character of the key.
type member struct {
	key   string
	at    Location
	value node
}

// plain returns the value tree without positions.
func (n *node) plain() any {
	switch v := n.value.(type) {
	case []node:
		array := make([]any, len(v))
		for i := range v {
			array[i] = v[i].plain()
		}
		return array
	case []member:
		object := make(wire.Object, len(v))
		for i := range v {
			object[i] = wire.Member{Key: v[i].key, Value: v[i].value.plain()}
		}
		return object
	}
	return n.value
}

// kindName is the name of the value's kind in failures (spec section 9).
func (n *node) kindName() string {
	switch n.value.(type) {
	case nil:
		return "Null"
	case bool:
		return "Boolean"
	case string:
		return "String"
	case []node:
		return "Array"
	case []member:
		return "Object"
	}
	return "Number"
}

// hasKey reports whether key is the key of any object inside n.
func (n *node) hasKey(key string) bool {
	switch v := n.value.(type) {
	case []node:
		return slices.ContainsFunc(v, func(e node) bool { return e.hasKey(key) })
	case []member:
		return slices.ContainsFunc(v, func(m member) bool { return m.key == key || m.value.hasKey(key) })
	}
	return false
}

// nodeOf returns the value tree v as a node without positions.
func nodeOf(v any) node {
	switch v := v.(type) {
	case []any:
		array := make([]node, len(v))
		for i := range v {
			array[i] = nodeOf(v[i])
		}
		return node{value: array}
	case wire.Object:
		object := make([]member, len(v))
		for i := range v {
			object[i] = member{key: v[i].Key, value: nodeOf(v[i].Value)}
		}
		return node{value: object}
	}
	return node{value: v}
}
