package wsx_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/telestruct/telestruct/wsx"
)

// guests is an endpoint of actors that tell how they ended.
type guests struct {
	mu     sync.Mutex
	causes map[wsx.Cause]int
	stay   chan struct{} // nil, or handlers wait until it is closed
}

func (g *guests) option() wsx.Option {
	return wsx.Actor(wsx.Start(0),
		wsx.On(func(c *wsx.Conn, text string, n int) (int, error) {
			if g.stay != nil {
				<-g.stay
			}
			c.Reply("you said " + text)
			return n, nil
		}),
		wsx.On(func(_ *wsx.Conn, d wsx.Disconnected, n int) (int, error) {
			g.mu.Lock()
			defer g.mu.Unlock()
			g.causes[d.Cause]++
			return n, nil
		}))
}

// TestModes10Shutdown stops a server with a queue, a busy actor, and one that does not end.
func TestModes10Shutdown(t *testing.T) {
	t.Parallel()
	t.Run("in time", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			const n = 5
			srv := wsx.NewServer()
			room := srv.NewTopic("room")
			g := &guests{causes: map[wsx.Cause]int{}, stay: make(chan struct{})}
			s := newSite(t, srv.New(wsx.Push(room), g.option(), wsx.Drain(time.Minute, time.Second)))
			var peers []*peer
			for range n {
				peers = append(peers, s.dial())
			}
			synctest.Wait()
			for i := range 10 {
				_ = room.Text(t.Context(), fmt.Sprint(i))
			}
			busy := peers[0]
			busy.send(fin|opText, "hello")
			busy.send(fin|opText, "again")
			synctest.Wait()
			result := stoppingServer(srv, time.Minute)
			time.AfterFunc(10*time.Second, func() { close(g.stay) })
			var all sync.WaitGroup
			for _, p := range peers {
				all.Go(func() {
					for i := range 10 {
						p.want(fin|opText, fmt.Sprint(i))
					}
					if p == busy {
						p.want(fin|opText, "you said hello")
						p.want(fin|opText, "you said again")
					}
					p.wantClose(1001, wsx.ReasonDrained)
				})
			}
			all.Wait()
			wantResult(t, result, nil)
			if got := g.causes[wsx.CauseShutdown]; got != n || len(g.causes) != 1 {
				t.Errorf("the actors were told %v, want %d times shutdown", g.causes, n)
			}
			if err := srv.NewTopic("room").Text(t.Context(), "to nobody"); err != nil {
				t.Errorf("publish = %v", err)
			}
			if got := len(srv.Clients("")); got != 0 {
				t.Errorf("%d clients are left", got)
			}
		})
	})
	t.Run("deadline", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			srv := wsx.NewServer()
			room := srv.NewTopic("room")
			g := &guests{causes: map[wsx.Cause]int{}, stay: make(chan struct{})}
			s := newSite(t, srv.New(wsx.Push(room), g.option(), wsx.Drain(time.Hour, 0)))
			stuck, deaf := s.dial(), s.dial()
			stuck.send(fin|opText, "hello")
			synctest.Wait()
			_ = room.Text(t.Context(), "which nobody reads")
			start := time.Now()
			result := stoppingServer(srv, 3*time.Second)
			if err := <-result; !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("Shutdown = %v, want that the time is over", err)
			}
			if got := time.Since(start); got != 3*time.Second {
				t.Errorf("took %v, want 3s", got)
			}
			stuck.hearUntil(0)
			deaf.hearUntil(0)
			close(g.stay)
			synctest.Wait()
			g.mu.Lock()
			defer g.mu.Unlock()
			if got := g.causes; len(got) != 1 || got[wsx.CauseShutdown] != 2 {
				t.Errorf("the actors were told %v, want twice shutdown", got)
			}
			if got := len(srv.Clients("")); got != 0 {
				t.Errorf("%d clients are left", got)
			}
		})
	})
}
