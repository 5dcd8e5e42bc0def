package wsx_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/wsx"
)

// chaos is a server on which everything happens at the same time.
type chaos struct {
	server *wsx.Server
	topics []*wsx.Topic
	mux    http.Handler
}

func newChaos(options ...wsx.ServerOption) *chaos {
	s := wsx.NewServer(options...)
	c := &chaos{server: s, topics: []*wsx.Topic{
		s.NewTopic("plain"), s.NewTopic("kept", wsx.History(20, time.Minute)), s.NewTopic("ordered", wsx.OneOrder()),
		s.NewTopic("who", wsx.WithPresence()), s.NewTopic("both", wsx.History(5, 0), wsx.WithPresence()),
	}}
	api := tp.NewAPI("Chaos")
	tp.RegisterOn(api, func(ctx context.Context, in *ClientGreet) (*ClientLine, error) {
		r := wsx.RemoteOf(ctx)
		_ = r.Subscribe(c.topic())
		r.SetLabel(in.Subject)
		_ = r.Post(rand.N(10))
		return &ClientLine{Text: in.Subject}, r.Out().Text(ctx, "pushed")
	}, tp.Name("fn.chaos"))
	calls := wsx.Calls(api.MustBuild(tp.NoAuth()))
	quiet := []wsx.Option{
		wsx.OnError(func(*wsx.HandlerError) {}), wsx.OnPanic(func(any, []byte) {}), wsx.OnUnhandled(func(wsx.Unhandled) {}),
		wsx.Queue(8, 1<<16), wsx.Drain(time.Second, 10*time.Millisecond), wsx.Compression(), wsx.Heartbeat(20*time.Millisecond, 10*time.Millisecond),
		wsx.PingText("ping", "pong"),
		wsx.ExpiresAt(func(*http.Request) time.Time { return time.Now().Add(rand.N(time.Second)) }),
	}
	policies := []wsx.SlowPolicy{wsx.CloseSlow(), wsx.DropOldest(), wsx.DropNew(), wsx.KeepLatest(func(m wsx.Message) string { return string(m.Data[:min(1, len(m.Data))]) })}
	mux := http.NewServeMux()
	for i, policy := range policies {
		mux.Handle(fmt.Sprint("/room", i), s.New(slices.Concat(quiet, []wsx.Option{
			wsx.OnSlow(policy), wsx.Room(c.topics...), wsx.Replay(3), wsx.ExcludeSender(), wsx.MessageRate(1000, 40, wsx.DropOver),
		})...))
		mux.Handle(fmt.Sprint("/actor", i), s.New(slices.Concat(quiet, []wsx.Option{
			wsx.OnSlow(policy), wsx.Push(c.topics[0]), calls, c.actor(),
			wsx.LoginTimeout(200 * time.Millisecond), wsx.HandlerLimit(time.Millisecond, 100*time.Millisecond),
		})...))
	}
	c.mux = mux
	return c
}

func (c *chaos) topic() *wsx.Topic { return c.topics[rand.N(len(c.topics))] }

func (c *chaos) actor() wsx.Option {
	act := func(conn *wsx.Conn, s Guest) (Guest, error) {
		for range rand.N(4) {
			switch t := c.topic(); rand.N(12) {
			case 0:
				conn.Subscribe(t, wsx.WithHistory(3))
			case 1:
				conn.Subscribe(t, wsx.ToActor(), wsx.WithHistory(3))
			case 2:
				conn.Unsubscribe(t)
			case 3:
				conn.Publish(t, "from an actor")
			case 4:
				conn.Reply("reply")
			case 5:
				conn.After(rand.N(time.Millisecond), rand.N(3))
			case 6:
				conn.PostTo(wsx.ID{Node: c.server.Node(), Number: rand.Uint64N(300)}, 7)
			case 7:
				conn.SetLabel(fmt.Sprint(rand.N(100)))
			case 8:
				_ = conn.Out().Text(conn.Context(), "out")
			case 9:
				if rand.N(20) == 0 {
					conn.Close(4000, "enough")
				}
			case 10:
				if rand.N(20) == 0 {
					panic("chaos")
				}
			case 11:
				return s, wsx.Recoverable(errors.New("chaos"))
			}
		}
		return s, nil
	}
	return wsx.Actor(wsx.Start(Guest{}),
		wsx.On(func(conn *wsx.Conn, _ wsx.Connected, s Guest) (Guest, error) { return act(conn, s) }),
		wsx.On(func(conn *wsx.Conn, _ string, s Guest) (Guest, error) { return act(conn, s) }),
		wsx.On(func(conn *wsx.Conn, n int, s Guest) (Guest, error) { return act(conn, s) }),
		wsx.On(func(conn *wsx.Conn, _ wsx.Message, s Guest) (Guest, error) { return s, nil }),
		wsx.On(func(conn *wsx.Conn, _ wsx.Disconnected, s Guest) (Guest, error) { return act(conn, s) }),
	)
}

// program does what server code does.
func (c *chaos) program(ctx context.Context) {
	for ctx.Err() == nil {
		t := c.topic()
		switch rand.N(11) {
		case 0:
			_ = t.Text(ctx, fmt.Sprint(rand.N(10), " from the program"))
		case 1:
			_ = t.Binary(ctx, make([]byte, rand.N(5000)))
		case 2:
			t.Present()
		case 3:
			stop := t.Subscribe(func(wsx.Message) { t.Present() })
			_ = t.Text(ctx, "to a function")
			stop()
		case 4:
			_, _ = t.Since(wsx.Position{})
		case 5:
			c.server.Clients("")
			asking, cancel := context.WithTimeout(ctx, time.Millisecond)
			_, _ = c.server.Cluster(asking)
			cancel()
		case 6:
			c.server.NewTopic(fmt.Sprint("topic ", rand.N(1000)), wsx.History(1, time.Millisecond))
		default:
			r, err := c.server.Remote(rand.Uint64N(300))
			if err != nil {
				continue
			}
			switch rand.N(7) {
			case 0:
				_ = r.Subscribe(t, wsx.WithHistory(2))
			case 1:
				r.Unsubscribe(t)
			case 2:
				_ = r.Post(3)
			case 3:
				_ = r.In().Text(ctx, "as the client")
			case 4:
				r.Info()
			case 5:
				r.SetLabel("by the program")
			case 6:
				if rand.N(30) == 0 {
					r.Close(4001, "chaos")
				}
			}
		}
	}
}

// client does what clients do, as well as what they should not.
func (c *chaos) client(ctx context.Context, s *clientServer) {
	for ctx.Err() == nil {
		path := fmt.Sprint([]string{"/room", "/actor"}[rand.N(2)], rand.N(4))
		ws, _, err := websocket.Dial(ctx, "ws://example.com"+path, &websocket.DialOptions{
			HTTPClient: s.options().HTTPClient, CompressionMode: websocket.CompressionNoContextTakeover,
		})
		if err != nil {
			continue
		}
		var reading sync.WaitGroup
		if rand.N(4) > 0 {
			reading.Go(func() { _ = clientDrain(ws) })
		}
		for range rand.N(50) {
			writing, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
			kind := websocket.MessageType(1 + rand.N(2))
			err := ws.Write(writing, kind, []byte([]string{"text", `[{},{"fn.chaos":{"subject":"x"}}]`, `{"type":"x"}`, ""}[rand.N(4)]))
			cancel()
			if err != nil {
				break
			}
		}
		if rand.N(2) == 0 {
			_ = ws.CloseNow()
		}
		_ = ws.Close(websocket.StatusNormalClosure, "")
		reading.Wait()
	}
}

// Everything at the same time ends well: nothing is stuck, and nothing is left. That holds for
// one node, and for several on one bus.
func TestChaos(t *testing.T) {
	t.Parallel()
	bus := wsx.MemoryBus()
	tests := []struct {
		name  string
		nodes []*chaos
	}{
		{"one node", []*chaos{newChaos()}},
		{"two nodes", []*chaos{newChaos(wsx.WithBus(bus)), newChaos(wsx.WithBus(bus))}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var all sync.WaitGroup
			for _, c := range tc.nodes {
				all.Go(func() { c.run(t) })
			}
			all.Wait()
			for _, c := range tc.nodes {
				for _, topic := range c.topics {
					for _, who := range topic.Present() {
						if who.ID.Node == c.server.Node() { // others may not have been heard of to the end
							t.Errorf("%v is present in %s", who, topic.Name())
						}
					}
				}
			}
		})
	}
}

// run lets everything happen for a time, and stops it.
func (c *chaos) run(t *testing.T) {
	s := newClientServer(t, c.mux)
	bridge := wsx.NewServer().NewTopic("bridge")
	o := s.options()
	o.Inbox, o.Outbox = []*wsx.Topic{bridge}, []*wsx.Topic{bridge}
	o.Lazy = true // what expires at once is refused
	client, err := wsx.Dial(t.Context(), "ws://example.com/room1", o)
	if err != nil {
		t.Error(err)
		return
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Second)
	defer stop()
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() { c.program(ctx) })
	}
	for range 20 {
		all.Go(func() { c.client(ctx, s) })
	}
	all.Go(func() {
		for ctx.Err() == nil {
			_ = bridge.Text(ctx, "over the bridge")
		}
	})
	all.Wait()
	ending, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := c.server.Shutdown(ending); err != nil {
		t.Errorf("shutdown: %v", err)
	}
	if left := c.server.Clients(""); len(left) > 0 {
		t.Errorf("%d connections are left, such as %+v", len(left), left[0])
	}
	if err := client.Stop(ending); err != nil {
		t.Errorf("stop: %v", err)
	}
	t.Logf("over the bridge: %+v", client.Stats())
}
