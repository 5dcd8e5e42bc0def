package reflectschema

import (
	"fmt"
	"reflect"

	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/tp/schema"
)

// structEntry is a struct that is a definition of its own.
type structEntry struct {
	key  string
	plan *plan.Struct
	ok   bool // the struct has a name
}

// structValue refers to the struct.* definition of t, and makes it when t is
// met for the first time.
func (d *deriver) structValue(where string, t reflect.Type) (value, bool) {
	e := d.structs[t]
	if e == nil {
		if !d.accept(where, checkStruct(t)) {
			return value{}, false
		}
		e = d.defineStruct(t)
	}
	if !e.ok {
		return value{}, false // reported when it was met first
	}
	return value{&schema.Type{Kind: schema.StructRef, Name: e.key}, e.plan}, true
}

func (d *deriver) defineStruct(t reflect.Type) *structEntry {
	e := &structEntry{}
	d.structs[t] = e
	where := typeText(t)
	name, problem := schemaName(t, d.blank(t).name)
	e.key = "struct." + name
	e.ok = d.accept(where, problem) && d.claim(e.key, where, fullName(t), renameFix)
	e.plan = plan.NewStruct(t, e.key)
	def := &schema.Struct{Head: schema.Head{Key: e.key, Origin: d.origin(where)}}
	d.define(def)
	body := d.payload(t, bodyFields)
	d.whenComplete(func() {
		def.Doc = body.docstring()
		def.Fields = body.fields
		e.plan.SetFields(body.planFields)
	})
	return e
}

const renameFix = "name one of them with a blank field: _ struct{} `tp:\"OtherName\"`"

// checkStruct reports a struct that cannot be a definition.
func checkStruct(t reflect.Type) *mistake {
	if t.Name() == "" {
		return &mistake{"an anonymous struct has no name for its definition", "declare a type for it"}
	}
	if m := checkText(t, formStruct); m != nil {
		return m
	}
	hidden := false
	for i := range t.NumField() {
		f := t.Field(i)
		if f.IsExported() || f.Anonymous {
			return nil
		}
		hidden = hidden || f.Name != "_"
	}
	if !hidden {
		return nil
	}
	return &mistake{
		found: fmt.Sprintf("%s has unexported fields only, so nothing of it would be sent", typeText(t)),
		fix:   "export and tag its fields, or give it MarshalText and UnmarshalText",
	}
}

// fieldKind is where the fields of a struct stand.
type fieldKind uint8

const (
	bodyFields fieldKind = iota
	headerFields
)

// payloadKey tells the uses of a struct apart.
type payloadKey struct {
	t    reflect.Type
	kind fieldKind
}

// payload is a struct's content without a name: arguments, a result, what a tag
// holds, one side of a header set. A struct.* definition has the same fields
// under a plan of its own, since selections find plans by name.
type payload struct {
	plan       *plan.Struct
	doc        string
	fields     []*schema.Field
	planFields []plan.Field
}

// payload derives the fields of t, which is a struct. They are there once all
// types are known.
func (d *deriver) payload(t reflect.Type, kind fieldKind) *payload {
	key := payloadKey{t, kind}
	if p := d.payloads[key]; p != nil {
		return p
	}
	p := &payload{plan: plan.NewStruct(t, "")}
	d.payloads[key] = p
	p.doc = d.blank(t).doc
	if p.doc == "" && t.Name() != "" {
		p.doc = d.in.comments[commentKey(t)]
	}
	// A struct ends the search for lists that contain nothing but themselves.
	open := d.open
	d.open = map[reflect.Type]bool{}
	fieldWalk{d, p, kind}.structFields(t, 0)
	d.open = open
	d.whenComplete(func() { p.plan.SetFields(p.planFields) })
	return p
}

// payloadType returns the struct that t is or points to, or reports that it is
// none.
func payloadType(t reflect.Type, what string) (reflect.Type, *mistake) {
	if t == nil {
		return nil, &mistake{what + " is nil", "use a struct, or a pointer to one"}
	}
	s := t
	if s.Kind() == reflect.Pointer {
		s = s.Elem()
	}
	switch f := formOf(s); {
	case f == formText:
		return nil, &mistake{fmt.Sprintf("%s is %s, a text", what, typeText(t)), "use a struct that has it as a field"}
	case f != formStruct:
		return nil, &mistake{fmt.Sprintf("%s is %s, not a struct", what, typeText(t)), "use a struct, or a pointer to one"}
	}
	return s, nil
}

// payloadText names the struct t, or what it belongs to when it has no name.
func payloadText(t reflect.Type, owner string) string {
	if t.Name() == "" {
		return owner
	}
	return typeText(t)
}

// payloadStruct returns t as the arguments or the payload that origin describes.
func (d *deriver) payloadStruct(t reflect.Type, key, where string) *schema.Struct {
	s := &schema.Struct{Head: schema.Head{Key: key, Origin: d.origin(where)}}
	p := d.payload(t, bodyFields)
	d.whenComplete(func() { s.Fields = p.fields })
	return s
}

// tag returns t as the tag name of a union.
func (d *deriver) tag(t reflect.Type, name, where string) *schema.Tag {
	tag := &schema.Tag{Name: name, Payload: d.payloadStruct(t, "", where), Origin: d.origin(where)}
	p := d.payload(t, bodyFields)
	d.whenComplete(func() { tag.Doc = p.docstring() })
	return tag
}

// blank is what the blank field of a struct says about the struct.
type blank struct{ name, doc string }

// blank finds the field _ struct{} that carries a tag.
func (d *deriver) blank(t reflect.Type) blank {
	var out blank
	found := false
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Name != "_" || f.Tag == "" {
			continue
		}
		where := typeText(t) + "._"
		tag, problem := scanStructTag(f.Tag)
		switch {
		case !d.accept(where, problem) || !tag.hasTP && !tag.hasDoc:
			continue
		case f.Type != reflect.TypeFor[struct{}]():
			d.problem(where, fmt.Sprintf("the blank field that names a type is a struct{}, not %s", typeText(f.Type)), "write _ struct{}")
		case found:
			d.problem(where, "two blank fields describe the type", "keep one")
		case tag.hasTP && !d.accept(where, scanName(tag.tp)):
		default:
			out = blank{name: tag.tp, doc: tag.doc}
		}
		found = true
	}
	return out
}
