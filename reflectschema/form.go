package reflectschema

import (
	"encoding"
	"reflect"
	"strings"
)

// form says what a Go type is to a schema, whatever it is made of.
type form uint8

const (
	formNone form = iota // no place in a schema
	formBool
	formInt
	formFloat
	formString
	formText // encoding.TextMarshaler and encoding.TextUnmarshaler
	formStruct
	formLink
	formBytes
	formAny
	formInterface
	formSelection
	formList
	formMap
	formPointer
	formOptional
)

// formOf returns the form of t. It looks at t alone, not at its elements.
func formOf(t reflect.Type) form {
	if f := markerForm(t); f != formNone {
		return f
	}
	if t.Kind() == reflect.Interface {
		if t.NumMethod() == 0 {
			return formAny
		}
		return formInterface
	}
	if isJSONText(t) {
		return formNone
	}
	if marshals, unmarshals := textMethods(t); marshals && unmarshals && t.Kind() != reflect.Pointer {
		return formText
	}
	return kindForm(t)
}

func kindForm(t reflect.Type) form {
	switch t.Kind() {
	case reflect.Bool:
		return formBool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return formInt
	case reflect.Float32, reflect.Float64:
		return formFloat
	case reflect.String:
		return formString
	case reflect.Slice:
		if t.Elem() == reflect.TypeFor[byte]() {
			return formBytes
		}
		return formList
	case reflect.Map:
		return formMap
	case reflect.Pointer:
		return formPointer
	case reflect.Struct:
		return formStruct
	}
	return formNone
}

// markerForm recognises the types of this package.
func markerForm(t reflect.Type) form {
	if t.PkgPath() != ownPackage {
		return formNone
	}
	base, _, _ := strings.Cut(t.Name(), "[")
	switch base {
	case "Optional":
		return formOptional
	case "Link":
		return formLink
	case "Selection":
		return formSelection
	}
	return formNone
}

// textMethods reports which of the two text interfaces t or *t implements.
func textMethods(t reflect.Type) (marshals, unmarshals bool) {
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[encoding.TextMarshaler]()),
		p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// isJSONText recognises the types of package encoding/json that hold JSON
// itself, which other encodings of a message do not have.
func isJSONText(t reflect.Type) bool {
	return t.PkgPath() == "encoding/json" && (t.Name() == "RawMessage" || t.Name() == "Number")
}

// isPlain reports whether a value of the form is always there, so that only a
// pointer can leave it out.
func (f form) isPlain() bool {
	switch f {
	case formBool, formInt, formFloat, formString, formText, formStruct, formLink:
		return true
	}
	return false
}

// isCollection reports whether the form is an array or object of a schema, which
// can never be null (spec section 4.3).
func (f form) isCollection() bool { return f == formList || f == formMap }

// noun names a form that can be empty but not null.
func (f form) noun() string {
	if f == formList {
		return "an array"
	}
	return "an object"
}
