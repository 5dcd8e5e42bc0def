package wsx_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/wsx"
)

// presentOn returns who is on a topic, as a node knows.
func presentOn(srv *wsx.Server, topic string) []string {
	synctest.Wait()
	var who []string
	for _, p := range srv.NewTopic(topic).Present() {
		who = append(who, fmt.Sprintf("%v %q", p.ID, p.Label))
	}
	return who
}

func TestPresenceOnSeveralNodes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		nodes, buses := newNodes(t, 3)
		var events []string
		rooms := make([]*wsx.Topic, len(nodes)) // kept: a topic nobody has forgets who is there
		var peers []*peer
		for i, srv := range nodes[:2] {
			rooms[i] = srv.NewTopic("room", wsx.WithPresence())
			s := newSite(t, srv.New(wsx.Room(rooms[i]), wsx.Heartbeat(24*time.Hour, time.Hour)))
			peers = append(peers, s.dial())
			time.Sleep(time.Second)
		}
		want := func(srv *wsx.Server, who ...string) {
			t.Helper()
			if diff := cmp.Diff(who, presentOn(srv, "room")); diff != "" {
				t.Errorf("on node %s (-want +got):\n%s", srv.Node(), diff)
			}
		}
		want(nodes[0], `a-1 ""`, `b-1 ""`)
		want(nodes[1], `a-1 ""`, `b-1 ""`)

		// Who comes later asks.
		rooms[2] = nodes[2].NewTopic("room", wsx.WithPresence())
		want(nodes[2], `a-1 ""`, `b-1 ""`)
		defer rooms[2].OnPresence(func(e wsx.PresenceEvent) {
			events = append(events, fmt.Sprintf("%v %v %q", e.ID, e.Change, e.Label))
		})()

		r, err := nodes[1].Remote(1)
		if err != nil {
			t.Fatal(err)
		}
		r.SetLabel("Ann")
		want(nodes[2], `a-1 ""`, `b-1 "Ann"`)
		want(nodes[0], `a-1 ""`, `b-1 "Ann"`)

		// What is said again holds.
		time.Sleep(10 * time.Minute)
		want(nodes[2], `a-1 ""`, `b-1 "Ann"`)

		peers[0].cut()
		want(nodes[2], `b-1 "Ann"`)

		// What is not said any more holds for a minute.
		buses[1].away.Store(true)
		time.Sleep(34 * time.Second) // the last word is at most 25 s old
		want(nodes[2], `b-1 "Ann"`)
		time.Sleep(26 * time.Second)
		want(nodes[2])
		want(nodes[1], `b-1 "Ann"`)
		buses[1].away.Store(false)
		time.Sleep(25 * time.Second)
		want(nodes[2], `b-1 "Ann"`)

		shut(t, nodes[1])
		want(nodes[2])
		wantEvents := []string{`b-1 relabeled "Ann"`, `a-1 left ""`, `b-1 left "Ann"`, `b-1 joined "Ann"`, `b-1 left "Ann"`}
		if diff := cmp.Diff(wantEvents, events); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

// More connections than one message is about.
func TestPresenceOfMany(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		nodes, _ := newNodes(t, 2)
		room := nodes[0].NewTopic("room", wsx.WithPresence())
		s := newSite(t, nodes[0].New(wsx.Push(room)))
		const n = 600
		for range n {
			s.dial()
		}
		synctest.Wait()
		other := nodes[1].NewTopic("room", wsx.WithPresence())
		synctest.Wait()
		if got := len(other.Present()); got != n {
			t.Errorf("%d are present, want %d", got, n)
		}
		shut(t, nodes[0])
		synctest.Wait()
		if got := len(other.Present()); got != 0 {
			t.Errorf("%d are present after the shutdown, want none", got)
		}
	})
}

// A node that was lost and comes again under its old name leaves nobody behind.
func TestPresenceOfASuccessor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		nodes, buses := newNodes(t, 2)
		room := nodes[0].NewTopic("room", wsx.WithPresence())
		defer room.OnPresence(func(wsx.PresenceEvent) {})()
		newSite(t, nodes[1].New(wsx.Push(nodes[1].NewTopic("room", wsx.WithPresence())))).dial()
		if got := presentOn(nodes[0], "room"); len(got) != 1 {
			t.Errorf("present: %v, want one", got)
		}
		buses[1].away.Store(true)
		again := wsx.NewServer(wsx.WithBus(buses[0].Bus), wsx.NodeName("b"))
		defer shut(t, again)
		again.NewTopic("room", wsx.WithPresence())
		if got := presentOn(nodes[0], "room"); len(got) != 0 {
			t.Errorf("present: %v, want nobody", got)
		}
	})
}

// However often others ask who is there, a node lists it once in a while.
func TestPresenceIsAskedOften(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		bus := wsx.MemoryBus()
		srv := wsx.NewServer(wsx.WithBus(bus), wsx.NodeName("a"))
		topic := srv.NewTopic("t", wsx.WithPresence())
		newSite(t, srv.New(wsx.Push(topic))).dial()
		synctest.Wait()
		address, lists := wsx.Address{Topic: "_presence.t"}, 0
		stop, err := bus.Subscribe(address, func(m *wsx.BusMessage) {
			if m.Node == "a" {
				lists++
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []int{1, 2, 3} {
			for range 1000 {
				if err := bus.Publish(t.Context(), &wsx.BusMessage{To: address, Node: "b", Data: []byte(`{"type":"ask"}`)}); err != nil {
					t.Fatal(err)
				}
			}
			time.Sleep(time.Second)
			synctest.Wait()
			if lists != want {
				t.Errorf("%d lists, want %d", lists, want)
			}
		}
		stop()
		shut(t, srv)
	})
}
