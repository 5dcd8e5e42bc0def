package wire

import (
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"strconv"
)

// FromGo returns the value tree of a Go value that stands where the schema says
// any: booleans, numbers, strings, json.Number, []byte, other slices, arrays
// and maps with string keys (their members ascending), of any type and nesting,
// and value trees themselves. What has no place in a message, such as a
// channel, a struct or NaN, stays in the tree as it is, for [AppendValue] and
// the validator to refuse; so does all of v when it contains itself.
//
// A nil slice or map is an empty one. The tree may share memory with v.
func FromGo(v any) any {
	c := goConverter{depth: maxNesting}
	tree := c.tree(v)
	if c.tooDeep {
		return v
	}
	return tree
}

// goConverter turns Go values into value trees.
type goConverter struct {
	depth   int  // levels that may still be entered
	tooDeep bool // the limit was met; nothing more is converted
}

func (c *goConverter) tree(v any) any {
	switch v := v.(type) {
	case nil, bool, int64, string, float64:
		return v
	case int:
		return int64(v)
	case Number:
		return numberFromText(string(v), v)
	case json.Number:
		return numberFromText(string(v), v)
	case []byte:
		if v == nil {
			return []byte{}
		}
		return v
	}
	if c.depth == 0 || c.tooDeep {
		c.tooDeep = true
		return v
	}
	c.depth--
	defer func() { c.depth++ }()
	if object, ok := v.(Object); ok {
		return c.object(object)
	}
	return c.reflected(reflect.ValueOf(v))
}

func (c *goConverter) object(object Object) any {
	tree := make(Object, len(object))
	for i, m := range object {
		tree[i] = Member{m.Key, c.tree(m.Value)}
	}
	return tree
}

// reflected converts by kind what is of no type that is known by name.
func (c *goConverter) reflected(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Bool:
		return v.Bool()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int()
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return treeUint(v.Uint())
	case reflect.Float32, reflect.Float64:
		return v.Float()
	case reflect.String:
		return v.String()
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return append([]byte{}, v.Bytes()...)
		}
		return c.array(v)
	case reflect.Array:
		return c.array(v)
	case reflect.Map:
		if v.Type().Key().Kind() == reflect.String {
			return c.mapping(v)
		}
	}
	return v.Interface()
}

func (c *goConverter) array(v reflect.Value) any {
	tree := make([]any, v.Len())
	for i := range tree {
		tree[i] = c.tree(v.Index(i).Interface())
	}
	return tree
}

func (c *goConverter) mapping(v reflect.Value) any {
	tree := make(Object, 0, v.Len())
	for i := v.MapRange(); i.Next(); {
		tree = append(tree, Member{i.Key().String(), c.tree(i.Value().Interface())})
	}
	slices.SortFunc(tree, func(a, b Member) int {
		if a.Key < b.Key {
			return -1
		}
		return 1
	})
	return tree
}

func treeUint(v uint64) any {
	if v > math.MaxInt64 {
		return Number(strconv.FormatUint(v, 10))
	}
	return int64(v)
}

// numberFromText returns the number that text is, or v when it is none.
func numberFromText(text string, v any) any {
	if tree, ok := ParseNumber(text); ok {
		return tree
	}
	return v
}

// ToGo returns the value tree v as users read one: every [Object] becomes a
// map[string]any. It copies what it changes; scalars are shared.
func ToGo(v any) any {
	switch v := v.(type) {
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = ToGo(v[i])
		}
		return list
	case Object:
		m := make(map[string]any, len(v))
		for i := range v {
			m[v[i].Key] = ToGo(v[i].Value)
		}
		return m
	}
	return v
}
