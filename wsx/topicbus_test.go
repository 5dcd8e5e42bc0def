package wsx_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/wsx"
)

// testBus is what one node has of a bus: it can be away, and counts subscriptions.
type testBus struct {
	wsx.Bus
	away atomic.Bool
	max  int

	mu            sync.Mutex
	subscriptions map[wsx.Address]int
}

func (b *testBus) Publish(ctx context.Context, m *wsx.BusMessage) error {
	if b.away.Load() {
		return wsx.ErrBusUnavailable
	}
	return b.Bus.Publish(ctx, m)
}

func (b *testBus) Subscribe(of wsx.Address, receive func(*wsx.BusMessage)) (stop func(), err error) {
	inner, err := b.Bus.Subscribe(of, func(m *wsx.BusMessage) {
		if !b.away.Load() {
			receive(m)
		}
	})
	b.count(of, 1)
	return func() {
		inner()
		b.count(of, -1)
	}, err
}

func (b *testBus) count(of wsx.Address, more int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.subscriptions[of] += more
}

// subscribed returns how many subscriptions to the address of a topic there are.
func (b *testBus) subscribed(topic string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.subscriptions[wsx.Address{Topic: topic}]
}

func (b *testBus) MaxSize() int { return b.max }

// newNodes returns servers on one bus, named a, b and so on. They end with the test.
func newNodes(t *testing.T, n int) ([]*wsx.Server, []*testBus) {
	t.Helper()
	bus := wsx.MemoryBus()
	servers, buses := make([]*wsx.Server, n), make([]*testBus, n)
	for i := range n {
		buses[i] = &testBus{Bus: bus, subscriptions: map[wsx.Address]int{}}
		servers[i] = wsx.NewServer(wsx.WithBus(buses[i]), wsx.NodeName(string(rune('a'+i))))
		t.Cleanup(func() { shut(t, servers[i]) })
	}
	return servers, buses
}

func publish(t testing.TB, topic *wsx.Topic, text string) {
	t.Helper()
	if err := topic.Text(context.Background(), text); err != nil {
		t.Error(err)
	}
}

// TestModes12TwoNodes has each message arrive once on each node, before and after the bus
// was away. Package natsbus has it on NATS.
func TestModes12TwoNodes(t *testing.T) {
	t.Parallel()
	t.Run("rooms", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			nodes, buses := newNodes(t, 2)
			var peers []*peer
			for _, srv := range nodes {
				s := newSite(t, srv.New(wsx.Room(srv.NewTopic("chat"))))
				peers = append(peers, s.dial(), s.dial())
			}
			all := func(op byte, text string) {
				t.Helper()
				for _, p := range peers {
					p.want(op, text)
				}
			}
			peers[0].send(fin|opText, "hello")
			all(fin|opText, "hello")
			peers[2].send(fin|opBinary, "\xff\x00")
			all(fin|opBinary, "\xff\x00")

			for _, b := range buses {
				b.away.Store(true)
			}
			peers[0].send(fin|opText, "alone")
			peers[0].want(fin|opText, "alone")
			peers[1].want(fin|opText, "alone")
			if err := nodes[1].NewTopic("chat").Text(t.Context(), "too"); !errors.Is(err, wsx.ErrBusUnavailable) {
				t.Errorf("error = %v, want %v", err, wsx.ErrBusUnavailable)
			}
			peers[2].want(fin|opText, "too")
			peers[3].want(fin|opText, "too")

			for _, b := range buses {
				b.away.Store(false)
			}
			publish(t, nodes[1].NewTopic("chat"), "together")
			all(fin|opText, "together")
			peers[1].send(fin|opText, "bye")
			all(fin|opText, "bye")
		})
	})
	t.Run("order of each publisher", func(t *testing.T) {
		t.Parallel()
		nodes, _ := newNodes(t, 2)
		const publishers, each = 4, 1000
		heard := make([]chan wsx.Message, len(nodes))
		for i, srv := range nodes {
			heard[i] = make(chan wsx.Message, publishers*each)
			defer srv.NewTopic("t").Subscribe(func(m wsx.Message) { heard[i] <- m })()
		}
		var wg sync.WaitGroup
		for p := range publishers {
			topic := nodes[p%2].NewTopic("t")
			wg.Go(func() {
				for i := range each {
					publish(t, topic, fmt.Sprintf("%d:%d", p, i))
				}
			})
		}
		wg.Wait()
		for n, in := range heard {
			next := make([]int, publishers)
			for range publishers * each {
				m := <-in
				var p, i int
				if _, err := fmt.Sscanf(string(m.Data), "%d:%d", &p, &i); err != nil {
					t.Fatal(err)
				}
				if i != next[p] || m.From.Node != nodes[p%2].Node() || m.Missed > 0 {
					t.Fatalf("node %d: message %d of publisher %d from %v, missed %d; want message %d", n, i, p, m.From, m.Missed, next[p])
				}
				next[p]++
			}
			if len(in) > 0 {
				t.Errorf("node %d has %d messages more", n, len(in))
			}
		}
	})
}

func TestInterest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		nodes, buses := newNodes(t, 1)
		topic := nodes[0].NewTopic("t")
		want := func(n int, when string) {
			t.Helper()
			synctest.Wait()
			if got := buses[0].subscribed("t"); got != n {
				t.Errorf("%s: %d subscriptions, want %d", when, got, n)
			}
		}
		publish(t, topic, "to nobody here")
		want(0, "before anybody listens")
		first := topic.Subscribe(func(wsx.Message) {})
		want(1, "with one function")
		second := topic.Subscribe(func(wsx.Message) {})
		first()
		time.Sleep(time.Minute)
		want(1, "with another one")
		second()
		time.Sleep(5*time.Second - 1)
		want(1, "just before it is let go")
		third := topic.Subscribe(func(wsx.Message) {})
		time.Sleep(time.Minute)
		want(1, "somebody came back in time")
		third()
		time.Sleep(5 * time.Second)
		want(0, "after five seconds")
		defer topic.Subscribe(func(wsx.Message) {})()
		want(1, "somebody came late")
		p := newSite(t, nodes[0].New(wsx.Push(nodes[0].NewTopic("u")))).dial()
		if got := buses[0].subscribed("u"); got != 1 {
			t.Errorf("%d subscriptions for a client, want 1", got)
		}
		p.cut()
		shut(t, nodes[0])
		want(0, "after the shutdown")
	})
}

// A topic that nobody has any more is forgotten, whatever it has heard of other nodes.
func TestForgottenTopicsOnABus(t *testing.T) {
	t.Parallel()
	nodes, buses := newNodes(t, 1)
	func() {
		nodes[0].NewTopic("kept", wsx.History(3, 0))
		nodes[0].NewTopic("known", wsx.WithPresence())
	}()
	if buses[0].subscribed("kept") != 1 || buses[0].subscribed("_presence.known") != 1 {
		t.Fatal("nothing listens to other nodes")
	}
	collect(t, func() bool {
		return buses[0].subscribed("kept") == 0 && buses[0].subscribed("_presence.known") == 0
	})
}

func TestHistoryOfOtherNodes(t *testing.T) {
	t.Parallel()
	nodes, _ := newNodes(t, 2)
	topic := nodes[1].NewTopic("news", wsx.History(2, 0))
	heard := make(chan wsx.Message, 9)
	defer nodes[1].NewTopic("done").Subscribe(func(m wsx.Message) { heard <- m })()
	for _, text := range []string{"one", "two", "three"} {
		publish(t, nodes[0].NewTopic("news"), text)
	}
	await(t, func() bool { return topic.Position().Offset == 3 })
	messages, err := topic.Since(wsx.Position{})
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, m := range messages {
		texts = append(texts, string(m.Data))
	}
	if diff := cmp.Diff([]string{"two", "three"}, texts); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
}

func TestOneOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		nodes, buses := newNodes(t, 3)
		const each = 300
		var heard [3][]string
		var done sync.WaitGroup
		for i, srv := range nodes {
			done.Add(3 * each)
			defer srv.NewTopic("t", wsx.OneOrder()).Subscribe(func(m wsx.Message) {
				heard[i] = append(heard[i], string(m.Data))
				done.Done()
			})()
		}
		for i, srv := range nodes {
			go func() {
				for j := range each {
					publish(t, srv.NewTopic("t"), fmt.Sprint(i, j))
				}
			}()
		}
		done.Wait()
		for i := range heard {
			if !slices.Equal(heard[i], heard[0]) {
				t.Errorf("node %d has another order than node 0", i)
			}
		}
		buses[0].away.Store(true)
		if err := nodes[0].NewTopic("t").Text(t.Context(), "nobody"); !errors.Is(err, wsx.ErrBusUnavailable) {
			t.Errorf("error = %v, want %v", err, wsx.ErrBusUnavailable)
		}
		if n := len(heard[0]); n != 3*each {
			t.Errorf("%d messages, want %d", n, 3*each)
		}
	})
}

// When the node that publishes for all is lost, another one does it.
func TestOneOrderSurvives(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		nodes, buses := newNodes(t, 3)
		var heard []string
		topics := make([]*wsx.Topic, len(nodes))
		for i, srv := range nodes {
			topics[i] = srv.NewTopic("t", wsx.OneOrder())
		}
		defer topics[2].Subscribe(func(m wsx.Message) { heard = append(heard, string(m.Data)) })()
		say := func(texts ...string) {
			t.Helper()
			for i, text := range texts {
				publish(t, topics[1+i%2], text)
				synctest.Wait()
			}
		}
		say("one", "two")
		buses[0].away.Store(true)
		say("lost", "lost")
		time.Sleep(2 * time.Second)
		synctest.Wait()
		say("three", "four")
		buses[0].away.Store(false)
		time.Sleep(30 * time.Second) // it says that it is there
		synctest.Wait()
		say("five", "six")
		publish(t, topics[0], "seven")
		synctest.Wait()
		if diff := cmp.Diff([]string{"one", "two", "three", "four", "five", "six", "seven"}, heard); diff != "" {
			t.Errorf("heard (-want +got):\n%s", diff)
		}
	})
}

func TestTooLargeForTheBus(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		nodes, buses := newNodes(t, 1)
		buses[0].max = 10
		topic := nodes[0].NewTopic("t")
		var heard []string
		defer topic.Subscribe(func(m wsx.Message) { heard = append(heard, string(m.Data)) })()
		publish(t, topic, "0123456789")
		err := topic.Text(t.Context(), "0123456789a")
		const want = `wsx: the message is too large for the bus: 11 bytes for topic "t", and it takes 10`
		if !errors.Is(err, wsx.ErrTooLarge) || err.Error() != want {
			t.Errorf("error = %v, want %s", err, want)
		}
		if err := nodes[0].Out(wsx.ID{Node: "z", Number: 1}).Text(t.Context(), "0123456789a"); !errors.Is(err, wsx.ErrTooLarge) {
			t.Errorf("error = %v, want %v", err, wsx.ErrTooLarge)
		}
		p := newSite(t, nodes[0].New(wsx.Accept(topic))).dial()
		p.send(fin|opText, "0123456789a")
		p.wantClose(wsx.CodeTooBig, wsx.ReasonTooBig)
		synctest.Wait()
		if diff := cmp.Diff([]string{"0123456789"}, heard); diff != "" {
			t.Errorf("heard (-want +got):\n%s", diff)
		}
	})
}

// What comes over the bus is not sent to clients when it would close their connections.
func TestBadMessagesOnTheBus(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		nodes, buses := newNodes(t, 1)
		p := newSite(t, nodes[0].New(wsx.Room(nodes[0].NewTopic("t")))).dial()
		send := func(kind wsx.Kind, text string) {
			m := &wsx.BusMessage{To: wsx.Address{Topic: "t"}, Node: "x", Kind: kind, Data: []byte(text)}
			if err := buses[0].Bus.Publish(t.Context(), m); err != nil {
				t.Error(err)
			}
		}
		send(wsx.Text, "\xff")
		send(7, "no kind")
		send(wsx.Text, "")
		p.want(fin|opText, "")
		send(wsx.Binary, "\xff")
		p.want(fin|opBinary, "\xff")
	})
}

func TestConnectionsOfOtherNodes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		nodes, buses := newNodes(t, 2)
		p := newSite(t, nodes[0].New(wsx.Actor(wsx.Start(0),
			wsx.On(func(c *wsx.Conn, text string, n int) (int, error) {
				c.Reply("you said: " + text)
				return n + 1, nil
			}),
			wsx.On(func(c *wsx.Conn, data []byte, n int) (int, error) {
				c.ReplyBinary(append(data, '!'))
				return n + 1, nil
			}),
		))).dial()
		synctest.Wait()
		id := wsx.ID{Node: "a", Number: 1}
		for _, srv := range nodes {
			publish(t, srv.Out(id), "to the client")
			p.want(fin|opText, "to the client")
			publish(t, srv.In(id), "to the actor")
			p.want(fin|opText, "you said: to the actor")
			if err := srv.In(id).Binary(t.Context(), []byte{1}); err != nil {
				t.Error(err)
			}
			p.want(fin|opBinary, "\x01!")
		}
		if name := nodes[1].Out(id).Name(); name != "_out.a-1" {
			t.Errorf("name = %q", name)
		}
		if _, err := nodes[1].Out(id).SubscribeSince(wsx.Position{}, func(wsx.Message) {}); err == nil || !strings.Contains(err.Error(), "on its own node only") {
			t.Errorf("subscribed to the output of another node: %v", err)
		}
		for _, gone := range []wsx.ID{{Node: "a", Number: 99}, {Node: "a"}} {
			if err := nodes[0].Out(gone).Text(t.Context(), "?"); !errors.Is(err, wsx.ErrGone) {
				t.Errorf("to %v: %v, want %v", gone, err, wsx.ErrGone)
			}
			publish(t, nodes[1].In(gone), "lost without a word")
		}
		buses[1].away.Store(true)
		if err := nodes[1].Out(id).Text(t.Context(), "?"); !errors.Is(err, wsx.ErrBusUnavailable) {
			t.Errorf("error = %v, want %v", err, wsx.ErrBusUnavailable)
		}
		alone := wsx.NewServer()
		if err := alone.In(id).Text(t.Context(), "?"); !errors.Is(err, wsx.ErrGone) {
			t.Errorf("without a bus: %v, want %v", err, wsx.ErrGone)
		}
		publish(t, nodes[0].Out(id), "still there")
		p.want(fin|opText, "still there")
	})
}
