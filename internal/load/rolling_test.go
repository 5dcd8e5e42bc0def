package load

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/telestruct/telestruct/wsx"
)

// A server is replaced by another while calls are being made, again and again. No call
// is lost, and every socket is closed with 1001.
func TestRollingStop(t *testing.T) {
	var (
		l       ledger
		current atomic.Pointer[service]
		calls   sync.WaitGroup
	)
	start := func() *service {
		s := serve(t, newServer(t, &l), nil, wsx.Drain(patience, 200*time.Millisecond))
		current.Store(s)
		return s
	}
	first := start()
	c := newCallers(&l, nil, func() string { return current.Load().url })
	c.spoilt = true
	c.connect(t)
	ctx, cancel := context.WithTimeout(t.Context(), *duration/2)
	defer cancel()
	calls.Go(func() { c.run(ctx) })
	stops := 0
	for old := first; ctx.Err() == nil; stops++ {
		old.closes.await(ctx, func() bool { return old.closes.opened >= sockets }) // calls of all clients are under way
		next := start()
		old.stop(t)
		if opened, closed := old.closes.with(wsx.CodeGoingAway); opened != closed {
			t.Errorf("%d of %d sockets were closed with 1001: %v", closed, opened, old.closes.codes)
		}
		old = next
	}
	calls.Wait()
	c.stop(t)
	current.Load().stop(t)
	c.report(t)
	sums, err := l.check()
	if err != nil {
		t.Error(err)
	}
	t.Logf("%d servers were stopped; %+v", stops, sums)
}
