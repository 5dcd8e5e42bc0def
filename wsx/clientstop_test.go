package wsx_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
	"github.com/telestruct/telestruct/wsx"
)

// Calls that are under way finish, others do not begin, and the server sees 1000.
func TestClientStop(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		codes := make(chan websocket.StatusCode, 1)
		s := newClientPeer(t, func(ws *websocket.Conn, _ int64) {
			r, _ := clientRead(t, ws)
			time.Sleep(time.Second)
			clientAnswer(ws, r)
			codes <- websocket.CloseStatus(clientDrain(ws))
		})
		c := s.dial(t)
		call := clientGo(t.Context(), c, "x")
		synctest.Wait()
		var stops sync.WaitGroup
		for range 3 {
			stops.Go(func() {
				if err := c.Stop(t.Context()); err != nil {
					t.Errorf("stop: %v", err)
				}
			})
		}
		synctest.Wait()
		_, err := c.RoundTrip(t.Context(), []byte(clientCall("late")))
		clientWantLost(t, err, false, wsx.ErrClientStopped)
		if got, want := <-call, (clientOutcome{answer: clientResult("x")}); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
		stops.Wait()
		if code := <-codes; code != 1000 {
			t.Errorf("the server got the code %d, want 1000", code)
		}
		if got, want := c.State(), (wsx.ClientState{Phase: wsx.ClientStopped}); got != want {
			t.Errorf("state = %+v, want %+v", got, want)
		}
		if err := c.Stop(t.Context()); err != nil {
			t.Errorf("stop again: %v", err)
		}
	})
}

// What is left when the time is up fails.
func TestClientStopTimeout(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name       string
		serve      func(ws *websocket.Conn)
		isDown     bool
		mayHaveRun bool
		within     time.Duration
	}{
		{"in flight", func(ws *websocket.Conn) { _ = clientDrain(ws) }, false, true, time.Second},
		{"waiting", func(ws *websocket.Conn) { _ = clientDrain(ws) }, true, false, time.Second},
		{"a server that does not agree", func(ws *websocket.Conn) {
			_, _, _ = ws.Read(context.Background())
			time.Sleep(time.Minute)
		}, false, true, 1250 * time.Millisecond},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newClientPeer(t, func(ws *websocket.Conn, _ int64) { tc.serve(ws) })
				s.isDown.Store(tc.isDown)
				c := s.dial(t, func(o *wsx.DialOptions) { o.Lazy = true })
				call := clientGo(t.Context(), c, "x")
				synctest.Wait()
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				start := time.Now()
				if err := c.Stop(ctx); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("stop: %v, want the end of its context", err)
				}
				if after := time.Since(start); after != tc.within {
					t.Errorf("stopped after %v, want %v", after, tc.within)
				}
				clientWantLost(t, (<-call).err, tc.mayHaveRun, wsx.ErrClientStopped)
				if got := c.State().Phase; got != wsx.ClientStopped {
					t.Errorf("phase = %v, want stopped", got)
				}
			})
		})
	}
}

// A client stops in every state, and calls that a stop meets have an end.
func TestClientStopStates(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		edit func(s *clientServer, o *wsx.DialOptions)
		code websocket.StatusCode // that the server closes with; 0 for none
	}{
		{"connecting", func(_ *clientServer, o *wsx.DialOptions) {
			o.Lazy = true
			o.BeforeDial = func(ctx context.Context, _ *wsx.DialAttempt) error {
				<-ctx.Done()
				return ctx.Err()
			}
		}, 0},
		{"connected", func(*clientServer, *wsx.DialOptions) {}, 0},
		{"waiting", func(s *clientServer, o *wsx.DialOptions) { o.Lazy = true; s.isDown.Store(true) }, 0},
		{"resting", func(*clientServer, *wsx.DialOptions) {}, 1008},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newClientPeer(t, func(ws *websocket.Conn, _ int64) {
					if tc.code != 0 {
						_ = ws.Close(tc.code, "")
					}
					clientEcho(t, ws)
				})
				c := s.dial(t, func(o *wsx.DialOptions) { tc.edit(s, o) })
				synctest.Wait()
				if err := c.Stop(t.Context()); err != nil {
					t.Error(err)
				}
				if got := c.State().Phase; got != wsx.ClientStopped {
					t.Errorf("phase = %v, want stopped", got)
				}
			})
		})
	}
}

// A function of the program that does not return holds up no stop for longer than its
// context, and a moment.
func TestClientStopHook(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newClientPeer(t, func(ws *websocket.Conn, _ int64) { clientEcho(t, ws) })
		release := make(chan struct{})
		c := s.dial(t, func(o *wsx.DialOptions) {
			o.OnState = func(state wsx.ClientState) {
				if state.Phase == wsx.ClientStopped {
					<-release
				}
			}
		})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := c.Stop(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("stop: %v, want the end of its context", err)
		}
		close(release)
		if err := c.Stop(t.Context()); err != nil {
			t.Errorf("stop again: %v", err)
		}
	})
}
