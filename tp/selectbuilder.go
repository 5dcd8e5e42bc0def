package tp

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/telestruct/telestruct/reflectschema"
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/validate"
)

// SelectOption is the [CallOption] that [Select] returns: which fields of a result
// the server is to send (spec section 6). It is an immutable value; each method
// returns a longer one.
type SelectOption struct {
	result reflect.Type
	parts  []selectedPart
}

// selectedPart is a struct, or the variant of a union, and the fields chosen of it.
type selectedPart struct {
	t      reflect.Type // nil for the result itself
	tag    bool
	fields []string
}

// Select asks for some fields of the result R only, by their wire names:
//
//	tp.Select[Order]("id", "items").Of(Item{}, "sku").Tag(Circle{}, "radius")
//
// Whatever is not mentioned comes in full. Without any names all fields of R come,
// so that a selection can be about structs inside it only. In the result, fields that
// were not asked for have their zero values.
//
// A call fails before anything is sent when R is not what it answers, or when the
// Go types have no such field.
func Select[R any](fields ...string) SelectOption {
	o := SelectOption{result: reflect.TypeFor[R]()}
	return o.with(selectedPart{fields: fields})
}

// Of asks for some fields only of every struct of the type of example.
func (o SelectOption) Of(example any, fields ...string) SelectOption {
	return o.with(selectedPart{t: structType(example), fields: fields})
}

// Tag asks for some fields only of every variant of the type of example, in all the
// unions that have it.
func (o SelectOption) Tag(example any, fields ...string) SelectOption {
	return o.with(selectedPart{t: structType(example), tag: true, fields: fields})
}

func (o SelectOption) applyCall(s *callSettings) { s.selection = &o }

func (o SelectOption) with(p selectedPart) SelectOption {
	o.parts = append(slices.Clip(o.parts), p)
	return o
}

func structType(example any) reflect.Type {
	t := reflect.TypeOf(example)
	if t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil {
		t = reflect.TypeFor[any]()
	}
	return t
}

// tree returns the value of @select_ for a call of f, or which parts of the
// selection f does not have.
func (o *SelectOption) tree(f *callee) (Object, error) {
	if o.result != f.model.ResultType {
		return nil, fmt.Errorf("tp.Select[%v] is for another result than %v, which %s answers", o.result, f.model.ResultType, f.name)
	}
	s, err := f.schema()
	if err != nil {
		return nil, err
	}
	def := s.Function(f.name)
	tree := Object{}
	for _, part := range o.parts {
		if err := part.add(&tree, s.Selectable(def)); err != nil {
			return nil, err
		}
	}
	if failures := validate.Selection(s, def, tree); len(failures) > 0 {
		return nil, unselectable(s, def, tree, failures[0])
	}
	return tree, nil
}

// add adds the part to the tree of a selection; possible is what may be selected.
func (p selectedPart) add(tree *Object, possible Object) error {
	if len(p.fields) == 0 {
		return nil
	}
	names := make([]any, len(p.fields))
	for i, name := range p.fields {
		names[i] = name
	}
	if p.t == nil {
		tree.Set("->", Object{{Key: "Ok_", Value: names}})
		return nil
	}
	name, err := reflectschema.TypeName(p.t)
	if err != nil {
		return err
	}
	if !p.tag {
		return p.addStruct(tree, possible, "struct."+name, names)
	}
	return p.addTag(tree, possible, name, names)
}

func (p selectedPart) addStruct(tree *Object, possible Object, key string, names []any) error {
	if _, ok := possible.Get(key); !ok {
		return fmt.Errorf("the result has no %s with fields to select", key)
	}
	tree.Set(key, names)
	return nil
}

func (p selectedPart) addTag(tree *Object, possible Object, tag string, names []any) error {
	found := false
	for _, m := range possible {
		if _, ok := objectOf(m.Value).Get(tag); !ok || !strings.HasPrefix(m.Key, "union.") {
			continue
		}
		found = true
		tags, _ := tree.Get(m.Key)
		chosen := objectOf(tags)
		chosen.Set(tag, names)
		tree.Set(m.Key, chosen)
	}
	if !found {
		return fmt.Errorf("the result has no union with a tag %s that has fields to select", tag)
	}
	return nil
}

// unselectable names the field that f does not have.
func unselectable(s *schema.Schema, f *schema.Function, tree Object, failure validate.Failure) error {
	var given, possible any = tree, s.Selectable(f)
	for _, step := range failure.Path {
		switch step := step.(type) {
		case string:
			given, _ = objectOf(given).Get(step)
			possible, _ = objectOf(possible).Get(step)
		case int:
			list, _ := given.([]any)
			given = list[step]
		}
	}
	return fmt.Errorf("tp.Select: %v has no field %q, but %v", failure.Path[:len(failure.Path)-1], given, possible)
}
