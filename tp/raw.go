package tp

import (
	"github.com/telestruct/telestruct/tp/validate"
	"github.com/telestruct/telestruct/tp/wire"
)

// rawEndpoint serves a handler over value trees. The whole message is decoded,
// validated and kept as a tree; so is the result.
type rawEndpoint struct {
	handler Handler
}

// serve runs steps 12 to 16 of spec section 2.2.
func (e *rawEndpoint) serve(ctx *callContext, x *exchange) {
	args, ok := x.args()
	if !ok {
		return
	}
	x.calling = true
	out := e.invoke(ctx, args)
	x.calling = false
	x.respond(ctx, &out)
}

// args reads the arguments of the request and validates them. When it reports
// false, the reply is written.
func (x *exchange) args() (args Object, ok bool) {
	payload, err := x.in.payload()
	if err != nil {
		x.refuseParse(err)
		return nil, false
	}
	report := validate.Request(x.srv.schema, x.fn.def, payload)
	if len(report.Failures) > 0 {
		x.answer(x.response, tagInvalidRequestBody, cases(report.Failures))
		return nil, false
	}
	args, _ = withBytes(x.fn.name, payload, report.Bytes).(Object)
	return args, true
}

// withBytes returns the arguments of a function, or the payload of a result, with
// raw bytes where it has base64 text (spec section 7.2); tree marks them below the
// function's name or the result's tag.
func withBytes(target string, payload, tree any) any {
	marks, ok := tree.(Object)
	if !ok {
		return payload
	}
	below, _ := marks.Get(target)
	return wire.Base64ToBytes(payload, below)
}

// invoke calls the handler.
func (e *rawEndpoint) invoke(ctx *callContext, args Object) outcome {
	response, err := e.handler(ctx, &Request{Function: ctx.given.function.name, Headers: ctx.given.headers, Args: args})
	switch {
	case err != nil:
		return failed(ctx, err)
	case response == nil:
		return outcome{failure: &Error{Kind: KindHandler, Cause: errNoResult}}
	}
	tag := response.Tag
	if tag == "" {
		tag = "Ok_"
	}
	return outcome{tag: tag, tree: wire.FromGo(response.Result), headers: response.Headers}
}
