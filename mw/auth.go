package mw

import (
	"context"
	"time"

	"github.com/telestruct/telestruct/tp"
)

// Auth makes an API ask for credentials, as [tp.Auth] does: the schema gets union.Auth_
// from the union C, the header @auth_ and the two standard errors, and lookup is asked
// before every function that is not [tp.Public]. It gets the credentials decoded and
// valid by the schema, and returns who the caller is, which handlers get from [Identity].
// Its errors and panics answer ErrorUnauthenticated_ and are told to the failure hook.
// It runs on the request's goroutine, many at a time; nil is a mistake that Build reports.
//
// Guessing is slow: a caller whose credentials lookup has refused ten times is not
// looked up any more, and answered as before, until time has passed. [MaxFailures] says
// how many times, and what callers are. Every error of lookup counts, unless it is
// [Uncounted], and every panic; credentials that are accepted never do, nor calls without
// any.
func Auth[C, I any](credentials tp.Union, lookup func(ctx context.Context, credentials C) (I, error), options ...AuthOption) tp.Option {
	if lookup == nil {
		return tp.Auth[C, I](credentials, nil)
	}
	settings := authSettings{perMinute: 10, addresses: 16384}
	for _, o := range options {
		if o != nil {
			o(&settings)
		}
	}
	limit := newFailureLimit(settings)
	return tp.Auth(credentials, func(ctx context.Context, c C) (identity I, err error) {
		peer := tp.PeerOf(ctx)
		if limit.isOver(peer, time.Now()) {
			limit.failedOn(peer.Connection, time.Now())
			return identity, ErrTooManyFailures
		}
		refused := true
		defer func() {
			if refused { // also by a panic
				limit.failed(peer, time.Now())
			}
		}()
		identity, err = lookup(ctx, c)
		refused = err != nil && !isUncounted(err)
		return identity, err
	})
}

// ErrTooManyFailures is what the failure hook gets for credentials that nobody looked
// up, because their caller was refused too often. The caller is not told.
var ErrTooManyFailures error = tooManyFailures{}

// tooManyFailures has a name of its own for logs, which show types.
type tooManyFailures struct{}

func (tooManyFailures) Error() string {
	return "mw: too many failed authentications; the credentials were not looked up"
}

// Uncounted returns err as one that [Auth] does not hold against the caller: lookup
// returns it for what is no guess, such as a session that has expired, or a database that
// is down. The call is refused as with any other error. Nil stays nil.
func Uncounted(err error) error {
	if err == nil {
		return nil
	}
	return &uncountedError{err}
}

// uncountedError is an error that says of itself that it is uncounted.
type uncountedError struct{ error }

func (e *uncountedError) Unwrap() error { return e.error }

func isUncounted(err error) bool {
	return anyOf(err, func(err error) bool {
		_, ok := err.(*uncountedError)
		return ok
	})
}

// Identity returns who the caller is, as the function given to [Auth] said. It reports
// false outside of calls, in public functions, and when the identity is not a T.
func Identity[T any](ctx context.Context) (T, bool) { return tp.Identity[T](ctx) }

// AuthOption configures [Auth].
type AuthOption func(*authSettings)

type authSettings struct {
	perMinute float64
	addresses int
}

// MaxFailures sets how many credentials of one caller may be refused in a minute: so
// many at once, and then as they come in again. Who goes on beyond that, with many
// requests at the same time, waits longer, for an hour at most.
//
// A caller is an address, as [tp.Peer] has it; of IPv6 the first 64 bits, which one
// customer has to himself. On a connection, such as a WebSocket, so many failures also
// close it. Callers of unknown address, as within a process, are not limited. The
// default is 10; zero or less sets no limit.
func MaxFailures(perMinute int) AuthOption {
	return func(s *authSettings) { s.perMinute = float64(perMinute) }
}

// MaxFailureAddresses sets of how many addresses [Auth] remembers failures. When there
// are more, the one that was not seen for longest is forgotten. Each takes about 300
// bytes. The default is 16384; zero or less is the default.
func MaxFailureAddresses(addresses int) AuthOption {
	return func(s *authSettings) {
		if addresses > 0 {
			s.addresses = addresses
		}
	}
}
