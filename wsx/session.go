package wsx

import (
	"sync"
	"time"
)

// session is what a connection knows of who is at its other end.
type session struct {
	keep  bool // the credentials of calls hold for those after them
	close func(ending)

	mu          sync.Mutex
	credentials any // of calls that bring none
	timer       *time.Timer
	due         time.Time // when the timer is to close the connection; zero for never
	why         ending
	isProven    bool
	stopped     bool
}

// current returns the credentials of a call that brings none.
func (s *session) current() any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.credentials
}

// begin says that the upgrade has brought credentials, which end at some time or, when
// that is zero, never.
func (s *session) begin(credentials any, expires time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.credentials = credentials
	s.proven(expires)
}

// await says that somebody must prove who they are within a time.
func (s *session) await(timeout time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closeAt(time.Now().Add(timeout), ending{CodePolicy, ReasonAuthTimeout})
}

// authenticated says that a call has proved who sent it. Where credentials are kept, what
// it brought counts instead of what others have brought before. Where the connection has
// none, it may speak for many callers, and does not end with the credentials of one.
func (s *session) authenticated(credentials any, expires time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.keep:
		s.credentials = credentials
	case s.credentials == nil:
		expires = time.Time{}
	}
	s.proven(expires)
}

func (s *session) proven(expires time.Time) {
	if s.isProven && expires.Equal(s.due) {
		return // as with most calls
	}
	s.isProven = true
	s.closeAt(expires, ending{CodeExpired, ReasonExpired})
}

// closeAt sets when the connection is closed, instead of what was set before.
func (s *session) closeAt(due time.Time, why ending) {
	s.due, s.why = due, why
	switch {
	case s.stopped:
	case due.IsZero():
		if s.timer != nil {
			s.timer.Stop()
		}
	case s.timer == nil:
		s.timer = time.AfterFunc(time.Until(due), s.end)
	default:
		s.timer.Reset(time.Until(due))
	}
}

// end is what the timer does. Timers and the times that identities tell go by different
// clocks: where one of them was set back there is time left.
func (s *session) end() {
	s.mu.Lock()
	why, left := s.why, time.Until(s.due)
	isOver := !s.stopped && !s.due.IsZero()
	if isOver && left > 0 {
		isOver = false
		s.timer.Reset(left)
	}
	s.mu.Unlock()
	if isOver {
		s.close(why)
	}
}

func (s *session) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopped = true
	if s.timer != nil {
		s.timer.Stop()
	}
}
