package wsx

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"
)

// Shutdown ends all connections without losing a call. From now on requests for a
// connection are refused with 503. The connections that there are go on until it is
// their turn, in random order over the window that [Drain] sets, but at most three quarters of the
// time that ctx leaves. Then what was read is answered, what comes is dropped without
// being run, and the connection is closed with [CodeGoingAway] and [ReasonDrained]; calls
// that run for longer than the grace make it [ReasonStopped]. When all are closed the
// hooks of [OnShutdown] run.
//
// When ctx is over, what is left is cut off, the contexts of its calls end, and Shutdown
// returns the error of ctx without waiting for them. Several calls may run at the same
// time: the first one does the work, the others wait for it, and the first ctx that ends
// ends it for all. After that Shutdown returns at once what it returned before.
func (e *Endpoint) Shutdown(ctx context.Context) error {
	return e.stop.do(ctx, e.shutdown, e.cutAll)
}

func (e *Endpoint) shutdown(ctx context.Context) error {
	errs := []error{e.drainAll(ctx)}
	if e.flusher != nil {
		e.flusher.end(ctx)
	}
	for _, hook := range e.hooks {
		errs = append(errs, e.runHook(ctx, hook))
	}
	e.server.remove(e)
	return errors.Join(errs...)
}

var errHookPanicked = errors.New("wsx: a shutdown hook panicked")

func (e *Endpoint) runHook(ctx context.Context, hook func(context.Context) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errHookPanicked
			e.report(p)
		}
	}()
	return hook(ctx)
}

// errCut is what the first caller of Shutdown gets when another had less time.
var errCut = errors.New("wsx: connections were cut off because another call of Shutdown ran out of time")

// drainAll returns when all connections have ended, or an error when there is no time
// for that.
func (e *Endpoint) drainAll(ctx context.Context) error {
	conns, window := e.refuseAll(), e.windowOf(ctx)
	timer := time.NewTimer(0)
	defer timer.Stop()
	start := time.Now()
	for i := 0; ; i++ {
		var turn <-chan time.Time
		if i < len(conns) {
			timer.Reset(time.Until(start.Add(window / time.Duration(len(conns)) * time.Duration(i))))
			turn = timer.C
		}
		select {
		case <-turn:
			conns[i].drain(e.grace)
		case <-e.gone:
			return nil
		case <-e.cut:
			return errCut
		case <-ctx.Done():
			e.cutAll()
			return ctx.Err()
		}
	}
}

// windowOf returns over how long the connections are closed.
func (e *Endpoint) windowOf(ctx context.Context) time.Duration {
	if deadline, ok := ctx.Deadline(); ok {
		return min(e.window, max(time.Until(deadline)/4*3, 0))
	}
	return e.window
}

// refuseAll lets nobody in any more. It returns who is there, in random order.
func (e *Endpoint) refuseAll() []*connection {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.stopping = true
	if e.places.taken == 0 {
		close(e.gone)
	}
	conns := make([]*connection, 0, len(e.conns))
	for c := range e.conns {
		conns = append(conns, c)
	}
	rand.Shuffle(len(conns), func(i, j int) { conns[i], conns[j] = conns[j], conns[i] })
	return conns
}

// cutAll cuts off all connections that are left, now and to come.
func (e *Endpoint) cutAll() {
	e.cutting.Do(func() { close(e.cut) })
	e.mu.Lock()
	defer e.mu.Unlock()
	for c := range e.conns {
		go c.cut(ending{CodeAbnormal, ReasonStopped}) // closing takes TLS a while
	}
}
