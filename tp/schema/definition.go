package schema

import (
	"strings"

	"github.com/telestruct/telestruct/tp/wire"
)

// Definition is one entry of a schema document: a [*Struct], [*Union],
// [*Function], [*Errors], [*Headers], [*Info] or [*Extension]
// (spec section 8.5).
type Definition interface {
	// Common returns what every definition has.
	Common() *Head
}

// Head is what every definition has beside its body.
type Head struct {
	// Key is the schema key, such as "struct.Value" or "fn.greet".
	Key string
	// Doc is the docstring; the zero value means none.
	Doc Doc
	// Flags are the companions that begin with "$", such as $internal, and
	// _ignoreIfDuplicate, in the order they were written.
	Flags wire.Object
	// Source is the definition as its document holds it, docstrings and
	// flags included. A [Schema] sets it for derived definitions.
	Source wire.Object
	// Origin says where the definition was written.
	Origin Origin
}

// Common returns h itself; embedding Head makes a type a [Definition].
func (h *Head) Common() *Head { return h }

// Flag reports whether the boolean flag name, such as "$internal", is present
// with the value want.
func (h *Head) Flag(name string, want bool) bool {
	v, ok := h.Flags.Get(name)
	b, isBool := v.(bool)
	return ok && isBool && b == want
}

// Struct is a struct.* definition, the arguments of a function, or the payload
// of a tag. The last two have no definition of their own: the Key of arguments
// is the function's, that of a payload is empty.
type Struct struct {
	Head
	Fields []*Field
}

// Union is a union.* definition or the result of a function, whose Key is "->".
type Union struct {
	Head
	Tags []*Tag
}

// Function is a fn.* definition.
type Function struct {
	Head
	// Args are the arguments.
	Args *Struct
	// Result is the union of the function's own tags followed by the tags of
	// every errors definition that applies to it (spec section 8.8).
	Result *Union
	// OwnTags is the number of leading tags of Result that the definition
	// itself declares.
	OwnTags int
	// ErrorsPattern is the _errors regular expression; empty when absent.
	ErrorsPattern string
}

// Internal reports whether the function is the framework's own kind: its name
// ends with "_" or it carries $internal: true (spec section 8.5).
func (f *Function) Internal() bool {
	return strings.HasSuffix(f.Key, "_") || f.Flag(internalFlag, true)
}

// Errors is an errors.* definition.
type Errors struct {
	Head
	Tags []*Tag
}

// Headers is a headers.* definition. All its fields are optional and their
// names begin with "@" (spec section 8.9).
type Headers struct {
	Head
	Request  []*Field
	Response []*Field
}

// Info is an info.* definition.
type Info struct {
	Head
}

// Extension is an _ext.* definition.
type Extension struct {
	Head
}

// Kind returns the kind of the types that refer to the extension, and 0 for one
// that there is not: only those of spec section 5 exist.
func (e *Extension) Kind() Kind {
	switch e.Key {
	case "_ext.Select_":
		return Select
	case "_ext.Call_":
		return Call
	case "_ext.Stub_":
		return Stub
	}
	return 0
}

// Tag is one alternative of a union, a result or an errors definition.
type Tag struct {
	Name    string
	Doc     Doc
	Payload *Struct
	Origin  Origin
}

// Field is one field of a struct, of arguments, of a tag's payload, or a header.
type Field struct {
	// Name is the wire key: it ends with "!" when the field is optional, and
	// begins with "@" when it is a header.
	Name string
	Type *Type
	// Optional reports whether the key may be absent. Headers always are.
	Optional bool
	// Doc is the field's own documentation. Documents have no place for it:
	// derived definitions carry it in their docstring as well.
	Doc    string
	Origin Origin
}

// Requires returns the definition of which whatever has the field contains a
// value: a struct, a union, or a function as a link. It returns nil when there
// is none, because the field may be absent, null or empty, or holds something
// else. What requires itself has no finite value (spec section 8.11).
func (f *Field) Requires() Definition {
	if f.Optional || f.Type.Nullable {
		return nil
	}
	switch f.Type.Kind {
	case StructRef, UnionRef, FunctionRef:
		return f.Type.Definition
	}
	return nil
}

// Field returns the field named name, "!" included, or nil.
func (s *Struct) Field(name string) *Field {
	for _, f := range s.Fields {
		if f.Name == name {
			return f
		}
	}
	return nil
}

// Tag returns the tag named name, or nil.
func (u *Union) Tag(name string) *Tag {
	for _, t := range u.Tags {
		if t.Name == name {
			return t
		}
	}
	return nil
}
