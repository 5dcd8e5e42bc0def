package reflectschema

import (
	"fmt"
	"reflect"

	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/tp/schema"
)

// value is what a Go type becomes where a value may stand: its type expression,
// which nobody else holds, and its plan.
type value struct {
	typ  *schema.Type
	plan plan.Plan
}

// nullable returns the value with a "?" and a plan that reads null as nil.
func (v value) nullable() value {
	v.typ.Nullable = true
	v.plan = plan.Nullable(v.plan)
	return v
}

// value derives a type that is neither a pointer nor an Optional. It reports
// false when the type has a mistake.
func (d *deriver) value(where string, t reflect.Type) (value, bool) {
	switch f := formOf(t); f {
	case formBool, formInt, formFloat, formString, formText, formBytes, formAny, formSelection:
		return d.scalar(where, t, f)
	case formStruct:
		return d.structValue(where, t)
	case formInterface:
		return d.unionValue(where, t)
	case formLink:
		return d.linkValue(where, t)
	case formList, formMap:
		return d.collection(where, t, f)
	}
	return value{}, d.accept(where, unsupported(t))
}

func (d *deriver) scalar(where string, t reflect.Type, f form) (value, bool) {
	if !d.accept(where, checkText(t, f)) {
		return value{}, false
	}
	switch f {
	case formBool:
		return value{&schema.Type{Kind: schema.Boolean}, plan.Bool(t)}, true
	case formInt:
		return value{&schema.Type{Kind: schema.Integer, Refine: intRefinement(t)}, plan.Int(t)}, true
	case formFloat:
		return value{&schema.Type{Kind: schema.Number, Refine: floatRefinement(t)}, plan.Float(t)}, true
	case formText:
		return value{&schema.Type{Kind: schema.String, Refine: textRefinement(t)}, plan.Text(t)}, true
	case formBytes:
		return value{&schema.Type{Kind: schema.Bytes}, plan.Bytes(t)}, true
	case formAny:
		return value{&schema.Type{Kind: schema.Any}, plan.Any()}, true
	case formSelection:
		d.model.HasSelections = true
		return value{&schema.Type{Kind: schema.Select, Name: "_ext.Select_"}, plan.Selection(t)}, true
	}
	return value{&schema.Type{Kind: schema.String}, plan.String(t)}, true
}

// collection derives a list or a map.
func (d *deriver) collection(where string, t reflect.Type, f form) (value, bool) {
	if d.open[t] {
		d.problem(where, fmt.Sprintf("%s contains itself", typeText(t)), "put a struct in between")
		return value{}, false
	}
	d.open[t] = true
	defer delete(d.open, t)
	if f == formMap && !d.accept(where, checkMapKey(t)) {
		return value{}, false
	}
	elem, ok := d.element(where, t.Elem())
	if !ok {
		return value{}, false
	}
	if f == formMap {
		return value{&schema.Type{Kind: schema.ObjectOf, Elem: elem.typ}, plan.Map(t, elem.plan)}, true
	}
	return value{&schema.Type{Kind: schema.ArrayOf, Elem: elem.typ}, plan.List(t, elem.plan)}, true
}

// element derives what a list or map holds, where a pointer makes it nullable.
func (d *deriver) element(where string, t reflect.Type) (value, bool) {
	switch formOf(t) {
	case formOptional:
		d.problem(where, fmt.Sprintf("an element cannot be absent, so it is no %s", typeText(t)),
			fmt.Sprintf("use *%s, whose nil is null", typeText(optionalElem(t))))
		return value{}, false
	case formPointer:
		if !d.accept(where, checkElementPointer(t)) {
			return value{}, false
		}
		v, ok := d.value(where, t.Elem())
		if !ok {
			return value{}, false
		}
		v.plan = plan.Pointer(t, v.plan)
		return v.nullable(), true
	}
	return d.value(where, t)
}

// checkElementPointer reports a pointer in a list or map to what cannot be null.
func checkElementPointer(t reflect.Type) *mistake {
	elem := t.Elem()
	switch f := formOf(elem); {
	case f == formPointer:
		return pointerToPointer(t)
	case f.isCollection():
		return &mistake{
			found: fmt.Sprintf("%s cannot be null", f.noun()),
			fix:   fmt.Sprintf("use %s as the element", typeText(elem)),
		}
	case f == formOptional:
		return &mistake{
			found: fmt.Sprintf("an element cannot be absent, so it is no %s", typeText(elem)),
			fix:   fmt.Sprintf("use *%s, whose nil is null", typeText(optionalElem(elem))),
		}
	}
	return nil
}

func pointerToPointer(t reflect.Type) *mistake {
	single := t.Elem()
	for single.Kind() == reflect.Pointer && single.Elem().Kind() == reflect.Pointer {
		single = single.Elem()
	}
	return &mistake{
		found: fmt.Sprintf("%s is a pointer to a pointer", typeText(t)),
		fix:   "use " + typeText(single),
	}
}

// checkMapKey reports keys that are not plain strings.
func checkMapKey(t reflect.Type) *mistake {
	key, elem := t.Key(), typeText(t.Elem())
	switch marshals, unmarshals := textMethods(key); {
	case key.Kind() != reflect.String:
		return &mistake{
			found: fmt.Sprintf("the keys of an object are strings, not %s", typeText(key)),
			fix:   fmt.Sprintf("use map[string]%s, or a list of structs", elem),
		}
	case marshals || unmarshals:
		return &mistake{
			found: fmt.Sprintf("the keys of an object are plain strings, and %s has a text form of its own", typeText(key)),
			fix:   fmt.Sprintf("use map[string]%s", elem),
		}
	}
	return nil
}

// checkText reports a type that is a text by accident, or in one direction only.
func checkText(t reflect.Type, f form) *mistake {
	if f == formText {
		if t.Kind() == reflect.Struct && hasFieldTag(t) {
			return &mistake{
				found: fmt.Sprintf("the tagged fields of %s would not be sent: it has MarshalText and UnmarshalText, "+
					"from an embedded type perhaps, and so is a text", typeText(t)),
				fix: "give the embedded type a field name, or remove the tags",
			}
		}
		return nil
	}
	marshals, unmarshals := textMethods(t)
	if f == formAny || f == formInterface || marshals == unmarshals {
		return nil
	}
	has, lacks := "MarshalText", "UnmarshalText"
	if unmarshals {
		has, lacks = lacks, has
	}
	return &mistake{
		found: fmt.Sprintf("%s has %s without %s", typeText(t), has, lacks),
		fix:   fmt.Sprintf("add %s, or use a type without either", lacks),
	}
}

func hasFieldTag(t reflect.Type) bool {
	for i := range t.NumField() {
		if _, ok := t.Field(i).Tag.Lookup("tp"); ok {
			return true
		}
	}
	return false
}

// unsupported says why a type has no place in a schema.
func unsupported(t reflect.Type) *mistake {
	found := fmt.Sprintf("%s has no place in a schema", typeText(t))
	if isJSONText(t) {
		return &mistake{fmt.Sprintf("%s is JSON, which binary messages do not hold", typeText(t)), "use any"}
	}
	switch t.Kind() {
	case reflect.Array:
		if t.Elem() == reflect.TypeFor[byte]() {
			return &mistake{found, "use []byte"}
		}
		return &mistake{found, "use []" + typeText(t.Elem())}
	case reflect.Uintptr:
		return &mistake{found, "use uint64"}
	case reflect.Complex64, reflect.Complex128:
		return &mistake{found, "use a struct of two float64"}
	}
	return &mistake{found, `leave the field out with tag "-"`}
}
