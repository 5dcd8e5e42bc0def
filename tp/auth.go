package tp

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/reflectschema"
)

// Auth makes an API ask for credentials. It defines union.Auth_ from the union C,
// adds the standard auth errors and the @auth_ header to the schema, and calls
// authenticate before every function that is not [Public] (spec section 17).
//
// authenticate gets the credentials of the request, decoded and valid by the
// schema, and returns who the caller is; handlers get that from [Identity]. Any
// error it returns, and any panic, answers ErrorUnauthenticated_ and goes to the
// failure hook. It runs on the request's goroutine, many at a time.
func Auth[C, I any](credentials Union, authenticate func(ctx context.Context, credentials C) (I, error)) Option {
	o := &authOption{
		union:       credentials,
		credentials: reflect.TypeFor[C](),
		isNil:       authenticate == nil,
		check: func(ctx context.Context, p plan.Plan, tree any) (any, error) {
			var c C
			if !plan.FromTree(p, tree, mem.Of(&c)) {
				return nil, errBadCredentials
			}
			return authenticate(ctx, c)
		},
	}
	return optionFunc(func(s *settings) { s.auth = o })
}

// errBadCredentials is returned for credentials that the validator accepts and
// the Go type does not; refinements keep the two from differing.
var errBadCredentials = errors.New("credentials do not fit their Go type")

// authOption is what Auth was given, without its type parameters.
type authOption struct {
	union       reflectschema.Union
	credentials reflect.Type
	isNil       bool
	check       func(ctx context.Context, p plan.Plan, tree any) (identity any, err error)
}

// problem returns what is wrong with the option itself.
func (o *authOption) problem() *Problem {
	where := fmt.Sprintf("tp.Auth[%v]", o.credentials)
	switch {
	case o.isNil:
		return &Problem{Where: where, Found: "authenticate is nil", Fix: "give a function that looks the credentials up"}
	case o.union.Interface() != o.credentials:
		return &Problem{Where: where,
			Found: fmt.Sprintf("the union is of %v", o.union.Interface()),
			Fix:   fmt.Sprintf("use tp.UnionOf[%v](…)", o.credentials)}
	}
	return nil
}

// Identity returns who the caller is, as the function given to [Auth] said. It
// reports false outside of handlers, in public functions, and when the identity
// is not an I.
func Identity[I any](ctx context.Context) (I, bool) {
	var none I
	c := callOf(ctx)
	if c == nil {
		return none, false
	}
	id, ok := c.identity.(I)
	return id, ok
}

// authenticate runs steps 8 and 9 of spec section 2.2. It reports whether the
// call may go on; otherwise the reply is written.
func (x *exchange) authenticate(ctx *callContext) bool {
	credentials, ok := x.headers.Get("@auth_")
	if !ok {
		x.unauthenticated()
		return false
	}
	identity, failure := x.identify(ctx, credentials)
	if failure != nil {
		failure.Tag = tagUnauthenticated
		x.report(failure)
		x.unauthenticated()
		return false
	}
	ctx.identity = identity
	return true
}

func (x *exchange) identify(ctx *callContext, credentials any) (identity any, failure *Error) {
	auth := x.srv.auth
	if auth == nil { // a union.Auth_ that no tp.Auth stands behind: nobody can be known
		return nil, &Error{Kind: KindHandler, Cause: errNoAuthenticator}
	}
	defer func() {
		if p := recover(); p != nil {
			failure = panicFailure(p)
		}
	}()
	identity, err := auth.check(ctx, x.srv.authPlan, credentials)
	if err != nil {
		return nil, &Error{Kind: KindHandler, Cause: err}
	}
	return identity, nil
}

var errNoAuthenticator = errors.New("the schema has union.Auth_ but the API has no tp.Auth")

func (x *exchange) unauthenticated() {
	x.refuse(tagUnauthenticated, Object{{Key: "message!", Value: "Valid authentication is required."}})
}
