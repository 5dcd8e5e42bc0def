package schema

import (
	"cmp"
	"slices"

	"github.com/telestruct/telestruct/tp/wire"
)

// New makes a schema of definitions that were derived from Go, and of the
// documents that go with them, if any. Name is what takes the place of a
// document's name for the definitions; empty means [DefaultName].
//
// The definitions are put into the form of a document and go through the same
// stages as [Parse] (spec section 8.12), so that the same rules hold for both:
// types are resolved by their names, errors applied, standard definitions
// added. Functions must come with Args, Result and OwnTags, tags with a Payload.
// What is passed is copied and never changed.
//
// A definition may be derived and in a document as well. The document's is then
// the one in the schema, and the other must mean the same.
//
// New fails with a [*ParseError] whose failures name the Go type or field in
// their Origin, or with a [*DriftError].
func New(name string, definitions []Definition, docs ...Document) (*Schema, error) {
	sources := make([]*source, 0, len(docs)+1)
	for _, d := range docs {
		sources = append(sources, newSource(d))
	}
	if err := loadAll(sources); err != nil {
		return nil, err
	}
	written, _ := providedKeys(sources)
	if only := notIn(written, definitions); len(only) > 0 {
		sources = append(sources, newDerived(cmp.Or(name, DefaultName), only))
	}
	s, err := newSchema(sources)
	if err != nil {
		return nil, err
	}
	if err := agree(s, written, definitions); err != nil {
		return nil, err
	}
	for _, given := range definitions {
		refine(s.byKey[given.Common().Key], given)
	}
	return s, nil
}

// notIn returns the definitions whose keys are not among the written ones.
func notIn(written map[string]bool, definitions []Definition) []Definition {
	return slices.DeleteFunc(slices.Clone(definitions), func(d Definition) bool {
		return written[d.Common().Key]
	})
}

// agree compares the definitions that are written as well with what s, which
// has the written ones, says.
func agree(s *Schema, written map[string]bool, definitions []Definition) error {
	var c comparison
	for _, def := range definitions {
		if key := keyOf(def); written[key] {
			c.compareDefinitions(pair[Definition]{name: key, first: def, second: s.byKey[key]})
		}
	}
	if len(c.found) > 0 {
		return &DriftError{Differences: c.found}
	}
	return nil
}

// newDerived returns definitions as a source.
func newDerived(name string, definitions []Definition) *source {
	forms := make([]any, len(definitions))
	for i, def := range definitions {
		forms[i] = formOf(def)
	}
	return &source{name: name, root: nodeOf(forms), loaded: true, blind: true, derived: definitions}
}

// formOf returns a definition as a document holds it: docstring, flags, schema
// key, and what else belongs to its kind.
func formOf(def Definition) wire.Object {
	head := def.Common()
	form := withDoc(head.Doc)
	form = append(form, head.Flags...)
	body := wire.Member{Key: head.Key}
	switch def := def.(type) {
	case *Struct:
		body.Value = fieldsForm(def.Fields)
	case *Union:
		body.Value = tagsForm(def.Tags)
	case *Errors:
		body.Value = tagsForm(def.Tags)
	case *Function:
		return append(form, functionForm(def)...)
	case *Headers:
		body.Value = fieldsForm(def.Request)
		return append(form, body, wire.Member{Key: resultKey, Value: fieldsForm(def.Response)})
	default:
		body.Value = wire.Object{}
		if given, ok := head.Source.Get(head.Key); ok {
			body.Value = given
		}
	}
	return append(form, body)
}

func functionForm(f *Function) wire.Object {
	form := wire.Object{
		{Key: f.Key, Value: fieldsForm(f.Args.Fields)},
		{Key: resultKey, Value: tagsForm(f.Result.Tags[:f.OwnTags])},
	}
	if f.ErrorsPattern != "" {
		form = append(form, wire.Member{Key: errorsKey, Value: f.ErrorsPattern})
	}
	return form
}

func withDoc(doc Doc) wire.Object {
	if doc.Value == nil {
		return nil
	}
	return wire.Object{{Key: docKey, Value: doc.Value}}
}

func tagsForm(tags []*Tag) []any {
	form := make([]any, len(tags))
	for i, tag := range tags {
		form[i] = append(withDoc(tag.Doc), wire.Member{Key: tag.Name, Value: fieldsForm(tag.Payload.Fields)})
	}
	return form
}

func fieldsForm(fields []*Field) wire.Object {
	form := make(wire.Object, len(fields))
	for i, f := range fields {
		form[i] = wire.Member{Key: f.Name, Value: f.Type.form()}
	}
	return form
}

// form returns t as a document holds it.
func (t *Type) form() any {
	switch t.Kind {
	case ArrayOf:
		return []any{t.Elem.form()}
	case ObjectOf:
		return wire.Object{{Key: "string", Value: t.Elem.form()}}
	}
	return t.String()
}
