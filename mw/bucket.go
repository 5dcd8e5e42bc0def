package mw

import (
	"math"
	"time"

	"golang.org/x/time/rate"
)

// bucket is the token bucket of one caller.
type bucket struct{ limiter *rate.Limiter }

func newBucket(perSecond float64, burst int) *bucket {
	return &bucket{rate.NewLimiter(rate.Limit(perSecond), burst)}
}

// longestWait is the longest time that a caller is told to wait.
const longestWait = 365 * 24 * time.Hour

// take takes a token, and returns zero. Where there is none it returns after what time
// there is one.
func (b *bucket) take(now time.Time) (wait time.Duration) {
	if b.limiter.AllowN(now, 1) {
		return 0
	}
	missing := 1 - b.limiter.TokensAt(now)
	nanoseconds := math.Round(missing / float64(b.limiter.Limit()) * 1e9)
	return time.Duration(min(max(nanoseconds, 1), float64(longestWait)))
}

// has reports whether there is a token.
func (b *bucket) has(now time.Time) bool { return b.limiter.TokensAt(now) >= 1 }

// isFull reports whether the bucket is like a new one.
func (b *bucket) isFull(now time.Time) bool {
	return b.limiter.TokensAt(now) >= float64(b.limiter.Burst())
}

// charge takes a token that need not be there: what is missing has to be made up for
// before there is one again, for debt's time at most.
func (b *bucket) charge(now time.Time, debt time.Duration) {
	if b.limiter.TokensAt(now) > -float64(b.limiter.Limit())*debt.Seconds() {
		b.limiter.ReserveN(now, 1)
	}
}
