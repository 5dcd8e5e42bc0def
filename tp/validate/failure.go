package validate

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/telestruct/telestruct/tp/wire"
)

// The reasons that validation gives (spec section 4.1).
const (
	typeUnexpected                     = "TypeUnexpected"
	numberOutOfRange                   = "NumberOutOfRange"
	objectKeyDisallowed                = "ObjectKeyDisallowed"
	requiredObjectKeyMissing           = "RequiredObjectKeyMissing"
	objectSizeUnexpected               = "ObjectSizeUnexpected"
	arrayElementDisallowed             = "ArrayElementDisallowed"
	objectKeyRegexMatchCountUnexpected = "ObjectKeyRegexMatchCountUnexpected"
	requiredObjectKeyPrefixMissing     = "RequiredObjectKeyPrefixMissing"
	extensionValidationFailed          = "ExtensionValidationFailed"
	functionUnknown                    = "FunctionUnknown"
)

// Failure is one thing wrong with a value (spec section 4.1).
type Failure struct {
	// Path leads to the place, from the body object for bodies and from the
	// header object for headers.
	Path wire.Path
	// Reason is a tag of union.ValidationFailureReason_.
	Reason string
	// Data is the payload of that tag; nil when it has no fields.
	Data wire.Object
}

// Case returns the failure as it is written on the wire, a
// struct.ValidationFailure_: {"path": […], "reason": {Reason: Data}}.
func (f Failure) Case() wire.Object {
	data := f.Data
	if data == nil {
		data = wire.Object{}
	}
	return wire.Object{
		{Key: "path", Value: f.Path.Tree()},
		{Key: "reason", Value: wire.Object{{Key: f.Reason, Value: data}}},
	}
}

// String returns the failure for people, such as
// "fn.add.items[3]: expected Integer, found Null". Long keys are cut.
func (f Failure) String() string {
	place := f.place()
	if place == "" {
		place = "(root)"
	}
	return place + ": " + f.text()
}

func (f Failure) place() string {
	var b strings.Builder
	for i, step := range f.Path {
		switch step := step.(type) {
		case int:
			b.WriteString("[" + strconv.Itoa(step) + "]")
		case string:
			if i > 0 {
				b.WriteByte('.')
			}
			b.WriteString(keyText(step))
		}
	}
	return b.String()
}

func (f Failure) text() string {
	switch f.Reason {
	case typeUnexpected:
		return fmt.Sprintf("expected %s, found %s", f.typeName("expected"), f.typeName("actual"))
	case numberOutOfRange:
		return "the number is out of range"
	case objectKeyDisallowed:
		return "the key is not allowed here"
	case requiredObjectKeyMissing:
		return fmt.Sprintf("the required key %q is missing", f.datum("key"))
	case objectSizeUnexpected:
		return fmt.Sprintf("expected %v key, found %v", f.datum("expected"), f.datum("actual"))
	case arrayElementDisallowed:
		return "the element is not one of the names that may stand here"
	case objectKeyRegexMatchCountUnexpected:
		return fmt.Sprintf("expected %v key matching %v, found %v", f.datum("expected"), f.datum("regex"), f.datum("actual"))
	case requiredObjectKeyPrefixMissing:
		return fmt.Sprintf("the name must begin with %q", f.datum("prefix"))
	case extensionValidationFailed:
		return fmt.Sprint(f.datum("reason"))
	case functionUnknown:
		return "the schema has no such function"
	}
	return f.Reason
}

func (f Failure) datum(key string) any {
	value, _ := f.Data.Get(key)
	return value
}

func (f Failure) typeName(key string) string {
	if name, ok := f.datum(key).(wire.Object); ok && len(name) == 1 {
		return name[0].Key
	}
	return "?"
}

// keyText returns an object key as it reads best inside a line of text: plain
// when it looks like a name, quoted otherwise, and cut when nobody would read
// to its end.
func keyText(key string) string {
	const longest = 80
	if len(key) > longest {
		return strconv.Quote(clip(key, longest))
	}
	for _, r := range key {
		if !strings.ContainsRune("_.@!->", r) && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			return strconv.Quote(key)
		}
	}
	return key
}
