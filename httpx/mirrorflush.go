package httpx

import (
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/telestruct/telestruct/tp/mirror"
)

// flushing sends what has changed, from the first stream on until the last one has ended.
// What else flushes the same models may do so at the same time.
type flushing struct {
	of     mirror.Endpoint
	every  time.Duration
	idle   chan struct{} // closed when the last stream has ended
	broken chan struct{} // closed when the streams are to end, because some may have missed something
}

func newFlushing(e *Events) *flushing {
	return &flushing{of: e.of, every: e.settings.mirror.every, idle: make(chan struct{}), broken: make(chan struct{})}
}

func (f *flushing) run() {
	defer f.recover()
	timer := time.NewTimer(f.every)
	defer timer.Stop()
	for {
		select {
		case <-f.of.Changed():
		case <-f.idle:
			return
		}
		timer.Reset(f.every)
		select {
		case <-timer.C:
		case <-f.idle: // others may wait for what was taken from Changed
		}
		f.of.Flush()
	}
}

// recover takes a panic of what the program has given to its models, which is no one request's: all clients come
// back, and say what they have.
func (f *flushing) recover() {
	if p := recover(); p != nil {
		slog.Error("sending live models panicked", "panic", p, "stack", string(debug.Stack()))
		close(f.broken)
	}
}
