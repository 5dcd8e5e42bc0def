package sample

import (
	"encoding/base64"

	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/wire"
)

// exampleLength is the length of every list and object in examples.
const exampleLength = 2

// exampleBounds keep examples to what a person would read. The examples of all
// definitions share one answer, which everybody may ask for.
var exampleBounds = bounds{usual: 1000, most: 8000}

// Exampler makes the examples of a schema; [NewExampler] makes it. It is safe for
// concurrent use.
type Exampler struct{ origin Generator }

// NewExampler returns an exampler for the definitions of s, which must not be
// nil. It prepares what their examples have in common.
func NewExampler(s *schema.Schema) *Exampler {
	g := NewGenerator(s, Options{MinLength: exampleLength, MaxLength: exampleLength})
	g.bounds = exampleBounds
	g.shortCache = shortestTags(s)
	return &Exampler{origin: *g}
}

// Examples returns the members that fn.api_ appends to the definition d when it
// is asked for examples (spec section 13): "example", or "inputExample" and
// "outputExample" for functions and headers. Bytes are base64 text in them.
//
// The answer depends on the schema and d alone, and is the caller's own. An
// example of more than about a thousand values is cut short as if it did not
// end. A definition whose smallest value has many thousands gets a part of it,
// which is no valid value.
func (x *Exampler) Examples(d schema.Definition) wire.Object {
	g := x.origin // draws begin anew for every definition
	members := exampler{&g}.examples(d)
	for i := range members {
		members[i].Value = withBase64(members[i].Value)
	}
	return members
}

// exampler makes the examples of one definition.
type exampler struct{ *Generator }

func (e exampler) examples(d schema.Definition) wire.Object {
	switch d := d.(type) {
	case *schema.Function:
		return wire.Object{
			{Key: "inputExample", Value: e.Request(d, Include, Blueprint{})},
			{Key: "outputExample", Value: e.Result(d, Include, Blueprint{})},
		}
	case *schema.Headers:
		return wire.Object{
			{Key: "inputExample", Value: e.headers(d.Request)},
			{Key: "outputExample", Value: e.headers(d.Response)},
		}
	}
	return wire.Object{{Key: "example", Value: e.example(d)}}
}

// headers makes all headers of one direction: what a struct with these fields
// would have.
func (e exampler) headers(fields []*schema.Field) any {
	return generate(e.Generator, e.scope(), Include, func(w *walk) any {
		return w.structure(&schema.Struct{Fields: fields}, Blueprint{})
	})
}

func (e exampler) example(d schema.Definition) any {
	switch d := d.(type) {
	case *schema.Struct:
		return e.value(&schema.Type{Kind: schema.StructRef, Definition: d})
	case *schema.Union:
		return e.value(&schema.Type{Kind: schema.UnionRef, Definition: d})
	case *schema.Errors:
		return e.value(&schema.Type{Kind: schema.UnionRef, Definition: &schema.Union{Tags: d.Tags}})
	case *schema.Extension:
		return e.value(&schema.Type{Kind: d.Kind()})
	default: // an info has nothing to show
		return wire.Object{}
	}
}

func (e exampler) value(t *schema.Type) any {
	return e.Value(t, e.scope(), Include, Blueprint{})
}

// scope is the function whose answer is selected from in examples of all but
// functions.
func (e exampler) scope() *schema.Function { return e.callable[0] }

// withBase64 returns v with base64 text for bytes; lists and objects are changed
// in place.
func withBase64(v any) any {
	switch v := v.(type) {
	case []byte:
		return base64.StdEncoding.EncodeToString(v)
	case []any:
		for i := range v {
			v[i] = withBase64(v[i])
		}
	case wire.Object:
		for i := range v {
			v[i].Value = withBase64(v[i].Value)
		}
	}
	return v
}
