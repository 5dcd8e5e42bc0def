package schema

import "fmt"

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
	switch f.Reason {
	case jsonInvalid:
		return fmt.Sprintf("the document cannot be read: %v", f.Cause), ""
	case typeUnexpected:
		return f.explainKind()
	case keyMatchCountUnexpected:
		return f.explainKeyCount()
	case objectKeyDisallowed:
		return f.explainDisallowed()
	case keyMatchFailed:
		return f.explainFieldName()
	case stringMatchFailed:
		return f.explainNoType()
	case typeUnknown:
		return f.explainUnknown()
	case extensionMissing:
		return fmt.Sprintf("%q is not an extension", f.data("name")), "there are _ext.Select_, _ext.Call_ and _ext.Stub_"
	case arrayLengthUnexpected:
		return f.explainArray()
	case objectSizeUnexpected:
		if f.isTag() {
			return f.explainTag()
		}
		return f.explainObject()
	case requiredObjectKeyMissing:
		return f.explainMissing()
	case emptyArrayDisallowed:
		return f.subject() + " is empty", "add a tag such as " + f.exampleTag()
	case duplicateField:
		return fmt.Sprintf("%s has the field %q twice, with or without \"!\"", f.subject(), f.data("field")), "keep one"
	case pathCollision:
		return f.explainCollision()
	case recursiveType:
		return f.subject() + " has no finite value", `make a field that leads back to it optional ("!"), nullable ("?"), an array or an object`
	case fileNamePatternInvalid:
		return fmt.Sprintf("the file name does not match %v", f.data("expected")), "rename or move the file"
	case directoryDisallowed:
		return "a directory is not allowed among schema documents", "move it"
	}
	return f.Reason, ""
}
