package tp

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/telestruct/telestruct/internal/callsite"
	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/reflectschema"
	"github.com/telestruct/telestruct/tp/wire"
)

// Auth makes an API ask for credentials. It defines union.Auth_ from the union C,
// adds the standard auth errors and the @auth_ header to the schema, and calls
// authenticate before every function that is not [Public] (spec section 17).
//
// authenticate gets the credentials of the request, decoded and valid by the
// schema, and returns who the caller is; handlers get that from [Identity]. An identity
// that ends at some time is an [Expirer]. Any
// error it returns, and any panic, answers ErrorUnauthenticated_ and goes to the
// failure hook; the default hook logs the panics only, since strangers cause the
// errors at will. It runs on the request's goroutine, many at a time. Nil is a
// mistake that Build reports.
func Auth[C, I any](credentials Union, authenticate func(ctx context.Context, credentials C) (I, error)) Option {
	o := &authOption{
		site:        callsite.Caller(),
		name:        fmt.Sprintf("tp.Auth[%v]", reflect.TypeFor[C]()),
		union:       credentials,
		credentials: reflect.TypeFor[C](),
		identity:    reflect.TypeFor[I](),
		isNil:       authenticate == nil,
		check: func(ctx context.Context, p plan.Plan, tree any) (any, error) {
			var c C
			if !plan.FromTree(p, tree, mem.Of(&c)) {
				return nil, errBadCredentials
			}
			return authenticate(ctx, c)
		},
		tree: unionTree[C],
	}
	return optionFunc(func(s *settings) { s.noAuth, s.auth = false, o })
}

// errBadCredentials is returned for credentials that the validator accepts and
// the Go type does not; refinements keep the two from differing.
var errBadCredentials = errors.New("credentials do not fit their Go type")

// AuthHeaders is [Auth] without Go types, for an API whose union.Auth_ a document
// of [SchemaDir] defines. Authenticate gets the request's headers, @auth_ among
// them, which it must not change, and returns headers that the handler is to see
// in addition; they replace the request's.
func AuthHeaders(authenticate func(ctx context.Context, headers Object) (Object, error)) Option {
	o := &authOption{site: callsite.Caller(), name: "tp.AuthHeaders", isNil: authenticate == nil, headers: authenticate}
	return optionFunc(func(s *settings) { s.noAuth, s.auth = false, o })
}

// authOption is what Auth or AuthHeaders was given, without type parameters.
type authOption struct {
	name, site  string
	union       reflectschema.Union
	credentials reflect.Type
	identity    reflect.Type
	isNil       bool
	// check is nil for AuthHeaders, headers for Auth.
	check   func(ctx context.Context, p plan.Plan, tree any) (identity any, err error)
	headers func(ctx context.Context, headers Object) (Object, error)
	// tree returns credentials as @auth_ has them; nil for AuthHeaders.
	tree func(p plan.Plan, credentials any) (tree any, ok bool)
}

// Identity returns who the caller is, as the function given to [Auth] said. It
// reports false in public functions, when the identity is not an I, and outside of
// calls unless [WithIdentity] made the context. A nil pointer that the function
// returned is an identity like any other.
func Identity[I any](ctx context.Context) (I, bool) {
	identity := ctx.Value(identityKey{})
	if c := callOf(ctx); c != nil {
		identity = c.given.identity
	}
	id, ok := identity.(I)
	return id, ok
}

// identityKey finds the identity among the values of a context that belongs to no call.
type identityKey struct{}

// WithIdentity returns a context in which [Identity] finds who somebody is, where there is no
// call: transports tell so whose connection begins, and tests call handlers as functions. A call
// does not look at it: who its caller is, the function given to [Auth] says.
func WithIdentity(ctx context.Context, identity any) context.Context {
	return context.WithValue(ctx, identityKey{}, identity)
}

// authenticate runs steps 8 and 9 of spec section 2.2. It reports whether the
// call may go on; otherwise the reply is written.
func (x *exchange) authenticate(ctx *callContext) bool {
	if _, ok := x.headers.Get("@auth_"); !ok && x.srv.everybody == nil {
		x.unauthenticated()
		return false
	}
	if failure := x.identify(ctx); failure != nil {
		failure.Tag = tagUnauthenticated
		x.report(failure)
		x.unauthenticated()
		return false
	}
	return true
}

// identify asks the user's code who is calling, and notes the answer in ctx, which has
// what was given: credentials are.
func (x *exchange) identify(ctx *callContext) (failure *Error) {
	defer func() {
		if p := recover(); p != nil {
			failure = panicFailure(p)
		}
	}()
	auth := x.srv.auth
	var err error
	switch {
	case x.srv.everybody != nil:
		ctx.given.identity = x.srv.everybody.identity
	case auth == nil: // NoAuth: whoever says anything is welcome
	case auth.check != nil:
		credentials, _ := x.headers.Get("@auth_")
		ctx.given.identity, err = auth.check(ctx, x.srv.authPlan, credentials)
	default:
		var added Object
		added, err = auth.headers(ctx, x.headers)
		x.addHeaders(ctx.given, added)
	}
	if err == nil {
		err = x.proved(ctx)
	}
	if err != nil {
		return &Error{Kind: KindHandler, Cause: err}
	}
	return nil
}

// proved looks at when the identity ends, and tells the connection of it.
func (x *exchange) proved(ctx *callContext) error {
	x.expires = expires(ctx.given.identity)
	if !x.expires.IsZero() && !time.Now().Before(x.expires) {
		return errExpired
	}
	if ctx.peer != nil && ctx.peer.Connection != nil {
		credentials, _ := x.headers.Get("@auth_")
		ctx.peer.Connection.authenticated(credentials, x.expires)
	}
	return nil
}

// addHeaders lays headers over those of the request, as the handler sees them.
func (x *exchange) addHeaders(given *callGiven, added Object) {
	if len(added) == 0 {
		return
	}
	headers := slices.Clone(x.headers)
	for _, m := range added {
		headers.Set(m.Key, wire.FromGo(m.Value))
	}
	x.headers, given.headers = headers, headers
}

func (x *exchange) unauthenticated() {
	x.refuse(tagUnauthenticated, Object{{Key: "message!", Value: "Valid authentication is required."}})
}
