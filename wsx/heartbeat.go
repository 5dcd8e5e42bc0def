package wsx

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"
)

// heartbeat finds out whether there still is somebody at the other end: it has a ping
// sent from time to time, and expects something within a time after that. Between the
// two it is a timer, not a goroutine.
type heartbeat struct {
	every, timeout time.Duration
	ping           func() // sends a ping
	dead           func() // there is nobody

	// seen is set when something arrived. The reader of the connection sets it, for
	// each message, so it is not under mu.
	seen atomic.Bool
	// excused is set while we ourselves do not read, or wait for the rest of a message
	// that has a timeout of its own.
	excused atomic.Bool
	// delay is how many nanoseconds the last pong took.
	delay atomic.Int64

	mu       sync.Mutex
	timer    *time.Timer
	awaiting bool      // an answer
	pinged   time.Time // when a ping was written that no pong has come for; else zero
	stopped  bool
}

// start begins with the first interval, which is shorter by chance: connections that
// were made together do not stay together.
func (h *heartbeat) start() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.stopped {
		h.timer = time.AfterFunc(h.every/2+rand.N(h.every/2), h.beat)
	}
}

// stop ends the heartbeat. It may be called before start, and twice.
func (h *heartbeat) stop() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.stopped = true
	if h.timer != nil {
		h.timer.Stop()
	}
}

// pause says that nothing is read for a while. What arrives meanwhile is not seen.
func (h *heartbeat) pause() { h.excused.Store(true) }

// resume ends a pause. It counts as a sign of life: what has arrived is read now.
func (h *heartbeat) resume() {
	h.seen.Store(true)
	h.excused.Store(false)
}

// writing is called before a ping is written: what has arrived until now is no answer.
func (h *heartbeat) writing() {
	h.seen.Store(false)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.pinged = time.Now() // the pong may come before written
}

// written is called when a ping has been written.
func (h *heartbeat) written() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.awaiting = true
	if !h.pinged.IsZero() {
		h.pinged = time.Now()
	}
	h.after(h.timeout)
}

// ponged is called when a pong has come.
func (h *heartbeat) ponged() {
	h.seen.Store(true)
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.pinged.IsZero() {
		h.delay.Store(int64(time.Since(h.pinged)))
		h.pinged = time.Time{}
	}
}

// beat is what the timer does.
func (h *heartbeat) beat() {
	switch h.next() {
	case beatPing:
		h.ping()
	case beatDead:
		h.dead()
	}
}

type beatStep int

const (
	beatWait beatStep = iota
	beatPing
	beatDead
)

// next decides what to do now that the time is over.
func (h *heartbeat) next() beatStep {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.stopped:
		return beatWait
	case !h.awaiting:
		return beatPing // written starts the timer again
	case h.seen.Load():
		h.awaiting = false
		h.after(jittered(h.every) - h.timeout)
		return beatWait
	case h.excused.Load():
		h.after(h.timeout)
		return beatWait
	}
	return beatDead
}

// jittered returns a time that differs from d by a tenth at most.
func jittered(d time.Duration) time.Duration { return d - d/10 + rand.N(d/5+1) }

func (h *heartbeat) after(d time.Duration) {
	if !h.stopped {
		h.timer.Reset(max(d, 0))
	}
}
