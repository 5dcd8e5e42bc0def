package tp

import "time"

// instant is a moment on the process's monotonic clock, as the time since clockStart.
// Reading that alone takes half the time that time.Now does, and every call begins with
// it.
type instant time.Duration

var clockStart = time.Now()

// never is the deadline of what has none.
const never instant = 0

func now() instant { return instant(time.Since(clockStart)) }

// time returns the moment as others count time. It differs by what passes between two
// looks at the clock from call to call.
func (i instant) time() time.Time { return time.Now().Add(time.Duration(i - now())) }

// until returns when a call that starts now must end: after the smaller of the
// server's limit and a positive @time_ (milliseconds).
func until(limit time.Duration, headers Object) instant {
	if v, ok := headers.Get("@time_"); ok {
		if ms, isInt := v.(int64); isInt && ms > 0 {
			asked := time.Duration(min(ms, maxMilliseconds)) * time.Millisecond
			if limit <= 0 || asked < limit {
				limit = asked
			}
		}
	}
	if limit <= 0 {
		return never
	}
	start := now()
	end := start + instant(limit)
	if end < start { // beyond what an instant can hold
		return never
	}
	return end
}

// maxMilliseconds keeps @time_ from overflowing a duration.
const maxMilliseconds = int64(1<<63-1) / int64(time.Millisecond)
