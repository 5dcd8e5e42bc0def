package tp

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/telestruct/telestruct/reflectschema"
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
	kind   partKind
	t      reflect.Type // of the example; nil for nil
	fields []string
}

type partKind uint8

const (
	resultPart partKind = iota
	structPart
	tagPart
)

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
	return o.with(selectedPart{kind: resultPart, t: o.result, fields: fields})
}

// Of asks for some fields only of every struct of the type of example, or the type
// that it points to.
func (o SelectOption) Of(example any, fields ...string) SelectOption {
	return o.with(selectedPart{kind: structPart, t: reflect.TypeOf(example), fields: fields})
}

// Tag asks for some fields only of every variant of the type of example, or the type
// that it points to, in all the unions that have it.
func (o SelectOption) Tag(example any, fields ...string) SelectOption {
	return o.with(selectedPart{kind: tagPart, t: reflect.TypeOf(example), fields: fields})
}

func (o SelectOption) applyCall(s *callSettings) { s.selection = &o }

func (o SelectOption) with(p selectedPart) SelectOption {
	o.parts = append(slices.Clip(o.parts), p)
	return o
}

// tree returns the value of @select_ for a call of f, or which parts of the
// selection its result does not have.
func (o *SelectOption) tree(f *callee) (Object, error) {
	if o.result != f.model.ResultType {
		return nil, fmt.Errorf("tp.Select[%v] is for another result than %v, which %s answers", o.result, f.model.ResultType, f.name)
	}
	s, err := f.schema()
	if err != nil {
		return nil, err
	}
	possible, tree := s.Selectable(s.Function(f.name)), Object{}
	for _, part := range o.parts {
		if len(part.fields) == 0 {
			continue
		}
		if err := part.add(&tree, possible); err != nil {
			return nil, err
		}
	}
	return tree, nil
}

// add adds the part to a selection; possible is what may be selected.
func (p selectedPart) add(selection *Object, possible Object) error {
	if p.kind == resultPart {
		return p.addTag(selection, possible, "->", "Ok_")
	}
	t := p.t
	if t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil || t.Kind() != reflect.Struct {
		return fmt.Errorf("tp.Select: %v is no struct", p.t)
	}
	name, err := reflectschema.TypeName(t)
	if err != nil {
		return err
	}
	if p.kind == structPart {
		return p.addStruct(selection, possible, name)
	}
	return p.addVariant(selection, possible, name)
}

func (p selectedPart) addStruct(selection *Object, possible Object, name string) error {
	fields, ok := possible.Get("struct." + name)
	if !ok {
		return fmt.Errorf("tp.Select: no struct %s with fields is in the result", name)
	}
	names, err := p.names(name, fields)
	selection.Set("struct."+name, names)
	return err
}

// addVariant adds the part to every union that has a tag of the name.
func (p selectedPart) addVariant(selection *Object, possible Object, tag string) error {
	found := false
	for _, m := range possible {
		if _, ok := objectOf(m.Value).Get(tag); ok && strings.HasPrefix(m.Key, "union.") {
			found = true
			if err := p.addTag(selection, possible, m.Key, tag); err != nil {
				return err
			}
		}
	}
	if !found {
		return fmt.Errorf("tp.Select: no union with a variant %s that has fields is in the result", tag)
	}
	return nil
}

func (p selectedPart) addTag(selection *Object, possible Object, union, tag string) error {
	tags, _ := possible.Get(union)
	fields, _ := objectOf(tags).Get(tag)
	name := tag
	if p.kind == resultPart {
		name = p.t.Name()
	}
	names, err := p.names(name, fields)
	earlier, _ := selection.Get(union)
	chosen := objectOf(earlier)
	chosen.Set(tag, names)
	selection.Set(union, chosen)
	return err
}

// names returns the chosen fields, or which of them is not among the fields of what
// is called name.
func (p selectedPart) names(name string, fields any) ([]any, error) {
	possible, _ := fields.([]any)
	names := make([]any, len(p.fields))
	for i, field := range p.fields {
		if !slices.Contains(possible, any(field)) {
			list := strings.Trim(fmt.Sprint(possible), "[]")
			return nil, fmt.Errorf("tp.Select: %s has no field %q; its fields are %s", name, field, strings.ReplaceAll(list, " ", ", "))
		}
		names[i] = field
	}
	return names, nil
}
