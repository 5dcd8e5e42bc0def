package tp

import (
	"errors"
	"reflect"
	"time"

	"github.com/telestruct/telestruct/internal/errtree"
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

	retryAfter time.Duration // if the caller is to wait
}

// failed is the outcome of a handler's error: its tag, when the function has one for it
// or something it wraps, and a failure otherwise.
func failed(ctx *callContext, err error) outcome {
	s := errorSearch{models: ctx.given.function.errors}
	errtree.Has(err, maxErrors, s.matches)
	switch {
	case s.model != nil:
		return outcome{tag: s.model.Tag, plan: s.model.Plan, payload: s.payload, retryAfter: s.retryAfter}
	case s.denied != nil && ctx.given.function.def.Result.Tag(tagUnauthorized) != nil:
		return outcome{tag: tagUnauthorized, tree: Object{{Key: "message!", Value: s.denied.Message}}}
	}
	return outcome{failure: &Error{Kind: KindHandler, Cause: err, Stack: s.stack}, retryAfter: s.retryAfter}
}

// errorSearch looks for the first error that has a tag.
type errorSearch struct {
	models map[reflect.Type]*reflectschema.ErrorModel

	model   *reflectschema.ErrorModel
	payload mem.Ptr
	denied  *UnauthorizedError

	retryAfter time.Duration // of a rate limit
	stack      []byte        // of a panic
}

// matches reports whether err itself has a tag.
func (s *errorSearch) matches(err error) bool {
	switch err := err.(type) {
	case *RateLimitError:
		if err != nil {
			s.retryAfter = err.retryAfter()
		}
	case *PanicError:
		if err != nil { // what it panicked with was not meant as an answer
			s.stack = err.Stack
			return true
		}
	}
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

// maxErrors is how many errors are looked at of what one wraps.
const maxErrors = 1000

var errNoResult = errors.New("the handler returned neither a result nor an error")
