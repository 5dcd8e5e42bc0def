package mirror

import (
	"encoding"
	"fmt"
	"reflect"

	"github.com/telestruct/telestruct/reflectschema"
)

// compiler makes the shapes of one type and of those that it consists of.
type compiler struct {
	// shapes has what was met already, so that types may contain themselves. Those that do
	// are not flat, and it does no harm to take them for that before they are finished.
	shapes   map[reflect.Type]shape
	problems reflectschema.Problems
}

// shapeOf returns the shape of t, or all that is wrong with it.
func shapeOf(t reflect.Type) (shape, error) {
	c := compiler{shapes: map[reflect.Type]shape{}}
	s := c.shape(t.String(), t)
	if len(c.problems) > 0 {
		return nil, c.problems
	}
	return s, nil
}

// shape returns the shape of t, which is found where a field or the model is. It is nil when
// there is a problem.
func (c *compiler) shape(where string, t reflect.Type) shape {
	if s, ok := c.shapes[t]; ok {
		return s
	}
	s := c.leaf(t)
	if s == nil {
		s = c.container(where, t)
	}
	if s != nil {
		c.shapes[t] = s
	}
	return s
}

// leaf returns the shape of a type that consists of no others; nil if t does.
func (c *compiler) leaf(t reflect.Type) shape {
	if t == reflect.TypeFor[Value]() {
		s := &treeShape{newScalar(t, KindNull)}
		s.ty = anyKind
		return s
	}
	if s, ok := opaque(t); ok {
		return s
	}
	switch k := t.Kind(); {
	case k == reflect.Bool:
		return &boolShape{newScalar(t, KindBool)}
	case k >= reflect.Int && k <= reflect.Int64:
		return &intShape{newScalar(t, KindInt)}
	case k >= reflect.Uint && k <= reflect.Uint64:
		return &uintShape{newScalar(t, KindInt)}
	case k == reflect.Float32 || k == reflect.Float64:
		return &floatShape{newScalar(t, KindFloat)}
	case k == reflect.String:
		return &stringShape{newScalar(t, KindStr)}
	case k == reflect.Slice && t.Elem().Kind() == reflect.Uint8:
		s := &bytesShape{newTraits(t, KindStr)}
		s.nilable = true
		return s
	case k == reflect.Interface && t.NumMethod() == 0:
		return newAny(t)
	}
	return nil
}

func (c *compiler) container(where string, t reflect.Type) shape {
	switch t.Kind() {
	case reflect.Struct:
		if isOptional(t) {
			return c.optional(where, t)
		}
		s := &structShape{traits: newTraits(t, KindMap)}
		c.shapes[t] = s
		c.structFields(s)
		return s
	case reflect.Pointer:
		return c.pointer(where, t)
	case reflect.Slice:
		s := newSlice(t)
		c.shapes[t] = s
		s.elem = c.shape(where, t.Elem())
		return s
	case reflect.Array:
		if elem := c.shape(where, t.Elem()); elem != nil {
			return newArray(t, elem)
		}
		return nil
	case reflect.Map:
		s := newMap(t)
		c.shapes[t] = s
		c.checkKey(where, t.Key())
		s.elem = c.shape(where, t.Elem())
		return s
	case reflect.Interface:
		c.problem(where, fmt.Sprintf("%v may hold anything, and nothing says what to read", t), "use any, or a struct that has a field for each type")
		return nil
	}
	c.problem(where, fmt.Sprintf("%v cannot be sent", t), "leave the field out with `tp:\"-\"`")
	return nil
}

func (c *compiler) optional(where string, t reflect.Type) shape {
	s := newOptional(t)
	c.shapes[t] = s
	if s.elem = c.shape(where, t.Field(0).Type); s.elem != nil {
		s.flat, s.ty = s.elem.about().flat, s.elem.about().ty
	}
	return s
}

func (c *compiler) pointer(where string, t reflect.Type) shape {
	for elem, met := t.Elem(), map[reflect.Type]bool{}; elem.Kind() == reflect.Pointer; elem = elem.Elem() {
		if met[elem] {
			c.problem(where, fmt.Sprintf("%v leads to nothing but pointers", t), "use a struct that has the pointer")
			return nil
		}
		met[elem] = true
	}
	s := newPointer(t)
	c.shapes[t] = s
	if s.elem = c.shape(where, t.Elem()); s.elem != nil {
		s.ty = s.elem.about().ty
	}
	return s
}

// checkKey checks that keys of the type t can be written and read.
func (c *compiler) checkKey(where string, t reflect.Type) {
	switch k := t.Kind(); {
	case k == reflect.String, k >= reflect.Int && k <= reflect.Uint64:
		return
	case k == reflect.Interface:
	case t.Implements(reflect.TypeFor[encoding.TextMarshaler]()) && reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
		return
	}
	c.problem(where, fmt.Sprintf("keys of the type %v cannot be sent", t),
		"use a string, an integer, or a type with the methods MarshalText and UnmarshalText")
}

func (c *compiler) problem(where, found, fix string) {
	c.problems = append(c.problems, &reflectschema.Problem{Where: where, Found: found, Fix: fix})
}
