package schema

import (
	"fmt"
	"strings"

	"github.com/telestruct/telestruct/tp/wire"
	"pgregory.net/rapid"
)

// generateDefinitions draws a set of definitions. References may dangle or go
// in circles, though rarely: what [New] refuses is to be skipped.
func generateDefinitions(t *rapid.T) []Definition {
	g := generator{t: t}
	for _, kind := range []string{"struct", "union", "fn"} {
		for i := range rapid.IntRange(0, 3).Draw(t, kind+"s") {
			g.keys = append(g.keys, fmt.Sprintf("%s.%c%d", kind, 'a'+i, i))
		}
	}
	var definitions []Definition
	for _, key := range g.keys {
		definitions = append(definitions, g.definition(key))
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "errors") {
		definitions = append(definitions, &Errors{Head: g.head(fmt.Sprintf("errors.E%d", i)), Tags: g.tags(fmt.Sprintf("Error%d", i))})
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "headers") {
		definitions = append(definitions, &Headers{
			Head:     g.head(fmt.Sprintf("headers.H%d", i)),
			Request:  g.fields(fmt.Sprintf("@h%d", i)),
			Response: g.fields(fmt.Sprintf("@h%d", i)),
		})
	}
	return append(definitions, &Info{g.head("info.Generated")})
}

type generator struct {
	t    *rapid.T
	keys []string
}

func (g *generator) definition(key string) Definition {
	head := g.head(key)
	switch {
	case strings.HasPrefix(key, "struct."):
		head.Flags = g.flags()
		return &Struct{Head: head, Fields: g.fields("f")}
	case strings.HasPrefix(key, "union."):
		return &Union{Head: head, Tags: g.tags("Tag")}
	}
	head.Flags = g.flags()
	f := &Function{
		Head:   head,
		Args:   &Struct{Fields: g.fields("a")},
		Result: &Union{Tags: append(g.tags("Error_"), &Tag{Name: okTag, Payload: &Struct{Fields: g.fields("r")}})},
	}
	f.OwnTags = len(f.Result.Tags)
	if f.Internal() && rapid.Bool().Draw(g.t, "has pattern") {
		f.ErrorsPattern = rapid.SampledFrom([]string{"^$", `^errors\..*$`, "Validation_", "^"}).Draw(g.t, "pattern")
	}
	return f
}

func (g *generator) head(key string) Head { return Head{Key: key, Doc: g.doc()} }

func (g *generator) doc() Doc {
	text := rapid.OneOf(
		rapid.Just(""),
		rapid.SampledFrom([]string{"Plain text.", "yes", "a: b", "a #b", "# a", "- a", "| x", "'a'", "12", "2020-01-01", "ends with:"}),
		rapid.StringMatching(`[ a-z#:é\t"'{}\[\]|>&*!%@-]{0,20}(\n[ a-z#:é-]{0,20}){0,4}`),
		rapid.String(),
	)
	switch rapid.IntRange(0, 2).Draw(g.t, "kind of docstring") {
	case 0:
		return Doc{}
	case 1:
		return TextDoc(text.Draw(g.t, "docstring"))
	}
	lines := []any{}
	for _, line := range rapid.SliceOfN(text, 0, 4).Draw(g.t, "docstring lines") {
		lines = append(lines, line)
	}
	return Doc{lines}
}

func (g *generator) flags() wire.Object {
	var flags wire.Object
	for _, name := range []string{"$internal", "$authenticated", "$other", duplicateKey} {
		if rapid.Bool().Draw(g.t, name) {
			flags = append(flags, wire.Member{Key: name, Value: g.value(2)})
		}
	}
	return flags
}

// value draws a value tree with at most depth collections inside each other.
func (g *generator) value(depth int) any {
	switch rapid.IntRange(0, 5+min(depth, 1)*2).Draw(g.t, "kind of value") {
	case 0:
		return nil
	case 1, 2:
		return rapid.Bool().Draw(g.t, "boolean")
	case 3:
		return rapid.Int64().Draw(g.t, "integer")
	case 4:
		return rapid.Float64().Draw(g.t, "float")
	case 5:
		return rapid.String().Draw(g.t, "string")
	case 6:
		array := make([]any, rapid.IntRange(0, 5).Draw(g.t, "elements"))
		for i := range array {
			array[i] = g.value(depth - 1)
		}
		return array
	}
	var object wire.Object
	for range rapid.IntRange(0, 5).Draw(g.t, "members") {
		object.Set(rapid.String().Draw(g.t, "key"), g.value(depth-1))
	}
	return object
}

func (g *generator) tags(prefix string) []*Tag {
	tags := make([]*Tag, rapid.IntRange(1, 3).Draw(g.t, "tags"))
	for i := range tags {
		tags[i] = &Tag{Name: fmt.Sprintf("%s%d", prefix, i), Doc: g.doc(), Payload: &Struct{Fields: g.fields("p")}}
	}
	return tags
}

func (g *generator) fields(prefix string) []*Field {
	fields := make([]*Field, rapid.IntRange(0, 3).Draw(g.t, "fields"))
	for i := range fields {
		f := &Field{Name: fmt.Sprintf("%s%d", prefix, i), Type: g.typeExpression(3)}
		if f.Optional = rapid.IntRange(0, 2).Draw(g.t, "optional") > 0; f.Optional && prefix[0] != '@' {
			f.Name += "!"
		}
		fields[i] = f
	}
	return fields
}

func (g *generator) typeExpression(depth int) *Type {
	kinds := []Kind{Boolean, Integer, Number, String, Any, Bytes, Select}
	if depth > 0 {
		kinds = append(kinds, ArrayOf, ObjectOf)
	}
	if len(g.keys) > 0 {
		kinds = append(kinds, StructRef)
	}
	typ := &Type{Kind: rapid.SampledFrom(kinds).Draw(g.t, "kind")}
	switch typ.Kind {
	case ArrayOf, ObjectOf:
		typ.Elem = g.typeExpression(depth - 1)
		return typ
	case Select:
		typ.Name = "_ext.Select_"
	case StructRef: // stands for all references: New looks at the name
		typ.Name = rapid.SampledFrom(g.keys).Draw(g.t, "reference")
	}
	typ.Nullable = rapid.Bool().Draw(g.t, "nullable")
	return typ
}
