package export

import (
	"net/url"
	"strings"

	"github.com/invopop/jsonschema"
	"github.com/telestruct/telestruct/tp/schema"
)

// builder turns definitions into JSON Schemas. It collects those that others
// refer to.
type builder struct {
	schema   *schema.Schema
	function *schema.Function // the scope of selections (spec section 5.1)
	defs     jsonschema.Definitions
	// partial is set below calls and stubs, where no field is required (spec
	// sections 5.2 and 5.3). Definitions exist in both forms.
	partial bool
}

func newBuilder(s *schema.Schema, f *schema.Function) *builder {
	return &builder{schema: s, function: f, defs: jsonschema.Definitions{}}
}

// document makes root a schema that stands alone.
func (b *builder) document(title string, doc schema.Doc, root *jsonschema.Schema) *jsonschema.Schema {
	root.Version = jsonschema.Version
	root.Title = title
	root.Description = doc.Text()
	root.Definitions = b.defs
	return root
}

// reference returns a reference to the definition named name, which build makes
// when it is met for the first time.
func (b *builder) reference(name string, doc schema.Doc, build func() *jsonschema.Schema) *jsonschema.Schema {
	if b.partial {
		name = "partial." + name
	}
	if _, ok := b.defs[name]; !ok {
		b.defs[name] = nil // recursive types come here again
		definition := build()
		definition.Description = doc.Text()
		b.defs[name] = definition
	}
	pointer := strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
	return &jsonschema.Schema{Ref: (&url.URL{Fragment: "/$defs/" + pointer}).String()}
}

// partially builds what may lack fields.
func (b *builder) partially(build func() *jsonschema.Schema) *jsonschema.Schema {
	before := b.partial
	b.partial = true
	defer func() { b.partial = before }()
	return build()
}

// structure is the schema of a struct, of arguments or of a payload (spec
// section 4.7).
func (b *builder) structure(s *schema.Struct) *jsonschema.Schema {
	object := closedObject()
	for _, field := range s.Fields {
		property := b.value(field.Type)
		property.Description = field.Doc
		object.Properties.Set(field.Name, property)
		if !field.Optional && !b.partial {
			object.Required = append(object.Required, field.Name)
		}
	}
	return object
}

// union is the schema of an object with exactly one of the tags (spec section
// 4.8).
func (b *builder) union(tags []*schema.Tag) *jsonschema.Schema {
	union := &jsonschema.Schema{}
	for _, tag := range tags {
		alternative := single(tag.Name, b.structure(tag.Payload))
		alternative.Description = tag.Doc.Text()
		union.OneOf = append(union.OneOf, alternative)
	}
	return union
}

// link is the schema of a function used as a type: its request's body (spec
// section 4.9).
func (b *builder) link(f *schema.Function) *jsonschema.Schema {
	return single(f.Key, b.structure(f.Args))
}

// single is the schema of an object with exactly one key.
func single(key string, value *jsonschema.Schema) *jsonschema.Schema {
	object := closedObject()
	object.Properties.Set(key, value)
	object.Required = []string{key}
	return object
}

// closedObject is the schema of an object without any key but its properties.
func closedObject() *jsonschema.Schema {
	return &jsonschema.Schema{
		Type:                 "object",
		Properties:           jsonschema.NewProperties(),
		AdditionalProperties: jsonschema.FalseSchema,
	}
}
