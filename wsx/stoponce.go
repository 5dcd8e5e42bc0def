package wsx

import (
	"context"
	"sync"
)

// stopOnce has a shutdown done once, however many ask for it.
type stopOnce struct {
	begin sync.Once
	done  chan struct{} // closed when it is done
	err   error         // of it
}

func newStopOnce() stopOnce { return stopOnce{done: make(chan struct{})} }

// do calls stop when it is the first one, and otherwise waits for that to return. When ctx
// ends before, it calls hurry and returns the error of ctx.
func (o *stopOnce) do(ctx context.Context, stop func(context.Context) error, hurry func()) error {
	first := false
	o.begin.Do(func() { first = true })
	if first {
		o.err = stop(ctx)
		close(o.done)
		return o.err
	}
	select {
	case <-o.done:
		return o.err
	default:
	}
	select {
	case <-o.done:
		return o.err
	case <-ctx.Done():
		hurry()
		return ctx.Err()
	}
}
