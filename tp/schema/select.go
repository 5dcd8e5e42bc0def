package schema

import (
	"cmp"
	"slices"
	"sync"

	"github.com/telestruct/telestruct/tp/wire"
)

// Selectable returns everything that a caller of f may choose with the header
// @select_ (spec section 6.1):
//
//	{"->": {"Ok_": [fields]}, "struct.X": [fields], "union.Y": {"Tag": [fields]}}
//
// It covers the Ok_ payload of f and every struct and union that can be met
// inside. Keys and field names ascend, so that both can be searched by halves;
// field names keep their "!". Unions without any field keep an empty object,
// structs without fields are left out.
//
// The answer is worked out on the first call for f, and shared: it must not be
// changed. Selectable is safe for concurrent use, and returns nil for a nil f.
func (s *Schema) Selectable(f *Function) wire.Object {
	return s.selections.of(f)
}

// selections remembers what each function allows to select. Most functions are
// never asked, and what they reach may overlap so much that holding it for all
// of them would take the square of the schema's size. The zero value is ready.
type selections struct {
	known sync.Map // *Function to wire.Object
}

func (s *selections) of(f *Function) wire.Object {
	if f == nil {
		return nil
	}
	if known, ok := s.known.Load(f); ok {
		return known.(wire.Object)
	}
	known, _ := s.known.LoadOrStore(f, selectable(f))
	return known.(wire.Object)
}

func selectable(f *Function) wire.Object {
	success := f.Result.Tag(okTag).Payload
	result := wire.Object{{Key: okTag, Value: fieldNames(success)}}
	r := reach{visited: map[Definition]bool{}, names: wire.Object{{Key: resultKey, Value: result}}}
	r.fields(success)
	slices.SortFunc(r.names, byKey)
	return r.names
}

// reach collects the definitions that can be met inside a value.
type reach struct {
	visited map[Definition]bool
	names   wire.Object
}

func (r *reach) fields(s *Struct) {
	for _, f := range s.Fields {
		r.expression(f.Type)
	}
}

func (r *reach) expression(t *Type) {
	switch t.Kind {
	case ArrayOf, ObjectOf:
		r.expression(t.Elem)
	case StructRef, UnionRef, FunctionRef:
		if !r.visited[t.Definition] {
			r.visited[t.Definition] = true
			r.definition(t.Definition)
		}
	}
}

func (r *reach) definition(d Definition) {
	switch d := d.(type) {
	case *Struct:
		if len(d.Fields) > 0 {
			r.names = append(r.names, wire.Member{Key: d.Key, Value: fieldNames(d)})
		}
		r.fields(d)
	case *Union:
		r.names = append(r.names, wire.Member{Key: d.Key, Value: tagNames(d.Tags)})
		r.tags(d.Tags)
	case *Function:
		// A link stands for the call it makes: what counts is what that call
		// answers, not the arguments that the link already carries.
		r.tags(d.Result.Tags[:d.OwnTags])
	}
}

func (r *reach) tags(tags []*Tag) {
	for _, t := range tags {
		r.fields(t.Payload)
	}
}

func tagNames(tags []*Tag) wire.Object {
	names := wire.Object{}
	for _, t := range tags {
		if len(t.Payload.Fields) > 0 {
			names = append(names, wire.Member{Key: t.Name, Value: fieldNames(t.Payload)})
		}
	}
	slices.SortFunc(names, byKey)
	return names
}

func fieldNames(s *Struct) []any {
	names := make([]string, len(s.Fields))
	for i, f := range s.Fields {
		names[i] = f.Name
	}
	slices.Sort(names)
	list := make([]any, len(names))
	for i, name := range names {
		list[i] = name
	}
	return list
}

func byKey(a, b wire.Member) int { return cmp.Compare(a.Key, b.Key) }
