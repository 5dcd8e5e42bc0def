package tp

import (
	"context"
	"fmt"
	"reflect"
	"sync"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/reflectschema"
)

// typedEndpoint serves a handler over Go structs: the body is decoded straight
// into the arguments and the result is written straight into the reply.
type typedEndpoint struct {
	model      *reflectschema.FunctionModel
	call       typedHandler
	frames     *sync.Pool     // of *frame; nil when every call has memory of its own
	handler    Handler        // the same through middleware
	wrapped    bool           // there is middleware
	selectable func(any) bool // of this function (spec section 6.2); nil if nobody asks
}

// serve runs steps 12 to 16 of spec section 2.2.
func (e *typedEndpoint) serve(ctx *callContext, x *exchange) {
	if e.frames == nil {
		e.serveIn(nil, nil, ctx, x)
		return
	}
	f := x.frameOf(e.frames)
	e.serveIn(f.args, f.result, ctx, x)
	f.clear()
}

// serveIn serves with memory for the arguments and the result; nil is made anew.
func (e *typedEndpoint) serveIn(args, result mem.Ptr, ctx *callContext, x *exchange) {
	if args == nil {
		args = mem.New(e.model.ArgsType)
	}
	if e.selectable != nil {
		x.enc.Selectable = e.selectable
	}
	if !x.in.decode(e.model.Args, args, e.selectable) {
		x.refuseBody()
		return
	}
	var out outcome // a function that returned it would copy it twice
	x.calling = true
	if e.wrapped {
		out = e.throughMiddleware(ctx, args)
	} else if made, err := e.call(ctx, args, result); err != nil {
		out = failed(ctx, err)
	} else {
		out = e.succeeded(made, nil)
	}
	x.calling = false
	x.respond(ctx, &out)
}

func (e *typedEndpoint) succeeded(result mem.Ptr, headers Object) outcome {
	if result == nil {
		return outcome{failure: &Error{Kind: KindHandler, Cause: errNoResult}}
	}
	return outcome{tag: "Ok_", plan: e.model.Result, payload: result, headers: headers}
}

// throughMiddleware shows middleware the typed arguments and result.
func (e *typedEndpoint) throughMiddleware(ctx *callContext, args mem.Ptr) outcome {
	response, err := e.handler(ctx, &Request{
		Function: ctx.given.function.name,
		Headers:  ctx.given.headers,
		Args:     reflect.NewAt(e.model.ArgsType, args).Interface(),
	})
	switch {
	case err != nil:
		return failed(ctx, err)
	case response == nil:
		return e.succeeded(nil, nil)
	case response.Tag != "" && response.Tag != "Ok_":
		return outcome{failure: &Error{Kind: KindHandler,
			Cause: fmt.Errorf("middleware answered with the tag %q; return a declared error instead", response.Tag)}}
	}
	if got, want := reflect.TypeOf(response.Result), reflect.PointerTo(e.model.ResultType); got != want {
		return outcome{failure: &Error{Kind: KindHandler,
			Cause: fmt.Errorf("middleware answered with a result of type %v; want %v", got, want)}}
	}
	return e.succeeded(structOf(response.Result), response.Headers)
}

// innermost is the handler that middleware wraps.
func (e *typedEndpoint) innermost(ctx context.Context, req *Request) (*Response, error) {
	if got, want := reflect.TypeOf(req.Args), reflect.PointerTo(e.model.ArgsType); got != want {
		return nil, fmt.Errorf("middleware passed arguments of type %v; want %v", got, want)
	}
	result, err := e.call(ctx, structOf(req.Args), nil)
	if err != nil {
		return nil, err
	}
	if result == nil {
		return nil, errNoResult
	}
	return &Response{Result: reflect.NewAt(e.model.ResultType, result).Interface()}, nil
}
