package schema

import (
	"cmp"
	"slices"
	"strings"
)

// Schema is a set of definitions that belong together and are free of
// mistakes, standard definitions included. It is immutable, and safe for
// concurrent use; so are the definitions that its methods return, which must
// not be changed. [Parse], [ParseDir] and [New] make it; the zero value has no
// definitions, not even the standard ones.
type Schema struct {
	sources  []*source
	byKey    map[string]Definition
	ordered  []Definition // in the order of fn.api_
	own      []Definition
	request  map[string]*Field
	response map[string]*Field

	selections selections
}

// Parse makes a schema of documents; the standard definitions that belong to it
// are added (spec sections 8 and 11.1). It fails with a [*ParseError] that lists
// every mistake of the first stage that has any (spec section 8.12). Without
// documents there are the standard definitions alone. The schema keeps the
// texts, which must not be changed afterwards.
func Parse(docs ...Document) (*Schema, error) {
	return New(DefaultName, nil, docs...)
}

// newSchema makes a schema of sources, which it may reorder.
func newSchema(sources []*source) (*Schema, error) {
	if err := loadAll(sources); err != nil {
		return nil, err
	}
	b, err := build(withStandard(sources))
	if err != nil {
		return nil, err
	}
	s := &Schema{
		sources:  b.sources,
		byKey:    b.byKey,
		request:  map[string]*Field{},
		response: map[string]*Field{},
	}
	for _, e := range b.entries {
		s.add(e)
	}
	slices.SortFunc(s.ordered, compareAPI)
	return s, nil
}

func (s *Schema) add(e entry) {
	s.ordered = append(s.ordered, e.def)
	if !e.place.source.bundled && e.place.source.name != mockName {
		s.own = append(s.own, e.def)
	}
	if headers, ok := e.def.(*Headers); ok {
		for _, f := range headers.Request {
			s.request[f.Name] = f
		}
		for _, f := range headers.Response {
			s.response[f.Name] = f
		}
	}
}

// compareAPI orders definitions as fn.api_ returns them (spec section 11.3).
func compareAPI(a, b Definition) int {
	_, aInfo := a.(*Info)
	_, bInfo := b.(*Info)
	if aInfo != bInfo {
		if aInfo {
			return -1
		}
		return 1
	}
	return cmp.Compare(a.Common().Key, b.Common().Key)
}

// Lookup returns the definition with a schema key such as "struct.Value", and
// nil if there is none.
func (s *Schema) Lookup(key string) Definition { return s.byKey[key] }

// Function returns the function with a key such as "fn.greet", and nil if there
// is none.
func (s *Schema) Function(key string) *Function {
	f, _ := s.byKey[key].(*Function)
	return f
}

// Functions returns all functions, those of the standard definitions included,
// by ascending key.
func (s *Schema) Functions() []*Function {
	var functions []*Function
	for _, def := range s.ordered {
		if f, ok := def.(*Function); ok {
			functions = append(functions, f)
		}
	}
	return functions
}

// RequestHeader returns the request header with a name such as "@time_", and
// nil if no definition has it (spec section 8.9).
func (s *Schema) RequestHeader(name string) *Field { return s.request[name] }

// ResponseHeader returns the response header with a name such as "@warn_", and
// nil if no definition has it.
func (s *Schema) ResponseHeader(name string) *Field { return s.response[name] }

// Definitions returns all definitions in the order in which fn.api_ returns
// them: info.* first, the others by ascending key (spec section 11.3).
func (s *Schema) Definitions() []Definition { return slices.Clone(s.ordered) }

// Public returns those of [Schema.Definitions] that fn.api_ returns to everybody:
// all but those of documents that hold internal standard definitions.
func (s *Schema) Public() []Definition {
	var public []Definition
	for _, def := range s.ordered {
		switch name := def.Common().Origin.Document; {
		case name == DefaultName, name == authName, !strings.HasSuffix(name, "_"):
			public = append(public, def)
		}
	}
	return public
}

// Own returns the definitions that the caller wrote, by document name and in
// the order they were written.
func (s *Schema) Own() []Definition { return slices.Clone(s.own) }

// HasAuth reports whether the schema defines union.Auth_, and so has
// authentication (spec section 11.1).
func (s *Schema) HasAuth() bool { return s.byKey[authKey] != nil }

// RequiresAuth reports whether calls of f need authentication (spec section
// 17.1).
func (s *Schema) RequiresAuth(f *Function) bool {
	return s.HasAuth() && !f.Internal() && !f.Flag(authenticatedFlag, false)
}

// Documents returns what the schema was made of, without the standard documents
// that were added to it. Definitions derived from Go are a JSON document with
// the name that [New] was given.
func (s *Schema) Documents() []Document {
	return documentsOf(s.sources)
}

func documentsOf(sources []*source) []Document {
	var docs []Document
	for _, s := range sources {
		switch {
		case s.bundled:
		case s.text == nil:
			docs = append(docs, Document{Name: s.name, Text: jsonText(s.root.plain())})
		default:
			docs = append(docs, Document{Name: s.name, Text: s.text})
		}
	}
	return docs
}
