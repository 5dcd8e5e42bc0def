package tp

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/reflectschema"
	"github.com/telestruct/telestruct/tp/validate"
	"github.com/telestruct/telestruct/tp/wire"
)

// typedEndpoint serves a handler over Go structs: the body is decoded straight
// into the arguments and the result is written straight into the reply.
type typedEndpoint struct {
	model      *reflectschema.FunctionModel
	call       typedHandler
	handler    Handler // the same through middleware; nil when there is none
	selectable func(any) bool
}

func newTypedEndpoint(s *Server, name string, model *reflectschema.FunctionModel, call typedHandler, middleware []Middleware) *typedEndpoint {
	e := &typedEndpoint{model: model, call: call}
	def := s.schema.Function(name)
	e.selectable = func(selection any) bool {
		return len(validate.Selection(s.schema, def, selection)) == 0
	}
	if len(middleware) > 0 {
		e.handler = chain(middleware, e.innermost)
	}
	return e
}

// serve runs steps 12 to 16 of spec section 2.2.
func (e *typedEndpoint) serve(ctx *callContext, x *exchange) {
	args := reflect.New(e.model.ArgsType).UnsafePointer()
	x.dec.Selectable = e.selectable
	if !e.model.Args.Decode(&x.dec, args) || !x.dec.Finish() {
		x.refuseBody()
		return
	}
	out := e.invoke(ctx, args)
	if out.failure != nil {
		x.unknownError(out.failure)
		return
	}
	x.respond(ctx, &out)
}

// outcome is what a handler came back with: a payload under a tag, or a failure.
type outcome struct {
	tag     string
	plan    *plan.Struct
	payload mem.Ptr
	tree    Object // instead of plan and payload, for the framework's own errors
	headers Object
	failure *Error
}

// invoke calls the handler, through middleware when there is any. Panics are
// failures.
func (e *typedEndpoint) invoke(ctx *callContext, args mem.Ptr) (out outcome) {
	defer func() {
		if p := recover(); p != nil {
			out = outcome{failure: panicFailure(p)}
		}
	}()
	if e.handler != nil {
		return e.throughMiddleware(ctx, args)
	}
	result, err := e.call(ctx, args)
	if err != nil {
		return e.failed(ctx, err)
	}
	return e.succeeded(result, nil)
}

func (e *typedEndpoint) succeeded(result mem.Ptr, headers Object) outcome {
	if result == nil {
		return outcome{failure: &Error{Kind: KindHandler, Cause: errNoResult}}
	}
	return outcome{tag: "Ok_", plan: e.model.Result, payload: result, headers: headers}
}

var errNoResult = errors.New("the handler returned neither a result nor an error")

// failed turns a handler's error into its tag, when it has one.
func (e *typedEndpoint) failed(ctx *callContext, err error) outcome {
	if out, ok := declared(err, e.model.Errors); ok {
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

// throughMiddleware shows middleware the typed arguments and result.
func (e *typedEndpoint) throughMiddleware(ctx *callContext, args mem.Ptr) outcome {
	response, err := e.handler(ctx, &Request{
		Function: ctx.function.name,
		Headers:  ctx.headers,
		Args:     reflect.NewAt(e.model.ArgsType, args).Interface(),
	})
	switch {
	case err != nil:
		return e.failed(ctx, err)
	case response == nil:
		return e.succeeded(nil, nil)
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
	result, err := e.call(ctx, structOf(req.Args))
	if err != nil {
		return nil, err
	}
	return &Response{Result: reflect.NewAt(e.model.ResultType, result).Interface()}, nil
}

// respond writes the outcome (steps 15 and 16).
func (x *exchange) respond(ctx *callContext, out *outcome) {
	headers := x.responseHeaders(ctx, out)
	if len(headers) > len(x.response) && !x.checkResponseHeaders(headers, out) {
		return
	}
	if out.plan == nil {
		x.answer(headers, out.tag, out.tree)
		return
	}
	if tree := plan.Base64(out.plan, out.payload); tree != nil {
		headers = withBase64(headers, out.tag, tree)
	}
	if err := x.encode(headers, out); err != nil {
		x.serializationError(err)
		return
	}
	x.reply.Headers = headers
}

// responseHeaders lays the framework's headers over the handler's.
func (x *exchange) responseHeaders(ctx *callContext, out *outcome) Object {
	set := ctx.takeHeaders()
	if len(set) == 0 && len(out.headers) == 0 {
		return x.response
	}
	var headers Object
	for _, layer := range []Object{out.headers, set, x.response} {
		for _, m := range layer {
			headers.Set(m.Key, m.Value)
		}
	}
	return headers
}

func withBase64(headers Object, tag string, tree any) Object {
	headers = append(Object(nil), headers...)
	headers.Set("@base64_", Object{{Key: tag, Value: tree}})
	return headers
}

// checkResponseHeaders runs step 16b, after step 15 for a body that is wrong too.
func (x *exchange) checkResponseHeaders(headers Object, out *outcome) bool {
	failures := validate.ResponseHeaders(x.srv.schema, x.fn.def, headers)
	if len(failures) == 0 {
		return true
	}
	if !x.unsafe() {
		if body := x.bodyFailures(out); len(body) > 0 {
			x.refuseResponse(headers, tagInvalidResponseBody, body)
			return false
		}
	}
	x.refuseResponse(x.response, tagInvalidResponseHeaders, failures)
	return false
}

// encode writes headers and outcome. When the result has no encoding, it writes
// why instead. The error is for what cannot be written at all.
func (x *exchange) encode(headers Object, out *outcome) error {
	buf, err := wire.AppendBegin(x.enc.Buf[:0], headers, out.tag)
	if err != nil {
		return err
	}
	x.enc.Buf = buf
	x.selectFields()
	x.enc.Selectable = x.dec.Selectable
	if out.plan.EncodeResult(&x.enc, out.tag, out.payload) {
		x.enc.Buf = wire.AppendFinish(x.enc.Buf)
		return nil
	}
	return x.explainResult(headers, out)
}

// selectFields makes the encoder leave out what @select_ does not ask for.
func (x *exchange) selectFields() {
	if v, ok := x.headers.Get("@select_"); ok {
		if selection, isObject := v.(Object); isObject && len(selection) > 0 {
			x.enc.Select = plan.NewSelect(selection)
		}
	}
}

// explainResult answers a result that its plan could not encode.
func (x *exchange) explainResult(headers Object, out *outcome) error {
	if x.unsafe() {
		tree, _ := plan.Tree(out.plan, out.payload).(Object)
		buf, err := wire.AppendMessage(x.enc.Buf[:0], &wire.Message{Headers: headers, Target: out.tag, Payload: tree})
		x.enc.Buf = buf
		return err
	}
	failures := x.bodyFailures(out)
	if len(failures) == 0 {
		return errors.New("the encoder refused a result that the validator accepts")
	}
	x.refuseResponse(headers, tagInvalidResponseBody, failures)
	return nil
}

// bodyFailures validates a typed outcome against the schema.
func (x *exchange) bodyFailures(out *outcome) []validate.Failure {
	if out.plan == nil {
		return nil
	}
	tree := plan.Tree(out.plan, out.payload)
	return validate.Response(x.srv.schema, x.fn.def, out.tag, tree, validate.ResponseOptions{}).Failures
}

// unsafe reports whether the caller asked for the result as it is.
func (x *exchange) unsafe() bool {
	v, _ := x.headers.Get("@unsafe_")
	return v == true
}

// refuseResponse reports and answers a response that breaks the schema.
func (x *exchange) refuseResponse(headers Object, tag string, failures []validate.Failure) {
	x.report(&Error{Kind: KindValidation, Tag: tag, Cases: failures})
	x.answer(headers, tag, cases(failures))
}
