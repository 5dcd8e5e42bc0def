package conformance

import (
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/telestruct/telestruct/tp/wire"
)

// native returns a tree as the value tree that a Go program has: its numbers are
// int64 and float64 where these can hold them.
func native(tree any) any {
	switch v := tree.(type) {
	case json.Number:
		return nativeNumber(string(v))
	case []any:
		array := make([]any, len(v))
		for i, elem := range v {
			array[i] = native(elem)
		}
		return array
	case wire.Object:
		return nativeObject(v)
	}
	return tree
}

func nativeObject(object wire.Object) wire.Object {
	values := make(wire.Object, len(object))
	for i, m := range object {
		values[i] = wire.Member{Key: m.Key, Value: native(m.Value)}
	}
	return values
}

func nativeNumber(text string) any {
	if !strings.ContainsAny(text, ".eE") {
		if i, err := strconv.ParseInt(text, 10, 64); err == nil {
			return i
		}
	} else if f, err := strconv.ParseFloat(text, 64); err == nil {
		return f
	}
	return wire.Number(text)
}

// plain returns the tree of a value tree in JSON, which has base64 text where the
// value tree has bytes, and whether it has any.
func plain(value any) (tree any, hadBytes bool) {
	switch v := value.(type) {
	case int64:
		return intNumber(v), false
	case float64:
		if number, err := floatNumber(v); err == nil {
			return number, false
		}
	case wire.Number:
		return json.Number(v), false
	case []byte:
		return base64.StdEncoding.EncodeToString(v), true
	case []any:
		array := make([]any, len(v))
		for i := range v {
			elem, had := plain(v[i])
			array[i], hadBytes = elem, hadBytes || had
		}
		return array, hadBytes
	case wire.Object:
		object := make(wire.Object, len(v))
		for i, m := range v {
			member, had := plain(m.Value)
			object[i], hadBytes = wire.Member{Key: m.Key, Value: member}, hadBytes || had
		}
		return object, hadBytes
	}
	return value, false
}
