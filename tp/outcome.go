package tp

import (
	"errors"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/internal/plan"
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

// failed is the outcome of a handler's error that no type of the API declares.
func failed(ctx *callContext, err error) outcome {
	var denied *UnauthorizedError
	if errors.As(err, &denied) && ctx.function.def.Result.Tag(tagUnauthorized) != nil {
		return outcome{tag: tagUnauthorized, tree: Object{{Key: "message!", Value: denied.Message}}}
	}
	return outcome{failure: &Error{Kind: KindHandler, Cause: err}}
}

var errNoResult = errors.New("the handler returned neither a result nor an error")
