package mirror

import (
	"context"
	"time"
)

// unsent are the writes that the backplane did not take. The relay's mutex locks it.
type unsent struct {
	msgs    [][]byte
	size    int
	timer   *time.Timer // nil unless there are any
	back    bool        // the backplane takes messages again
	stopped bool
}

const (
	// maxUnsent is how many bytes of writes are kept. Other nodes do not get what is beyond it.
	maxUnsent = 16 << 20
	// probeEvery is how often the relay tries whether the backplane is there again.
	probeEvery = time.Second
	// relayProbe is the type of what it tries that with. No node takes notice of it.
	relayProbe = "probe"
)

// isRetrying reports whether writes wait for the backplane.
func (r *Relay) isRetrying() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.unsent.timer != nil
}

// retry keeps a write to be published later. It reports false when there is no room.
func (r *Relay) retry(msg []byte) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	u := &r.unsent
	if u.size+len(msg) > maxUnsent {
		return false
	}
	if u.stopped {
		return true
	}
	u.msgs = append(u.msgs, msg)
	u.size += len(msg)
	if u.timer == nil {
		u.back = false
		u.timer = time.AfterFunc(probeEvery, r.resend)
	}
	return true
}

// resend publishes what is kept once the backplane has been there for a while. The others may
// come back later than this node, and would not hear it.
func (r *Relay) resend() {
	if !r.isBack() {
		err := r.publish(context.Background(), relayMessage{T: relayProbe})
		r.resendLater(err == nil)
		return
	}
	for {
		msg, ok := r.firstUnsent()
		if !ok {
			return
		}
		switch err := r.bus.Publish(context.Background(), msg); {
		case CodeOf(err) == TooLarge:
			r.report(err)
		case err != nil:
			r.resendLater(false)
			return
		}
		r.dropFirst()
	}
}

func (r *Relay) isBack() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.unsent.back
}

// resendLater goes on later: soon, or when the other nodes are back as well.
func (r *Relay) resendLater(back bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	u := &r.unsent
	if u.stopped {
		return
	}
	u.back = back
	after := probeEvery
	if back {
		after = r.options.RetryAfter
	}
	u.timer.Reset(after)
}

// firstUnsent returns the first message that is kept; ok is false when there is none any more,
// and writes are published at once again.
func (r *Relay) firstUnsent() (msg []byte, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	u := &r.unsent
	if len(u.msgs) == 0 {
		u.msgs, u.timer = nil, nil
		return nil, false
	}
	return u.msgs[0], true
}

func (r *Relay) dropFirst() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if u := &r.unsent; len(u.msgs) > 0 { // or it was stopped
		u.size -= len(u.msgs[0])
		u.msgs = u.msgs[1:]
	}
}

// stopRetrying drops what is kept.
func (r *Relay) stopRetrying() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.unsent.timer != nil {
		r.unsent.timer.Stop()
	}
	r.unsent = unsent{stopped: true}
}
