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
	if out, ok := declared(err, models); ok {
		return out
	}
	var denied *UnauthorizedError
	if errors.As(err, &denied) && ctx.function.def.Result.Tag(tagUnauthorized) != nil {
		return outcome{tag: tagUnauthorized, tree: Object{{Key: "message!", Value: denied.Message}}}
	}
	return outcome{failure: &Error{Kind: KindHandler, Cause: err}}
}

// declared looks through err and what it wraps for an error with a tag.
func declared(err error, models map[reflect.Type]*reflectschema.ErrorModel) (outcome, bool) {
	if err == nil || len(models) == 0 {
		return outcome{}, false
	}
	if m := models[reflect.TypeOf(err)]; m != nil {
		if payload := structOf(err); payload != nil {
			return outcome{tag: m.Tag, plan: m.Plan, payload: payload}, true
		}
	}
	switch wrapper := err.(type) {
	case interface{ Unwrap() error }:
		return declared(wrapper.Unwrap(), models)
	case interface{ Unwrap() []error }:
		for _, inner := range wrapper.Unwrap() {
			if out, ok := declared(inner, models); ok {
				return out, true
			}
		}
	}
	return outcome{}, false
}

var errNoResult = errors.New("the handler returned neither a result nor an error")
