package wsx

import (
	"context"
	"time"
)

// flusher sends what hosts change, for all connections of an endpoint. It has a goroutine,
// which waits while nothing changes.
type flusher struct {
	endpoint *Endpoint
	stop     chan struct{} // closed when it is to end
	stopped  chan struct{} // closed when it has
}

// flush begins to send what hosts change.
func (e *Endpoint) flush() {
	e.flusher = &flusher{endpoint: e, stop: make(chan struct{}), stopped: make(chan struct{})}
	go e.flusher.run()
}

func (f *flusher) run() {
	defer close(f.stopped)
	e := f.endpoint
	timer := time.NewTimer(e.mirrors.every)
	defer timer.Stop()
	for {
		select {
		case <-e.mirror.Changed():
		case <-f.stop:
			return
		}
		timer.Reset(e.mirrors.every)
		select {
		case <-timer.C:
		case <-f.stop: // other endpoints are not told of this change any more
		}
		select {
		case <-e.mirror.Changed(): // is flushed as well
		default:
		}
		f.flush()
	}
}

// flush sends what has changed. After a panic nobody knows who has got it: all come back, and
// say what they have.
func (f *flusher) flush() {
	defer func() {
		if p := recover(); p != nil {
			f.endpoint.report(p)
			f.endpoint.closeAll(ending{code: CodeInternalError})
		}
	}()
	f.endpoint.mirror.Flush()
}

// closeAll closes the connections that there are.
func (e *Endpoint) closeAll(why ending) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for c := range e.conns {
		c.close(why)
	}
}

// end ends the flusher, and waits for that until ctx is over.
func (f *flusher) end(ctx context.Context) {
	close(f.stop)
	select {
	case <-f.stopped:
	case <-ctx.Done():
	}
}
