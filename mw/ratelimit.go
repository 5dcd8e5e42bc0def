package mw

import (
	"context"
	"math"

	"github.com/telestruct/telestruct/tp"
)

// Rate is how often one caller may call.
type Rate struct {
	// PerSecond is how many calls a second are answered in the long run. Zero or less
	// sets no limit.
	PerSecond float64
	// Burst is how many are answered at once, after a pause. Zero or less is PerSecond,
	// rounded up.
	Burst int
}

func (r Rate) isLimit() bool { return r.PerSecond > 0 && !math.IsInf(r.PerSecond, 1) }

func (r Rate) bucket() *bucket {
	burst := r.Burst
	if burst <= 0 {
		burst = int(math.Ceil(min(r.PerSecond, math.MaxInt32)))
	}
	return newBucket(r.PerSecond, burst)
}

// RateLimit refuses calls of those who call too often, with a token bucket for each
// caller. It adds errors.RateLimit to the schema: every function may answer
// ErrorRateLimit with retryAfterMs ([tp.RateLimitError]), and over HTTP the status is
// 429 with Retry-After. fn.ping_ and fn.api_, which have no errors of an API, answer
// ErrorUnknown_ instead.
//
// A caller is the connection where there is one, such as a WebSocket; otherwise the
// address, of IPv6 its first 64 bits; [PerIdentity] tells callers apart by who they are
// instead. Callers whose transport does not know their address share one bucket. Calls
// within the process that name no peer are the program's own, and not limited unless
// PerIdentity knows them.
//
// A new connection has a bucket of its own, which is full: how often somebody may connect is
// for what accepts connections to say.
//
// Every message counts, also garbage, unknown functions and those without credentials.
// These are answered what they would be anyway; calls are refused once the caller is
// known, before their arguments are read. A refused call takes no token. Who goes on
// calling on a connection while it is refused has it closed, see [AbuseAfter].
//
// An API may have several limits: each has buckets of its own, and a call must pass them
// all. Given to several APIs, one limit is about all of them together.
func RateLimit(r Rate, options ...RateOption) tp.Option {
	l := &rateLimits{abuseAfter: 100, callers: 16384}
	for _, o := range options {
		if o != nil {
			o(l)
		}
	}
	return l.option(r)
}

// RateOption configures [RateLimit].
type RateOption func(*rateLimits)

// PerFunction gives functions, by wire names such as "fn.login", limits of their own in
// addition to the one of all calls: each function has buckets of its own. Of two limits
// of one function the later one holds. Build reports names that the API does not have.
func PerFunction(r Rate, functions ...string) RateOption {
	required := tp.RequireFunctions("mw.PerFunction", functions...)
	return func(l *rateLimits) {
		l.required = append(l.required, required)
		for _, name := range functions {
			l.functions = append(l.functions, functionRate{name, r})
		}
	}
}

// PerIdentity tells callers apart by who they are, in place of their addresses: many
// people may share an address, and one may have many. Key returns the name of an
// identity that [Auth] has found, such as a user's id. Where it is empty, or there is no
// I, as in public functions, the address counts. On connections the connection does,
// whoever uses it. Key runs on the request's goroutine, many at a time; a panic answers
// ErrorUnknown_.
func PerIdentity[I any](key func(identity I) string) RateOption {
	return func(l *rateLimits) {
		l.identity, l.identities = nil, nil
		if key == nil {
			return
		}
		l.identities = tp.RequireIdentity[I]("mw.PerIdentity")
		l.identity = func(ctx context.Context) string {
			if identity, ok := tp.Identity[I](ctx); ok {
				return key(identity)
			}
			return ""
		}
	}
}

// AbuseAfter sets how many calls are refused on a connection in a minute before it is
// closed: so many at once, or more as time passes. The default is 100; zero or less
// never closes it.
func AbuseAfter(refusals int) RateOption {
	return func(l *rateLimits) { l.abuseAfter = refusals }
}

// MaxCallers sets how many callers without a connection [RateLimit] remembers, for each
// limit. When there are more, the one that was not seen for longest is forgotten and
// begins anew. Each takes about 300 bytes. The default is 16384; zero or less is the
// default.
func MaxCallers(callers int) RateOption {
	return func(l *rateLimits) {
		if callers > 0 {
			l.callers = callers
		}
	}
}
