package httpx

import (
	"net/http"
	"sync"
	"time"
)

// arrivals are the requests whose bodies are on their way, in the order in which they
// began. One timer is enough for all of them: a deadline for each would cost more than
// most bodies take to read.
type arrivals struct {
	limit time.Duration

	mu      sync.Mutex
	root    arrival // of the ring: next is the first
	timer   *time.Timer
	isArmed bool
}

// arrival is a body on its way.
type arrival struct {
	w          http.ResponseWriter
	since      time.Time
	isLate     bool
	prev, next *arrival
}

// begin says that the body of a request is read from now on.
func (a *arrivals) begin(e *arrival, w http.ResponseWriter) {
	*e = arrival{w: w, since: time.Now()}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.root.next == nil {
		a.root.prev, a.root.next = &a.root, &a.root
	}
	e.prev, e.next = a.root.prev, &a.root
	e.prev.next, e.next.prev = e, e
	if !a.isArmed {
		a.arm(a.limit)
	}
}

// end says that a body is not read any more. It reports whether it was given up, which
// leaves a deadline behind.
func (a *arrivals) end(e *arrival) (isLate bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	isLate = e.isLate
	e.leave()
	*e = arrival{}
	return isLate
}

// leave takes the arrival out of its ring, if it is in one.
func (e *arrival) leave() {
	if e.next != nil {
		e.prev.next, e.next.prev = e.next, e.prev
		e.prev, e.next = nil, nil
	}
}

// arm has the late ones given up after d. The timer runs on when all have arrived, so
// that it is not set for each request.
func (a *arrivals) arm(d time.Duration) {
	a.isArmed = true
	if a.timer == nil {
		a.timer = time.AfterFunc(d, a.giveUp)
		return
	}
	a.timer.Reset(d)
}

// giveUp ends the reading of those that are late.
func (a *arrivals) giveUp() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.isArmed = false
	for first := a.root.next; first != &a.root; first = a.root.next {
		if left := a.limit - time.Since(first.since); left > 0 {
			a.arm(left)
			return
		}
		first.leave()
		first.isLate = true
		_ = http.NewResponseController(first.w).SetReadDeadline(time.Now()) // where there is no connection nobody waits
	}
}
