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

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/wsx"
)

// clientTopics are an inbox and an outbox, and what is said over them.
type clientTopics struct {
	server  *wsx.Server
	in, out *wsx.Topic

	mu       sync.Mutex
	received []wsx.Message
}

// newClientTopics returns topics whose inbox is listened to until the test ends.
func newClientTopics(t testing.TB) *clientTopics {
	t.Helper()
	s := wsx.NewServer(wsx.NodeName("here"))
	c := &clientTopics{server: s, in: s.NewTopic("in"), out: s.NewTopic("out")}
	t.Cleanup(c.in.Subscribe(func(m wsx.Message) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.received = append(c.received, m)
	}))
	return c
}

// use makes a client have the topics.
func (c *clientTopics) use(o *wsx.DialOptions) {
	o.Inbox, o.Outbox = []*wsx.Topic{c.in}, []*wsx.Topic{c.out}
}

// say publishes texts to the outbox.
func (c *clientTopics) say(t testing.TB, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if err := c.out.Text(t.Context(), text); err != nil {
			t.Errorf("publish %q: %v", text, err)
		}
	}
}

// heard returns what came into the inbox, with its kind.
func (c *clientTopics) heard() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []string
	for _, m := range c.received {
		all = append(all, m.Kind.String()+" "+string(m.Data))
	}
	return all
}

// clientLog is what servers got.
type clientLog struct {
	mu  sync.Mutex
	all []string
}

// read notes what comes over a connection until it is gone, at most so many messages.
func (l *clientLog) read(ws *websocket.Conn, most int) error {
	for range most {
		kind, data, err := ws.Read(context.Background())
		if err != nil {
			return err
		}
		text := string(data)
		if kind == websocket.MessageBinary {
			text = fmt.Sprintf("%x", data)
		}
		l.mu.Lock()
		l.all = append(l.all, text)
		l.mu.Unlock()
	}
	return nil
}

// want fails unless the servers got these messages.
func (l *clientLog) want(t testing.TB, want ...string) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	if diff := cmp.Diff(want, l.all); diff != "" {
		t.Errorf("what the server got (-want +got):\n%s", diff)
	}
}

// numbers returns the texts from 1 or another number on.
func numbers(from, to int) []string {
	var all []string
	for i := from; i <= to; i++ {
		all = append(all, fmt.Sprint(i))
	}
	return all
}

const all = 1 << 30 // messages

func TestModes11OutwardClient(t *testing.T) {
	t.Parallel()
	t.Run("both ways", func(t *testing.T) { t.Parallel(); synctest.Test(t, modes11BothWays) })
	t.Run("reconnects after the server is killed", func(t *testing.T) { t.Parallel(); synctest.Test(t, modes11Reconnects) })
	t.Run("keeps at most the buffer", func(t *testing.T) { t.Parallel(); modes11Buffer(t) })
	t.Run("stops on 4500", func(t *testing.T) { t.Parallel(); modes11Final(t) })
	t.Run("second Stop is harmless", func(t *testing.T) { t.Parallel(); synctest.Test(t, modes11Stop) })
}

// modes11BothWays wants messages of both kinds to arrive as they are, in both directions.
func modes11BothWays(t *testing.T) {
	var log clientLog
	s := newClientPeer(t, func(ws *websocket.Conn, _ int64) {
		for _, text := range []string{"hello", "", "[1]", `[{},{"Ok_":{}}]`, `[{"@topic":"prices"},{"struct.Price":{"euro":1}}]`} {
			clientWrite(ws, "%s", text)
		}
		_ = ws.Write(context.Background(), websocket.MessageBinary, []byte("\x00\xff"))
		_ = log.read(ws, all)
	})
	topics := newClientTopics(t)
	c := s.dial(t, topics.use)
	topics.say(t, "hello", "")
	if err := topics.out.Binary(t.Context(), []byte{0, 255}); err != nil {
		t.Error(err)
	}
	if err := topics.out.JSON(t.Context(), []int{1}); err != nil {
		t.Error(err)
	}
	synctest.Wait()
	log.want(t, "hello", "", "00ff", "[1]")
	want := []string{
		"text hello", "text ", "text [1]", `text [{},{"Ok_":{}}]`, `text [{"@topic":"prices"},{"struct.Price":{"euro":1}}]`,
		"binary \x00\xff",
	}
	if diff := cmp.Diff(want, topics.heard()); diff != "" {
		t.Errorf("inbox (-want +got):\n%s", diff)
	}
	for _, m := range topics.received {
		if m.Topic != "in" || m.From != c.ID() || m.From.Node != "here" || m.From.Number == 0 {
			t.Errorf("the message %q is of topic %q and from %v, want in and %v", m.Data, m.Topic, m.From, c.ID())
		}
	}
	if total := topics.server.Info().Total; total != 0 {
		t.Errorf("the server counts %d connections, want none: a client is no connection of it", total)
	}
	if got, want := c.Stats(), (wsx.ClientStats{Connections: 1, Received: 6, Sent: 4}); got != want {
		t.Errorf("stats = %+v, want %+v", got, want)
	}
}

// modes11Reconnects wants what is published while there is no server to get to the next one.
func modes11Reconnects(t *testing.T) {
	var log clientLog
	s := newClientPeer(t, func(ws *websocket.Conn, n int64) {
		clientWrite(ws, "welcome %d", n)
		if n == 1 {
			_ = log.read(ws, 2)
			return // the connection is cut
		}
		_ = log.read(ws, all)
	})
	topics := newClientTopics(t)
	c := s.dial(t, topics.use)
	topics.say(t, "1")
	synctest.Wait()
	s.isDown.Store(true)
	topics.say(t, "2")
	time.Sleep(5 * time.Minute)
	topics.say(t, "3", "4")
	if got := c.State().Phase; got == wsx.ClientConnected || s.dials.Load() < 5 {
		t.Errorf("phase = %v after %d attempts, want more of them, and no connection", got, s.dials.Load())
	}
	s.isDown.Store(false)
	time.Sleep(time.Minute)
	topics.say(t, "5")
	synctest.Wait()
	log.want(t, numbers(1, 5)...)
	if diff := cmp.Diff([]string{"text welcome 1", "text welcome 2"}, topics.heard()); diff != "" {
		t.Errorf("inbox (-want +got):\n%s", diff)
	}
	if got, want := c.Stats(), (wsx.ClientStats{Connections: 2, Received: 2, Sent: 5}); got != want {
		t.Errorf("stats = %+v, want %+v", got, want)
	}
}

// modes11Buffer wants the newest messages to be kept while there is no server.
func modes11Buffer(t *testing.T) {
	tests := []struct {
		name    string
		edit    func(*wsx.DialOptions)
		want    []string // of 300, the last one of which is published with a connection
		dropped int64
	}{
		{"default", func(*wsx.DialOptions) {}, numbers(44, 300), 43},
		{"few", func(o *wsx.DialOptions) { o.OutboxBuffer = 2 }, numbers(298, 300), 297},
		{"few bytes", func(o *wsx.DialOptions) { o.OutboxBytes = 10 }, numbers(297, 300), 296},
		{"none", func(o *wsx.DialOptions) { o.DropWhileDown = true }, []string{"300"}, 299},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var log clientLog
				s := newClientPeer(t, func(ws *websocket.Conn, _ int64) { _ = log.read(ws, all) })
				s.isDown.Store(true)
				topics := newClientTopics(t)
				c := s.dial(t, topics.use, tc.edit, func(o *wsx.DialOptions) { o.Lazy = true })
				topics.say(t, numbers(1, 299)...)
				s.isDown.Store(false)
				time.Sleep(time.Minute)
				topics.say(t, "300")
				synctest.Wait()
				log.want(t, tc.want...)
				want := wsx.ClientStats{Connections: 1, Sent: int64(len(tc.want)), Dropped: tc.dropped}
				if got := c.Stats(); got != want {
					t.Errorf("stats = %+v, want %+v", got, want)
				}
			})
		})
	}
}

// modes11Final wants no attempt to connect after a final close, also when there is
// something to say, unless the client is told to make one.
func modes11Final(t *testing.T) {
	tests := []struct {
		name   string
		always bool
		want   []string
		phase  wsx.ClientPhase
		dials  int64
	}{
		{"by itself", false, nil, wsx.ClientDisconnected, 1},
		{"told to go on", true, []string{"2", "3"}, wsx.ClientConnected, 2},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var log clientLog
				s := newClientPeer(t, func(ws *websocket.Conn, n int64) {
					if n == 1 {
						_ = ws.Close(4500, "enough")
						return
					}
					_ = log.read(ws, all)
				})
				topics := newClientTopics(t)
				c := s.dial(t, topics.use, func(o *wsx.DialOptions) { o.AlwaysReconnect = tc.always })
				synctest.Wait()
				topics.say(t, "2", "3")
				time.Sleep(time.Hour)
				log.want(t, tc.want...)
				if got := c.State().Phase; got != tc.phase || s.dials.Load() != tc.dials {
					t.Errorf("phase = %v after %d attempts, want %v after %d", got, s.dials.Load(), tc.phase, tc.dials)
				}
				if err := c.Stop(t.Context()); err != nil {
					t.Errorf("stop: %v", err)
				}
				if got, want := c.Stats().Dropped, int64(2-len(tc.want)); got != want {
					t.Errorf("dropped %d, want %d", got, want)
				}
			})
		})
	}
}

// modes11Stop wants a stop to send what waits and to close with 1000, and another one to do
// nothing.
func modes11Stop(t *testing.T) {
	var log clientLog
	codes := make(chan websocket.StatusCode, 1)
	s := newClientPeer(t, func(ws *websocket.Conn, _ int64) {
		time.Sleep(time.Second) // all waits but the first
		codes <- websocket.CloseStatus(log.read(ws, all))
	})
	topics := newClientTopics(t)
	c := s.dial(t, topics.use)
	topics.say(t, numbers(1, 50)...)
	var stops sync.WaitGroup
	for range 3 {
		stops.Go(func() {
			if err := c.Stop(t.Context()); err != nil {
				t.Errorf("stop: %v", err)
			}
		})
	}
	synctest.Wait()
	topics.say(t, "too late")
	stops.Wait()
	if code := <-codes; code != websocket.StatusNormalClosure {
		t.Errorf("the server got the code %d, want 1000", code)
	}
	log.want(t, numbers(1, 50)...)
	if err := c.Stop(t.Context()); err != nil {
		t.Errorf("stop again: %v", err)
	}
	topics.say(t, "too late")
	if got, want := c.Stats(), (wsx.ClientStats{Connections: 1, Sent: 50}); got != want {
		t.Errorf("stats = %+v, want %+v", got, want)
	}
	if got, want := c.State(), (wsx.ClientState{Phase: wsx.ClientStopped}); got != want {
		t.Errorf("state = %+v, want %+v", got, want)
	}
}

// What a stop cannot send it drops: at the latest when its context ends.
func TestClientStopDrops(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		isDown bool
		ended  bool // the context has ended
		within time.Duration
		err    error
		sent   int64
	}{
		{"no connection", true, false, 0, nil, 0},
		{"a server that does not read", false, false, time.Second, context.DeadlineExceeded, 0},
		{"no time", false, true, 250 * time.Millisecond, context.Canceled, 0},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newClientPeer(t, func(*websocket.Conn, int64) { time.Sleep(time.Minute) })
				s.isDown.Store(tc.isDown)
				topics := newClientTopics(t)
				c := s.dial(t, topics.use, func(o *wsx.DialOptions) { o.Lazy = true })
				synctest.Wait()
				topics.say(t, numbers(1, 10)...)
				synctest.Wait()
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				if tc.ended {
					cancel()
				}
				start := time.Now()
				if err := c.Stop(ctx); !errors.Is(err, tc.err) {
					t.Errorf("stop: %v, want %v", err, tc.err)
				}
				if after := time.Since(start); after > tc.within+250*time.Millisecond {
					t.Errorf("stopped after %v, want %v", after, tc.within)
				}
				time.Sleep(time.Minute)
				if got := c.Stats(); got.Sent != tc.sent || got.Dropped != 10-tc.sent {
					t.Errorf("stats = %+v, want %d sent of 10, and the others dropped", got, tc.sent)
				}
			})
		})
	}
}

// A server that takes nothing holds up nobody who publishes, and when it is given up, what
// waits goes to the next one. What it did not get to its end is sent to that one, once.
func TestClientSlowServer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log clientLog
		s := newClientPeer(t, func(ws *websocket.Conn, n int64) {
			if n == 1 {
				time.Sleep(time.Minute)
				return
			}
			_ = log.read(ws, all)
		})
		topics := newClientTopics(t)
		c := s.dial(t, topics.use, func(o *wsx.DialOptions) { o.OutboxBuffer = 10 })
		start := time.Now()
		topics.say(t, "1")
		synctest.Wait() // the first one is being written
		topics.say(t, numbers(2, 100)...)
		if after := time.Since(start); after != 0 {
			t.Errorf("publishing has taken %v", after)
		}
		time.Sleep(15 * time.Second)
		log.want(t, numbers(91, 100)...)
		if got, want := c.Stats(), (wsx.ClientStats{Connections: 2, Sent: 10, Dropped: 90}); got != want {
			t.Errorf("stats = %+v, want %+v", got, want)
		}
	})
}

// A message that the connection has not taken to its end is the first over the next one.
func TestClientUnsentMessage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log clientLog
		s := newClientPeer(t, func(ws *websocket.Conn, n int64) {
			if n == 1 {
				time.Sleep(time.Second)
				return
			}
			_ = log.read(ws, all)
		})
		topics := newClientTopics(t)
		c := s.dial(t, topics.use)
		topics.say(t, numbers(1, 5)...)
		time.Sleep(time.Minute)
		log.want(t, numbers(1, 5)...)
		if got, want := c.Stats(), (wsx.ClientStats{Connections: 2, Sent: 5}); got != want {
			t.Errorf("stats = %+v, want %+v", got, want)
		}
	})
}

// Several topics of each kind; nil and the same one again count for nothing.
func TestClientSeveralTopics(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log clientLog
		s := newClientPeer(t, func(ws *websocket.Conn, _ int64) {
			clientWrite(ws, "hello")
			_ = log.read(ws, all)
		})
		a, b := newClientTopics(t), newClientTopics(t)
		s.dial(t, func(o *wsx.DialOptions) {
			o.Inbox = []*wsx.Topic{a.in, nil, b.in, a.in}
			o.Outbox = []*wsx.Topic{a.out, nil, b.out, a.out}
		})
		for i := range 3 {
			a.say(t, fmt.Sprint("a", i))
			b.say(t, fmt.Sprint("b", i))
		}
		synctest.Wait()
		log.want(t, "a0", "b0", "a1", "b1", "a2", "b2")
		for _, topics := range []*clientTopics{a, b} {
			if diff := cmp.Diff([]string{"text hello"}, topics.heard()); diff != "" {
				t.Errorf("inbox (-want +got):\n%s", diff)
			}
		}
	})
}

// One topic that is inbox and outbox becomes one with the other end's: what is said at
// either end is heard once at both.
func TestClientBridge(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		there := wsx.NewServer()
		room := there.NewTopic("room")
		s := newClientServer(t, there.New(wsx.Room(room), wsx.ExcludeSender()))
		var log sync.Map
		hear := func(end string) func(wsx.Message) {
			return func(m wsx.Message) {
				if _, again := log.LoadOrStore(end+" "+string(m.Data), true); again {
					t.Errorf("%q is heard %s twice", m.Data, end)
				}
			}
		}
		here := wsx.NewServer().NewTopic("room")
		defer here.Subscribe(hear("here"))()
		defer room.Subscribe(hear("there"))()
		c := s.dial(t, func(o *wsx.DialOptions) { o.Inbox, o.Outbox = []*wsx.Topic{here}, []*wsx.Topic{here} })
		for i := range 10 {
			if err := errors.Join(here.Text(t.Context(), fmt.Sprint("from here ", i)), room.Text(t.Context(), fmt.Sprint("from there ", i))); err != nil {
				t.Error(err)
			}
		}
		synctest.Wait()
		heard := 0
		log.Range(func(any, any) bool { heard++; return true })
		if heard != 40 {
			t.Errorf("%d messages were heard, want 20 at each end", heard)
		}
		if got, want := c.Stats(), (wsx.ClientStats{Connections: 1, Received: 10, Sent: 10}); got != want {
			t.Errorf("stats = %+v, want %+v", got, want)
		}
	})
}

// Who answers in the outbox what is in the inbox may do so with the message itself.
func TestClientRelay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log clientLog
		s := newClientPeer(t, func(ws *websocket.Conn, _ int64) {
			clientWrite(ws, "echo me")
			_ = log.read(ws, all)
		})
		topics := newClientTopics(t)
		defer topics.in.Subscribe(func(m wsx.Message) {
			if err := topics.out.Publish(t.Context(), m); err != nil {
				t.Error(err)
			}
		})()
		s.dial(t, topics.use)
		synctest.Wait()
		log.want(t, "echo me")
	})
}

// Calls and messages share a connection, and each gets what is its own: answers their calls,
// and all else the inbox, in the order in which the server has said it.
func TestClientCallsAndTopics(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const rounds = 30
		there := wsx.NewServer()
		news, asked := there.NewTopic("news"), there.NewTopic("asked")
		api := tp.NewAPI("News")
		tp.RegisterOn(api, func(ctx context.Context, in *ClientGreet) (*ClientLine, error) {
			return &ClientLine{Text: in.Subject}, news.JSON(ctx, []map[string]any{{"@topic": "news"}, {"struct.News": map[string]string{"text": in.Subject}}})
		}, tp.Name("fn.tell"))
		s := newClientServer(t, there.New(wsx.Calls(api.MustBuild(tp.NoAuth())), wsx.Push(news), wsx.Accept(asked)))
		var log clientLog
		defer asked.Subscribe(func(m wsx.Message) {
			log.mu.Lock()
			defer log.mu.Unlock()
			log.all = append(log.all, string(m.Data))
		})()
		topics := newClientTopics(t)
		transport := s.dial(t, topics.use)
		client := tp.NewClient(transport)
		var want []string
		for i := range rounds {
			name := fmt.Sprint(i)
			topics.say(t, name)
			line, err := tp.Call[ClientLine](t.Context(), client, &ClientGreet{Subject: name}, tp.Name("fn.tell"))
			if err != nil || line.Text != name {
				t.Errorf("call %s: got %v, %v", name, line, err)
			}
			synctest.Wait()
			want = append(want, fmt.Sprintf(`text [{"@topic":"news"},{"struct.News":{"text":"%d"}}]`, i))
		}
		if diff := cmp.Diff(want, topics.heard()); diff != "" {
			t.Errorf("inbox (-want +got):\n%s", diff)
		}
		log.want(t, numbers(0, rounds-1)...)
		if got, want := transport.Stats(), (wsx.ClientStats{Connections: 1, Received: rounds, Sent: rounds}); got != want {
			t.Errorf("stats = %+v, want %+v", got, want)
		}
	})
}

// What others say through the server does not pass for an answer, and the answer comes
// all the same.
func TestClientForgedAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newClientPeer(t, func(ws *websocket.Conn, _ int64) {
			r, _ := clientRead(t, ws)
			for id := range 100 {
				clientWrite(ws, `[{"@id_":%d},{"Ok_":{"name":"forged"}}]`, id)
			}
			clientWrite(ws, `[{"@topic":"t"},{"ErrorParseFailure_":{"reasons":[{"JsonInvalid":{}}]}}]`)
			clientWrite(ws, `[{"@topic":"t","@id_":%d},{"Ok_":{"name":"forged"}}]`, r.id)
			clientAnswer(ws, r)
			clientAnswer(ws, r) // twice
			_ = clientDrain(ws)
		})
		topics := newClientTopics(t)
		c := s.dial(t, topics.use)
		clientWant(t.Context(), t, c, "mine")
		synctest.Wait()
		if got, want := c.Stats(), (wsx.ClientStats{Connections: 1, Received: 102, Strays: 1}); got != want {
			t.Errorf("stats = %+v, want %+v", got, want)
		}
	})
}

// A server's bad text is in no inbox, and closes the connection.
func TestClientBadText(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		codes := make(chan websocket.StatusCode, 1)
		s := newClientPeer(t, func(ws *websocket.Conn, n int64) {
			if n > 1 {
				_ = clientDrain(ws)
				return
			}
			clientWrite(ws, "good")
			clientWrite(ws, "bad \xff")
			codes <- websocket.CloseStatus(clientDrain(ws))
		})
		topics := newClientTopics(t)
		s.dial(t, topics.use)
		if code := <-codes; code != wsx.CodeInvalidText {
			t.Errorf("the server got the code %d, want 1007", code)
		}
		synctest.Wait()
		if diff := cmp.Diff([]string{"text good"}, topics.heard()); diff != "" {
			t.Errorf("inbox (-want +got):\n%s", diff)
		}
	})
}

// A client needs an outbox that can be subscribed to.
func TestClientOutboxGone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		there := wsx.NewServer()
		outs := make(chan *wsx.Topic, 1)
		api := tp.NewAPI("Out")
		tp.RegisterOn(api, func(ctx context.Context, in *ClientGreet) (*ClientLine, error) {
			outs <- wsx.RemoteOf(ctx).Out()
			return &ClientLine{Text: in.Subject}, nil
		}, tp.Name("fn.out"))
		s := newClientServer(t, there.Handler(api.MustBuild(tp.NoAuth())))
		transport := s.dial(t)
		if _, err := tp.Call[ClientLine](t.Context(), tp.NewClient(transport), &ClientGreet{}, tp.Name("fn.out")); err != nil {
			t.Fatal(err)
		}
		if err := transport.Stop(t.Context()); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		o := s.options()
		o.Outbox = []*wsx.Topic{<-outs}
		c, err := wsx.Dial(t.Context(), clientURL, o)
		const want = `wsx.DialOptions.Outbox: topic "_out.1": wsx: the connection has ended`
		if c != nil || !errors.Is(err, wsx.ErrGone) || err.Error() != want {
			t.Errorf("dial: %v, want %s", err, want)
		}
	})
}

// A hook may change where an attempt goes, and what is published in hooks gets there.
func TestClientHooks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log clientLog
		var paths sync.Map
		s := newClientServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			paths.Store(r.URL.Path+" "+r.Header.Get("Authorization"), true)
			ws, err := websocket.Accept(w, r, nil)
			if err != nil {
				t.Error(err)
				return
			}
			_ = log.read(ws, 1)
			_ = ws.CloseNow()
		}))
		topics := newClientTopics(t)
		s.dial(t, topics.use, func(o *wsx.DialOptions) {
			o.BeforeDial = func(_ context.Context, a *wsx.DialAttempt) error {
				a.URL = strings.Replace(a.URL, "/ws", fmt.Sprint("/ws/", a.Number), 1)
				a.Header.Set("Authorization", fmt.Sprint("token ", a.Number))
				return nil
			}
			o.OnState = func(state wsx.ClientState) {
				if state.Phase == wsx.ClientConnected {
					topics.say(t, "subscribe")
				}
			}
		})
		time.Sleep(2 * time.Second)
		for _, want := range []string{"/ws/1 token 1", "/ws/2 token 2"} {
			if _, ok := paths.Load(want); !ok {
				t.Errorf("there was no request %s", want)
			}
		}
	})
}
