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
	if !d.accept(where, checkKey(s.key, "errors.")) || !d.claim(s.key, where, where, "give it another name") {
		return
	}
	if len(s.errs) == 0 {
		d.problem(where, "an error set needs an error", "list the errors that functions return")
		return
	}
	def := &schema.Errors{Head: schema.Head{Key: s.key, Doc: docstring(s.doc, nil), Origin: d.origin(where)}}
	d.define(def)
	d.common = d.addErrors(d.common, where, s.key, s.errs)
	for _, e := range d.common {
		if e.by == s.key {
			def.Tags = append(def.Tags, e.tag)
		}
	}
}

// addErrors derives the errors types that by declares and appends them to those
// that are there, with which they may not collide (spec section 8.10).
func (d *deriver) addErrors(list []*errorEntry, where, by string, types []reflect.Type) []*errorEntry {
	for i, given := range types {
		t, problem := payloadType(given, fmt.Sprintf("error %d", i+1))
		if !d.accept(where, problem) {
			continue
		}
		if t.PkgPath() == "errors" || t.PkgPath() == "fmt" {
			d.problem(where, fmt.Sprintf("error %d is %s, which no schema can tell apart", i+1, typeText(given)),
				"declare a struct whose name ends with Error")
			continue
		}
		name, problem := errorName(t, d.blank(t).name)
		if !d.accept(typeText(t), problem) {
			continue
		}
		if first := findTag(list, name); first != nil {
			d.problem(where, fmt.Sprintf("%s is a tag of %s already, from %s", name, first.by, typeText(first.model.Type)),
				"declare it once")
			continue
		}
		list = append(list, &errorEntry{
			model: &ErrorModel{Tag: name, Type: given, Plan: d.payload(t, bodyFields).plan},
			tag:   d.tag(t, name, typeText(t)),
			by:    by,
		})
	}
	return list
}

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
