package tp

import (
	"context"
	"errors"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/tp/validate"
	"github.com/telestruct/telestruct/tp/wire"
)

// exchange is one request on its way to its reply. It is pooled, as soon as the reply
// is released that shares its memory: nothing else that user code sees may point into
// it.
type exchange struct {
	srv  *Server
	call *Inbound        // what the transport says about the request; its body is in in
	ctx  context.Context // of the request, for the failure hook

	in      input
	strings wire.Interned
	enc     plan.Encoder

	binary wire.Format // the caller reads; JSON when it did not ask for any
	body   int         // where the body of a binary answer begins
	packed []byte      // scratch memory for that body

	frame  *frame     // of the last call that had one
	frames *sync.Pool // where it is from

	spare   *callContext  // for the next call; nil when there is none yet
	fn      *function     // what the request names; srv.unknown for what does not exist
	calling bool          // the function's handler runs
	tag     string        // of the answer
	turn    atomic.Uint64 // counts the replies, so that each is released once
	particulars
}

// particulars are what few requests have.
type particulars struct {
	unknown    string        // the name of a function that does not exist
	failure    *Error        // what was reported last
	expires    time.Time     // of the identity
	retryAfter time.Duration // if the caller is to wait
	unchecked  bool          // the caller gets the result as it is
	headers    Object        // of the request
	response   Object        // what the framework itself answers in headers
	sent       Object        // the headers of the answer
}

func (p *particulars) forget() {
	if p.unknown != "" || p.failure != nil || p.headers != nil || p.response != nil || p.sent != nil || p.retryAfter != 0 || p.unchecked {
		*p = particulars{}
	}
}

var exchanges = sync.Pool{New: func() any {
	x := new(exchange)
	x.in.intern(&x.strings)
	return x
}}

// maxKept is the largest memory for bytes that an exchange keeps for the next one: one
// huge message must not hold its memory for ever.
const maxKept = 256 << 10

func (x *exchange) open(s *Server, call *Inbound, body []byte) {
	if x.srv != s {
		x.srv = s
	}
	if x.call != call {
		x.call = call
	}
	x.in.open(s, body)
	x.enc.Buf = x.enc.Buf[:0]
}

// reply returns the answer, which is valid until the exchange is released.
func (x *exchange) reply() Reply {
	return Reply{Bytes: x.enc.Buf, Tag: x.tag, Headers: x.sent, Format: x.enc.Format, RetryAfter: x.retryAfter, owner: x, turn: x.turn.Load()}
}

// close lets go of everything that belongs to the request and not to its reply. While the
// garbage collector runs, a pointer that is set or cleared can cost more than the fields of a
// small message, so what is the same for every request stays.
func (x *exchange) close() {
	if x.call != &noInbound {
		x.call = &noInbound
	}
	x.ctx, x.binary = nil, wire.JSON
	x.particulars.forget()
	x.in.close()
	x.enc.Reset()
	x.enc.Buf, x.packed = kept(x.enc.Buf), kept(x.packed)
}

// kept returns the memory of buf unless it is too large to be kept.
func kept(buf []byte) []byte {
	if cap(buf) > maxKept {
		return nil
	}
	return buf
}

// run answers the request.
func (x *exchange) run(ctx context.Context) {
	x.begin()
	if len(x.srv.observers) > 0 {
		x.observed(ctx)
		return
	}
	x.dispatch(ctx)
}

// begin reads the message up to its payload and finds the function. It leaves fn
// nil when the message is not well formed so far.
func (x *exchange) begin() {
	headers, fn, unknown, ok := x.in.begin(x.fn)
	if x.fn != fn {
		x.fn = fn
	}
	if ok && (headers != nil || unknown != "") {
		x.headers, x.unknown = headers, unknown
	}
}

// dispatch takes the request through the steps of spec section 2.2. A request is
// refused at the first step that fails, but a message that is not well formed is
// a parse failure whatever else is wrong with it.
func (x *exchange) dispatch(ctx context.Context) {
	x.ctx = ctx
	var call *callContext
	defer func() {
		if p := recover(); p != nil {
			x.answerPanic(p)
		}
		call.end()
	}()
	if x.fn == nil {
		x.refuseMalformed()
		return
	}
	if x.call.UpdateHeaders != nil {
		x.updateHeaders()
	}
	if x.call.Credentials != nil && x.fn.needsAuth {
		x.addCredentials()
	}
	if len(x.headers) > 0 && !x.checkHeaders() {
		return
	}
	isUnknown := x.fn == x.srv.unknown
	call = x.begun(ctx)
	if x.fn.needsAuth && !x.authenticate(call) {
		return
	}
	x.negotiate()
	if isUnknown {
		x.refuseUnknown()
		return
	}
	if !x.admit(call) {
		return
	}
	x.fn.endpoint.serve(call, x)
}

// updateHeaders lets the transport change the headers (spec section 2.2 step 3). What
// it puts in may be any plain Go value.
func (x *exchange) updateHeaders() {
	x.ownHeaders()
	x.call.UpdateHeaders(&x.headers)
	for i := range x.headers {
		x.headers[i].Value = wire.FromGo(x.headers[i].Value)
	}
}

// ownHeaders makes the headers ones that may be changed: observers keep what was sent,
// and plain headers are those of all requests.
func (x *exchange) ownHeaders() {
	if isPlain(x.headers, x.srv.fields) {
		x.headers, _ = wire.Clone(x.headers).(Object)
	} else {
		x.headers = slices.Clone(x.headers)
	}
}

// begun returns the context of a call that begins now.
func (x *exchange) begun(ctx context.Context) *callContext {
	c := x.newContext()
	c.parent, c.peer, c.deadline = ctx, x.call.Peer, until(x.fn.maxTime, x.headers)
	return c
}

// newContext returns a context with what the caller says in headers.
func (x *exchange) newContext() (c *callContext) {
	switch {
	case len(x.headers) == 0:
		c = x.nextContext()
		c.given = x.fn.bare
	case isPlain(x.headers, x.srv.fields):
		c = x.nextContext()
		c.given = x.fn.plain
	default: // headers hold credentials, which no other context is to keep in memory
		own := &struct {
			callContext
			given callGiven
		}{given: callGiven{function: x.fn, headers: x.headers}}
		c = &own.callContext
		c.given = &own.given
	}
	return c
}

// nextContext makes the contexts of two calls at a time, which takes less time than to
// make each by itself. Who keeps one after its call keeps the other as well, and no more.
func (x *exchange) nextContext() *callContext {
	if c := x.spare; c != nil {
		x.spare = nil
		return c
	}
	both := new([2]callContext)
	x.spare = &both[1]
	return &both[0]
}

// checkHeaders runs steps 5 and 7. It reports whether the call may go on.
func (x *exchange) checkHeaders() bool {
	if isPlain(x.headers, x.srv.fields) {
		return true // by construction
	}
	if id, ok := x.headers.Get("@id_"); ok && id != nil {
		x.response.Set("@id_", id)
	}
	failures := validate.RequestHeaders(x.srv.schema, x.fn.def, x.headers)
	if len(failures) > 0 {
		x.refuse(tagInvalidRequestHeaders, cases(failures))
		return false
	}
	return true
}

// refuseMalformed answers a body that the decoder could not follow to its
// target.
func (x *exchange) refuseMalformed() {
	if _, err := x.in.message(); err != nil {
		x.refuseParse(err)
		return
	}
	x.unknownError(&Error{Kind: KindValidation, Cause: errDisagree})
}

func (x *exchange) refuseParse(err error) {
	x.report(&Error{Kind: KindParse, Tag: tagParseFailure, Cause: err})
	x.response = nil
	name := wire.ReasonNotTwoObjects
	if parse, ok := errors.AsType[*wire.ParseError](err); ok {
		name = parse.Reason
	}
	reason := Object{{Key: name, Value: Object{}}}
	x.answer(nil, tagParseFailure, Object{{Key: "reasons", Value: []any{reason}}})
}

func (x *exchange) refuseUnknown() {
	x.refuse(tagInvalidRequestBody, cases([]validate.Failure{{
		Path:   wire.Path{x.unknown},
		Reason: "FunctionUnknown",
	}}))
}

// refuse answers a request that leaves before its body was read: the rest of
// the message is read first, because a parse failure goes before every other.
func (x *exchange) refuse(tag string, payload Object) {
	if _, err := x.in.payload(); err != nil {
		x.refuseParse(err)
		return
	}
	x.answer(x.response, tag, payload)
}

// refuseBody explains a body that the function's plan could not decode.
func (x *exchange) refuseBody() {
	if err := x.in.limitError(); err != nil {
		x.refuseParse(err)
		return
	}
	msg, err := x.in.message()
	if err != nil {
		x.refuseParse(err)
		return
	}
	x.reportPanic(x.in.panicked(), tagInvalidRequestBody)
	report := validate.Request(x.srv.schema, x.fn.def, msg.Payload)
	if len(report.Failures) == 0 {
		x.unknownError(&Error{Kind: KindValidation, Cause: errDisagree})
		return
	}
	x.answer(x.response, tagInvalidRequestBody, cases(report.Failures))
}

// serializationError answers a response that could not be written
// (spec section 2.2 step 18).
func (x *exchange) serializationError(cause error) {
	x.response = nil
	x.unknownError(&Error{Kind: KindSerialization, Cause: cause})
}

// unknownError reports a failure and answers ErrorUnknown_ with its case id.
func (x *exchange) unknownError(failure *Error) {
	failure.Tag = tagUnknown
	x.report(failure)
	x.answer(x.response, tagUnknown, Object{{Key: "caseId", Value: failure.CaseID}})
}

// report completes a failure and hands it to the hook, whose panics end here.
func (x *exchange) report(failure *Error) {
	if failure.CaseID == "" {
		failure.CaseID = newCaseID()
	}
	if x.fn != nil && x.fn != x.srv.unknown {
		failure.Function = x.fn.name
	}
	failure.fields = x.srv.fields
	x.failure = failure
	defer func() {
		if p := recover(); p != nil {
			logHookPanic(x.ctx, failure, p)
		}
	}()
	x.srv.onFailure(x.ctx, failure)
}

// reportPanic reports that the text methods of a user's type panicked: the caller
// only learns that the text is not valid.
func (x *exchange) reportPanic(p plan.Panicked, tag string) {
	if p.Panic != nil {
		x.report(&Error{Kind: KindHandler, Tag: tag, Cause: &PanicError{Value: p.Panic}, Stack: p.Stack})
	}
}

// answerPanic answers a panic of the handler, or one that no other place has caught,
// such as one of Inbound.UpdateHeaders.
func (x *exchange) answerPanic(p any) {
	if !x.calling {
		x.response = nil
	}
	x.calling = false
	x.frame = nil // which was not cleared
	x.unknownError(panicFailure(p))
}

// panicFailure is called while the deferred function runs that recovered p, so that the
// stack still shows where it came from.
func panicFailure(p any) *Error {
	return &Error{Kind: KindHandler, Cause: &PanicError{Value: p}, Stack: debug.Stack()}
}

// cases is the payload of the validation errors.
func cases(failures []validate.Failure) Object {
	list := make([]any, len(failures))
	for i := range failures {
		list[i] = failures[i].Case()
	}
	return Object{{Key: "cases", Value: list}}
}
