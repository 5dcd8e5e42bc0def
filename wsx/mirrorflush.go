package wsx

import (
	"context"

	"github.com/telestruct/telestruct/tp/mirror"
)

// flusher sends what hosts change, for all connections of an endpoint. It has a goroutine,
// which waits while nothing changes.
type flusher struct {
	endpoint *Endpoint
	stop     context.CancelFunc
	stopped  chan struct{} // closed when it has
}

// flush begins to send what hosts change.
func (e *Endpoint) flush() {
	ctx, stop := context.WithCancel(context.Background())
	e.flusher = &flusher{endpoint: e, stop: stop, stopped: make(chan struct{})}
	go e.flusher.run(ctx)
}

func (f *flusher) run(ctx context.Context) {
	defer close(f.stopped)
	for ctx.Err() == nil {
		f.flush(ctx)
	}
}

// flush sends what changes. After a panic nobody knows who has got it: all come back, and say what
// they have.
func (f *flusher) flush(ctx context.Context) {
	defer func() {
		if p := recover(); p != nil {
			f.endpoint.report(p)
			f.endpoint.closeAll(ending{code: CodeInternalError})
		}
	}()
	mirror.KeepFlushing(ctx, f.endpoint.mirror, f.endpoint.mirrors.every)
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
	f.stop()
	select {
	case <-f.stopped:
	case <-ctx.Done():
	}
}
