package schema

import (
	"fmt"
	"strings"

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

// Explain returns Found and Fix in one text, without where that is.
func (f Failure) Explain() string {
	found, fix := f.explain()
	if fix == "" {
		return found
	}
	return found + "; " + fix
}

// Found says what is wrong, and what was expected if that is not plain.
func (f Failure) Found() string {
	found, _ := f.explain()
	return found
}

// Fix says what to do about it; empty if that depends on what was meant.
func (f Failure) Fix() string {
	_, fix := f.explain()
	return fix
}

func (f Failure) explain() (found, fix string) {
	at := f.place()
	switch f.Reason {
	case jsonInvalid:
		return fmt.Sprintf("the document cannot be read: %v", f.Cause), ""
	case typeUnexpected:
		return fmt.Sprintf("%s is %s, expected %s", at, kindText(f.kind("actual")), kindText(f.kind("expected"))), ""
	case keyMatchCountUnexpected:
		return fmt.Sprintf("%d keys of %s match %v, expected exactly 1; its keys are %s",
			f.data("actual"), at, f.data("regex"), inline(f.data("keys"), quoteJSON)), ""
	case objectKeyDisallowed:
		return at + " is not allowed there", "remove it"
	case keyMatchFailed:
		return fmt.Sprintf("the name of %s does not match %v", at, f.data("regex")), "rename it"
	case stringMatchFailed:
		return f.explainMismatch(at)
	case typeUnknown:
		return fmt.Sprintf("%s refers to %q, which is not defined", at, f.data("name")), "define it or correct the name"
	case extensionMissing:
		return fmt.Sprintf("%q is not an extension", f.data("name")), "there are _ext.Select_, _ext.Call_ and _ext.Stub_"
	case arrayLengthUnexpected:
		return fmt.Sprintf("%s has %d elements, expected 1", at, f.data("actual")), "write the type of the array's elements alone"
	case objectSizeUnexpected:
		return fmt.Sprintf("%s has %d keys, expected 1", at, f.data("actual")), ""
	case requiredObjectKeyMissing:
		return fmt.Sprintf("%s lacks the key %q", at, f.data("key")), "add it"
	case emptyArrayDisallowed:
		return at + " is empty", "add a tag"
	case duplicateField:
		return fmt.Sprintf("%s has the field %q twice, with or without \"!\"", at, f.data("field")), "keep one"
	case pathCollision:
		return fmt.Sprintf("%s is defined by %s already", at, f.Earlier), "rename or remove one of them"
	case recursiveType:
		return at + " has no finite value", `make a field that leads back to it optional ("!"), nullable ("?"), an array or an object`
	case fileNamePatternInvalid:
		return fmt.Sprintf("the file name does not match %v", f.data("expected")), "rename or move the file"
	case directoryDisallowed:
		return "a directory is not allowed among schema documents", "move it"
	}
	return f.Reason, ""
}

// explainMismatch tells a misspelt type expression from an invalid _errors.
func (f Failure) explainMismatch(at string) (found, fix string) {
	if f.Cause != nil {
		return fmt.Sprintf("%s is not a regular expression: %v", at, f.Cause), ""
	}
	return at + " is not a type", "write boolean, integer, number, string, any, bytes, " +
		"or a name that begins with struct., union., fn. or _ext."
}

// place names the place by its path without the number of the definition.
func (f Failure) place() string {
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

func kindText(kind string) string {
	switch kind {
	case "Null":
		return "null"
	case "Array", "Object":
		return "an " + strings.ToLower(kind)
	case "StringOrArrayOrObject":
		return "a string, an array or an object"
	}
	return "a " + strings.ToLower(kind)
}
