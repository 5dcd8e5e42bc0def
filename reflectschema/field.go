package reflectschema

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/tp/schema"
)

// fieldWalk collects the fields of one struct, those of the structs embedded in
// it included.
type fieldWalk struct {
	d    *deriver
	out  *payload
	kind fieldKind
}

// structFields adds the fields of t, which lies at offset of the outermost
// struct.
func (w fieldWalk) structFields(t reflect.Type, offset uintptr) {
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Name == "_" {
			continue
		}
		f.Offset += offset
		w.field(typeText(t)+"."+f.Name, t, f)
	}
}

func (w fieldWalk) field(where string, owner reflect.Type, f reflect.StructField) {
	tags, problem := scanStructTag(f.Tag)
	switch {
	case !w.d.accept(where, problem) || tags.tp == "-":
	case f.Anonymous && !tags.hasTP:
		w.embedded(where, f)
	case !f.IsExported():
		if tags.hasTP {
			w.d.problem(where, fmt.Sprintf("tag %q on a field that is not exported", tags.tp), "export the field, or remove the tag")
		}
	case tags.tp == "":
		w.d.problem(where, "an exported field needs a tag", fmt.Sprintf("add `tp:%q`, or `tp:\"-\"` to leave it out", suggestTag(f, w.kind)))
	default:
		w.tagged(where, owner, f, tags)
	}
}

// suggestTag returns the tag that a field would naturally have.
func suggestTag(f reflect.StructField, kind fieldKind) string {
	key := suggestKey(f.Name)
	if key == "" {
		key = "name"
	}
	switch {
	case kind == headerFields:
		return "@" + key
	case formOf(f.Type) == formPointer:
		return key + "!"
	case formOf(f.Type) == formOptional:
		return key + "!?"
	}
	return key
}

// embedded adds the fields of an embedded struct as if they were written here.
func (w fieldWalk) embedded(where string, f reflect.StructField) {
	switch is := formOf(f.Type); {
	case is == formStruct:
		w.structFields(f.Type, f.Offset)
	case is == formPointer && formOf(f.Type.Elem()) == formStruct:
		w.d.problem(where, fmt.Sprintf("an embedded pointer cannot be flattened: nothing says whether %s is there", typeText(f.Type)),
			fmt.Sprintf("embed %s, or give the field a name and a tag", typeText(f.Type.Elem())))
	case f.IsExported():
		w.d.problem(where, fmt.Sprintf("an embedded %s has no fields to flatten", typeText(f.Type)),
			fmt.Sprintf("add `tp:%q`, or `tp:\"-\"` to leave it out", suggestTag(f, w.kind)))
	}
}

// tagged adds one field with a tag.
func (w fieldWalk) tagged(where string, owner reflect.Type, f reflect.StructField, tags structTag) {
	tag, problem := scanFieldTag(tags.tp)
	if !w.d.accept(where, problem) || !w.d.accept(where, checkPlace(tag, w.kind)) {
		return
	}
	v, ok := w.d.fieldValue(where, f.Type, tag)
	if !ok || !w.unique(where, tag) {
		return
	}
	doc := tags.doc
	if !tags.hasDoc {
		doc = w.d.in.comments[commentKey(owner)+"."+f.Name]
	}
	w.out.fields = append(w.out.fields, &schema.Field{
		Name:     tag.key(),
		Type:     v.typ,
		Optional: tag.canBeAbsent(),
		Doc:      doc,
		Origin:   w.d.origin(where),
	})
	w.out.planFields = append(w.out.planFields, plan.Field{
		Name:     tag.key(),
		Offset:   f.Offset,
		Plan:     v.plan,
		Optional: tag.canBeAbsent(),
	})
}

// unique reports a second field of the same name, "!" aside (spec section 8.6).
func (w fieldWalk) unique(where string, tag fieldTag) bool {
	i := slices.IndexFunc(w.out.fields, func(f *schema.Field) bool {
		return strings.TrimSuffix(f.Name, "!") == tag.name
	})
	if i < 0 {
		return true
	}
	first := w.out.fields[i]
	w.d.problem(where, fmt.Sprintf("%s has the key %q already", first.Origin.Go, first.Name), "rename one of them")
	return false
}

// checkPlace reports a header name in a body and the other way round.
func checkPlace(tag fieldTag, kind fieldKind) *mistake {
	switch {
	case kind == bodyFields && tag.header:
		body := fieldTag{name: strings.TrimPrefix(tag.name, "@")}
		marks := ""
		if tag.nullable {
			marks = "?"
		}
		return &mistake{
			found: fmt.Sprintf("%s is the name of a header", tag.with("")),
			fix:   fmt.Sprintf("use tag %s, or declare a tp.HeaderSet", body.with(marks)),
		}
	case kind == headerFields && !tag.header:
		return &mistake{
			found: fmt.Sprintf("the name of a header begins with @, not %s", tag.with("")),
			fix:   fmt.Sprintf("use tag %q", "@"+tag.name),
		}
	case kind == headerFields:
		return checkReserved(tag.name)
	}
	return nil
}

// fieldValue derives the type of a field and checks that it can say what the tag
// promises: the table of the package comment.
func (d *deriver) fieldValue(where string, t reflect.Type, tag fieldTag) (value, bool) {
	f := formOf(t)
	if !d.accept(where, checkTag(t, f, tag)) {
		return value{}, false
	}
	switch f {
	case formOptional:
		return d.optionalValue(where, t)
	case formPointer:
		v, ok := d.value(where, t.Elem())
		if !ok {
			return value{}, false
		}
		v.plan = plan.Pointer(t, v.plan)
		if tag.nullable {
			v = v.nullable()
		}
		return v, true
	}
	v, ok := d.value(where, t)
	if ok && tag.nullable {
		v = v.nullable()
	}
	return v, ok
}
