package wsx

import "time"

// expireAt closes the connection at a time, see [ExpiresAt]; the zero time is never.
func (c *connection) expireAt(due time.Time) {
	if due.IsZero() {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.ended {
		c.expiry = time.AfterFunc(time.Until(due), func() { c.expire(due) })
	}
}

// expire is what the timer does. Timers and the times of credentials go by different clocks:
// where one of them was set back there is time left.
func (c *connection) expire(due time.Time) {
	if time.Now().Before(due) {
		c.expireAt(due)
		return
	}
	c.close(ending{CodeExpired, ReasonExpired})
}
