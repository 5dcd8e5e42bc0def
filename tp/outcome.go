package tp

import (
	"errors"
	"reflect"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/reflectschema"
)

// outcome is what a handler came back with: a payload under a tag, or a failure.
// The payload is a Go struct and its plan, or a value tree.
type outcome struct {
	tag     string
	plan    *plan.Struct // nil for a tree
	payload mem.Ptr
	tree    any
	headers Object
	failure *Error
}

// failed is the outcome of a handler's error: its tag, when models has one for it
// or something it wraps, and a failure otherwise.
func failed(ctx *callContext, err error, models map[reflect.Type]*reflectschema.ErrorModel) outcome {
	s := errorSearch{models: models, left: maxErrors}
	s.visit(err)
	switch {
	case s.model != nil:
		return outcome{tag: s.model.Tag, plan: s.model.Plan, payload: s.payload}
	case s.denied != nil && ctx.function.def.Result.Tag(tagUnauthorized) != nil:
		return outcome{tag: tagUnauthorized, tree: Object{{Key: "message!", Value: s.denied.Message}}}
	}
	return outcome{failure: &Error{Kind: KindHandler, Cause: err}}
}

// maxErrors is how many errors are looked at inside one: an error may wrap
// itself, and a tree of joined ones may grow without end.
const maxErrors = 1000

// errorSearch looks through an error and what it wraps, depth first as
// errors.As does, for the first that has a tag.
type errorSearch struct {
	models map[reflect.Type]*reflectschema.ErrorModel
	left   int

	model   *reflectschema.ErrorModel
	payload mem.Ptr
	denied  *UnauthorizedError
}

func (s *errorSearch) visit(err error) {
	for ; err != nil && s.model == nil && s.left > 0; s.left-- {
		if s.matches(err) {
			return
		}
		switch wrapper := err.(type) {
		case interface{ Unwrap() error }:
			err = wrapper.Unwrap()
		case interface{ Unwrap() []error }:
			s.left--
			for _, inner := range wrapper.Unwrap() {
				s.visit(inner)
			}
			return
		default:
			return
		}
	}
}

// matches reports whether err itself has a tag.
func (s *errorSearch) matches(err error) bool {
	if m := s.models[reflect.TypeOf(err)]; m != nil {
		if payload := structOf(err); payload != nil {
			s.model, s.payload = m, payload
			return true
		}
	}
	if denied, ok := err.(*UnauthorizedError); ok && denied != nil && s.denied == nil {
		s.denied = denied
	}
	return false
}

var errNoResult = errors.New("the handler returned neither a result nor an error")
