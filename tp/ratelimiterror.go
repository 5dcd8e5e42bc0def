package tp

import (
	"fmt"
	"time"
)

// RateLimitError tells a caller that it has called too often. Package mw returns it; an
// API that returns it by itself declares it with
// ErrorSet("errors.RateLimit", &RateLimitError{}). Transports that have words for it use
// them as well: over HTTP the answer has status 429 and Retry-After.
type RateLimitError struct {
	// RetryAfterMs is after how many milliseconds a call may succeed.
	RetryAfterMs int64 `tp:"retryAfterMs" doc:"After how many milliseconds a call may succeed."`
}

// Error returns one line with the time.
func (e *RateLimitError) Error() string {
	return fmt.Sprintf("too many calls; try again in %d ms", e.RetryAfterMs)
}

// retryAfter returns the time as transports want it, which is never zero or less.
func (e *RateLimitError) retryAfter() time.Duration {
	return time.Duration(min(max(e.RetryAfterMs, 1), maxMilliseconds)) * time.Millisecond
}
