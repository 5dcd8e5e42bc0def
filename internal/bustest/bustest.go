// Package bustest holds what every bus between nodes must do, as a test that each
// implementation runs.
package bustest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/telestruct/telestruct/wsx"
)

// Run tests a bus. Open makes one, and returns how one more node reaches it; what that
// opens is closed when the test ends.
func Run(t *testing.T, open func(t *testing.T) (join func() wsx.Bus)) {
	cases := []struct {
		name string
		test func(t *testing.T, a, b wsx.Bus)
	}{
		{"messages arrive as they are", testContent},
		{"each address has its own", testAddresses},
		{"order of each publisher", testOrder},
		{"nothing after stop", testStop},
		{"a flush of nothing", testFlush},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			join := open(t)
			tc.test(t, join(), join())
		})
	}
}

// inbox collects what a subscription receives.
type inbox struct {
	t        *testing.T
	messages chan *wsx.BusMessage
	stop     func()
}

// subscribe subscribes until the test ends.
func subscribe(t *testing.T, bus wsx.Bus, of wsx.Address) *inbox {
	t.Helper()
	in := &inbox{t: t, messages: make(chan *wsx.BusMessage, 1<<14)}
	stop, err := bus.Subscribe(of, func(m *wsx.BusMessage) { in.messages <- m })
	if err != nil {
		t.Fatal(err)
	}
	in.stop = sync.OnceFunc(stop)
	t.Cleanup(in.stop)
	return in
}

// next returns the next message.
func (in *inbox) next() *wsx.BusMessage {
	in.t.Helper()
	select {
	case m := <-in.messages:
		return m
	case <-time.After(2 * time.Minute):
		in.t.Fatal("no message came")
		return nil
	}
}

// want fails unless the next messages say this.
func (in *inbox) want(texts ...string) {
	in.t.Helper()
	for _, want := range texts {
		if got := string(in.next().Data); got != want {
			in.t.Fatalf("got %q, want %q", got, want)
		}
	}
}

func publish(t *testing.T, bus wsx.Bus, m *wsx.BusMessage) {
	t.Helper()
	if err := bus.Publish(t.Context(), m); err != nil {
		t.Fatal(err)
	}
}

func testContent(t *testing.T, a, b wsx.Bus) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	to := wsx.Address{Topic: "all bytes: .*> \x01é%25"}
	cases := []*wsx.BusMessage{
		{To: to, Node: "n", Kind: wsx.Text, Data: []byte("héllo"), From: wsx.ID{Node: "n", Number: 7}},
		{To: to, Node: "n", Kind: wsx.Binary, Data: all, From: wsx.ID{Node: "n"}},
		{To: to, Node: "n", Kind: wsx.Binary, From: wsx.ID{Node: "other\r\nnode", Number: 1<<64 - 1}},
		{To: to, Node: "a.b *>\r\nWsx-Kind: x", Kind: wsx.Text, Data: []byte("\n")},
	}
	in := subscribe(t, b, to)
	for _, want := range cases {
		publish(t, a, want)
		got := in.next()
		if got.To != want.To || got.Node != want.Node || got.Kind != want.Kind || got.From != want.From || !slices.Equal(got.Data, want.Data) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
}

func testAddresses(t *testing.T, a, b wsx.Bus) {
	send := func(to wsx.Address, text string) {
		t.Helper()
		publish(t, a, &wsx.BusMessage{To: to, Node: "n", Data: []byte(text)})
	}
	node := subscribe(t, b, wsx.Address{Node: "x"})
	conn := subscribe(t, b, wsx.Address{Node: "x", Conn: 4})
	topic := subscribe(t, b, wsx.Address{Topic: "x"})
	send(wsx.Address{Node: "x"}, "to the node")
	send(wsx.Address{Node: "x", Conn: 4}, "to connection 4")
	send(wsx.Address{Node: "x", Conn: 4, Input: true}, "to its actor")
	send(wsx.Address{Node: "x", Conn: 40}, "to connection 40")
	send(wsx.Address{Node: "x", Topic: "x"}, "for the node to publish")
	send(wsx.Address{Node: "x.4"}, "to another node")
	send(wsx.Address{Topic: "x"}, "to the topic")
	send(wsx.Address{Topic: "x.y"}, "to another topic")
	send(wsx.Address{Topic: "*"}, "to no wildcard")
	send(wsx.Address{Node: "x"}, "last")
	send(wsx.Address{Node: "x", Conn: 4}, "last of 4")
	send(wsx.Address{Topic: "x"}, "last of the topic")
	node.want("to the node", "to connection 4", "to its actor", "to connection 40", "for the node to publish", "last", "last of 4")
	conn.want("to connection 4", "last of 4")
	topic.want("to the topic", "last of the topic")
}

func testOrder(t *testing.T, a, b wsx.Bus) {
	const publishers, each = 4, 500
	to := wsx.Address{Topic: "t"}
	inboxes := []*inbox{subscribe(t, a, to), subscribe(t, b, to)}
	var wg sync.WaitGroup
	for p := range publishers {
		bus := []wsx.Bus{a, b}[p%2]
		wg.Go(func() {
			for i := range each {
				if err := bus.Publish(context.Background(), &wsx.BusMessage{To: to, Node: fmt.Sprint(p), Data: fmt.Append(nil, i)}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for n, in := range inboxes {
		next := map[string]int{}
		for range publishers * each {
			m := in.next()
			if got, want := string(m.Data), fmt.Sprint(next[m.Node]); got != want {
				t.Fatalf("subscriber %d: message %s of publisher %s, want %s", n, got, m.Node, want)
			}
			next[m.Node]++
		}
	}
}

func testStop(t *testing.T, a, b wsx.Bus) {
	to := wsx.Address{Topic: "t"}
	stopped, goesOn := subscribe(t, b, to), subscribe(t, b, to)
	publish(t, a, &wsx.BusMessage{To: to, Node: "n", Data: []byte("1")})
	stopped.want("1")
	stopped.stop()
	publish(t, a, &wsx.BusMessage{To: to, Node: "n", Data: []byte("2")})
	goesOn.want("1", "2")
	again := subscribe(t, b, to)
	publish(t, a, &wsx.BusMessage{To: to, Node: "n", Data: []byte("3")})
	again.want("3")
	if n := len(stopped.messages); n != 0 {
		t.Errorf("%d messages came after stop", n)
	}
}

func testFlush(t *testing.T, a, _ wsx.Bus) {
	if err := a.Flush(t.Context()); err != nil {
		t.Error(err)
	}
	if most := a.MaxSize(); most < 0 {
		t.Errorf("MaxSize() = %d", most)
	}
}
