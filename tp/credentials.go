package tp

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/tp/validate"
)

// Expirer is an identity that ends at some time: what authenticate of [Auth] returns
// may be one. From then on it is no proof of anything; transports with lasting
// connections close those that were not authenticated again by then. The zero time
// never ends.
type Expirer interface {
	ExpiresAt() time.Time
}

// expires returns when an identity ends; zero for one that does not.
func expires(identity any) time.Time {
	if e, ok := identity.(Expirer); ok {
		return e.ExpiresAt()
	}
	return time.Time{}
}

var errExpired = errors.New("the credentials have expired")

// Authenticate finds out who is at the other end of a connection before there is a
// call on it, from call.Credentials: with the function that [Auth] or [AuthHeaders] was
// given, and by the same rules as for a call. It returns the identity, nil with
// [AuthHeaders], and when it ends, which is zero when it does not. It fails without
// credentials, for those that the schema or the function refuses, and when the function
// panics, which the failure hook is told of as well. A nil call has no credentials.
func (s *Server) Authenticate(ctx context.Context, call *Inbound) (identity any, expires time.Time, err error) {
	if call == nil {
		call = &noInbound
	}
	x := exchanges.Get().(*exchange)
	defer func() {
		x.close()
		x.reply().Release()
	}()
	x.open(s, call, nil)
	x.fn, x.ctx = s.unknown, ctx
	x.addCredentials()
	if _, ok := x.headers.Get("@auth_"); !ok && s.everybody == nil {
		return nil, time.Time{}, errNoCredentials
	}
	if failures := validate.RequestHeaders(s.schema, x.fn.def, x.headers); len(failures) > 0 {
		return nil, time.Time{}, fmt.Errorf("the credentials are not what the schema says: %s", firstOf(failures))
	}
	c := x.begun(ctx)
	defer c.end()
	if failure := x.identify(c); failure != nil {
		failure.Tag = tagUnauthenticated
		x.report(failure)
		return nil, time.Time{}, failure
	}
	return c.given.identity, x.expires, nil
}

var errNoCredentials = errors.New("there are no credentials")

// addCredentials makes those that the transport knows the request's @auth_ where it has
// none.
func (x *exchange) addCredentials() {
	if _, ok := x.headers.Get("@auth_"); ok || x.call.Credentials == nil {
		return
	}
	tree, ok := x.credentialsTree()
	if !ok {
		x.report(&Error{Kind: KindHandler, Tag: tagUnauthenticated,
			Cause: &CredentialsError{Type: reflect.TypeOf(x.call.Credentials)}})
		return
	}
	x.ownHeaders()
	x.headers.Set("@auth_", tree)
}

func (x *exchange) credentialsTree() (tree any, ok bool) {
	if tree, ok := x.call.Credentials.(Object); ok {
		return tree, true
	}
	if x.srv.auth == nil || x.srv.auth.tree == nil {
		return nil, false
	}
	return x.srv.auth.tree(x.srv.authPlan, x.call.Credentials)
}

// CredentialsError says that a transport brings credentials that are none of the API's:
// its function for them is wrong, and nobody who relies on it is let in.
type CredentialsError struct {
	// Type is what they are.
	Type reflect.Type
}

// Error returns one line with the type.
func (e *CredentialsError) Error() string {
	return fmt.Sprintf("the transport's credentials are a %v, which is no variant of the API's union; return one, or a tp.Object", e.Type)
}

// unionTree returns credentials that are a C as a tree.
func unionTree[C any](p plan.Plan, credentials any) (tree any, ok bool) {
	c, ok := credentials.(C)
	if !ok {
		return nil, false
	}
	return plan.Tree(p, mem.Of(&c)), true
}
