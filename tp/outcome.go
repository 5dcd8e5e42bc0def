package tp

import (
	"errors"
	"reflect"
	"time"

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
	s := errorSearch{models: ctx.function.errors}
	eachError(err, s.matches)
	switch {
	case s.model != nil:
		return outcome{tag: s.model.Tag, plan: s.model.Plan, payload: s.payload, retryAfter: s.retryAfter}
	case s.denied != nil && ctx.function.def.Result.Tag(tagUnauthorized) != nil:
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

// eachError shows err and what it wraps to look, depth first as errors.As does, until
// look returns true. It gives up when it has met a thousand errors: one may wrap itself,
// and a tree of joined ones may grow without end.
func eachError(err error, look func(error) bool) {
	w := errorWalk{left: 1000, look: look}
	w.visit(err)
}

// errorWalk is one run of eachError.
type errorWalk struct {
	left int
	look func(error) bool
	done bool
}

func (w *errorWalk) visit(err error) {
	for ; err != nil && !w.done && w.left > 0; w.left-- {
		if w.done = w.look(err); w.done {
			return
		}
		switch wrapper := err.(type) {
		case interface{ Unwrap() error }:
			err = wrapper.Unwrap()
		case interface{ Unwrap() []error }:
			w.left--
			for _, inner := range wrapper.Unwrap() {
				w.visit(inner)
			}
			return
		default:
			return
		}
	}
}

var errNoResult = errors.New("the handler returned neither a result nor an error")
