package tp

import (
	"errors"

	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/tp/validate"
	"github.com/telestruct/telestruct/tp/wire"
)

// respond writes what came of a call: steps 15 and 16 of spec section 2.2.
func (x *exchange) respond(ctx *callContext, out *outcome) {
	x.retryAfter = out.retryAfter
	switch headers := x.responseHeaders(ctx, out); {
	case out.failure != nil:
		x.unknownError(out.failure)
	case out.plan != nil:
		x.respondTyped(headers, out)
	default:
		x.respondTree(headers, out)
	}
}

// responseHeaders lays the framework's headers over the handler's.
func (x *exchange) responseHeaders(ctx *callContext, out *outcome) Object {
	set := ctx.end()
	if len(set) == 0 && len(out.headers) == 0 {
		return x.response
	}
	var headers Object
	for _, m := range out.headers {
		headers.Set(m.Key, wire.FromGo(m.Value))
	}
	for _, layer := range []Object{set, x.response} {
		for _, m := range layer {
			headers.Set(m.Key, m.Value)
		}
	}
	return headers
}

// respondTyped writes a Go struct straight into the reply. What holds by
// construction is not looked at again; the encoder notices the rest.
func (x *exchange) respondTyped(headers Object, out *outcome) {
	if !x.headersAreValid(headers) {
		x.refuseHeaders(headers, x.typedFailures(out))
		return
	}
	if err := x.encode(headers, out); err != nil {
		x.serializationError(err)
	}
}

// encode writes headers and outcome. When the result has no encoding, it writes
// why instead. The error is for what cannot be written at all.
func (x *exchange) encode(headers Object, out *outcome) error {
	f := x.formatOf(out.tag)
	all := x.typedHeaders(f, headers, out)
	if err := x.writeBegin(f, all, out.tag); err != nil {
		return err
	}
	if x.writePayload(out) {
		x.writeFinish(f, all, out.tag)
		return nil
	}
	x.reportPanic(x.enc.Panicked, tagInvalidResponseBody)
	failures := x.typedFailures(out)
	if x.unchecked {
		x.letThrough(out.tag, failures)
		x.write(f, all, out.tag, x.selected(out.tag, plan.Tree(out.plan, out.payload)))
		return nil
	}
	if len(failures) == 0 {
		return errors.New("the encoder refused a result that the validator accepts")
	}
	x.refuseResult(headers, failures)
	return nil
}

// typedHeaders adds what a format says in headers about a result.
func (x *exchange) typedHeaders(f wire.Format, headers Object, out *outcome) Object {
	if f != wire.JSON {
		return x.binaryHeaders(headers)
	}
	if tree := plan.Base64(out.plan, out.payload); tree != nil {
		return withBase64(headers, Object{{Key: out.tag, Value: tree}})
	}
	return headers
}

// typedFailures says what is wrong with a Go struct that has no encoding.
func (x *exchange) typedFailures(out *outcome) []validate.Failure {
	tree := plan.Tree(out.plan, out.payload)
	return validate.Response(x.srv.schema, x.fn.def, out.tag, tree, validate.ResponseOptions{}).Failures
}

// respondTree validates a value tree in full and writes it.
func (x *exchange) respondTree(headers Object, out *outcome) {
	report := validate.Response(x.srv.schema, x.fn.def, out.tag, out.tree, validate.ResponseOptions{
		Select: x.selection(),
		Binary: x.binary != wire.JSON,
	})
	if len(report.Failures) > 0 {
		if !x.unchecked {
			x.refuseResult(headers, report.Failures)
			return
		}
		x.letThrough(out.tag, report.Failures)
	}
	if tree, ok := report.Base64.(Object); ok {
		headers = withBase64(headers, tree)
	}
	if !x.headersAreValid(headers) {
		x.refuseHeaders(headers, nil)
		return
	}
	result := withBytes(out.tag, out.tree, report.Bytes)
	x.answerResult(headers, out.tag, x.selected(out.tag, result))
}

// selected leaves out of a result tree what @select_ does not ask for.
func (x *exchange) selected(tag string, payload any) any {
	selection := x.selection()
	if len(selection) == 0 {
		return payload
	}
	return validate.ApplySelection(x.fn.def, tag, payload, selection)
}

// withBase64 adds the header that says which texts are bytes (spec section 7.3).
func withBase64(headers, tree Object) Object {
	headers = append(Object(nil), headers...)
	headers.Set("@base64_", tree)
	return headers
}

// selection returns the request's @select_, nil when it has none.
func (x *exchange) selection() Object {
	v, _ := x.headers.Get("@select_")
	selection, _ := v.(Object)
	return selection
}

// headersAreValid runs step 16b. The framework's own headers are.
func (x *exchange) headersAreValid(headers Object) bool {
	return len(headers) == len(x.response) || len(validate.ResponseHeaders(x.srv.schema, x.fn.def, headers)) == 0
}

// refuseHeaders answers a response whose headers are wrong; a body that is wrong
// too goes first.
func (x *exchange) refuseHeaders(headers Object, body []validate.Failure) {
	if len(body) > 0 && !x.unchecked {
		x.refuseResult(headers, body)
		return
	}
	failures := validate.ResponseHeaders(x.srv.schema, x.fn.def, headers)
	x.report(&Error{Kind: KindValidation, Tag: tagInvalidResponseHeaders, Cases: failures})
	x.answer(x.response, tagInvalidResponseHeaders, cases(failures))
}

// refuseResult answers a response whose body is wrong.
func (x *exchange) refuseResult(headers Object, failures []validate.Failure) {
	x.report(&Error{Kind: KindValidation, Tag: tagInvalidResponseBody, Cases: failures})
	x.answer(headers, tagInvalidResponseBody, cases(failures))
}
