package wsx_test

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/telestruct/telestruct/wsx"
)

// stoppingServer calls Shutdown with a time and returns what it returns.
func stoppingServer(srv *wsx.Server, d time.Duration) chan error {
	result := make(chan error, 1)
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), d)
		defer cancel()
		result <- srv.Shutdown(ctx)
	}()
	return result
}

// TestServerShutdown stops two endpoints, one of which has a call to wait for, at the same
// time.
func TestServerShutdown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := wsx.NewServer()
		g := newGate()
		s := newSite(t, mux(map[string]*wsx.Endpoint{"/calls": srv.Handler(g.server(t)), "/chat": srv.New(wsx.Room(srv.NewTopic("room")))}))
		caller, ann := s.dial("Path: /calls"), s.dial("Path: /chat")
		caller.send(fin|opText, request("greet", "last"))
		synctest.Wait()
		start := time.Now()
		result := stoppingServer(srv, time.Minute)
		ann.wantClose(1001, wsx.ReasonDrained)
		if got := s.refused("Path: /chat").StatusCode; got != http.StatusServiceUnavailable {
			t.Errorf("status = %d, want 503", got)
		}
		synctest.Wait()
		if info := srv.Info(); !info.Stopping || info.Endpoints != 1 {
			t.Errorf("info = %+v", info)
		}
		time.Sleep(4 * time.Second)
		close(g.open)
		caller.want(fin|opText, answer("last"))
		caller.wantClose(1001, wsx.ReasonDrained)
		wantResult(t, result, nil)
		if got := time.Since(start); got != 4*time.Second {
			t.Errorf("took %v, want 4s", got)
		}
		if got := len(srv.Endpoints()); got != 0 {
			t.Errorf("%d endpoints are left", got)
		}
	})
}

// TestServerShutdownTwice has several callers, and endpoints that come too late.
func TestServerShutdownTwice(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := wsx.NewServer()
		g := newGate()
		p := newSite(t, srv.Handler(g.server(t), wsx.Drain(time.Minute, 0))).dial()
		p.send(fin|opText, request("greet", "long"))
		synctest.Wait()
		first := stoppingServer(srv, time.Hour)
		synctest.Wait()
		hurried := stoppingServer(srv, time.Second)
		wantResult(t, hurried, context.DeadlineExceeded)
		if err := <-first; err == nil {
			t.Error("the first caller does not know that connections were cut off")
		}
		over, cancel := context.WithCancel(t.Context())
		cancel()
		if err := srv.Shutdown(over); err == nil || errors.Is(err, context.Canceled) {
			t.Errorf("Shutdown = %v, want what the first one returned", err)
		}
		late := srv.New(wsx.Push(srv.NewTopic("news")))
		if got := newSite(t, late).refused().StatusCode; got != http.StatusServiceUnavailable {
			t.Errorf("status of a late endpoint = %d, want 503", got)
		}
		shut(t, late)
	})
}

// slowBus is a bus that takes a while to have everything.
type slowBus struct {
	wsx.Bus
	flushed atomic.Int32
	err     error
}

func (b *slowBus) Flush(ctx context.Context) error {
	select {
	case <-time.After(2 * time.Second):
		b.flushed.Add(1)
		return b.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func TestServerShutdownFlushes(t *testing.T) {
	t.Parallel()
	errBus := errors.New("bus")
	for _, tc := range []struct {
		name string
		err  error
		left time.Duration
		want error
	}{
		{"in time", nil, time.Minute, nil},
		{"failing", errBus, time.Minute, errBus},
		{"too late", nil, time.Second, context.DeadlineExceeded},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				bus := &slowBus{Bus: wsx.MemoryBus(), err: tc.err}
				start := time.Now()
				wantResult(t, stoppingServer(wsx.NewServer(wsx.WithBus(bus)), tc.left), tc.want)
				if got, want := time.Since(start), min(2*time.Second, tc.left); got != want {
					t.Errorf("took %v, want %v", got, want)
				}
			})
		})
	}
}
