package mirror

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// TypeSchema describes a type of models for tools that have none (section 13). It is not sent
// with models.
type TypeSchema struct {
	// TypeName is the name of the type.
	TypeName string `json:"type_name"`
	// Fields are its fields, as declared.
	Fields []FieldSchema `json:"fields"`
}

// FieldSchema is a field of a [TypeSchema].
type FieldSchema struct {
	// Name is the key of the field.
	Name string `json:"name"`
	// Ty is the name of the kind that its values have, or Any.
	Ty string `json:"ty"`
}

// anyKind is the kind of what may have several.
const anyKind = "Any"

// SchemaOf describes a struct type. Names are those of the tp tags, without their marks; a
// field without a tag is left out, and one with the tag "-". Embedded structs are flattened.
// It fails when t is no struct.
func SchemaOf(t reflect.Type) (TypeSchema, error) {
	if t == nil || t.Kind() != reflect.Struct {
		return TypeSchema{}, fmt.Errorf("mirror: a model that has a schema is a struct, and this is %v", t)
	}
	return TypeSchema{TypeName: t.Name(), Fields: appendFields(nil, t)}, nil
}

func appendFields(fields []FieldSchema, t reflect.Type) []FieldSchema {
	for i := range t.NumField() {
		f := t.Field(i)
		tag, tagged := f.Tag.Lookup("tp")
		switch {
		case f.Anonymous && !tagged && f.Type.Kind() == reflect.Struct:
			fields = appendFields(fields, f.Type)
		case tagged && tag != "-" && f.IsExported():
			fields = append(fields, FieldSchema{Name: strings.TrimRight(tag, "!?"), Ty: kindName(f.Type)})
		}
	}
	return fields
}

// kindName returns the name of the kind that values of t have.
func kindName(t reflect.Type) string {
	if inner, ok := optionalOf(t); ok {
		return kindName(inner)
	}
	switch {
	case t.Implements(reflect.TypeFor[json.Marshaler]()):
		return anyKind // marshals to whatever it likes
	case t.Implements(reflect.TypeFor[encoding.TextMarshaler]()):
		return KindStr.String()
	}
	switch t.Kind() {
	case reflect.Bool:
		return KindBool.String()
	case reflect.Float32, reflect.Float64:
		return KindFloat.String()
	case reflect.String:
		return KindStr.String()
	case reflect.Slice, reflect.Array:
		if t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8 {
			return KindStr.String() // base64
		}
		return KindList.String()
	case reflect.Map, reflect.Struct:
		return KindMap.String()
	}
	if t.Kind() >= reflect.Int && t.Kind() <= reflect.Uint64 {
		return KindInt.String()
	}
	return anyKind
}

// optionalOf returns what a pointer points to, or an Optional holds.
func optionalOf(t reflect.Type) (inner reflect.Type, ok bool) {
	if t.Kind() == reflect.Pointer {
		return t.Elem(), true
	}
	if !t.Implements(reflect.TypeFor[interface{ IsAbsent() bool }]()) {
		return nil, false
	}
	get, ok := t.MethodByName("Get")
	if !ok || get.Type.NumOut() == 0 {
		return nil, false
	}
	return get.Type.Out(0), true
}

// typeScript has the types of kinds in TypeScript.
var typeScript = map[string]string{
	"Bool": "boolean", "Int": "number", "Float": "number", "Str": "string",
	"List": "unknown[]", "Map": "Record<string, unknown>", anyKind: "unknown",
}

// TypeScript returns the type as an exported interface of TypeScript, without a line break at
// the end.
func (s TypeSchema) TypeScript() string {
	var b strings.Builder
	fmt.Fprintf(&b, "export interface %s {\n", s.TypeName)
	for _, f := range s.Fields {
		fmt.Fprintf(&b, "  %s: %s;\n", f.Name, typeScript[f.Ty])
	}
	b.WriteString("}")
	return b.String()
}
