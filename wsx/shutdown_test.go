package wsx_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/wsx"
)

// stopping calls Shutdown with a time and returns what it returns.
func stopping(e *wsx.Endpoint, d time.Duration) chan error {
	result := make(chan error, 1)
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), d)
		defer cancel()
		result <- e.Shutdown(ctx)
	}()
	return result
}

func wantResult(t *testing.T, result chan error, want error) {
	t.Helper()
	if got := <-result; !errors.Is(got, want) {
		t.Errorf("Shutdown = %v, want %v", got, want)
	}
}

func TestShutdown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate()
		e := wsx.Handler(g.server(t))
		s := newSite(t, e)
		p := s.dial()
		p.send(fin|opText, request("greet", "before"))
		synctest.Wait()
		result := stopping(e, time.Minute)
		synctest.Wait()
		if got := s.refused(); got.StatusCode != http.StatusServiceUnavailable || got.Header.Get("Retry-After") == "" {
			t.Errorf("status = %d, header %v", got.StatusCode, got.Header)
		}
		p.send(fin|opText, request("greet", "after"))
		p.send(fin|opPing, "") // has been read, so the one before has been
		p.want(fin|opPong, "")
		time.Sleep(4 * time.Second)
		close(g.open)
		p.want(fin|opText, answer("before"))
		p.wantClose(1001, wsx.ReasonDrained)
		wantResult(t, result, nil)
		if got := len(g.entered); got != 1 {
			t.Errorf("%d calls ran, want 1", got)
		}
	})
}

// TestShutdownGrace sees what becomes of a call that takes too long.
func TestShutdownGrace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate()
		e := wsx.Handler(g.server(t))
		p := newSite(t, e).dial()
		p.send(fin|opText, request("greet", "long"))
		synctest.Wait()
		start := time.Now()
		result := stopping(e, time.Minute)
		p.wantClose(1001, wsx.ReasonStopped)
		if got := time.Since(start); got != 5*time.Second {
			t.Errorf("closed after %v, want 5s", got)
		}
		wantResult(t, result, nil) // its context has ended, and with it the call
	})
}

// TestShutdownWindow sees that connections are closed one after the other, and those
// whose turn has not come go on.
func TestShutdownWindow(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		left   time.Duration
		window time.Duration
	}{
		{"whole", time.Hour, 30 * time.Second},
		{"most of the time", 20 * time.Second, 15 * time.Second},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				const n = 10
				e := wsx.Handler(build(t))
				s := newSite(t, e)
				var all sync.WaitGroup
				var mu sync.Mutex
				closed := map[time.Duration]int{}
				peers := make([]*peer, n)
				for i := range peers {
					peers[i] = s.dial()
				}
				synctest.Wait()
				start := time.Now()
				result := stopping(e, tc.left)
				for _, p := range peers {
					all.Go(func() {
						for {
							p.send(fin|opText, greetAnn)
							if got := p.hear(); got.op == fin|opClose {
								break
							} else if got.op == fin|opText && got.payload != greetedAnn {
								t.Errorf("heard %v", got)
							}
							time.Sleep(100 * time.Millisecond)
						}
						mu.Lock()
						closed[time.Since(start).Truncate(tc.window/n)]++
						mu.Unlock()
						p.try(masked(fin|opClose, closing(1001, "")))
						p.wantEnd()
					})
				}
				all.Wait()
				wantResult(t, result, nil)
				if len(closed) != n {
					t.Errorf("closed at %v, want %d times over %v", closed, n, tc.window)
				}
				if got := time.Since(start); got > tc.window {
					t.Errorf("took %v, want at most %v", got, tc.window)
				}
			})
		})
	}
}

// TestShutdownCuts sees what happens when there is no time left.
func TestShutdownCuts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		busy bool
	}{
		{"a call that runs", true},
		{"a client that does not close", false},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := newGate()
				seen := &ledger{}
				hooked := false
				e := wsx.Handler(g.server(t), wsx.Observe(seen), wsx.OnShutdown(func(ctx context.Context) error {
					hooked = ctx.Err() != nil
					return nil
				}))
				p := newSite(t, e).dial()
				if tc.busy {
					p.send(fin|opText, request("greet", "long"))
				}
				synctest.Wait()
				start := time.Now()
				wantResult(t, stopping(e, 3*time.Second), context.DeadlineExceeded)
				if got := time.Since(start); got != 3*time.Second || !hooked {
					t.Errorf("took %v, want 3s; hook saw that it is over: %v", got, hooked)
				}
				synctest.Wait()
				if got := len(seen.closedCodes()); got != 1 {
					t.Errorf("%d connections have ended, want 1", got)
				}
				wantResult(t, stopping(e, time.Second), context.DeadlineExceeded) // as before
			})
		})
	}
}

// TestShutdownTogether calls it several times at once, one with less time.
func TestShutdownTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate()
		ran := 0
		e := wsx.Handler(g.server(t), wsx.Drain(time.Minute, 0), wsx.OnShutdown(func(context.Context) error { ran++; return nil }))
		p := newSite(t, e).dial()
		p.send(fin|opText, request("greet", "long"))
		synctest.Wait()
		first := stopping(e, time.Hour)
		synctest.Wait()
		second, third := stopping(e, time.Second), stopping(e, time.Hour)
		wantResult(t, second, context.DeadlineExceeded)
		if err := <-first; err == nil || !strings.Contains(err.Error(), "cut off") {
			t.Errorf("first = %v, want that connections were cut off", err)
		}
		if err := <-third; err == nil || !strings.Contains(err.Error(), "cut off") {
			t.Errorf("third = %v, want that connections were cut off", err)
		}
		if ran != 1 {
			t.Errorf("the hook ran %d times, want once", ran)
		}
	})
}

func TestShutdownHooks(t *testing.T) {
	t.Parallel()
	errBus := errors.New("bus")
	var order []string
	hook := func(name string, err error) wsx.Option {
		return wsx.OnShutdown(func(context.Context) error { order = append(order, name); return err })
	}
	panicked := 0
	e := wsx.Handler(build(t), hook("a", errBus), wsx.OnShutdown(func(context.Context) error { panic("hook") }), hook("b", nil),
		wsx.OnPanic(func(any, []byte) { panicked++ }))
	err := e.Shutdown(context.Background())
	if !errors.Is(err, errBus) || !strings.Contains(err.Error(), "hook panicked") || panicked != 1 {
		t.Errorf("Shutdown = %v, %d panics were told", err, panicked)
	}
	if got := fmt.Sprint(order); got != "[a b]" {
		t.Errorf("hooks ran %s, want [a b]", got)
	}
}

// TestShutdownMeetsUpgrade stops the endpoint while a connection is being made.
func TestShutdownMeetsUpgrade(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		left time.Duration
	}{
		{"with time", time.Minute},
		{"without", time.Nanosecond},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var e *wsx.Endpoint
				var result chan error
				e = wsx.Handler(guarded(t, 0), wsx.Credentials(func(*http.Request) (any, bool) {
					result = stopping(e, tc.left)
					time.Sleep(time.Second)
					return nil, false
				}))
				p := newSite(t, e).dial()
				if tc.left > time.Second {
					p.wantClose(1001, wsx.ReasonDrained)
					wantResult(t, result, nil)
				} else {
					p.hearUntil(0)
					wantResult(t, result, context.DeadlineExceeded)
				}
			})
		})
	}
}

// TestShutdownLosesNothing stops an endpoint under load: every call that ran was
// answered.
func TestShutdownLosesNothing(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	ran := map[string]bool{}
	begun := make(chan struct{})
	begin := sync.OnceFunc(func() { close(begun) })
	api := tp.NewAPI("ledger", tp.NoAuth())
	tp.RegisterOn(api, func(_ context.Context, in Greet) (Greeting, error) {
		begin()
		mu.Lock()
		defer mu.Unlock()
		ran[in.Subject] = true
		return Greeting{Message: in.Subject}, nil
	}, tp.Name("fn.greet"))
	srv, err := api.Build()
	if err != nil {
		t.Fatal(err)
	}
	e := wsx.Handler(srv, wsx.Drain(time.Minute, 50*time.Millisecond))
	s := newSite(t, e)
	answered := map[string]bool{}
	var all sync.WaitGroup
	for i := range 8 {
		p := s.dial()
		all.Go(func() {
			for n := 0; ; n++ {
				if _, err := p.conn.Write(masked(fin|opText, request("greet", fmt.Sprint(i, "-", n)))); err != nil {
					return
				}
			}
		})
		all.Go(func() {
			for {
				h, err := p.next()
				if err != nil {
					return
				}
				if h.op == fin|opClose {
					if want := closing(1001, wsx.ReasonDrained); h.payload != want {
						t.Errorf("closed with %q, want %q", h.payload, want)
					}
					p.cut()
					return
				}
				name, _, _ := strings.Cut(strings.TrimPrefix(h.payload, `[{"@id_":"`), `"`)
				mu.Lock()
				answered[name] = true
				mu.Unlock()
			}
		})
	}
	<-begun
	shut(t, e)
	all.Wait()
	for name := range ran {
		if !answered[name] {
			t.Errorf("call %s ran and was not answered", name)
		}
	}
}
