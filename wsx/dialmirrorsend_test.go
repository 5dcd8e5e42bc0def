package wsx_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/tp/mirror"
	"github.com/telestruct/telestruct/wsx"
)

// mirrorWantLost wants a [wsx.ProposalLostError] with a cause.
func mirrorWantLost(t testing.TB, err error, mayHaveArrived bool, cause error) {
	t.Helper()
	lost, ok := errors.AsType[*wsx.ProposalLostError](err)
	if !ok || lost.MayHaveArrived != mayHaveArrived || !errors.Is(err, cause) {
		t.Errorf("error = %v, want a lost proposal that may have arrived: %v, because of %v", err, mayHaveArrived, cause)
	}
}

// Proposals leave in order, right after there is a client, as the codec has them.
func TestMirrorClientSend(t *testing.T) {
	t.Parallel()
	tests := []struct {
		codec mirror.Codec
		kind  websocket.MessageType
	}{
		{mirror.JSON(), websocket.MessageText},
		{mirror.MessagePack(), websocket.MessageBinary},
		{mirror.CBOR(), websocket.MessageBinary},
	}
	for _, tc := range tests {
		t.Run(tc.codec.Name(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				got := make(chan string, 2)
				s := newMirrorPeer(t, func(ws *websocket.Conn, _ int) {
					for range 2 {
						kind, data, err := ws.Read(context.Background())
						m, bad := tc.codec.Decode(mirror.Frame{Text: kind == websocket.MessageText, Data: data}, mirror.Limits{})
						if err != nil || bad != nil || kind != tc.kind {
							t.Errorf("got a %v, %v, %v", kind, err, bad)
							return
						}
						got <- m.(mirror.Change).Patch.String()
					}
				})
				c := s.mirrors(t, &mirror.ClientOptions{Codec: tc.codec})
				for _, on := range []bool{true, false} {
					if err := c.Send(propose(t, c, on)); err != nil {
						t.Error(err)
					}
				}
				const patch = `{"ops":[{"Set":{"path":[{"Key":"on"}],"value":{"Bool":%}}}],"rev":0}`
				want := []string{strings.Replace(patch, "%", "true", 1), strings.Replace(patch, "%", "false", 1)}
				if diff := cmp.Diff(want, []string{<-got, <-got}); diff != "" {
					t.Errorf("proposals (-want +got):\n%s", diff)
				}
				synctest.Wait()
				if got, want := c.Stats(), (wsx.MirrorStats{Connections: 1, Sent: 2}); got != want {
					t.Errorf("stats = %+v, want %+v", got, want)
				}
			})
		})
	}
}

// Proposals do not wait for a connection, and are not sent over another one.
func TestMirrorClientSendLost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newMirrorPeer(t, func(ws *websocket.Conn, n int) {
			if n == 1 {
				time.Sleep(time.Minute) // and reads nothing
				_ = ws.CloseNow()
				return
			}
			if got := mirrorHear(ws); got != proposeOff {
				t.Errorf("got %s", got)
			}
		})
		c := s.mirrors(t, nil, func(o *wsx.DialOptions) {
			o.OutboxBuffer, o.WriteTimeout, o.PingInterval = 2, time.Hour, time.Hour
		})
		const written, waiting = 1, 2
		for range written {
			if err := c.Send(propose(t, c, true)); err != nil {
				t.Error(err)
			}
			synctest.Wait()
		}
		for range waiting {
			if err := c.Send(propose(t, c, true)); err != nil {
				t.Error(err)
			}
		}
		mirrorWantLost(t, c.Send(propose(t, c, true)), false, wsx.ErrTooManyProposals)

		s.isDown.Store(true)
		time.Sleep(time.Minute + time.Second)
		synctest.Wait()
		mirrorWantLost(t, c.Send(propose(t, c, true)), false, wsx.ErrNotConnected)
		if got, want := c.Stats(), (wsx.MirrorStats{Connections: 1, Dropped: written + waiting}); got != want {
			t.Errorf("stats = %+v, want %+v", got, want)
		}

		s.isDown.Store(false)
		time.Sleep(time.Minute)
		if err := c.Send(propose(t, c, false)); err != nil {
			t.Error(err)
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		mirrorWantLost(t, c.Send(propose(t, c, true)), false, wsx.ErrClientStopped)
	})
}

// One proposal may be larger than all that may wait.
func TestMirrorClientSendBytes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newMirrorPeer(t, func(ws *websocket.Conn, _ int) {
			time.Sleep(time.Second)
			ws.SetReadLimit(-1)
		})
		c := s.mirrors(t, nil, func(o *wsx.DialOptions) { o.OutboxBytes = 100 })
		large := mirror.Frame{Text: true, Data: []byte(strings.Repeat(" ", 1000))}
		for i := range 2 {
			if err := c.Send(large); err != nil {
				t.Errorf("proposal %d: %v", i, err)
			}
			synctest.Wait()
		}
		mirrorWantLost(t, c.Send(propose(t, c, true)), false, wsx.ErrTooManyProposals)
		time.Sleep(time.Minute)
		if err := c.Send(propose(t, c, true)); err != nil {
			t.Error(err)
		}
	})
}

func TestProposalLostError(t *testing.T) {
	t.Parallel()
	tests := []struct {
		err  *wsx.ProposalLostError
		want string
	}{
		{&wsx.ProposalLostError{Cause: wsx.ErrNotConnected}, "wsx: the proposal was dropped: there is no connection"},
		{&wsx.ProposalLostError{MayHaveArrived: true, Cause: context.Canceled},
			"wsx: the server may have accepted the proposal, but has not said so: context canceled"},
	}
	for _, tc := range tests {
		if got := tc.err.Error(); got != tc.want {
			t.Errorf("got %q, want %q", got, tc.want)
		}
	}
}

// What waits is written before the connection is closed with 1000.
func TestMirrorClientClose(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		type end struct {
			heard []string
			code  websocket.StatusCode
		}
		ends := make(chan end, 1)
		s := newMirrorPeer(t, func(ws *websocket.Conn, _ int) {
			mirrorSay(ws, lampOff)
			time.Sleep(time.Second)
			e := end{heard: []string{mirrorHear(ws), mirrorHear(ws)}}
			e.code = websocket.CloseStatus(clientDrain(ws))
			ends <- e
		})
		c := s.mirrors(t, nil)
		if err := c.Await(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		for _, on := range []bool{true, false} {
			if err := c.Send(propose(t, c, on)); err != nil {
				t.Error(err)
			}
		}
		for i := range 2 {
			if err := c.Close(); err != nil {
				t.Errorf("close %d: %v", i, err)
			}
		}
		got := <-ends
		if diff := cmp.Diff([]string{proposeOn, proposeOff}, got.heard); diff != "" || got.code != 1000 {
			t.Errorf("closed with %d, proposals (-want +got):\n%s", got.code, diff)
		}
		if got, want := c.State(), (wsx.ClientState{Phase: wsx.ClientStopped}); got != want {
			t.Errorf("state = %+v, want %+v", got, want)
		}
		if got, want := mirrorText(c, 1), `{"Map":{"on":{"Bool":false}}}`; got != want {
			t.Errorf("the mirror has %s, want %s", got, want)
		}
	})
}

// Close ends what else there is, however the other end or the program behaves.
func TestMirrorClientCloseCuts(t *testing.T) {
	t.Parallel()
	stuck := func(ws *websocket.Conn, _ int) {
		mirrorSay(ws, lampOff)
		time.Sleep(time.Hour)
	}
	tests := []struct {
		name    string
		serve   func(*websocket.Conn, int)
		isDown  bool
		send    bool
		listen  func(mirror.Message)
		want    error
		atMost  time.Duration
		dropped int64
	}{
		{name: "no connection", isDown: true},
		{name: "server takes nothing", serve: stuck, send: true, want: context.DeadlineExceeded, atMost: 6 * time.Second, dropped: 1},
		{name: "server does not close", serve: stuck, atMost: 6 * time.Second},
		{name: "listener does not return", serve: stuck, listen: func(mirror.Message) { time.Sleep(time.Minute) },
			want: context.DeadlineExceeded, atMost: 6 * time.Second},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newMirrorPeer(t, func(ws *websocket.Conn, n int) { tc.serve(ws, n) })
				s.isDown.Store(tc.isDown)
				o := s.options()
				o.Lazy = true
				c, err := wsx.DialMirror(t.Context(), clientURL, nil, o)
				if err != nil {
					t.Fatal(err)
				}
				if tc.listen != nil {
					c.Client().OnChange(tc.listen)
				}
				time.Sleep(time.Second)
				if tc.send {
					if err := c.Send(propose(t, c, true)); err != nil {
						t.Error(err)
					}
				}
				start := time.Now()
				if err := c.Close(); !errors.Is(err, tc.want) {
					t.Errorf("close: %v, want %v", err, tc.want)
				}
				if took := time.Since(start); took > tc.atMost {
					t.Errorf("close took %v", took)
				}
				time.Sleep(time.Hour)
				synctest.Wait()
				if got := c.State().Phase; got != wsx.ClientStopped {
					t.Errorf("the client is %v", got)
				}
				if got := c.Stats().Dropped; got != tc.dropped {
					t.Errorf("%d proposals are dropped, want %d", got, tc.dropped)
				}
			})
		})
	}
}
