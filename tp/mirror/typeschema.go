package mirror

import (
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
// It fails when t is no struct, and with [reflectschema.Problems] when it cannot be that of a
// model.
func SchemaOf(t reflect.Type) (TypeSchema, error) {
	if t == nil || t.Kind() != reflect.Struct {
		return TypeSchema{}, fmt.Errorf("mirror: a model that has a schema is a struct, and this is %v", t)
	}
	g, err := goTypeOf(t)
	if err != nil {
		return TypeSchema{}, err
	}
	return g.schema(), nil
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
