package reflectschema

import (
	"fmt"
	"reflect"

	"github.com/telestruct/telestruct/internal/callsite"
	"github.com/telestruct/telestruct/tp/schema"
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

// errorEntry is an error that a function can return.
type errorEntry struct {
	model *ErrorModel
	tag   *schema.Tag
	// by names what declares it: an errors.* key or a function.
	by string
}

// deriveErrorSets makes the errors.* definitions.
func (d *deriver) deriveErrorSets() {
	for _, s := range d.in.errorSets {
		d.at(s.site, func() { d.deriveErrors(s) })
	}
}

func (d *deriver) deriveErrors(s ErrorSet) {
	where := fmt.Sprintf("tp.ErrorSet(%q)", s.key)
	if d.accept(where, checkKey(s.key, "errors.")) {
		d.claim(s.key, where, where, "give it another name")
	}
	if len(s.errs) == 0 {
		d.problem(where, "an error set needs an error", "list the errors that functions return")
		return
	}
	def := &schema.Errors{Head: schema.Head{Key: s.key, Doc: docstring(s.doc, nil), Origin: d.origin(where)}}
	d.define(def)
	before := len(d.common)
	d.common = d.addErrors(d.common, where, declaration{by: s.key, call: "tp.ErrorSet", others: 1}, s.errs)
	for _, e := range d.common[before:] {
		def.Tags = append(def.Tags, e.tag)
	}
}

// declaration is what declares errors.
type declaration struct {
	// by is its schema key: that of a set or of a function.
	by string
	// call is the function that the errors were given to, after as many other
	// arguments.
	call   string
	others int
}

// argument names the i-th error as an argument of the call.
func (c declaration) argument(i int) string {
	return fmt.Sprintf("argument %d of %s", c.others+i+1, c.call)
}

// addErrors derives the types of declared errors and appends them to those that
// are there, with which they may not collide (spec section 8.10).
func (d *deriver) addErrors(list []*errorEntry, where string, by declaration, types []reflect.Type) []*errorEntry {
	for i, given := range types {
		t, problem := errorType(given, by.argument(i))
		if !d.accept(where, problem) {
			continue
		}
		name, problem := errorName(t, d.blank(t).name)
		if !d.accept(typeText(t), problem) || !d.accept(where, checkErrorTaken(findTag(list, name), t, by)) {
			continue
		}
		list = append(list, &errorEntry{
			model: &ErrorModel{Tag: name, Type: given, Plan: d.payload(t, bodyFields).plan},
			tag:   d.tag(t, name, typeText(t)),
			by:    by.by,
		})
	}
	return list
}

// errorType returns the struct of an error type, or reports that it is none of
// its own.
func errorType(given reflect.Type, what string) (reflect.Type, *mistake) {
	t, problem := payloadType(given, what)
	if problem == nil && (t.PkgPath() == "errors" || t.PkgPath() == "fmt") {
		problem = &mistake{
			found: fmt.Sprintf("%s is %s, a type that many errors share", what, typeText(given)),
			fix:   "declare a struct type whose name ends with Error",
		}
	}
	return t, problem
}

// checkErrorTaken reports that first has the tag of the error type t already.
func checkErrorTaken(first *errorEntry, t reflect.Type, by declaration) *mistake {
	if first == nil {
		return nil
	}
	m := &mistake{
		found: fmt.Sprintf("%s is a tag of %s already, from %s", first.model.Tag, first.by, typeText(first.model.Type)),
		fix:   "declare it once",
	}
	same, _ := payloadType(first.model.Type, "")
	switch {
	case same != t:
		m.found += fmt.Sprintf(", and %s needs it too", typeText(t))
		m.fix = renameFix
	case first.by != by.by && by.call == failsCall:
		m.fix = fmt.Sprintf("remove it from %s: every function has the errors of %s", failsCall, first.by)
	}
	return m
}

// failsCall is how users declare the errors of one function.
const failsCall = "tp.Fails"

func findTag(list []*errorEntry, name string) *errorEntry {
	for _, e := range list {
		if e.model.Tag == name {
			return e
		}
	}
	return nil
}

// errorName returns the tag of an error type.
func errorName(t reflect.Type, blank string) (string, *mistake) {
	name, problem := schemaName(t, blank)
	if problem != nil || blank != "" {
		return name, problem
	}
	return errorTag(name)
}
