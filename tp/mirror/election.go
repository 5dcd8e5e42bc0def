package mirror

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"
)

// ElectionOptions are the options of an election. The zero value, and nil, mean the defaults;
// all members must have the same.
type ElectionOptions struct {
	// Interval is how often a member tells the others that it is there. Default 1 s.
	Interval time.Duration
	// Timeout is how long a member counts that is not heard of any more. Default 3 s.
	Timeout time.Duration
}

// Election finds the one node that does what only one should do (section 12.3): the one with
// the smallest id. Two nodes may both lead for up to the timeout; the job has to bear that. An
// Election is safe for concurrent use.
type Election struct {
	id      string
	options ElectionOptions

	mu      sync.Mutex
	heard   map[string]time.Time // those with smaller ids
	stopped bool
}

// NewElection returns the membership of the node with the given id, which no other has.
func NewElection(id string, o *ElectionOptions) *Election {
	e := &Election{id: id, heard: map[string]time.Time{}}
	if o != nil {
		e.options = *o
	}
	if e.options.Interval <= 0 {
		e.options.Interval = time.Second
	}
	if e.options.Timeout <= 0 {
		e.options.Timeout = 3 * time.Second
	}
	return e
}

// beacon is what members send.
type beacon struct {
	Election string `json:"election"`
}

// Beacon returns the message that tells others that this member is there.
func (e *Election) Beacon() ([]byte, error) { return json.Marshal(beacon{e.id}) }

// Receive takes a message of another node, which came at the given time. Messages that are
// about something else are ignored.
func (e *Election) Receive(msg []byte, at time.Time) {
	var b beacon
	if json.Unmarshal(msg, &b) != nil || b.Election == "" || b.Election >= e.id {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for id, last := range e.heard {
		if at.Sub(last) > e.options.Timeout {
			delete(e.heard, id)
		}
	}
	e.heard[b.Election] = at
}

// Leads reports whether this member leads at the given time.
func (e *Election) Leads(at time.Time) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.stopped {
		return false
	}
	for _, last := range e.heard {
		if at.Sub(last) <= e.options.Timeout {
			return false
		}
	}
	return true
}

// Stop ends the membership: it never leads again. Others notice after the timeout.
func (e *Election) Stop() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.stopped = true
}

// Run takes part in the election over a backplane until ctx ends, and then stops. While this
// member leads, job runs, in a goroutine of its own; its context ends when the member leads no
// longer, and Run waits for it. A job that returns is started again after the next interval.
// Run fails when the backplane cannot be subscribed, or when a beacon cannot be published for a
// whole timeout: nobody knows of this member then.
func (e *Election) Run(ctx context.Context, b Backplane, job func(ctx context.Context)) error {
	cancel, err := b.Subscribe(func(msg []byte) { e.Receive(msg, time.Now()) })
	if err != nil {
		return err
	}
	defer cancel()
	defer e.Stop()
	running := singleton{job: job}
	defer running.stop()
	msg, err := e.Beacon()
	if err != nil {
		return err
	}
	tick := time.NewTicker(e.options.Interval)
	defer tick.Stop()
	for published := time.Now(); ; {
		err := b.Publish(ctx, msg)
		switch {
		case err == nil:
			published = time.Now()
		case ctx.Err() == nil && time.Since(published) > e.options.Timeout:
			return errors.Join(errors.New("mirror: no beacon could be published"), err)
		}
		select {
		case <-ctx.Done():
			return nil
		case now := <-tick.C:
			running.set(ctx, e.Leads(now))
		}
	}
}

// singleton runs a job or not.
type singleton struct {
	job    func(ctx context.Context)
	cancel context.CancelFunc
	done   chan struct{}
}

func (s *singleton) set(ctx context.Context, lead bool) {
	if !lead {
		s.stop()
		return
	}
	if s.cancel != nil {
		select {
		case <-s.done:
			s.stop()
		default:
			return
		}
	}
	ctx, s.cancel = context.WithCancel(ctx)
	s.done = make(chan struct{})
	go func() {
		defer close(s.done)
		s.job(ctx)
	}()
}

// stop ends the job and waits for it.
func (s *singleton) stop() {
	if s.cancel == nil {
		return
	}
	s.cancel()
	<-s.done
	s.cancel = nil
}
