package validate_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/validate"
	"github.com/telestruct/telestruct/tp/wire"
)

// TestGeneratedValues draws a type and a valid value of it, expects no failure,
// then breaks the value at one place, and expects a failure for that place.
func TestGeneratedValues(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		typ := drawType(rt, 3)
		g := generator{T: rt}
		root := g.value(typ, nil)
		if got := validate.Value(nil, typ, nil, root); len(got) > 0 {
			rt.Fatalf("%v\nis refused: %v", root, got)
		}
		if len(g.spots) == 0 {
			return
		}
		spot := rapid.SampledFrom(g.spots).Draw(rt, "spot")
		want := spot.damage()
		for _, f := range validate.Value(nil, typ, nil, root) {
			if f.Reason == want.Reason && slices.Equal(want.Path, f.Path) {
				return
			}
		}
		rt.Fatalf("%v\nis accepted, expected: %v", root, want)
	})
}

// drawType draws a type expression. Definitions are drawn on the spot, so that
// none is recursive.
func drawType(t *rapid.T, depth int) *schema.Type {
	kinds := []schema.Kind{schema.Boolean, schema.Integer, schema.Number, schema.String, schema.Any, schema.Bytes}
	if depth > 0 {
		kinds = append(kinds, schema.ArrayOf, schema.ObjectOf, schema.StructRef, schema.UnionRef, schema.FunctionRef)
	}
	typ := &schema.Type{Kind: rapid.SampledFrom(kinds).Draw(t, "kind")}
	if typ.Kind != schema.ArrayOf && typ.Kind != schema.ObjectOf {
		typ.Nullable = rapid.Bool().Draw(t, "nullable")
	}
	switch typ.Kind {
	case schema.ArrayOf, schema.ObjectOf:
		typ.Elem = drawType(t, depth-1)
	case schema.StructRef:
		typ.Name, typ.Definition = "struct.S", drawStruct(t, depth-1)
	case schema.UnionRef:
		union := &schema.Union{}
		for i := range rapid.IntRange(1, 3).Draw(t, "tags") {
			union.Tags = append(union.Tags, &schema.Tag{Name: fmt.Sprintf("T%d", i), Payload: drawStruct(t, depth-1)})
		}
		typ.Name, typ.Definition = "union.U", union
	case schema.FunctionRef:
		function := &schema.Function{Args: drawStruct(t, depth-1)}
		function.Key = "fn.f"
		typ.Name, typ.Definition = "fn.f", function
	}
	return typ
}

func drawStruct(t *rapid.T, depth int) *schema.Struct {
	s := &schema.Struct{}
	for i := range rapid.IntRange(0, 4).Draw(t, "fields") {
		f := &schema.Field{Name: fmt.Sprintf("f%d", i), Type: drawType(t, depth)}
		if f.Optional = rapid.Bool().Draw(t, "optional"); f.Optional {
			f.Name += "!"
		}
		s.Fields = append(s.Fields, f)
	}
	return s
}

// spot is a place of a generated value, with a way to break it.
type spot struct {
	damage func() validate.Failure
}

// generator draws valid values and remembers how to break them.
type generator struct {
	*rapid.T
	spots []spot
}

func (g *generator) value(t *schema.Type, path wire.Path) any {
	if t.Nullable && rapid.Bool().Draw(g.T, "null") {
		return nil
	}
	switch t.Kind {
	case schema.Boolean:
		return rapid.Bool().Draw(g.T, "boolean")
	case schema.Integer:
		return rapid.Int64().Draw(g.T, "integer")
	case schema.Number:
		return rapid.Float64().Draw(g.T, "number")
	case schema.String, schema.Any:
		return rapid.String().Draw(g.T, "string")
	case schema.Bytes:
		return rapid.SliceOf(rapid.Byte()).Draw(g.T, "bytes")
	case schema.ArrayOf:
		return g.array(t.Elem, path)
	case schema.ObjectOf:
		return g.mapping(t.Elem, path)
	case schema.StructRef:
		return g.structure(t.Definition.(*schema.Struct), path)
	case schema.UnionRef:
		tag := rapid.SampledFrom(t.Definition.(*schema.Union).Tags).Draw(g.T, "tag")
		return g.single(tag.Name, tag.Payload, path)
	default:
		return g.single("fn.f", t.Definition.(*schema.Function).Args, path)
	}
}

func (g *generator) array(elem *schema.Type, path wire.Path) any {
	list := make([]any, rapid.IntRange(0, 3).Draw(g.T, "length"))
	for i := range list {
		at := append(slices.Clip(path), i)
		list[i] = g.value(elem, at)
		g.breakable(elem, &list[i], at)
	}
	return list
}

func (g *generator) mapping(elem *schema.Type, path wire.Path) any {
	keys := rapid.SliceOfNDistinct(rapid.String(), 0, 20, rapid.ID).Draw(g.T, "keys")
	object := make(wire.Object, len(keys))
	for i, key := range keys {
		at := append(slices.Clip(path), key)
		object[i] = wire.Member{Key: key, Value: g.value(elem, at)}
		g.breakable(elem, &object[i].Value, at)
	}
	return object
}

func (g *generator) structure(s *schema.Struct, path wire.Path) any {
	var object wire.Object
	for _, f := range rapid.Permutation(s.Fields).Draw(g.T, "order") {
		if f.Optional && rapid.Bool().Draw(g.T, "absent") {
			continue
		}
		object = append(object, wire.Member{Key: f.Name, Value: g.value(f.Type, append(slices.Clip(path), f.Name))})
	}
	for i := range object {
		member := &object[i]
		f := s.Field(member.Key)
		at := append(slices.Clip(path), member.Key)
		g.breakable(f.Type, &member.Value, at)
		g.spots = append(g.spots, spot{func() validate.Failure {
			member.Key = "undeclared"
			if !f.Optional {
				return missing(f.Name, path...)
			}
			return disallowed(append(slices.Clip(path), "undeclared")...)
		}})
	}
	return object
}

func (g *generator) single(tag string, payload *schema.Struct, path wire.Path) any {
	object := wire.Object{{Key: tag, Value: g.structure(payload, append(slices.Clip(path), tag))}}
	g.spots = append(g.spots, spot{func() validate.Failure {
		object[0].Key = "Other"
		return disallowed(append(slices.Clip(path), "Other")...)
	}})
	return object
}

// breakable remembers that what stands in place can be made a value of the
// wrong kind.
func (g *generator) breakable(t *schema.Type, place *any, path wire.Path) {
	g.spots = append(g.spots, spot{func() validate.Failure {
		*place = struct{}{}
		if !t.Nullable {
			*place = nil
		}
		return validate.Failure{Path: path, Reason: "TypeUnexpected"}
	}})
}
