package wsx

import (
	"time"

	"golang.org/x/time/rate"
)

// messageRate is what [MessageRate] has set; the zero value limits nothing.
type messageRate struct {
	perSecond float64
	burst     int
	over      RatePolicy
}

// allows reports whether one more message may come, of which bucket is told. The bucket
// belongs to the reader of a connection, and is made with its first message.
func (r *messageRate) allows(bucket **rate.Limiter) bool {
	if r.perSecond <= 0 {
		return true
	}
	if *bucket == nil {
		*bucket = rate.NewLimiter(rate.Limit(r.perSecond), r.burst)
	}
	return (*bucket).AllowN(time.Now(), 1)
}
