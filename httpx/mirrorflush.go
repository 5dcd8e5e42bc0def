package httpx

import (
	"context"
	"log/slog"
	"runtime/debug"

	"github.com/telestruct/telestruct/tp/mirror"
)

// flushing sends what has changed, from the first stream on until the last one has ended.
type flushing struct {
	end    context.CancelFunc // when the last stream has ended
	broken chan struct{}      // closed when the streams are to end, because some may have missed something
}

func (e *Events) flush() *flushing {
	ctx, end := context.WithCancel(context.Background())
	f := &flushing{end: end, broken: make(chan struct{})}
	go func() {
		defer f.recover()
		mirror.KeepFlushing(ctx, e.of, e.settings.mirror.every)
	}()
	return f
}

// recover takes a panic of what the program has given to its models, which is no one request's:
// all clients come back, and say what they have.
func (f *flushing) recover() {
	if p := recover(); p != nil {
		slog.Error("sending live models panicked", "panic", p, "stack", string(debug.Stack()))
		close(f.broken)
	}
}
