package conformance

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/telestruct/telestruct/tp/wire"
)

// A tree is a message, or a part of one, as the vectors and the answers hold it:
//
//	nil, bool, string
//	json.Number            with its digits as they were written
//	[]byte                 raw bytes
//	extension              of MessagePack
//	[]any
//	wire.Object            members in the order they were written
//	intMap                 a map whose keys are integers
//	mixedMap               a map with both kinds of keys
//
// Trees are decoded by package encoding/json and by [decodeBinary] rather than by
// the module's own readers, which are under test.

// extension is a MessagePack extension value.
type extension struct {
	code int64
	data []byte
}

// intMap is a map whose keys are integers.
type intMap map[int64]any

func isJSON(data []byte) bool { return utf8.Valid(data) && json.Valid(data) }

// decodeAnswer returns the tree of an answer, in JSON or in a binary format.
func decodeAnswer(data []byte) (any, error) {
	if isJSON(data) {
		return decodeJSON(data)
	}
	tree, err := decodeBinary(data)
	if err != nil {
		return nil, fmt.Errorf("%q is neither JSON nor binary: %w", data, err)
	}
	return tree, nil
}

// decodeJSON returns the tree of data, one JSON value in UTF-8. It fails on an
// object that has a key twice, which encoding/json would accept.
func decodeJSON(data []byte) (any, error) {
	if !isJSON(data) {
		return nil, errors.New("not JSON")
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	return readTree(d)
}

func readTree(d *json.Decoder) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('['):
		return readArray(d)
	case json.Delim('{'):
		return readObject(d)
	}
	return token, nil
}

func readArray(d *json.Decoder) (any, error) {
	array := []any{}
	for d.More() {
		v, err := readTree(d)
		if err != nil {
			return nil, err
		}
		array = append(array, v)
	}
	_, err := d.Token()
	return array, err
}

func readObject(d *json.Decoder) (any, error) {
	object := wire.Object{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		key, _ := token.(string) // the text is valid
		if _, ok := object.Get(key); ok {
			return nil, fmt.Errorf("an object has the key %q twice", key)
		}
		v, err := readTree(d)
		if err != nil {
			return nil, err
		}
		object = append(object, wire.Member{Key: key, Value: v})
	}
	_, err := d.Token()
	return object, err
}

// encodeJSON returns the JSON text of a tree. What JSON does not have is written
// in the escapes of the vector files.
func encodeJSON(tree any) []byte { return appendJSON(nil, tree) }

func appendJSON(b []byte, tree any) []byte {
	switch v := tree.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, v)
	case json.Number:
		return append(b, v...)
	case string:
		return appendString(b, v)
	case []any:
		b = append(b, '[')
		for i, elem := range v {
			b = appendJSON(separate(b, i), elem)
		}
		return append(b, ']')
	case wire.Object:
		b = append(b, '{')
		for i, m := range v {
			b = append(appendString(separate(b, i), m.Key), ':')
			b = appendJSON(b, m.Value)
		}
		return append(b, '}')
	}
	return appendJSON(b, escape(tree))
}

func separate(b []byte, i int) []byte {
	if i == 0 {
		return b
	}
	return append(b, ',')
}

func appendString(b []byte, s string) []byte {
	text := bytes.NewBuffer(b)
	e := json.NewEncoder(text)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // neither a string nor a buffer fails
	return bytes.TrimSuffix(text.Bytes(), []byte("\n"))
}

// escape returns the escape of what JSON does not have.
func escape(tree any) wire.Object {
	switch v := tree.(type) {
	case []byte:
		return wire.Object{{Key: "$bytes", Value: base64.StdEncoding.EncodeToString(v)}}
	case extension:
		code := json.Number(strconv.FormatInt(v.code, 10))
		return wire.Object{{Key: "$ext", Value: []any{code, base64.StdEncoding.EncodeToString(v.data)}}}
	case intMap:
		return wire.Object{{Key: "$intkeys", Value: v.object()}}
	case mixedMap:
		return append(escape(v.numbered), v.named...)
	}
	return wire.Object{{Key: "$unknown", Value: fmt.Sprintf("%T", tree)}}
}

// object returns the map with its keys as text, ascending.
func (m intMap) object() wire.Object {
	keys := make([]int64, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	object := wire.Object{}
	for _, key := range keys {
		object = append(object, wire.Member{Key: strconv.FormatInt(key, 10), Value: m[key]})
	}
	return object
}
