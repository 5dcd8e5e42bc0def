package mw

import (
	"context"
	"net/netip"
	"time"

	"github.com/telestruct/telestruct/internal/web"
	"github.com/telestruct/telestruct/tp"
)

// rateLimits is what one [RateLimit] says.
type rateLimits struct {
	functions  []functionRate
	required   []tp.Option                      // that they exist
	identity   func(ctx context.Context) string // nil when addresses count
	identities tp.Option                        // what identity takes
	abuseAfter int                              // refusals in a minute
	callers    int

	all        *rateLimit // nil for no limit
	byFunction map[string]*rateLimit
}

type functionRate struct {
	name string
	rate Rate
}

// rateLimit is one rate with the buckets of its callers.
type rateLimit struct {
	make       func() any // the *bucket of a connection
	addresses  *table[netip.Addr]
	identities *table[string]
}

func (l *rateLimits) newLimit(r Rate) *rateLimit {
	return &rateLimit{
		make:       func() any { return r.bucket() },
		addresses:  newTable[netip.Addr](l.callers, r.bucket),
		identities: newTable[string](l.callers, r.bucket),
	}
}

func (l *rateLimits) option(r Rate) tp.Option {
	if r.isLimit() {
		l.all = l.newLimit(r)
	}
	l.byFunction = map[string]*rateLimit{}
	for _, f := range l.functions {
		if delete(l.byFunction, f.name); f.rate.isLimit() {
			l.byFunction[f.name] = l.newLimit(f.rate)
		}
	}
	return tp.Options(rateLimitErrors(), tp.Options(l.required...), l.identities, tp.Observe(l.observe), tp.Admit(l.admit))
}

// rateLimitKey stands for the definition errors.RateLimit.
type rateLimitKey struct{}

// rateLimitErrors defines errors.RateLimit, once for all limits of an API.
func rateLimitErrors() tp.Option {
	return tp.Once(rateLimitKey{}, tp.ErrorSet("errors.RateLimit", &tp.RateLimitError{}).
		Doc("What every function answers when its caller calls too often."))
}

// visit is the context of a request that [rateLimits.admit] has something to say about.
type visit struct {
	context.Context
	limits *rateLimits
	// wait is after what time the request would be admitted, when that is known on
	// its arrival; otherwise zero, and counted says whether it was counted later.
	wait    time.Duration
	counted bool
}

// Value finds the visit itself by its limits.
func (v *visit) Value(key any) any {
	if key == any(v.limits) {
		return v
	}
	return v.Context.Value(key)
}

// observe counts a message when it arrives. Where it takes the caller's identity for
// that, it is counted when that is known, or at the end if it never is.
func (l *rateLimits) observe(ctx context.Context, o *tp.Observation) (context.Context, func()) {
	if l.identity == nil || o.Peer != nil && o.Peer.Connection != nil {
		if wait := l.take(o.Function, o.Peer, ""); wait > 0 {
			return &visit{Context: ctx, limits: l, wait: wait}, nil
		}
		return nil, nil
	}
	v := &visit{Context: ctx, limits: l}
	return v, func() {
		if !v.counted {
			l.take(o.Function, o.Peer, "")
		}
	}
}

// admit refuses a call that is one too many.
func (l *rateLimits) admit(ctx context.Context, req *tp.Request) error {
	v, ok := ctx.Value(l).(*visit)
	if !ok {
		return nil
	}
	wait := v.wait
	if wait == 0 {
		v.counted = true
		wait = l.take(req.Function, tp.PeerOf(ctx), l.identity(ctx))
	}
	if wait == 0 {
		return nil
	}
	return &tp.RateLimitError{RetryAfterMs: (wait + time.Millisecond - 1).Milliseconds()}
}

// take takes a token for one message of every limit that there is. It returns zero, or
// after what time there will be one of each.
func (l *rateLimits) take(function string, peer *tp.Peer, identity string) time.Duration {
	now := time.Now()
	wait := l.takeOf(l.all, peer, identity, now)
	if own := l.byFunction[function]; own != nil {
		wait = max(wait, l.takeOf(own, peer, identity, now))
	}
	return wait
}

func (l *rateLimits) takeOf(limit *rateLimit, peer *tp.Peer, identity string, now time.Time) time.Duration {
	if limit == nil {
		return 0
	}
	b := limit.bucketOf(peer, identity, now)
	if b == nil {
		return 0
	}
	wait := b.take(now)
	if wait > 0 && peer != nil && peer.Connection != nil {
		l.refusedOn(peer.Connection, now)
	}
	return wait
}

// refusedOn notes that a call on a connection was refused, and closes one on which that
// happens too often.
func (l *rateLimits) refusedOn(c *tp.Connection, now time.Time) {
	if l.abuseAfter <= 0 {
		return
	}
	refusals, _ := c.Value(refusalsKey{l}, func() any {
		return newBucket(float64(l.abuseAfter)/60, l.abuseAfter)
	}).(*bucket)
	if refusals.take(now) == 0 && !refusals.has(now) {
		c.Abuse("rate limit exceeded")
	}
}

// refusalsKey stands for the *bucket of a connection's refusals.
type refusalsKey struct{ limits *rateLimits }

// bucketOf returns the bucket of a caller; nil for one that is not limited.
func (l *rateLimit) bucketOf(peer *tp.Peer, identity string, now time.Time) *bucket {
	switch {
	case peer != nil && peer.Connection != nil:
		b, _ := peer.Connection.Value(l, l.make).(*bucket)
		return b
	case identity != "":
		return l.identities.bucket(identity, now)
	case peer != nil:
		return l.addresses.bucket(web.Network(peer.Addr.Addr()), now)
	}
	return nil
}
