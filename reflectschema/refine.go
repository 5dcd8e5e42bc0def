package reflectschema

import (
	"encoding"
	"errors"
	"math"
	"reflect"
	"unicode/utf8"

	"github.com/telestruct/telestruct/tp/schema"
)

// intRefinement returns the range of an integer type, nil when it is that of
// the wire: the signed 64-bit integers (spec section 4.4).
func intRefinement(t reflect.Type) *schema.Refinement {
	bits := t.Bits()
	switch t.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if bits == 64 {
			return nil
		}
		limit := int64(1) << (bits - 1)
		return &schema.Refinement{GoType: typeText(t), Min: -limit, Max: limit - 1}
	}
	if bits == 64 {
		return &schema.Refinement{GoType: typeText(t), Max: math.MaxInt64}
	}
	return &schema.Refinement{GoType: typeText(t), Max: int64(1)<<bits - 1}
}

func floatRefinement(t reflect.Type) *schema.Refinement {
	if t.Kind() == reflect.Float64 {
		return nil
	}
	return &schema.Refinement{GoType: typeText(t), Float32: true}
}

// errInvalidText is what callers are told of a text that makes its type panic, or
// the error that it returns.
var errInvalidText = errors.New("the text is not valid")

// textRefinement returns the refinement that asks t itself.
func textRefinement(t reflect.Type) *schema.Refinement {
	own := func() []string { return ownTexts(t) }
	return &schema.Refinement{GoType: typeText(t), Own: own, Text: func(text string) (err error) {
		// Only the type knows what it does with text that a stranger sent, and
		// only its owner, who learns of it from the plan, why it panics.
		defer func() {
			if recover() != nil {
				err = errInvalidText
			}
		}()
		err = reflect.New(t).Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(text))
		if err != nil {
			err = errors.New(err.Error()) // here, because an error may panic as well
		}
		return err
	}}
}

// ownTexts returns what a type writes for its zero value, and for 1 if it is an integer:
// many enumerations begin there.
func ownTexts(t reflect.Type) []string {
	zero := reflect.New(t)
	texts := appendText(nil, zero)
	switch one := reflect.New(t); {
	case one.Elem().CanInt():
		one.Elem().SetInt(1)
		texts = appendText(texts, one)
	case one.Elem().CanUint():
		one.Elem().SetUint(1)
		texts = appendText(texts, one)
	}
	return texts
}

// appendText appends the text of what v points to, unless its type refuses, or panics.
func appendText(texts []string, v reflect.Value) (all []string) {
	all = texts
	defer func() { _ = recover() }() // nobody has asked for this value
	text, err := v.Interface().(encoding.TextMarshaler).MarshalText()
	if err == nil && utf8.Valid(text) {
		all = append(texts, string(text))
	}
	return all
}
