package wsx_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/telestruct/telestruct/wsx"
)

func TestModes03StateMatrix(t *testing.T) {
	t.Parallel()
	replying := func(text string) func(c *wsx.Conn) { return func(c *wsx.Conn) { c.Reply(text) } }
	guest, anyState := replying("guest"), replying("any")
	rules := []wsx.Rule{
		wsx.On(func(c *wsx.Conn, _ string, s wsx.State) (wsx.State, error) { anyState(c); return s, nil }),
		wsx.On(func(c *wsx.Conn, _ string, _ Guest) (Chatting, error) { guest(c); return Chatting{}, nil }),
		wsx.On(func(c *wsx.Conn, _ []byte, s Guest) (Guest, error) { guest(c); return s, nil }),
	}

	t.Run("exact beats wildcard", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			p := newSite(t, actors(rules...)).dial()
			p.send(fin|opText, "m")
			p.want(fin|opText, "guest")
			p.send(fin|opText, "m")
			p.want(fin|opText, "any")
			p.cut()
		})
	})
	t.Run("missing pair is dropped and counted", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			var l ledger
			p := newSite(t, wsx.NewServer().New(wsx.Observe(&l), wsx.Actor(wsx.Start(Guest{}), rules...))).dial()
			p.send(fin|opText, "m")
			p.want(fin|opText, "guest")
			p.send(fin|opBinary, "m")
			p.send(fin|opText, "m")
			p.want(fin|opText, "any")
			if got := l.dropped[wsx.DropUnheard]; got != 1 {
				t.Errorf("%d messages dropped, want 1", got)
			}
			p.cut()
		})
	})
	t.Run("missing pair is refused", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			p := newSite(t, wsx.NewServer().New(wsx.RefuseMessages(), wsx.Actor(wsx.Start(Chatting{}), rules...))).dial()
			p.send(fin|opBinary, "m")
			p.wantClose(wsx.CodePolicy, wsx.ReasonUnheard)
		})
	})
	t.Run("duplicate pair fails at build", func(t *testing.T) {
		t.Parallel()
		defer func() {
			if text, _ := recover().(string); !strings.Contains(text, "two rules are for string in state wsx_test.Guest") {
				t.Errorf("panic = %q", text)
			}
		}()
		actors(append(rules, rules[1])...)
	})
}

func TestModes04Transaction(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		fail  func() error
		cause string
	}{
		{"error", func() error { return errors.New("broken") }, "error"},
		{"panic", func() error { panic("broken") }, "panic"},
		{"nil state", func() error { return nil }, "error"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var d diary
				server := wsx.NewServer()
				chat := server.NewTopic("chat")
				e := server.New(wsx.Push(chat), wsx.OnError(func(*wsx.HandlerError) {}), wsx.OnPanic(func(any, []byte) {}),
					wsx.Actor(wsx.Start(Guest{}), wsx.On(func(c *wsx.Conn, text string, s Guest) (wsx.State, error) {
						c.Reply("reply")
						c.Publish(chat, "published: "+text)
						c.Post(Chatting{})
						if text == "fail" {
							return nil, tc.fail()
						}
						return s, nil
					}),
						wsx.On(func(_ *wsx.Conn, m wsx.Disconnected, s wsx.State) (wsx.State, error) {
							d.note("%v in %T", m.Cause, s)
							return s, nil
						}),
						wsx.On(func(*wsx.Conn, Chatting, Guest) (Chatting, error) { d.note("posted"); return Chatting{}, nil })))
				s := newSite(t, e)
				p, other := s.dial(), s.dial()
				p.send(fin|opText, "fail")
				p.wantClose(wsx.CodeInternalError, "")
				synctest.Wait()
				other.send(fin|opText, "m")
				other.want(fin|opText, "reply")
				other.want(fin|opText, "published: m")
				synctest.Wait()
				d.want(t, tc.cause+" in wsx_test.Guest", "posted")
				other.cut()
			})
		})
	}
}

func TestModes05JoinOrder(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		join func(c *wsx.Conn, chat *wsx.Topic)
		want []string // that the joiner hears before what comes next
	}{
		{"subscribe, then publish", func(c *wsx.Conn, chat *wsx.Topic) {
			c.Subscribe(chat)
			c.Publish(chat, "joined")
		}, []string{"joined"}},
		{"publish, then subscribe", func(c *wsx.Conn, chat *wsx.Topic) {
			c.Publish(chat, "joined")
			c.Subscribe(chat)
		}, nil},
		{"subscribe twice", func(c *wsx.Conn, chat *wsx.Topic) {
			c.Subscribe(chat)
			c.Subscribe(chat)
			c.Publish(chat, "joined")
		}, []string{"joined"}},
		{"unsubscribe in between", func(c *wsx.Conn, chat *wsx.Topic) {
			c.Subscribe(chat)
			c.Publish(chat, "one")
			c.Unsubscribe(chat)
			c.Publish(chat, "two")
			c.Subscribe(chat)
		}, []string{"one"}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server := wsx.NewServer()
				chat := server.NewTopic("chat")
				e := server.New(wsx.Actor(wsx.Start(Guest{}), on(func(c *wsx.Conn, _ string) error { tc.join(c, chat); return nil })))
				p := newSite(t, e).dial()
				p.send(fin|opText, "m")
				for _, text := range tc.want {
					p.want(fin|opText, text)
				}
				synctest.Wait()
				if err := chat.Text(t.Context(), "next"); err != nil {
					t.Error(err)
				}
				p.want(fin|opText, "next")
				p.cut()
			})
		})
	}
}

func TestModes07Backpressure(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name      string
		size      int
		least, at int // messages that are taken while the handler sleeps
	}{
		{"many", 3, 64, 70},
		{"large", 64 << 10, 15, 20},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				const all = 300
				next := 0
				wake := make(chan struct{})
				e := wsx.NewServer().New(wsx.HandlerLimit(time.Hour, 0), wsx.Actor(wsx.Start(Guest{}),
					on(func(_ *wsx.Conn, text string) error {
						<-wake
						if n, err := strconv.Atoi(strings.TrimLeft(text[:3], " ")); err != nil || n != next {
							t.Errorf("message %d, want %d", n, next)
						}
						next++
						return nil
					})))
				p := newSite(t, e).dial()
				var sent atomic.Int64
				go func() {
					rest := strings.Repeat(" ", tc.size-3)
					for i := range all {
						p.send(fin|opText, fmt.Sprintf("%3d", i)+rest)
						sent.Add(1)
					}
				}()
				go p.hearUntil(0) // the pings
				time.Sleep(5 * time.Minute)
				if n := int(sent.Load()); n < tc.least || n > tc.at {
					t.Errorf("%d messages were taken, want %d to %d", n, tc.least, tc.at)
				}
				close(wake)
				synctest.Wait()
				if sent.Load() != all || next != all {
					t.Errorf("%d messages were taken and %d handled, want %d", sent.Load(), next, all)
				}
				p.cut()
			})
		})
	}
}

func TestActorTimers(t *testing.T) {
	t.Parallel()
	type idle struct{ n int }
	type other struct{}
	synctest.Test(t, func(t *testing.T) {
		var d diary
		start := time.Now()
		n := 0
		e := wsx.NewServer().New(wsx.HandlerLimit(time.Hour, 0), wsx.Actor(wsx.Start(Guest{}),
			on(func(c *wsx.Conn, text string) error {
				n++
				switch text {
				case "again":
					c.After(time.Minute, idle{n})
				case "slow": // the timer goes off meanwhile
					time.Sleep(2 * time.Minute)
					c.After(time.Minute, idle{n})
				case "other":
					c.After(time.Second, other{})
				case "twice":
					c.After(time.Second, idle{1})
					c.After(0, idle{2})
				}
				return nil
			}),
			on(func(_ *wsx.Conn, m idle) error { d.note("idle %d after %v", m.n, time.Since(start)); return nil }),
			on(func(*wsx.Conn, other) error { d.note("other after %v", time.Since(start)); return nil })))
		p := newSite(t, e).dial()
		go func() {
			for p.hear().op != 0 {
				p.try(masked(fin|opPong, ""))
			}
		}()
		p.send(fin|opText, "again")
		time.Sleep(59 * time.Second)
		p.send(fin|opText, "again")
		p.send(fin|opText, "other")
		time.Sleep(59 * time.Second)
		p.send(fin|opText, "slow")
		time.Sleep(time.Hour)
		p.send(fin|opText, "twice")
		time.Sleep(time.Hour)
		p.send(fin|opText, "again") // and is gone before that
		synctest.Wait()
		p.cut()
		time.Sleep(time.Hour)
		d.want(t, "other after 1m0s", "idle 4 after 4m58s", "idle 2 after 1h1m58s")
	})
}

func TestActorTopics(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := wsx.NewServer()
		news := server.NewTopic("news")
		var came wsx.Connected
		e := server.New(wsx.ExcludeSender(), wsx.JSONMessage[Put]("put"), wsx.Actor(wsx.Start(Guest{}),
			on(func(c *wsx.Conn, m wsx.Connected) error {
				came = m
				c.Subscribe(news, wsx.ToActor())
				return nil
			}),
			on(func(c *wsx.Conn, m wsx.Message) error {
				c.Reply(fmt.Sprintf("%s: %v %s", m.Topic, m.Kind, m.Data))
				return nil
			}),
			on(func(c *wsx.Conn, text string) error { c.Reply("text " + text); return nil }),
			on(func(c *wsx.Conn, m Put) error { c.Reply("put " + m.Key); return nil }),
			on(func(c *wsx.Conn, data []byte) error {
				data[0] = 'B'
				c.ReplyBinary(data)
				return nil
			})))
		p := newSite(t, e).dial()
		synctest.Wait()
		ctx := t.Context()
		heardBy := ""
		defer came.Out.Subscribe(func(m wsx.Message) { heardBy += string(m.Data) + ";" })()

		_ = news.Text(ctx, "m")
		p.want(fin|opText, "news: text m")
		_ = came.In.Text(ctx, "in")
		p.want(fin|opText, "text in")
		_ = came.In.Text(ctx, `{"type":"put","Key":"k"}`)
		p.want(fin|opText, "put k")
		_ = came.In.Binary(ctx, []byte("bin"))
		p.want(fin|opBinary, "Bin")
		_ = came.Out.Text(ctx, "out")
		p.want(fin|opText, "out")
		synctest.Wait()
		if want := "news: text m;text in;put k;Bin;out;"; heardBy != want {
			t.Errorf("subscribers of the output have heard %q, want %q", heardBy, want)
		}
		p.cut()
		synctest.Wait()
		if err := came.In.Text(ctx, "late"); !errors.Is(err, wsx.ErrGone) {
			t.Errorf("publish to the input = %v, want ErrGone", err)
		}
	})
}

// TestRemoteSubscribesActor: code that is no handler gives the messages of a topic to an actor.
func TestRemoteSubscribesActor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := wsx.NewServer()
		news := server.NewTopic("news", wsx.History(1, 0))
		_ = news.Text(t.Context(), "old")
		e := server.New(wsx.Actor(wsx.Start(Guest{}), on(func(c *wsx.Conn, m wsx.Message) error {
			c.Reply("actor: " + string(m.Data))
			return nil
		})))
		p := newSite(t, e).dial()
		remote := remoteOf(t, server, 1)
		if err := remote.Subscribe(news, wsx.ToActor(), wsx.WithHistory(1)); err != nil {
			t.Fatal(err)
		}
		_ = news.Text(t.Context(), "new")
		p.want(fin|opText, "actor: old")
		p.want(fin|opText, "actor: new")
		remote.Unsubscribe(news)
		_ = news.Text(t.Context(), "later")
		_ = remote.Out().Text(t.Context(), "last")
		p.want(fin|opText, "last")
		p.cut()

		p = newSite(t, server.New(wsx.Push(news))).dial()
		remote = remoteOf(t, server, 2)
		if err := remote.Subscribe(news, wsx.ToActor()); !errors.Is(err, wsx.ErrNoActor) {
			t.Errorf("without an actor: %v, want ErrNoActor", err)
		}
		p.cut()
		wantPanic(t, "wsx: Remote.Subscribe: nil topic", func() { _ = remote.Subscribe(nil) })
		remote.Unsubscribe(nil)
	})
}

// remoteOf returns the client of a connection.
func remoteOf(t *testing.T, server *wsx.Server, number uint64) *wsx.Remote {
	t.Helper()
	synctest.Wait()
	r, err := server.Remote(number)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestActorMailbox fills the mailbox of an actor that does nothing.
func TestActorMailbox(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		size int
		want int // that are taken
	}{
		{"many", 1, 1024},
		{"large", 1 << 20, 4},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var l ledger
				server := wsx.NewServer()
				news := server.NewTopic("news")
				wake := make(chan struct{})
				handled := 0
				e := server.New(wsx.Observe(&l), wsx.Actor(wsx.Start(Guest{}),
					on(func(c *wsx.Conn, _ string) error { c.Subscribe(news, wsx.ToActor()); c.Post(1); return nil }),
					on(func(*wsx.Conn, int) error { <-wake; return nil }),
					on(func(*wsx.Conn, wsx.Message) error { handled++; return nil })))
				p := newSite(t, e).dial()
				p.send(fin|opText, "m")
				synctest.Wait()
				text := strings.Repeat("m", tc.size)
				for range tc.want + 3 {
					if err := news.Text(t.Context(), text); err != nil {
						t.Fatal(err)
					}
				}
				r, err := server.Remote(1)
				if err != nil {
					t.Fatal(err)
				}
				if err := r.Post("m"); !errors.Is(err, wsx.ErrMailboxFull) {
					t.Errorf("Post() = %v, want ErrMailboxFull", err)
				}
				if err := r.Post(nil); err == nil || !strings.Contains(err.Error(), "nil is no message") {
					t.Errorf("Post(nil) = %v", err)
				}
				if info := r.Info(); info.State != "wsx_test.Guest" || info.Pending != tc.want {
					t.Errorf("state %s, %d pending", info.State, info.Pending)
				}
				close(wake)
				synctest.Wait()
				if handled != tc.want || l.dropped[wsx.DropMailbox] != 3 {
					t.Errorf("%d handled and %d dropped, want %d and 3", handled, l.dropped[wsx.DropMailbox], tc.want)
				}
				p.cut()
				synctest.Wait()
				if err := r.Post("m"); !errors.Is(err, wsx.ErrGone) {
					t.Errorf("Post() = %v, want ErrGone", err)
				}
			})
		})
	}
}

func TestActorPostTo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var d diary
		bus := wsx.MemoryBus()
		var ids []wsx.ID
		var site [3]*site
		for i, server := range []*wsx.Server{wsx.NewServer(wsx.WithBus(bus)), wsx.NewServer(wsx.WithBus(bus))} {
			site[i] = newSite(t, server.New(d.errors(), wsx.Actor(wsx.Start(Guest{}),
				on(func(c *wsx.Conn, m wsx.Connected) error { ids = append(ids, m.ID); return nil }),
				on(func(c *wsx.Conn, text string) error {
					name, rest, ok := strings.Cut(text, " ")
					to, err := strconv.Atoi(name)
					switch {
					case !ok || err != nil:
						c.Reply("got " + text)
					case rest == "bytes":
						c.PostTo(ids[to], []byte(rest))
					case rest == "struct":
						c.PostTo(ids[to], Put{Key: "k"})
					default:
						c.PostTo(ids[to], rest)
					}
					return nil
				}),
				on(func(c *wsx.Conn, data []byte) error { c.ReplyBinary(data); return nil }),
				on(func(c *wsx.Conn, m Put) error { c.Reply("put " + m.Key); return nil }))))
			defer server.Shutdown(context.Background())
		}
		var p [3]*peer
		for i, s := range []int{0, 0, 1} {
			p[i] = site[s].dial()
			synctest.Wait()
		}
		for _, to := range []int{1, 2, 0} { // same node, another node, itself
			p[0].send(fin|opText, fmt.Sprintf("%d text", to))
			p[to].want(fin|opText, "got text")
			p[0].send(fin|opText, fmt.Sprintf("%d bytes", to))
			p[to].want(fin|opBinary, "bytes")
		}
		p[0].send(fin|opText, "1 struct")
		p[1].want(fin|opText, "put k")
		p[0].send(fin|opText, "2 struct")
		p[1].cut()
		synctest.Wait()
		p[0].send(fin|opText, "1 text") // to nobody
		synctest.Wait()
		d.want(t, "error string in wsx_test.Guest: post to: a wsx_test.Put cannot go to another node: send a string or a []byte, expected: true")
		p[0].cut()
		p[2].cut()
	})
}

// A rule for Connected that returns a state of another type ends the time for the login. A
// timer that expires in a state which has no rule for it changes nothing.
func TestNewStateTimes(t *testing.T) {
	t.Parallel()
	type late struct{}
	synctest.Test(t, func(t *testing.T) {
		var dropped []any
		e := wsx.NewServer().New(wsx.LoginTimeout(5*time.Second), wsx.RefuseMessages(),
			wsx.OnUnhandled(func(u wsx.Unhandled) { dropped = append(dropped, u.Message) }),
			wsx.Actor(wsx.Start(Guest{}),
				wsx.On(func(c *wsx.Conn, _ wsx.Connected, _ Guest) (Chatting, error) {
					c.After(time.Second, late{})
					return Chatting{}, nil
				}),
				wsx.On(func(c *wsx.Conn, _ late, s Guest) (Guest, error) { c.Close(4000, "late"); return s, nil }),
				wsx.On(func(c *wsx.Conn, text string, s Chatting) (Chatting, error) { c.Reply(text); return s, nil })))
		p := newSite(t, e).dial()
		time.Sleep(10 * time.Second)
		p.send(fin|opText, "still there")
		p.want(fin|opText, "still there")
		if len(dropped) != 1 || dropped[0] != (late{}) {
			t.Errorf("dropped %v, want the timer's message", dropped)
		}
		p.cut()
	})
}

func TestLoginTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		e := wsx.NewServer().New(wsx.LoginTimeout(5*time.Second), wsx.Actor(wsx.Start(Guest{}),
			wsx.On(func(c *wsx.Conn, text string, s Guest) (wsx.State, error) {
				if text != "ann" {
					return s, nil
				}
				c.Reply("hello")
				return Chatting{Name: text}, nil
			}),
			wsx.On(func(c *wsx.Conn, text string, s Chatting) (Guest, error) { c.Reply(text); return Guest{}, nil })))
		s := newSite(t, e)
		p, q := s.dial(), s.dial()
		p.send(fin|opText, "ann")
		p.want(fin|opText, "hello")
		q.send(fin|opText, "nobody")
		q.wantClose(wsx.CodePolicy, wsx.ReasonAuthTimeout)
		if took := time.Since(start); took != 5*time.Second {
			t.Errorf("closed after %v, want 5s", took)
		}
		time.Sleep(5 * time.Second)
		p.send(fin|opText, "still there")
		p.want(fin|opText, "still there")
		p.cut()
	})
}

func TestHandlerLimit(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		limit  wsx.Option
		sleeps []time.Duration
		want   []string
		isCut  bool
	}{
		{"default", wsx.HandlerLimit(0, 0), []time.Duration{29 * time.Second, 31 * time.Second, time.Second}, []string{"59s"}, false},
		{"once for each", wsx.HandlerLimit(time.Second, 0), []time.Duration{5 * time.Second, 2 * time.Second}, []string{"1s", "6s"}, false},
		{"in a row", wsx.HandlerLimit(10*time.Second, 0), []time.Duration{9 * time.Second, 9 * time.Second, 9 * time.Second}, nil, false},
		{"cut", wsx.HandlerLimit(time.Second, 3*time.Second), []time.Duration{2 * time.Second, time.Hour}, []string{"1s", "3s", `stuck 1011 ""`}, true},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var d diary
				start := time.Now()
				at := 0
				e := wsx.NewServer().New(tc.limit, wsx.Heartbeat(24*time.Hour, time.Hour), wsx.OnError(func(e *wsx.HandlerError) {
					if !errors.Is(e, wsx.ErrStuck) || e.Message != "string" {
						t.Error(e)
					}
					d.note("%v", time.Since(start))
				}), wsx.Actor(wsx.Start(Guest{}), on(func(c *wsx.Conn, _ string) error {
					select {
					case <-time.After(tc.sleeps[at]):
					case <-c.Context().Done():
						return nil
					}
					at++
					c.Reply("done")
					return nil
				}), on(func(_ *wsx.Conn, m wsx.Disconnected) error {
					if tc.isCut {
						d.note("%v %d %q", m.Cause, m.Code, m.Reason)
					}
					return nil
				})))
				p := newSite(t, e).dial()
				for range tc.sleeps {
					p.send(fin|opText, "m")
				}
				for range tc.sleeps {
					if h := p.hearUntil(fin | opText); tc.isCut && at == 1 {
						p.hearUntil(fin | opClose)
						p.send(fin|opClose, closing(1011, ""))
						break
					} else if h.payload != "done" {
						t.Fatalf("heard %v", h)
					}
				}
				synctest.Wait()
				d.want(t, tc.want...)
				p.cut()
			})
		})
	}
}

func TestHandlerLimitMistake(t *testing.T) {
	t.Parallel()
	defer func() {
		if text, _ := recover().(string); !strings.Contains(text, "make cut longer, or report shorter") {
			t.Errorf("panic = %q", text)
		}
	}()
	wsx.HandlerLimit(0, time.Second)
}

// TestActorSlowReader has a client that is not read from: replies wait for room.
func TestActorSlowReader(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const all = 1000
		e := wsx.NewServer().New(wsx.Queue(4, 0), wsx.Actor(wsx.Start(Guest{}), on(func(c *wsx.Conn, text string) error {
			for i := range all {
				c.Reply(text + strconv.Itoa(i))
			}
			return nil
		})))
		p := newSite(t, e).dial()
		p.send(fin|opText, "m")
		synctest.Wait()
		for i := range all {
			p.want(fin|opText, "m"+strconv.Itoa(i))
		}
		p.cut()
	})
}

// TestConnSettings has effects that change the connection.
func TestConnSettings(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := wsx.NewServer()
		e := server.New(wsx.Actor(wsx.Start(Guest{}), on(func(c *wsx.Conn, text string) error {
			c.SetLabel(text)
			c.SetMaxMessage(10)
			c.Reply("done")
			return nil
		})))
		p := newSite(t, e).dial()
		p.send(fin|opText, "more than ten bytes")
		p.want(fin|opText, "done")
		synctest.Wait()
		r, err := server.Remote(1)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Info().Label; got != "more than ten bytes" {
			t.Errorf("label = %q", got)
		}
		p.send(fin|opText, "more than ten bytes")
		p.wantClose(wsx.CodeTooBig, wsx.ReasonTooBig)
	})
}

// TestCloseEffect has a handler that asks for more when it has closed.
func TestCloseEffect(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var d diary
		server := wsx.NewServer()
		chat := server.NewTopic("chat")
		stop := chat.Subscribe(func(m wsx.Message) { d.note("%s", m.Data) })
		e := server.New(wsx.Actor(wsx.Start(Guest{}), d.ends(), on(func(c *wsx.Conn, text string) error {
			c.Reply("before")
			c.Close(4029, "enough")
			c.Reply("after")
			c.Publish(chat, "closed "+text)
			c.Post("never")
			c.After(0, "never")
			return nil
		})))
		p := newSite(t, e).dial()
		p.write(append(masked(fin|opText, "a"), masked(fin|opText, "b")...))
		p.want(fin|opText, "before")
		p.wantClose(4029, "enough")
		synctest.Wait()
		stop()
		d.want(t, "closed a", `program 4029 "enough"`)
	})
}
