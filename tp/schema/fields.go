package schema

import (
	"regexp"
	"strings"

	"github.com/telestruct/telestruct/tp/wire"
)

// The official patterns, which failures report literally (spec section 8.6).
var (
	fieldPattern  = regexp.MustCompile(`^([a-z][a-zA-Z0-9_]*)(!)?$`)
	headerPattern = regexp.MustCompile(`^@[a-z][a-zA-Z0-9_]*$`)
)

// typePattern is the official pattern of type expressions. Its alternatives
// are not grouped, so that it accepts whatever begins with the name of a
// scalar; only failures use it.
const typePattern = `^(boolean|integer|number|string|any|bytes)|((fn|(union|struct|_ext))\.([a-zA-Z_]\w*))$`

// typeNamePattern is what typePattern means beside the scalars.
var typeNamePattern = regexp.MustCompile(`^(fn|union|struct|_ext)\.[a-zA-Z_][a-zA-Z0-9_]*$`)

// fields parses the entries of the object at p, whose names match pattern.
func (b *builder) fields(p *place, pattern *regexp.Regexp) []*Field {
	members, ok := p.node.value.([]member)
	if !ok {
		b.failed.kind(p, "Object")
		return nil
	}
	fields := make([]*Field, 0, len(members))
	seen := map[string]bool{}
	for i := range members {
		name := strings.TrimSuffix(members[i].key, "!")
		if seen[name] {
			b.failed.at(p, duplicateField, wire.Member{Key: "field", Value: name})
		}
		seen[name] = true
		if f := b.field(p.entry(&members[i]), pattern); f != nil {
			fields = append(fields, f)
		}
	}
	return fields
}

func (b *builder) field(p *place, pattern *regexp.Regexp) *Field {
	name := p.step.(string)
	if !pattern.MatchString(name) {
		b.failed.at(p, keyMatchFailed, wire.Member{Key: "regex", Value: pattern.String()})
		return nil
	}
	return &Field{
		Name:     name,
		Type:     b.typeExpression(p),
		Optional: pattern == headerPattern || strings.HasSuffix(name, "!"),
		Origin:   p.origin(),
	}
}

// typeExpression parses the type expression at p (spec section 8.6).
func (b *builder) typeExpression(p *place) *Type {
	switch v := p.node.value.(type) {
	case string:
		return b.namedType(p, v)
	case []node:
		if len(v) != 1 {
			b.failed.at(p, arrayLengthUnexpected, counts(len(v))...)
			return nil
		}
		return &Type{Kind: ArrayOf, Elem: b.typeExpression(p.element(v, 0))}
	case []member:
		return b.objectType(p, v)
	}
	b.failed.kind(p, "StringOrArrayOrObject")
	return nil
}

func (b *builder) objectType(p *place, entries []member) *Type {
	if len(entries) != 1 {
		b.failed.at(p, objectSizeUnexpected, counts(len(entries))...)
		return nil
	}
	entry := p.entry(&entries[0])
	if entries[0].key != "string" {
		b.failed.at(p, requiredObjectKeyMissing, wire.Member{Key: "key", Value: "string"})
		b.failed.at(entry, objectKeyDisallowed)
		return nil
	}
	return &Type{Kind: ObjectOf, Elem: b.typeExpression(entry)}
}

// namedType parses a scalar or a reference, which may be nullable.
func (b *builder) namedType(p *place, text string) *Type {
	name, nullable := strings.CutSuffix(text, "?")
	for kind, scalar := range scalarNames {
		if name == scalar {
			return &Type{Kind: kind, Nullable: nullable}
		}
	}
	if !typeNamePattern.MatchString(name) {
		b.failed.misspelt(p, b.nearest(name), stringMatchFailed, wire.Member{Key: "regex", Value: typePattern})
		return nil
	}
	def, ok := b.byKey[name]
	if !ok {
		b.failed.misspelt(p, b.nearest(name), typeUnknown, wire.Member{Key: "name", Value: name})
		return nil
	}
	return &Type{Kind: referenceKind(def), Nullable: nullable, Name: name, Definition: def}
}

// referenceKind returns the kind of a reference to def.
func referenceKind(def Definition) Kind {
	switch def := def.(type) {
	case *Struct:
		return StructRef
	case *Union:
		return UnionRef
	case *Function:
		return FunctionRef
	case *Extension:
		return def.Kind() // an unknown one has been reported where it is defined
	}
	return 0 // type expressions name nothing else
}

// counts is the data of a collection type that has n members instead of one.
func counts(n int) []wire.Member {
	return []wire.Member{{Key: "actual", Value: int64(n)}, {Key: "expected", Value: int64(1)}}
}
