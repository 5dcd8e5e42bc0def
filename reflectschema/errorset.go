package reflectschema

import (
	"reflect"

	"github.com/telestruct/telestruct/internal/callsite"
)

// ErrorSet is a list of errors that every function of an API can return: an
// errors.* definition (spec section 8.8). It is an immutable value made by
// [NewErrorSet].
type ErrorSet struct {
	key  string
	errs []reflect.Type
	doc  string
	site string
}

// NewErrorSet describes the definition key, such as "errors.Quota". Each error
// is a struct or a pointer to one whose type name ends with Error; the value
// itself is not used. Mistakes are reported by [Builder.Build].
func NewErrorSet(key string, errs ...error) ErrorSet {
	return ErrorSet{key: key, errs: typesOf(errs), site: callsite.Caller()}
}

// Doc returns a copy of the set with a docstring, in markdown.
func (s ErrorSet) Doc(markdown string) ErrorSet {
	s.doc = markdown
	return s
}

// typesOf returns the concrete types of errs, nil for a nil error.
func typesOf(errs []error) []reflect.Type {
	types := make([]reflect.Type, len(errs))
	for i, err := range errs {
		types[i] = reflect.TypeOf(err)
	}
	return types
}
