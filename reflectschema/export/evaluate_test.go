package export_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"pgregory.net/rapid"
)

// evaluator reads a JSON Schema as any validator does, for the keywords
// that this package writes. An unknown keyword fails the test, so that nothing
// is written that the tests do not read.
type evaluator struct {
	t    rapid.TB
	root any
}

func newEvaluator(t rapid.TB, schema any) *evaluator {
	t.Helper()
	text, err := json.Marshal(schema)
	if err != nil {
		t.Fatal(err)
	}
	return &evaluator{t: t, root: decode(t, text)}
}

// decode reads JSON with exact numbers.
func decode(t rapid.TB, text []byte) any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return value
}

func (e *evaluator) accepts(value any) bool { return e.valid(e.root, value) }

func (e *evaluator) valid(schema, value any) bool {
	switch schema := schema.(type) {
	case bool:
		return schema
	case map[string]any:
		for keyword, operand := range schema {
			if !e.keyword(schema, keyword, operand, value) {
				return false
			}
		}
		return true
	}
	e.t.Fatalf("not a schema: %v", schema)
	return false
}

func (e *evaluator) keyword(schema map[string]any, keyword string, operand, value any) bool {
	switch keyword {
	case "$schema", "$defs", "title", "description", "format", "contentEncoding":
		return true
	case "$ref":
		return e.valid(e.resolve(operand.(string)), value)
	case "type":
		return hasType(operand.(string), value)
	case "const":
		return reflect.DeepEqual(operand, value)
	case "enum":
		return slices.ContainsFunc(operand.([]any), func(v any) bool { return reflect.DeepEqual(v, value) })
	case "not":
		return !e.valid(operand, value)
	case "anyOf":
		return e.count(operand, value) > 0
	case "oneOf":
		return e.count(operand, value) == 1
	case "pattern":
		text, isText := value.(string)
		return !isText || regexp.MustCompile(operand.(string)).MatchString(text)
	case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum":
		return inBound(keyword, operand.(json.Number), value)
	case "items":
		list, _ := value.([]any)
		return !slices.ContainsFunc(list, func(v any) bool { return !e.valid(operand, v) })
	}
	return e.objectKeyword(schema, keyword, operand, value)
}

func (e *evaluator) objectKeyword(schema map[string]any, keyword string, operand, value any) bool {
	object, isObject := value.(map[string]any)
	properties, _ := schema["properties"].(map[string]any)
	switch keyword {
	case "properties", "additionalProperties", "required", "propertyNames":
	default:
		e.t.Fatalf("the evaluator does not know %s", keyword)
	}
	if keyword == "required" && isObject {
		return !slices.ContainsFunc(operand.([]any), func(key any) bool { _, ok := object[key.(string)]; return !ok })
	}
	for key, member := range object {
		property, isProperty := properties[key]
		switch {
		case keyword == "properties" && isProperty && !e.valid(property, member),
			keyword == "additionalProperties" && !isProperty && !e.valid(operand, member),
			keyword == "propertyNames" && !e.valid(operand, key):
			return false
		}
	}
	return true
}

func (e *evaluator) count(schemas, value any) int {
	n := 0
	for _, schema := range schemas.([]any) {
		if e.valid(schema, value) {
			n++
		}
	}
	return n
}

// resolve follows a reference such as "#/$defs/struct.Value".
func (e *evaluator) resolve(ref string) any {
	u, err := url.Parse(ref)
	if err != nil || !strings.HasPrefix(ref, "#/") {
		e.t.Fatalf("reference %q: %v", ref, err)
	}
	target := e.root
	for step := range strings.SplitSeq(u.Fragment[1:], "/") {
		step = strings.NewReplacer("~1", "/", "~0", "~").Replace(step)
		next, ok := target.(map[string]any)[step]
		if !ok {
			e.t.Fatalf("nothing at reference %q; there are %q", ref, slices.Sorted(maps.Keys(target.(map[string]any))))
		}
		target = next
	}
	return target
}

func hasType(name string, value any) bool {
	switch v := value.(type) {
	case nil:
		return name == "null"
	case bool:
		return name == "boolean"
	case string:
		return name == "string"
	case []any:
		return name == "array"
	case map[string]any:
		return name == "object"
	case json.Number:
		return name == "number" || name == "integer" && rational(v).IsInt()
	}
	panic(fmt.Sprintf("not JSON: %T", value))
}

func inBound(keyword string, bound json.Number, value any) bool {
	number, ok := value.(json.Number)
	if !ok {
		return true
	}
	order := rational(number).Cmp(rational(bound))
	switch keyword {
	case "minimum":
		return order >= 0
	case "maximum":
		return order <= 0
	case "exclusiveMinimum":
		return order > 0
	}
	return order < 0
}

func rational(n json.Number) *big.Rat {
	r, ok := new(big.Rat).SetString(n.String())
	if !ok {
		panic("not a number: " + n.String())
	}
	return r
}
