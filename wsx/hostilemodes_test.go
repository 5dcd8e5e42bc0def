package wsx_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/telestruct/telestruct/wsx"
)

// droppedObserver calls hook for messages that are dropped. What else it is told panics.
type droppedObserver struct {
	wsx.Observer
	hook func(reason string, messages int)
}

func (o droppedObserver) MessagesDropped(reason string, messages int) { o.hook(reason, messages) }

// Observers may use topics, also when they are told of what an actor has missed of them.
func TestObserverOfMailboxUsesTopic(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const published = 3000
		s := wsx.NewServer()
		topic := s.NewTopic("flood")
		var dropped, handled atomic.Int64
		release := make(chan struct{})
		e := s.New(
			wsx.Observe(droppedObserver{hook: func(reason string, messages int) {
				_ = topic.Position()
				if reason == wsx.DropMailbox {
					dropped.Add(int64(messages))
				}
			}}),
			wsx.Actor(wsx.Start(Guest{}),
				wsx.On(func(c *wsx.Conn, _ wsx.Connected, s Guest) (Guest, error) {
					c.Subscribe(topic, wsx.ToActor())
					return s, nil
				}),
				wsx.On(func(_ *wsx.Conn, _ wsx.Message, s Guest) (Guest, error) {
					<-release
					handled.Add(1)
					return s, nil
				}),
			))
		newSite(t, e).dial()
		synctest.Wait()
		for i := range published {
			if err := topic.Text(t.Context(), fmt.Sprint(i)); err != nil {
				t.Error(err)
			}
		}
		close(release)
		synctest.Wait()
		if d, h := dropped.Load(), handled.Load(); d == 0 || h == 0 || d+h != published {
			t.Errorf("%d messages were dropped and %d handled, want %d in all", d, h, published)
		}
	})
}

// A reason that is no UTF-8 does not break the close frame.
func TestCloseWithBadReason(t *testing.T) {
	t.Parallel()
	const reason = "a\xffb"
	tests := []struct {
		name  string
		close func(s *wsx.Server, c *wsx.Conn) error
	}{
		{"effect", func(_ *wsx.Server, c *wsx.Conn) error { c.Close(4000, reason); return nil }},
		{"error", func(*wsx.Server, *wsx.Conn) error { return wsx.CloseWith(4000, reason, nil) }},
		{"remote", func(s *wsx.Server, c *wsx.Conn) error {
			r, err := s.Remote(c.ID().Number)
			if err != nil {
				return err
			}
			r.Close(4000, reason)
			return nil
		}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := wsx.NewServer()
				e := s.New(wsx.OnError(func(*wsx.HandlerError) {}), wsx.Actor(wsx.Start(Guest{}),
					wsx.On(func(c *wsx.Conn, _ string, g Guest) (Guest, error) { return g, tc.close(s, c) })))
				p := newSite(t, e).dial()
				p.send(fin|opText, "close")
				p.wantClose(4000, "a\uFFFDb")
			})
		})
	}
}

// The end of a subscription that never was one does nothing.
func TestStopWithoutSubscription(t *testing.T) {
	t.Parallel()
	bus := wsx.MemoryBus()
	here, there := wsx.NewServer(wsx.WithBus(bus)), wsx.NewServer(wsx.WithBus(bus))
	defer func() { _ = errors.Join(here.Shutdown(context.Background()), there.Shutdown(context.Background())) }()
	for _, topic := range []*wsx.Topic{
		here.Out(wsx.ID{Node: there.Node(), Number: 1}), // cannot be subscribed to from here
		here.Out(wsx.ID{Node: here.Node(), Number: 1}),  // has ended
	} {
		stop := topic.Subscribe(func(wsx.Message) { t.Error("a message came") })
		stop()
		stop()
	}
}

// Who hears that somebody has joined can write to them at once, by all ways there are.
func TestJoinedCanBeReached(t *testing.T) {
	t.Parallel()
	s := wsx.NewServer()
	room := s.NewTopic("room", wsx.WithPresence())
	told := make(chan error)
	defer room.OnPresence(func(e wsx.PresenceEvent) {
		if e.Change != wsx.PresenceJoined {
			return
		}
		_, err := s.Remote(e.ID.Number)
		told <- errors.Join(err, s.Out(e.ID).Text(t.Context(), "welcome"))
	})()
	site := newSite(t, s.New(wsx.Room(room)))
	for range 100 {
		p := site.dial()
		if err := <-told; err != nil {
			t.Error(err)
		}
		p.want(fin|opText, "welcome")
		p.cut()
	}
}

// A client that has the program subscribe it again and again, and takes nothing of the
// histories that come with it, is too slow before they fill the memory.
func TestHistoriesOfOneThatDoesNotRead(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		policy wsx.SlowPolicy
		code   int
	}{
		{"close", wsx.CloseSlow(), wsx.CodeSlow},
		{"drop", wsx.DropOldest(), wsx.CodeAbnormal},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			const kept, times = 1000, 200
			s := wsx.NewServer()
			topic := s.NewTopic("t", wsx.History(kept, 0))
			for range kept {
				if err := topic.Text(t.Context(), "x"); err != nil {
					t.Fatal(err)
				}
			}
			end := make(chan wsx.Disconnected, 1)
			e := s.New(wsx.OnSlow(tc.policy), wsx.WriteTimeout(time.Hour), wsx.Actor(wsx.Start(Guest{}),
				wsx.On(func(c *wsx.Conn, _ string, s Guest) (Guest, error) {
					c.Unsubscribe(topic)
					c.Subscribe(topic, wsx.WithHistory(kept))
					return s, nil
				}),
				wsx.On(func(_ *wsx.Conn, d wsx.Disconnected, s Guest) (Guest, error) {
					end <- d
					return s, nil
				})))
			p := newSite(t, e).dial()
			most := 0
			for range times {
				p.send(0x81, "again")
				if clients := s.Clients(""); len(clients) > 0 {
					most = max(most, clients[0].QueueLength)
				}
			}
			p.send(0x81, "the last")
			await(t, func() bool {
				clients := s.Clients("")
				return len(clients) == 0 || clients[0].Closing || clients[0].Pending == 0
			})
			if most > 1<<16+kept {
				t.Errorf("%d messages wait", most)
			}
			p.cut()
			if d := <-end; d.Code != tc.code {
				t.Errorf("closed with %d, want %d", d.Code, tc.code)
			}
		})
	}
}

// A hook that ends its goroutine, as t.Fatal does, takes neither the last message of the
// actor with it nor the end of its connection.
func TestHookEndsItsGoroutine(t *testing.T) {
	t.Parallel()
	end := make(chan wsx.Disconnected, 1)
	s := wsx.NewServer()
	p := newSite(t, s.New(wsx.OnPanic(func(any, []byte) { runtime.Goexit() }), wsx.Actor(wsx.Start(Guest{}),
		wsx.On(func(*wsx.Conn, string, Guest) (Guest, error) { panic("oops") }),
		wsx.On(func(_ *wsx.Conn, d wsx.Disconnected, s Guest) (Guest, error) {
			end <- d
			return s, nil
		})))).dial()
	p.send(0x81, "hello")
	p.wantClose(wsx.CodeInternalError, "")
	p.cut()
	if d := <-end; d.Cause != wsx.CausePanic {
		t.Errorf("cause = %v, want %v", d.Cause, wsx.CausePanic)
	}
	shut(t, s)
}
