package mirror

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// structFields finds the fields of the struct.
func (c *compiler) structFields(s *structShape) {
	w := fieldWalk{compiler: c}
	w.walk(s.t, 0)
	s.setFields(w.fields, w.hidden)
}

// fieldWalk collects the fields of one struct, and of those that are embedded in it.
type fieldWalk struct {
	*compiler
	fields []structField
	hidden []hiddenField
}

// walk adds the fields of t, which lies at offset of the outermost struct.
func (w *fieldWalk) walk(t reflect.Type, offset uintptr) {
	for i := range t.NumField() {
		f := t.Field(i)
		f.Offset += offset
		where := t.String() + "." + f.Name
		tag, tagged := f.Tag.Lookup("tp")
		switch {
		case f.Anonymous && !tagged && f.Type.Kind() == reflect.Struct:
			w.walk(f.Type, f.Offset)
			continue
		case f.Anonymous && !tagged && f.Type.Kind() == reflect.Pointer && f.Type.Elem().Kind() == reflect.Struct:
			w.problem(where, "an embedded pointer cannot be flattened: nothing says whether there is a "+f.Type.Elem().Name(),
				fmt.Sprintf("embed %v, or give the field a name and a tag", f.Type.Elem()))
		case f.Name == "_" || !tagged || tag == "-":
		case !f.IsExported():
			w.problem(where, fmt.Sprintf("tag %q on a field that is not exported", tag), "export the field, or remove the tag")
		default:
			w.tagged(where, f, tag)
			continue
		}
		w.hidden = append(w.hidden, hiddenField{f.Offset, f.Type})
	}
}

// tagged adds a field that is sent.
func (w *fieldWalk) tagged(where string, f reflect.StructField, tag string) {
	text, nullable := strings.CutSuffix(tag, "?")
	name, optional := strings.CutSuffix(text, "!")
	switch {
	case !isName(name):
		w.problem(where, fmt.Sprintf("malformed tag %q", tag), "write name, name!, name? or name!?")
		return
	case slices.ContainsFunc(w.fields, func(other structField) bool { return other.name == name }):
		w.problem(where, fmt.Sprintf("another field has the key %q already", name), "rename one of them")
		return
	}
	s := w.shape(where, f.Type)
	if s == nil {
		return
	}
	if nullable && (f.Type.Kind() == reflect.Slice || f.Type.Kind() == reflect.Map) {
		s = nullableShape{s}
	}
	w.fields = append(w.fields, structField{name, f.Offset, s, optional})
}

// schema returns the fields as they are declared.
func (s *structShape) schema() []FieldSchema {
	fields := make([]FieldSchema, len(s.declared))
	for i, at := range s.declared {
		fields[i] = FieldSchema{Name: s.fields[at].name, Ty: s.fields[at].shape.about().ty}
	}
	return fields
}
