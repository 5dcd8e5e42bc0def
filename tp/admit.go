package tp

import (
	"context"

	"github.com/telestruct/telestruct/tp/validate"
)

// Admission decides whether a request may go on. It is asked when headers and
// credentials are in order and before the arguments are read, so that refusing costs
// little: req.Args is nil. The context has the caller's [Identity], [PeerOf] and
// [Header]. An error refuses: one that the API or the function declares answers with
// its tag, [Unauthorized] with ErrorUnauthorized_, and any other one, and a panic, with
// ErrorUnknown_. It runs on the request's goroutine, many at a time.
type Admission func(ctx context.Context, req *Request) error

// Admit adds admissions to the API, for every function, fn.ping_ and fn.api_ among
// them. The first one given is asked first, and the first error decides. Nil admissions
// are left out.
func Admit(admissions ...Admission) Option {
	return optionFunc(func(s *settings) {
		for _, a := range admissions {
			if a != nil {
				s.admissions = append(s.admissions, a)
			}
		}
	})
}

// AllowUnsafe sets who may ask with @unsafe_ for results that are not checked. Without
// it everyone may, as the protocol has it (spec section 3.1). Where allow says no, the
// header has no effect: the result is checked as ever. It is called for requests that
// have the header, where [Admission]s are; nil allows everyone. A result that was sent
// although it breaks the schema is told to the failure hook, as a [KindValidation] with
// the tag of the result.
func AllowUnsafe(allow func(ctx context.Context, req *Request) bool) Option {
	return optionFunc(func(s *settings) { s.allowUnsafe = allow })
}

// admit reports whether the call may go on; otherwise the reply is written. A message
// that is not well formed is a parse failure whatever else is wrong with it.
func (x *exchange) admit(ctx *callContext) bool {
	if len(x.srv.admissions) == 0 && !x.asksUnsafe() {
		return true
	}
	req := &Request{Function: x.fn.name, Headers: x.headers}
	x.calling = true
	err := x.admission(ctx, req)
	x.calling = false
	if err == nil {
		return true
	}
	if _, err := x.in.payload(); err != nil {
		x.refuseParse(err)
		return false
	}
	out := failed(ctx, err)
	x.respond(ctx, &out)
	return false
}

// admission asks everyone who has a say.
func (x *exchange) admission(ctx *callContext, req *Request) error {
	for _, admission := range x.srv.admissions {
		if err := admission(ctx, req); err != nil {
			return err
		}
	}
	allow := x.srv.allowUnsafe
	x.unchecked = x.asksUnsafe() && (allow == nil || allow(ctx, req))
	return nil
}

// asksUnsafe reports whether the caller wants the result as it is.
func (x *exchange) asksUnsafe() bool {
	v, _ := x.headers.Get("@unsafe_")
	return v == true
}

// letThrough tells the failure hook that a result was sent in spite of what is wrong
// with it, because the caller may have it so.
func (x *exchange) letThrough(tag string, failures []validate.Failure) {
	x.report(&Error{Kind: KindValidation, Tag: tag, Cases: failures})
}
