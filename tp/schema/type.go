package schema

// Kind is the kind of a type expression; the zero value is none.
type Kind uint8

// The kinds of type expressions (spec sections 4 and 5).
const (
	Boolean Kind = iota + 1
	Integer
	Number
	String
	Any
	Bytes
	ArrayOf
	ObjectOf
	StructRef
	UnionRef
	FunctionRef
	Select
	Call
	Stub
)

// Type is a type expression: what may stand at a field, an array element or an
// object value.
type Type struct {
	Kind Kind
	// Nullable is the trailing "?". Arrays and objects never have it.
	Nullable bool
	// Elem is the type of the elements of ArrayOf and of the values of ObjectOf.
	Elem *Type
	// Name is the schema key that StructRef, UnionRef, FunctionRef and the
	// extensions refer to.
	Name string
	// Definition is what Name refers to; a [Schema] sets it.
	Definition Definition
	// Refine narrows the type to what a Go type can hold; nil means not at
	// all. It is not part of the schema's text.
	Refine *Refinement
}

// Refinement is the part of a scalar type expression that a Go type accepts: a
// field of type int8 is an integer on the wire, but 128 is refused.
type Refinement struct {
	// GoType names the Go type in failures, such as "int8" or "time.Time".
	GoType string
	// Min and Max bound an integer. Both zero means no bound.
	Min, Max int64
	// Float32 refuses numbers that overflow a float32.
	Float32 bool
	// Text refuses a string by returning why; nil accepts every string.
	Text func(text string) error
	// Own returns strings that the Go type writes by itself, which Text need not accept;
	// it may be nil.
	Own func() []string
}

// String returns the expression as a document writes it, such as
// "struct.Value?", ["integer"] or {"string": ["any?"]}.
func (t *Type) String() string {
	switch t.Kind {
	case ArrayOf:
		return "[" + t.Elem.quoted() + "]"
	case ObjectOf:
		return `{"string": ` + t.Elem.quoted() + "}"
	}
	name := t.Name
	if scalar, ok := scalarNames[t.Kind]; ok {
		name = scalar
	}
	if t.Nullable {
		name += "?"
	}
	return name
}

func (t *Type) quoted() string {
	if t.Kind == ArrayOf || t.Kind == ObjectOf {
		return t.String()
	}
	return `"` + t.String() + `"`
}

var scalarNames = map[Kind]string{
	Boolean: "boolean",
	Integer: "integer",
	Number:  "number",
	String:  "string",
	Any:     "any",
	Bytes:   "bytes",
}
