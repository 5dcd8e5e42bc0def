package wsx_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
	"github.com/telestruct/telestruct/tp/mirror"
	"github.com/telestruct/telestruct/wsx"
)

func TestMirrorClientAwait(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		ids  []uint64
		want time.Duration // until all are there
		err  string
	}{
		{"any", nil, time.Second, ""},
		{"first", []uint64{1}, time.Second, ""},
		{"both", []uint64{2, 1}, 3 * time.Second, ""},
		{"another one", []uint64{1, 3}, 10 * time.Second, "wsx: waiting for model 3: context deadline exceeded"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newMirrorPeer(t, func(ws *websocket.Conn, n int) {
					switch n {
					case 1:
						time.Sleep(time.Second)
						mirrorSay(ws, lampOff, lampOn)
					}
					time.Sleep(2 * time.Second)
					mirrorSay(ws, `{"t":"snapshot","id":2,"type":"Count","rev":8,"value":{"Int":1}}`)
				})
				c := s.mirrors(t, nil)
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				start := time.Now()
				err := c.Await(ctx, tc.ids...)
				if got := time.Since(start); got != tc.want {
					t.Errorf("waits for %v, want %v", got, tc.want)
				}
				if text := fmt.Sprint(err); err != nil && text != tc.err || err == nil && tc.err != "" {
					t.Errorf("error = %v, want %q", err, tc.err)
				}
			})
		})
	}
}

// Who waits is told why there is nothing to come.
func TestMirrorClientAwaitFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newMirrorPeer(t, func(*websocket.Conn, int) {})
		s.isDown.Store(true)
		c := s.mirrors(t, nil, func(o *wsx.DialOptions) { o.Lazy = true })
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		const want = "wsx: waiting for any model: context deadline exceeded while there is no connection: " +
			"wsx: connect to ws://example.com/ws: nobody listens"
		if err := c.Await(ctx); !errors.Is(err, context.DeadlineExceeded) || err.Error() != want {
			t.Errorf("error = %v\nwant    %s", err, want)
		}
		failed := make(chan error)
		go func() { failed <- c.Await(t.Context(), 1) }()
		synctest.Wait()
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		if err := <-failed; !errors.Is(err, wsx.ErrClientStopped) {
			t.Errorf("error = %v, want %v", err, wsx.ErrClientStopped)
		}
	})
}

// What a server says after a proposal, and what that means to who has made it.
func TestMirrorClientSettle(t *testing.T) {
	t.Parallel()
	const ofAnother = `{"t":"patch","id":2,"patch":{"rev":9,"ops":[]}}`
	tests := []struct {
		name string
		says []string
		cut  bool
		code mirror.Code
		lost error
		want time.Duration
	}{
		{name: "patch", says: []string{ofAnother, lampOn}},
		{name: "reject", says: []string{lampReject}, code: mirror.Refused},
		{name: "snapshot and reject", says: []string{lampOff, lampReject}, code: mirror.Refused},
		{name: "snapshot", says: []string{lampOff}, want: 5 * time.Second},
		{name: "nothing", says: []string{ofAnother, `{"t":"reject","id":2,"rev":8,"error":"no"}`,
			`{"t":"snapshot","id":2,"type":"Count","rev":8,"value":{"Int":1}}`}, lost: context.DeadlineExceeded, want: time.Minute},
		{name: "lost connection", cut: true, lost: &wsx.CloseError{}},
		{name: "lost connection after a patch", says: []string{lampOn}, cut: true},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newMirrorPeer(t, func(ws *websocket.Conn, n int) {
					if n > 1 {
						return
					}
					mirrorSay(ws, lampOff, `{"t":"snapshot","id":2,"type":"Count","rev":8,"value":{"Int":1}}`)
					mirrorHear(ws)
					mirrorSay(ws, tc.says...)
					if tc.cut {
						_ = ws.Close(1012, "")
					}
				})
				c := s.mirrors(t, nil)
				if err := c.Await(t.Context(), 1, 2); err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				start := time.Now()
				err := c.Settle(ctx, 1, propose(t, c, true))
				if got := time.Since(start); got != tc.want {
					t.Errorf("waits for %v, want %v", got, tc.want)
				}
				closed, isClosed := errors.AsType[*wsx.CloseError](err)
				switch {
				case tc.lost == nil:
					if mirror.CodeOf(err) != tc.code || (err == nil) != (tc.code == "") {
						t.Errorf("error = %v, want the code %q", err, tc.code)
					}
				case isClosed:
					mirrorWantLost(t, err, true, closed)
				default:
					mirrorWantLost(t, err, true, tc.lost)
				}
			})
		})
	}
}

// A proposal that cannot be sent is not waited for.
func TestMirrorClientSettleAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newMirrorPeer(t, func(*websocket.Conn, int) {})
		c := s.mirrors(t, nil)
		_ = c.Close()
		mirrorWantLost(t, c.Settle(t.Context(), 1, propose(t, c, true)), false, wsx.ErrClientStopped)
	})
}
