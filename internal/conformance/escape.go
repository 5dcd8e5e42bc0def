package conformance

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/telestruct/telestruct/tp/wire"
)

// unescape returns the tree of a vector file with the three escapes, objects
// whose only key is $bytes, $ext or $intkeys, replaced by what they stand for.
func unescape(tree any) (any, error) {
	switch v := tree.(type) {
	case []any:
		array := make([]any, len(v))
		for i, elem := range v {
			var err error
			if array[i], err = unescape(elem); err != nil {
				return nil, err
			}
		}
		return array, nil
	case wire.Object:
		if len(v) == 1 {
			return unescapeSingle(v)
		}
		return unescapeMembers(v)
	}
	return tree, nil
}

func unescapeSingle(object wire.Object) (any, error) {
	value := object[0].Value
	switch object[0].Key {
	case "$bytes":
		return unescapeBytes(value)
	case "$ext":
		return unescapeExtension(value)
	case "$intkeys":
		return unescapeKeys(value)
	}
	return unescapeMembers(object)
}

func unescapeMembers(object wire.Object) (any, error) {
	plain := make(wire.Object, len(object))
	for i, m := range object {
		v, err := unescape(m.Value)
		if err != nil {
			return nil, err
		}
		plain[i] = wire.Member{Key: m.Key, Value: v}
	}
	return plain, nil
}

func unescapeBytes(value any) ([]byte, error) {
	text, ok := value.(string)
	if !ok {
		return nil, fmt.Errorf("$bytes is %s; want base64 text", encodeJSON(value))
	}
	return base64.StdEncoding.DecodeString(text)
}

func unescapeExtension(value any) (any, error) {
	pair, _ := value.([]any)
	if len(pair) != 2 {
		return nil, fmt.Errorf("$ext is %s; want a code and base64 text", encodeJSON(value))
	}
	number, _ := pair[0].(json.Number)
	code, err := number.Int64()
	if err != nil {
		return nil, fmt.Errorf("the code of $ext: %w", err)
	}
	data, err := unescapeBytes(pair[1])
	if err != nil {
		return nil, err
	}
	return extension{code, data}, nil
}

func unescapeKeys(value any) (any, error) {
	object, ok := value.(wire.Object)
	if !ok {
		return nil, fmt.Errorf("$intkeys is %s; want an object", encodeJSON(value))
	}
	keys := intMap{}
	for _, m := range object {
		key, err := strconv.ParseInt(m.Key, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("a key of $intkeys: %w", err)
		}
		if keys[key], err = unescape(m.Value); err != nil {
			return nil, err
		}
	}
	return keys, nil
}
