package export

import (
	"github.com/invopop/jsonschema"
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/wire"
)

// callPattern finds the keys that say which function is called.
const callPattern = "^fn\\..*$"

// call is the schema of _ext.Call_: exactly one key names a function, its value
// may lack fields, and other keys do not matter (spec section 5.2).
func (b *builder) call() *jsonschema.Schema {
	return b.anyFunction(func(f *schema.Function) *jsonschema.Schema {
		properties := jsonschema.NewProperties()
		properties.Set(f.Key, b.partialArguments(f))
		return &jsonschema.Schema{
			Properties: properties,
			Required:   []string{f.Key},
			PropertyNames: &jsonschema.Schema{AnyOf: []*jsonschema.Schema{
				{Const: f.Key},
				{Not: &jsonschema.Schema{Pattern: callPattern}},
			}},
		}
	})
}

// stub is the schema of _ext.Stub_: a call, its result and no other key (spec
// section 5.3).
func (b *builder) stub() *jsonschema.Schema {
	return b.anyFunction(func(f *schema.Function) *jsonschema.Schema {
		stub := single(f.Key, b.partialArguments(f))
		stub.Properties.Set("->", b.partialResult(f))
		if !b.partial {
			stub.Required = append(stub.Required, "->")
		}
		return stub
	})
}

// anyFunction is the schema of an object that is one of the alternatives, of
// which there is one for each function of the schema.
func (b *builder) anyFunction(alternative func(*schema.Function) *jsonschema.Schema) *jsonschema.Schema {
	object := &jsonschema.Schema{Type: "object"}
	for _, f := range b.schema.Functions() {
		object.OneOf = append(object.OneOf, alternative(f))
	}
	return object
}

// partialArguments refers to the arguments of a function as calls and stubs
// share them.
func (b *builder) partialArguments(f *schema.Function) *jsonschema.Schema {
	return b.partially(func() *jsonschema.Schema {
		return b.reference("arguments."+f.Key, f.Doc, func() *jsonschema.Schema { return b.structure(f.Args) })
	})
}

func (b *builder) partialResult(f *schema.Function) *jsonschema.Schema {
	return b.partially(func() *jsonschema.Schema {
		return b.reference("result."+f.Key, schema.Doc{}, func() *jsonschema.Schema { return b.union(f.Result.Tags) })
	})
}

// selection is the schema of what may be selected: a list of names where
// allowed is a list, and any of its keys where it is an object (spec section
// 6.2).
func selection(allowed any) *jsonschema.Schema {
	switch allowed := allowed.(type) {
	case []any:
		names := &jsonschema.Schema{Enum: allowed}
		if len(allowed) == 0 {
			names = jsonschema.FalseSchema
		}
		return &jsonschema.Schema{Type: "array", Items: names}
	case wire.Object:
		object := closedObject()
		for _, member := range allowed {
			object.Properties.Set(member.Key, selection(member.Value))
		}
		return object
	}
	return jsonschema.FalseSchema
}
