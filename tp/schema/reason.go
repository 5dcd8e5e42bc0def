package schema

import (
	"encoding/json"
	"fmt"

	"github.com/telestruct/telestruct/tp/wire"
)

// The reasons of failures (spec section 9).
const (
	jsonInvalid              = "JsonInvalid"
	typeUnexpected           = "TypeUnexpected"
	keyMatchCountUnexpected  = "ObjectKeyRegexMatchCountUnexpected"
	objectKeyDisallowed      = "ObjectKeyDisallowed"
	keyMatchFailed           = "KeyRegexMatchFailed"
	stringMatchFailed        = "StringRegexMatchFailed"
	typeUnknown              = "TypeUnknown"
	extensionMissing         = "TypeExtensionImplementationMissing"
	arrayLengthUnexpected    = "ArrayLengthUnexpected"
	objectSizeUnexpected     = "ObjectSizeUnexpected"
	requiredObjectKeyMissing = "RequiredObjectKeyMissing"
	emptyArrayDisallowed     = "EmptyArrayDisallowed"
	duplicateField           = "DuplicateField"
	pathCollision            = "PathCollision"
	recursiveType            = "RecursiveTypeUnterminated"
	fileNamePatternInvalid   = "FileNamePatternInvalid"
	directoryDisallowed      = "DirectoryDisallowed"
)

// Explain says what was found, what was expected, and what to do about it,
// without where that is.
func (f Failure) Explain() string {
	found := f.found()
	switch f.Reason {
	case jsonInvalid:
		return fmt.Sprintf("the document cannot be read: %v", f.Cause)
	case typeUnexpected:
		return fmt.Sprintf("%s is %s, expected %s", found, kindTexts[f.kind("actual")], kindTexts[f.kind("expected")])
	case keyMatchCountUnexpected:
		return fmt.Sprintf("%d of the keys %v in %s match %v, expected exactly 1",
			f.data("actual"), listText(f.data("keys")), found, f.data("regex"))
	case objectKeyDisallowed:
		return fmt.Sprintf("%s is not allowed there; remove it", found)
	case keyMatchFailed:
		return fmt.Sprintf("the name of %s does not match %v; rename it", found, f.data("regex"))
	case stringMatchFailed:
		return f.explainTypeText(found)
	case typeUnknown:
		return fmt.Sprintf("%s refers to %q, which is not defined; define it or correct the name", found, f.data("name"))
	case extensionMissing:
		return fmt.Sprintf("%q is not an extension; there are _ext.Select_, _ext.Call_ and _ext.Stub_", f.data("name"))
	case arrayLengthUnexpected:
		return fmt.Sprintf("%s has %d elements, expected the type of the array's elements alone", found, f.data("actual"))
	case objectSizeUnexpected:
		return fmt.Sprintf("%s has %d keys, expected exactly 1", found, f.data("actual"))
	case requiredObjectKeyMissing:
		return fmt.Sprintf("%s lacks the key %q; add it", found, f.data("key"))
	case emptyArrayDisallowed:
		return fmt.Sprintf("%s is empty; add a tag", found)
	case duplicateField:
		return fmt.Sprintf("%s has the field %q twice, with or without \"!\"; keep one", found, f.data("field"))
	case pathCollision:
		return fmt.Sprintf("%s is already defined by %s; rename or remove one of them", found, f.Earlier)
	case recursiveType:
		return fmt.Sprintf("%s has no finite value; make a field that leads back to it optional (\"!\"), nullable (\"?\"), "+
			"an array or an object", found)
	case fileNamePatternInvalid:
		return fmt.Sprintf("the file name does not match %v; rename or move the file", f.data("expected"))
	case directoryDisallowed:
		return "a directory is not allowed among schema documents; move it"
	}
	return f.Reason
}

// explainTypeText tells a misspelt type expression from an invalid _errors.
func (f Failure) explainTypeText(found string) string {
	if f.Cause != nil {
		return fmt.Sprintf("%s is not a regular expression: %v", found, f.Cause)
	}
	return fmt.Sprintf("%s is not a type; write boolean, integer, number, string, any, bytes, "+
		"or a name that begins with struct., union., fn. or _ext.", found)
}

// found names the place by its path without the number of the definition.
func (f Failure) found() string {
	switch len(f.Path) {
	case 0:
		return "the document"
	case 1:
		return fmt.Sprintf("definition %v", f.Path[0])
	}
	text := fmt.Sprint(f.Path[1])
	for _, step := range f.Path[2:] {
		if _, position := step.(int); position {
			text += fmt.Sprintf("[%d]", step)
		} else {
			text += fmt.Sprintf(".%v", step)
		}
	}
	return text
}

func (f Failure) data(key string) any {
	v, _ := f.Data.Get(key)
	return v
}

// kind returns the only key of the object at key.
func (f Failure) kind(key string) string {
	if o, ok := f.data(key).(wire.Object); ok && len(o) == 1 {
		return o[0].Key
	}
	return ""
}

var kindTexts = map[string]string{
	"Null":                  "null",
	"Boolean":               "a boolean",
	"Number":                "a number",
	"String":                "a string",
	"Array":                 "an array",
	"Object":                "an object",
	"StringOrArrayOrObject": "a string, an array or an object",
}

func listText(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text)
}
