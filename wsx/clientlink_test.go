package wsx_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/wsx"
)

// clientStates collects what a client tells of its connection.
type clientStates struct {
	mu  sync.Mutex
	all []wsx.ClientState
}

func (s *clientStates) add(state wsx.ClientState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, state)
}

// phases returns the states as words; what is random about them is left out.
func (s *clientStates) phases() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var phases []string
	for _, state := range s.all {
		text := state.Phase.String()
		if state.Cause != nil {
			text += ": " + state.Cause.Error()
		}
		if state.Retry < 0 {
			text += "; rests"
		}
		phases = append(phases, text)
	}
	return phases
}

func TestClientPhases(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newClientPeer(t, func(ws *websocket.Conn, n int64) {
			switch n {
			case 1:
				_ = ws.Close(1011, "")
			case 2:
				_ = ws.Close(4500, "enough")
			default:
				clientEcho(t, ws)
			}
		})
		var states clientStates
		c := s.dial(t, func(o *wsx.DialOptions) { o.OnState = states.add })
		time.Sleep(time.Minute)
		if state := c.State(); state.Phase != wsx.ClientDisconnected || state.Retry != -1 {
			t.Errorf("state = %+v, want a client that rests", state)
		}
		clientWant(t.Context(), t, c, "x")
		if got, want := c.State(), (wsx.ClientState{Phase: wsx.ClientConnected}); got != want {
			t.Errorf("state = %+v, want %+v", got, want)
		}
		if err := c.Stop(t.Context()); err != nil {
			t.Error(err)
		}
		want := []string{
			"connecting", "connected", `disconnected: the server closed the connection with 1011 ""`,
			"connecting", "connected", `disconnected: the server closed the connection with 4500 "enough"; rests`,
			"connecting", "connected", "stopped",
		}
		if diff := cmp.Diff(want, states.phases()); diff != "" {
			t.Errorf("states (-want +got):\n%s", diff)
		}
	})
}

// After which closes a client comes back by itself.
func TestClientFinalCloses(t *testing.T) {
	t.Parallel()
	final := map[int]bool{1002: true, 1003: true, 1007: true, 1008: true, 3500: true, 3999: true, 4500: true, 4999: true}
	for _, code := range []int{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1011, 1012, 1013, 3000, 3499, 3500, 3999, 4000, 4499, 4500, 4999} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newClientPeer(t, func(ws *websocket.Conn, n int64) {
					if n == 1 {
						_ = ws.Close(websocket.StatusCode(code), "why")
						return
					}
					_ = clientDrain(ws)
				})
				c := s.dial(t)
				time.Sleep(time.Minute)
				if got, want := c.State().Phase == wsx.ClientDisconnected, final[code]; got != want {
					t.Errorf("rests = %v, want %v", got, want)
				}
			})
		})
	}
}

// A call makes a client that rests try once, and has what comes of it.
func TestClientWoken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newClientPeer(t, func(ws *websocket.Conn, n int64) {
			if n == 1 {
				_ = ws.Close(1008, "abuse")
				return
			}
			clientEcho(t, ws)
		})
		c := s.dial(t)
		synctest.Wait()
		s.isDown.Store(true)
		for range 2 {
			_, err := c.RoundTrip(t.Context(), []byte(clientCall("x")))
			dial, ok := errors.AsType[*wsx.DialError](err)
			if lost, _ := errors.AsType[*wsx.CallLostError](err); !ok || lost == nil || lost.MayHaveRun || dial.URL != clientURL {
				t.Errorf("error = %v, want a lost call that has not run, because of a dial error", err)
			}
			time.Sleep(time.Hour)
		}
		if got := s.dials.Load(); got != 3 {
			t.Errorf("%d attempts, want 3", got)
		}
		s.isDown.Store(false)
		clientWant(t.Context(), t, c, "y")
	})
}

// The time between attempts grows to its limit, and begins again after a connection that
// has lasted.
func TestClientBackoff(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		life   time.Duration // of connections
		growth bool
	}{
		{"refused", 0, true},
		{"short life", 9 * time.Second, true},
		{"long life", 10 * time.Second, false},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				const least, most, rounds = 500 * time.Millisecond, 30 * time.Second, 40
				s := newClientServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if tc.life == 0 {
						w.WriteHeader(http.StatusServiceUnavailable)
						return
					}
					ws, err := websocket.Accept(w, r, nil)
					if err != nil {
						t.Error(err)
						return
					}
					time.Sleep(tc.life)
					_ = ws.CloseNow()
				}))
				var waits []time.Duration
				enough := make(chan struct{})
				s.dial(t, func(o *wsx.DialOptions) {
					o.Lazy = true
					o.OnState = func(state wsx.ClientState) {
						if state.Phase == wsx.ClientDisconnected {
							if waits = append(waits, state.Retry); len(waits) == rounds {
								close(enough)
							}
						}
					}
				})
				<-enough
				var longest time.Duration
				for i, wait := range waits[:rounds] {
					ceiling := least
					if tc.growth {
						ceiling = min(least<<min(i, 10), most)
					}
					if wait < 0 || wait > ceiling {
						t.Errorf("wait %d = %v, want at most %v", i, wait, ceiling)
					}
					longest = max(longest, wait)
				}
				if tc.growth && longest < most/2 {
					t.Errorf("the longest wait is %v, want more than %v", longest, most/2)
				}
			})
		})
	}
}

// A server that falls silent is noticed in the time that the options say.
func TestClientSilence(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name        string
		reads       bool
		first, last time.Duration // when it is noticed
		want        string
	}{
		{"reads", true, 32500 * time.Millisecond, 37500 * time.Millisecond,
			"the server did not answer a ping in time; see wsx.DialOptions.PongTimeout"},
		{"does not read", false, 22500 * time.Millisecond, 37500 * time.Millisecond, "use of closed network connection"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				quiet := &websocket.AcceptOptions{OnPingReceived: func(context.Context, []byte) bool { return false }}
				release := make(chan struct{})
				s := newClientPeerWith(t, quiet, func(ws *websocket.Conn, n int64) {
					_, _ = clientRead(t, ws)
					if tc.reads {
						_ = clientDrain(ws)
					}
					<-release
				})
				c := s.dial(t)
				start := time.Now()
				_, err := c.RoundTrip(t.Context(), []byte(clientCall("x")))
				if after := time.Since(start); after < tc.first || after > tc.last {
					t.Errorf("noticed after %v, want between %v and %v", after, tc.first, tc.last)
				}
				lost, ok := errors.AsType[*wsx.CallLostError](err)
				if !ok || !lost.MayHaveRun || !strings.HasPrefix(err.Error(), "wsx: no answer, and the function may have run: ") ||
					!strings.HasSuffix(err.Error(), tc.want) {
					t.Errorf("error = %v, want a lost call that may have run: %s", err, tc.want)
				}
				close(release)
			})
		})
	}
}

// A server that answers pings, or says anything else, is there.
func TestClientHeartbeat(t *testing.T) {
	t.Parallel()
	const often = 5 * time.Second
	tests := []struct {
		name  string
		pongs bool
		say   func(ctx context.Context, ws *websocket.Conn)
	}{
		{"pongs", true, func(ctx context.Context, _ *websocket.Conn) { <-ctx.Done() }},
		{"messages", false, func(ctx context.Context, ws *websocket.Conn) {
			for ctx.Err() == nil {
				clientWrite(ws, `[{},{"Ok_":{}}]`)
				time.Sleep(often)
			}
		}},
		{"pings", false, func(ctx context.Context, ws *websocket.Conn) {
			for ctx.Err() == nil {
				_ = ws.Ping(ctx)
				time.Sleep(often)
			}
		}},
		{"a long message", false, func(ctx context.Context, ws *websocket.Conn) {
			piece := bytes.Repeat([]byte("x"), 8<<10) // a shorter one would not leave the server's buffer
			w, err := ws.Writer(ctx, websocket.MessageText)
			for err == nil && ctx.Err() == nil {
				_, err = w.Write(piece)
				time.Sleep(often)
			}
		}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				quiet := &websocket.AcceptOptions{OnPingReceived: func(context.Context, []byte) bool { return tc.pongs }}
				s := newClientPeerWith(t, quiet, func(ws *websocket.Conn, _ int64) {
					ctx, cancel := context.WithCancel(t.Context())
					go func() {
						defer cancel()
						_ = clientDrain(ws)
					}()
					tc.say(ctx, ws)
				})
				c := s.dial(t)
				time.Sleep(10 * time.Minute)
				if got, want := c.Stats().Connections, int64(1); got != want {
					t.Errorf("%d connections, want %d", got, want)
				}
			})
		})
	}
}

// A server that takes no more bytes is given up, and the request that it did not take is
// sent again over the next connection.
func TestClientStuck(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		s := newClientPeer(t, func(ws *websocket.Conn, n int64) {
			if n > 1 {
				clientEcho(t, ws)
				return
			}
			<-release
		})
		var states clientStates
		c := s.dial(t, func(o *wsx.DialOptions) { o.OnState = states.add })
		start := time.Now()
		clientWant(t.Context(), t, c, "x")
		if after := time.Since(start); after < 10*time.Second || after > 10500*time.Millisecond {
			t.Errorf("answered after %v, want 10 s and a short wait", after)
		}
		close(release)
		want := []string{"connecting", "connected",
			"disconnected: the server took no message in time; see wsx.DialOptions.WriteTimeout", "connecting", "connected"}
		if diff := cmp.Diff(want, states.phases()); diff != "" {
			t.Errorf("states (-want +got):\n%s", diff)
		}
		if got := c.Stats().Resent; got != 1 {
			t.Errorf("resent %d, want 1", got)
		}
	})
}

// A connection that cannot be written to any more, and on which nothing comes, is given up
// with the ping that shows it.
func TestClientCannotWrite(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newClientPeer(t, func(ws *websocket.Conn, _ int64) { _ = clientDrain(ws) })
		var states clientStates
		pipes := make(chan *clientOneWay, 10)
		s.dial(t, func(o *wsx.DialOptions) {
			o.OnState = states.add
			transport, _ := o.HTTPClient.Transport.(*http.Transport)
			dial := transport.DialContext
			transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
				conn, err := dial(ctx, network, address)
				pipe := &clientOneWay{Conn: conn}
				pipes <- pipe
				return pipe, err
			}
		})
		pipe := <-pipes
		pipe.isBroken.Store(true)
		time.Sleep(30 * time.Second)
		if got := pipe.failed.Load(); got != 1 {
			t.Errorf("writing was tried %d times, want 1", got)
		}
		got := states.phases()
		if want := "disconnected: a ping could not be written: "; len(got) < 3 || !strings.HasPrefix(got[2], want) {
			t.Errorf("states = %q, want one that begins with %s", got, want)
		}
	})
}

// clientOneWay is a connection of which the way out breaks.
type clientOneWay struct {
	net.Conn
	isBroken atomic.Bool
	failed   atomic.Int64
}

func (c *clientOneWay) Write(b []byte) (int, error) {
	if c.isBroken.Load() {
		c.failed.Add(1)
		return 0, syscall.EPIPE
	}
	return c.Conn.Write(b)
}

// A panic of the program's function closes the connection, and nothing else.
func TestClientStatePanic(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		codes := make(chan websocket.StatusCode, 1)
		s := newClientPeer(t, func(ws *websocket.Conn, n int64) {
			if n == 1 {
				codes <- websocket.CloseStatus(clientDrain(ws))
				return
			}
			clientEcho(t, ws)
		})
		panics := map[wsx.ClientPhase]int{wsx.ClientConnected: 1, wsx.ClientDisconnected: 2, wsx.ClientConnecting: 2}
		var states clientStates
		c := s.dial(t, func(o *wsx.DialOptions) {
			o.OnState = func(state wsx.ClientState) {
				states.add(state)
				if panics[state.Phase]--; panics[state.Phase] >= 0 && len(states.phases()) > 1 {
					panic("of the program")
				}
			}
		})
		clientWant(t.Context(), t, c, "x")
		if code := <-codes; code != 1011 {
			t.Errorf("the server got the code %d, want 1011", code)
		}
		want := []string{"connecting", "connected", "disconnected: panic: of the program",
			"connecting", "disconnected: panic: of the program", "connecting", "connected"}
		if diff := cmp.Diff(want, states.phases()); diff != "" {
			t.Errorf("states (-want +got):\n%s", diff)
		}
		if _, ok := errors.AsType[*tp.PanicError](states.all[2].Cause); !ok {
			t.Errorf("the cause is a %T, want a *tp.PanicError", states.all[2].Cause)
		}
	})
}

// What a call has waited for in vain is in its error.
func TestClientConnecting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newClientServer(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
		c := s.dial(t, func(o *wsx.DialOptions) { o.Lazy = true })
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := c.RoundTrip(ctx, []byte(clientCall("x")))
		clientWantLost(t, err, false, context.DeadlineExceeded)
		if want := "wsx: the call was not made: context deadline exceeded while connecting"; err.Error() != want {
			t.Errorf("error = %v, want %s", err, want)
		}
	})
}
