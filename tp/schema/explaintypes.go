package schema

import (
	"fmt"
	"strings"
)

// explainKind explains a value of the wrong kind.
func (f Failure) explainKind() (found, fix string) {
	expected := f.kind("expected")
	found = fmt.Sprintf("%s is %s, expected %s", f.subject(), kindText(f.kind("actual")), kindText(expected))
	switch {
	case len(f.Path) == 0:
		return found, `put the definitions into an array: [{"struct.Name": {…}}]`
	case len(f.Path) == 1:
		return found, f.written(`begin it with a key such as "struct.Name:"`, `write an object such as {"struct.Name": {…}}`)
	case expected == "StringOrArrayOrObject":
		return found, `write a type such as "integer", ["integer"] or {"string": "integer"}`
	case expected == "Array":
		return found, "list its tags, such as " + f.exampleTag()
	case expected == "String":
		return found, "write a regular expression"
	}
	if _, position := f.Path[len(f.Path)-1].(int); position {
		return found, "write " + f.meantTag()
	}
	return found, "list its fields, or write {} for none"
}

// meantTag returns the tag that a text in its place was meant to be.
func (f Failure) meantTag() string {
	if text, ok := f.value().(string); ok && tagPattern.MatchString(text) {
		return f.tagText(text)
	}
	return f.exampleTag()
}

// kindText is a kind of value as part of a sentence.
func kindText(kind string) string {
	switch kind {
	case "Null":
		return "null"
	case "Array", "Object":
		return "an " + strings.ToLower(kind)
	case "StringOrArrayOrObject":
		return "a type"
	}
	return "a " + strings.ToLower(kind)
}

// allTypes says what a type can be.
const allTypes = "write boolean, integer, number, string, any, bytes, " +
	"or a name that begins with struct., union., fn. or _ext."

// otherScalars are the scalars of other languages.
var otherScalars = map[string]string{
	"int": "integer", "int32": "integer", "int64": "integer", "uint": "integer", "long": "integer",
	"float": "number", "float32": "number", "float64": "number", "double": "number", "decimal": "number",
	"bool": "boolean", "str": "string", "text": "string", "byte": "bytes", "binary": "bytes", "object": "any",
}

// explainNoType explains a text that is not a type, or an _errors that is not a
// regular expression.
func (f Failure) explainNoType() (found, fix string) {
	if f.Cause != nil {
		return fmt.Sprintf("%s is not a regular expression: %v", f.subject(), f.Cause), ""
	}
	text, _ := f.value().(string)
	found = fmt.Sprintf("%s: %q is not a type", f.subject(), text)
	near := nearestType(text)
	switch field := f.step(); {
	case near == nil && f.meant == "":
		return found, allTypes
	case near == nil:
		return found, f.didYouMean(text)
	case strings.Contains(text, "!") && fieldPattern.MatchString(field):
		field = strings.TrimSuffix(field, "!") + "!"
		return found, `the "!" belongs to the field name: ` + f.entryText(field, near)
	}
	return found, "write " + inline(near, quoteJSON)
}

// nearestType returns the type expression of scalars that text was likely meant
// to be, and nil if there is none.
func nearestType(text string) any {
	elem := strings.TrimPrefix(strings.TrimSuffix(text, "[]"), "[]")
	if elem != text {
		if near := nearestType(elem); near != nil {
			return []any{near}
		}
		return nil
	}
	name := strings.TrimRight(text, "!?")
	if scalar, known := otherScalars[strings.ToLower(name)]; known {
		name = scalar
	}
	for _, scalar := range scalarNames {
		if strings.EqualFold(name, scalar) {
			return scalar + nullMark(text)
		}
	}
	if typeNamePattern.MatchString(name) {
		return name + nullMark(text)
	}
	return nil
}

// nullMark returns the mark of a type expression that can be null.
func nullMark(text string) string {
	if strings.Contains(text, "?") {
		return "?"
	}
	return ""
}

// explainUnknown explains a reference that leads nowhere.
func (f Failure) explainUnknown() (found, fix string) {
	name, _ := f.data("name").(string)
	found = fmt.Sprintf("%s refers to %q, which is not defined", f.subject(), name)
	if f.meant == "" {
		return found, "define it or correct the name"
	}
	text, _ := f.value().(string)
	return found, f.didYouMean(text)
}

// didYouMean offers the definition that is nearest to text.
func (f Failure) didYouMean(text string) string {
	return fmt.Sprintf("did you mean %q?", f.meant+nullMark(text))
}

// explainArray explains an array type that has not exactly one element.
func (f Failure) explainArray() (found, fix string) {
	elem := "integer"
	if elements, ok := f.value().([]any); ok && len(elements) > 0 {
		if text, ok := elements[0].(string); ok {
			elem = text
		}
	}
	return fmt.Sprintf("%s has an array type of %d elements, expected 1", f.subject(), f.data("actual")),
		fmt.Sprintf("write the type of the array's elements alone: [%q]", elem)
}

// explainObject explains an object type that has not exactly the one key "string".
func (f Failure) explainObject() (found, fix string) {
	found = f.subject() + " is an object without a key"
	if keys := f.keys(); len(keys) > 0 {
		found = fmt.Sprintf("%s is an object with %s", f.subject(), quoteAll(keys))
	}
	return found + `, and an object type has the one key "string"`,
		`write {"string": "integer"} with the type of the values, or define a struct and write its name`
}
