package tp

import (
	"context"
	"sync"
	"time"
)

// callContext is the context of one handler call. It carries what belongs to the
// call, and it ends with its parent, after its deadline, or when the call is over.
//
// The deadline costs nothing until somebody waits for it: most handlers never
// do, and a timer on every call would cost more than the call.
type callContext struct {
	parent   context.Context
	deadline time.Time // zero when only the parent ends the call

	server   *Server
	function *function
	headers  Object
	peer     *Peer
	identity any

	mu       sync.Mutex
	response Object          // headers set by the handler
	waiting  context.Context // made when somebody asks for Done
	cancel   context.CancelFunc
	over     bool

	// reply is here to be made together with the rest: both are one call's, and
	// nobody knows how long they live.
	reply Reply
}

// callKey finds the callContext among the values of a context.
type callKey struct{}

// callOf returns the call that ctx belongs to, or nil outside of handlers.
func callOf(ctx context.Context) *callContext {
	c, _ := ctx.Value(callKey{}).(*callContext)
	return c
}

// Deadline returns the earlier of the call's own deadline and its parent's.
func (c *callContext) Deadline() (time.Time, bool) {
	outer, ok := c.parent.Deadline()
	if c.deadline.IsZero() || ok && outer.Before(c.deadline) {
		return outer, ok
	}
	return c.deadline, true
}

// Done starts the timer on first use.
func (c *callContext) Done() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.wait().Done()
}

// Err agrees with Done without starting the timer.
func (c *callContext) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.waiting != nil:
		return c.waiting.Err()
	case c.over:
		return context.Canceled
	case c.parent.Err() != nil:
		return c.parent.Err()
	case !c.deadline.IsZero() && !time.Now().Before(c.deadline):
		return context.DeadlineExceeded
	}
	return nil
}

// Value passes questions on to the waiting context once it exists, so that
// contexts derived from this one attach to it without a goroutine of their own.
func (c *callContext) Value(key any) any {
	if key == (callKey{}) {
		return c
	}
	c.mu.Lock()
	waiting := c.waiting
	c.mu.Unlock()
	if waiting != nil {
		return waiting.Value(key)
	}
	return c.parent.Value(key)
}

// wait returns the context that really waits; c.mu is held.
func (c *callContext) wait() context.Context {
	if c.waiting != nil {
		return c.waiting
	}
	if c.deadline.IsZero() {
		c.waiting, c.cancel = context.WithCancel(c.parent)
	} else {
		c.waiting, c.cancel = context.WithDeadline(c.parent, c.deadline)
	}
	if c.over {
		c.cancel()
	}
	return c.waiting
}

// end is called when the handler has returned.
func (c *callContext) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.over = true
	if c.cancel != nil {
		c.cancel()
	}
}

// until returns when a call that starts now must end: after the smaller of the
// server's limit and a positive @time_ (milliseconds). The zero time means never.
func until(limit time.Duration, headers Object) time.Time {
	if v, ok := headers.Get("@time_"); ok {
		if ms, isInt := v.(int64); isInt && ms > 0 {
			asked := time.Duration(min(ms, maxMilliseconds)) * time.Millisecond
			if limit <= 0 || asked < limit {
				limit = asked
			}
		}
	}
	if limit <= 0 {
		return time.Time{}
	}
	return time.Now().Add(limit)
}

// maxMilliseconds keeps @time_ from overflowing a duration.
const maxMilliseconds = int64(1<<63-1) / int64(time.Millisecond)
