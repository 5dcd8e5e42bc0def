package export

import (
	"encoding/json"
	"math"
	"strconv"

	"github.com/invopop/jsonschema"
	"github.com/telestruct/telestruct/tp/schema"
)

// base64Pattern matches standard base64 with padding, the bits that pad the
// last digit being zero: the one text that each sequence of bytes has.
const base64Pattern = "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$"

// overflow32 is the smallest number that rounds to no float32: 2¹²⁸ - 2¹⁰³.
const overflow32 = math.MaxFloat32 + 1<<103

// value is the schema of a type expression (spec sections 4.3 to 4.9).
func (b *builder) value(t *schema.Type) *jsonschema.Schema {
	if !t.Nullable {
		return b.present(t)
	}
	if t.Kind == schema.Any {
		return &jsonschema.Schema{}
	}
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{b.present(t), {Type: "null"}}}
}

// present is the schema of the values of a type other than null.
func (b *builder) present(t *schema.Type) *jsonschema.Schema {
	switch t.Kind {
	case schema.Boolean:
		return &jsonschema.Schema{Type: "boolean"}
	case schema.Integer:
		return integer(t.Refine)
	case schema.Number:
		return number(t.Refine)
	case schema.String:
		return text(t.Refine)
	case schema.Any:
		return &jsonschema.Schema{Not: &jsonschema.Schema{Type: "null"}}
	case schema.Bytes:
		return &jsonschema.Schema{Type: "string", ContentEncoding: "base64", Pattern: base64Pattern}
	case schema.ArrayOf:
		return &jsonschema.Schema{Type: "array", Items: b.value(t.Elem)}
	case schema.ObjectOf:
		return &jsonschema.Schema{Type: "object", AdditionalProperties: b.value(t.Elem)}
	}
	return b.named(t)
}

func (b *builder) named(t *schema.Type) *jsonschema.Schema {
	switch d := t.Definition.(type) {
	case *schema.Struct:
		return b.reference(t.Name, d.Doc, func() *jsonschema.Schema { return b.structure(d) })
	case *schema.Union:
		return b.reference(t.Name, d.Doc, func() *jsonschema.Schema { return b.union(d.Tags) })
	case *schema.Function:
		return b.reference(t.Name, d.Doc, func() *jsonschema.Schema { return b.link(d) })
	}
	var doc schema.Doc
	if t.Definition != nil {
		doc = t.Definition.Common().Doc
	}
	switch t.Kind {
	case schema.Call:
		return b.reference(t.Name, doc, b.call)
	case schema.Stub:
		return b.reference(t.Name, doc, b.stub)
	}
	return b.reference(t.Name, doc, func() *jsonschema.Schema { return selection(b.schema.Selectable(b.function)) })
}

func integer(r *schema.Refinement) *jsonschema.Schema {
	low, high := int64(math.MinInt64), int64(math.MaxInt64)
	if r != nil && (r.Min != 0 || r.Max != 0) {
		low, high = r.Min, r.Max
	}
	return &jsonschema.Schema{
		Type:    "integer",
		Minimum: json.Number(strconv.FormatInt(low, 10)),
		Maximum: json.Number(strconv.FormatInt(high, 10)),
	}
}

func number(r *schema.Refinement) *jsonschema.Schema {
	number := &jsonschema.Schema{Type: "number"}
	if r != nil && r.Float32 {
		limit := strconv.FormatFloat(overflow32, 'g', -1, 64)
		number.ExclusiveMinimum = json.Number("-" + limit)
		number.ExclusiveMaximum = json.Number(limit)
	}
	return number
}

// text is the schema of a string. What a Go type makes of it is known for types
// that have a format in JSON Schema.
func text(r *schema.Refinement) *jsonschema.Schema {
	text := &jsonschema.Schema{Type: "string"}
	if r == nil {
		return text
	}
	switch r.GoType {
	case "time.Time":
		text.Format = "date-time"
	case "uuid.UUID":
		text.Format = "uuid"
	}
	return text
}
