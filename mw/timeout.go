package mw

import (
	"time"

	"github.com/telestruct/telestruct/tp"
)

// Timeout sets how long a handler's context lives at most, which is [tp.MaxTime]: the
// caller's @time_ can only shorten it. With the wire names of functions, such as
// "fn.report", it is about these alone, and Build reports names that the API does not
// have. Without it, the limit is 30 s; zero or less means none but the caller's.
//
// The context ends on time. A handler that does not look at it runs on, and its caller
// waits: nobody else could answer for it.
func Timeout(d time.Duration, functions ...string) tp.Option {
	return tp.MaxTime(d, functions...)
}
