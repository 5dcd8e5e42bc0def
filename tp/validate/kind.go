package validate

import (
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/wire"
)

// kindOf names what a value is, in failures (spec section 4.2).
func kindOf(value any) string {
	switch value.(type) {
	case nil:
		return "Null"
	case bool:
		return "Boolean"
	case int64, float64, wire.Number:
		return "Number"
	case string:
		return "String"
	case []byte:
		return "Bytes"
	case []any:
		return "Array"
	case wire.Object:
		return "Object"
	}
	return "Unknown"
}

// expected names what a type expression asks for, in failures (spec section
// 4.2).
func expected(k schema.Kind) string {
	switch k {
	case schema.Boolean:
		return "Boolean"
	case schema.Integer:
		return "Integer"
	case schema.Number:
		return "Number"
	case schema.String:
		return "String"
	case schema.Any:
		return "Any"
	case schema.Bytes:
		return "Bytes"
	case schema.ArrayOf:
		return "Array"
	}
	return "Object"
}
