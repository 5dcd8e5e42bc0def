package tp

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// callContext is the context of one handler call. It carries what belongs to the
// call, and it ends with its parent, after its deadline, or when the call is over.
//
// Every call has one of its own, so it holds no more than every call needs: the rest is
// in callState, and the deadline costs no timer until somebody waits for it.
type callContext struct {
	parent   context.Context
	given    *callGiven
	peer     *Peer
	deadline instant // never when only the parent ends the call

	state atomic.Pointer[callState]
}

// callGiven is which function is called, and what the caller says in headers. Nothing
// changes once the handler runs, so calls that say the same share it.
type callGiven struct {
	function *function
	headers  Object
	identity any // who sent the request
}

// callState is what only some calls need: those whose handlers wait for their end, or
// set headers.
type callState struct {
	mu       sync.Mutex
	response Object          // headers set by the handler
	waiting  context.Context // made when somebody asks for Done
	cancel   context.CancelFunc
	over     bool
	deadline time.Time // of the call itself, once somebody has asked
}

// callOver is the state of calls that ended without having needed one. It stays as it
// is.
var callOver = &callState{over: true}

// callKey finds the callContext among the values of a context.
type callKey struct{}

// callOf returns the call that ctx belongs to, or nil outside of handlers.
func callOf(ctx context.Context) *callContext {
	c, _ := ctx.Value(callKey{}).(*callContext)
	return c
}

// lock returns the state of the call, made when it is first asked for, locked.
func (c *callContext) lock() *callState {
	s := c.state.Load()
	for s == nil || s == callOver {
		made := &callState{over: s == callOver}
		c.state.CompareAndSwap(s, made)
		s = c.state.Load()
	}
	s.mu.Lock()
	return s
}

// Deadline returns the earlier of the call's own deadline and its parent's.
func (c *callContext) Deadline() (time.Time, bool) {
	outer, ok := c.parent.Deadline()
	if c.deadline == never {
		return outer, ok
	}
	s := c.lock()
	defer s.mu.Unlock()
	if own := s.deadlineAt(c.deadline); !ok || own.Before(outer) {
		return own, true
	}
	return outer, ok
}

// deadlineAt returns the call's own deadline, which is the same each time.
func (s *callState) deadlineAt(at instant) time.Time {
	if s.deadline.IsZero() {
		s.deadline = at.time()
	}
	return s.deadline
}

// Done starts the timer on first use.
func (c *callContext) Done() <-chan struct{} {
	s := c.lock()
	defer s.mu.Unlock()
	if s.waiting == nil {
		c.wait(s)
	}
	return s.waiting.Done()
}

// wait makes the context that really waits.
func (c *callContext) wait(s *callState) {
	if c.deadline == never {
		s.waiting, s.cancel = context.WithCancel(c.parent)
	} else {
		s.waiting, s.cancel = context.WithDeadline(c.parent, s.deadlineAt(c.deadline))
	}
	if s.over {
		s.cancel()
	}
}

// Err agrees with Done without starting the timer.
func (c *callContext) Err() error {
	if s := c.state.Load(); s != nil {
		if err, known := s.err(); known {
			return err
		}
	}
	if err := c.parent.Err(); err != nil {
		return err
	}
	if c.deadline != never && c.deadline <= now() {
		return context.DeadlineExceeded
	}
	return nil
}

// err returns why the call ended, if that is known here already.
func (s *callState) err() (err error, known bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.waiting != nil:
		return s.waiting.Err(), true
	case s.over:
		return context.Canceled, true
	}
	return nil, false
}

// Value passes questions on to the waiting context once it exists, so that
// contexts derived from this one attach to it without a goroutine of their own.
func (c *callContext) Value(key any) any {
	if key == (callKey{}) {
		return c
	}
	if s := c.state.Load(); s != nil {
		s.mu.Lock()
		waiting := s.waiting
		s.mu.Unlock()
		if waiting != nil {
			return waiting.Value(key)
		}
	}
	return c.parent.Value(key)
}

// end is called when the handler has returned; a second time changes nothing. It
// returns the headers that the handler has set. A nil call never began.
func (c *callContext) end() Object {
	if c == nil {
		return nil
	}
	s := c.state.Load()
	if s == callOver || s == nil && c.state.CompareAndSwap(nil, callOver) {
		return nil
	}
	s = c.state.Load()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = true
	if s.cancel != nil {
		s.cancel()
	}
	return s.response
}
