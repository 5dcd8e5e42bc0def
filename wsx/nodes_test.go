package wsx_test

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/wsx"
)

// asked returns who answers a question to all nodes, and who does not.
func asked(t *testing.T, srv *wsx.Server) (nodes, missing []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	info, err := srv.Cluster(ctx)
	if err != nil {
		t.Error(err)
	}
	for _, n := range info.Nodes {
		nodes = append(nodes, n.Server.Node)
	}
	return nodes, info.Missing
}

func TestNodesComeAndGo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		nodes, buses := newNodes(t, 3)
		want := func(wantNodes, wantMissing []string) {
			t.Helper()
			synctest.Wait()
			got, missing := asked(t, nodes[0])
			if diff := cmp.Diff(wantNodes, got); diff != "" {
				t.Errorf("nodes (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(wantMissing, missing); diff != "" {
				t.Errorf("missing (-want +got):\n%s", diff)
			}
		}
		want([]string{"a", "b", "c"}, nil)
		time.Sleep(10 * time.Minute) // all go on to say that they are there
		start := time.Now()
		want([]string{"a", "b", "c"}, nil)
		if took := time.Since(start); took != 0 {
			t.Errorf("waited %v although all have answered", took)
		}
		shut(t, nodes[2]) // says that it goes
		want([]string{"a", "b"}, nil)
		buses[1].away.Store(true) // does not
		want([]string{"a"}, []string{"b"})
		time.Sleep(time.Minute)
		want([]string{"a"}, nil)
		buses[1].away.Store(false)
		time.Sleep(25 * time.Second)
		want([]string{"a", "b"}, nil)
	})
}

func TestCluster(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		nodes, buses := newNodes(t, 2)
		s := newSite(t, nodes[1].New(wsx.Room(nodes[1].NewTopic("chat"))))
		s.dial("Origin: http://example.com")
		synctest.Wait()
		info, err := nodes[0].Cluster(t.Context())
		if err != nil || len(info.Nodes) != 2 {
			t.Fatalf("info = %+v, %v", info, err)
		}
		want := wsx.NodeInfo{Server: nodes[1].Info(), Endpoints: nodes[1].Endpoints(), Clients: nodes[1].Clients("")}
		if diff := cmp.Diff(want, info.Nodes[1], cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); diff != "" {
			t.Errorf("node b (-want +got):\n%s", diff)
		}
		buses[0].away.Store(true)
		info, err = nodes[0].Cluster(t.Context())
		if !errors.Is(err, wsx.ErrBusUnavailable) || len(info.Nodes) != 1 || len(info.Missing) != 1 {
			t.Errorf("without the bus: %+v, %v", info, err)
		}
		alone, err := wsx.NewServer(wsx.NodeName("alone")).Cluster(t.Context())
		if err != nil || len(alone.Nodes) != 1 || alone.Nodes[0].Server.Node != "alone" {
			t.Errorf("alone: %+v, %v", alone, err)
		}
	})
}

// The answer of a node with many connections comes in parts, and lists the oldest.
func TestClusterOfManyClients(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		nodes, buses := newNodes(t, 2)
		buses[1].max = 8 << 10
		s := newSite(t, nodes[1].New(wsx.Push(nodes[1].NewTopic("news"))))
		for range 1003 {
			s.dial()
		}
		synctest.Wait()
		info, err := nodes[0].Cluster(t.Context())
		if err != nil || len(info.Nodes) != 2 {
			t.Fatalf("%d nodes, missing %v, %v", len(info.Nodes), info.Missing, err)
		}
		b := info.Nodes[1]
		if len(b.Clients) != 1000 || b.More != 3 || b.Clients[0].ID.Number != 1 || b.Clients[999].ID.Number != 1000 {
			t.Errorf("%d clients and %d more", len(b.Clients), b.More)
		}
	})
}

func TestNewServerPanics(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		node string
		bus  wsx.Bus
		want string
	}{
		{"long name", strings.Repeat("n", 256), wsx.MemoryBus(), "wsx: the name of a node has 256 bytes; 255 are possible"},
		{"no UTF-8", "\xff", wsx.MemoryBus(), `wsx: the name of a node, "\xff", is not UTF-8`},
		{"closed bus", "n", closedBus{}, "wsx: NewServer: the bus cannot be subscribed to: closed"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if got := recover(); got != tc.want {
					t.Errorf("panic = %v, want %s", got, tc.want)
				}
			}()
			wsx.NewServer(wsx.WithBus(tc.bus), wsx.NodeName(tc.node))
		})
	}
}

type closedBus struct{ wsx.Bus }

func (closedBus) Subscribe(wsx.Address, func(*wsx.BusMessage)) (func(), error) {
	return nil, errors.New("closed")
}

// A node that says what makes no sense does no harm.
func FuzzNodeMessages(f *testing.F) {
	for _, seed := range []string{
		`{"type":"comes"}`, `{"type":"goes"}`, `{"type":"asks"}`, `{"type":"asks","survey":{"id":"x"}}`,
		`{"type":"answer","survey":{"id":"x","part":-1,"info":{}}}`, `{"type":"answer","survey":null}`,
		`{"type":"ask"}`, `{"type":"here","who":[{"number":1,"label":"x","since":"2026-01-02T03:04:05Z"}]}`,
		`{"type":"left","who":[{}]}`, `[]`, `{`,
	} {
		f.Add(seed, "x", uint64(0), false)
	}
	f.Add("", "", uint64(1), true)
	srv := wsx.NewServer(wsx.WithBus(&testBus{Bus: wsx.MemoryBus(), subscriptions: map[wsx.Address]int{}}), wsx.NodeName("a"))
	f.Cleanup(func() { shut(f, srv) })
	bus := &recordingBus{}
	victim := wsx.NewServer(wsx.WithBus(bus), wsx.NodeName("v"))
	topic := victim.NewTopic("t", wsx.WithPresence(), wsx.History(1, 0))
	f.Cleanup(func() { shut(f, victim) })
	f.Fuzz(func(t *testing.T, data, node string, conn uint64, input bool) {
		for _, receive := range bus.receivers {
			receive(&wsx.BusMessage{Node: node, Data: []byte(data), To: wsx.Address{Node: "v", Conn: conn, Input: input}})
		}
		for _, p := range topic.Present() {
			if p.ID.Node != node && node != "v" && p.ID.Node == "v" {
				t.Errorf("%v is present", p.ID)
			}
		}
	})
}

// TestForeignNames: nodes that say that they are called what none can be, and what they say
// of others, are not kept.
func TestForeignNames(t *testing.T) {
	t.Parallel()
	bus := &recordingBus{}
	srv := wsx.NewServer(wsx.WithBus(bus), wsx.NodeName("n"))
	t.Cleanup(func() { shut(t, srv) })
	topic := srv.NewTopic("t", wsx.WithPresence(), wsx.History(9, 0))
	for _, name := range []string{"", strings.Repeat("n", 256), "\xff"} {
		for _, receive := range bus.receivers {
			for _, data := range []string{`{"type":"comes"}`, `{"type":"here","who":[{"number":1}]}`, `{"type":"here","first":"` + name + `"}`} {
				receive(&wsx.BusMessage{Node: name, Data: []byte(data)})
			}
		}
	}
	for _, receive := range bus.receivers {
		receive(&wsx.BusMessage{Node: "m", From: wsx.ID{Node: strings.Repeat("n", 256)}, Data: []byte("{}")})
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	info, err := srv.Cluster(ctx)
	if err != nil || len(info.Missing) > 0 {
		t.Errorf("missing %q, %v", info.Missing, err)
	}
	if who := topic.Present(); len(who) > 0 {
		t.Errorf("present: %v", who)
	}
	kept, err := topic.Since(wsx.Position{})
	if err != nil || slices.ContainsFunc(kept, func(m wsx.Message) bool { return m.From.Node != "" }) {
		t.Errorf("kept: %v, %v", kept, err)
	}
}

// TestForeignAnswers: a node answers for itself, and not with more than there can be.
func TestForeignAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		bus := wsx.MemoryBus()
		srv := wsx.NewServer(wsx.WithBus(bus), wsx.NodeName("a"))
		defer shut(t, srv)
		stop, err := bus.Subscribe(wsx.Address{Topic: "_nodes"}, func(m *wsx.BusMessage) {
			_, id, _ := strings.Cut(string(m.Data), `"survey":{"id":"`)
			if id, _, ok := strings.Cut(id, `"`); ok {
				for node, clients := range map[string]int{"many": 1001, "liar": 1} {
					data := `{"type":"answer","survey":{"id":"` + id + `","last":true,"info":{"server":{"node":"a"},"clients":[` +
						strings.Repeat("{},", clients-1) + `{}]}}}`
					_ = bus.Publish(context.Background(), &wsx.BusMessage{To: wsx.Address{Node: "a"}, Node: node, Data: []byte(data)})
				}
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		defer stop()
		for _, node := range []string{"liar", "silent"} { // who is waited for
			if err := bus.Publish(t.Context(), &wsx.BusMessage{To: wsx.Address{Node: "a"}, Node: node, Data: []byte(`{"type":"here"}`)}); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		defer cancel()
		info, err := srv.Cluster(ctx)
		if err != nil || len(info.Nodes) != 2 || info.Nodes[0].Server.Node != "a" || info.Nodes[1].Server.Node != "liar" {
			t.Errorf("%d nodes, %v", len(info.Nodes), err)
		}
	})
}

// recordingBus keeps who subscribes, and takes everything.
type recordingBus struct{ receivers []func(*wsx.BusMessage) }

func (b *recordingBus) Publish(context.Context, *wsx.BusMessage) error { return nil }
func (b *recordingBus) Subscribe(_ wsx.Address, receive func(*wsx.BusMessage)) (func(), error) {
	b.receivers = append(b.receivers, receive)
	return func() {}, nil
}
func (b *recordingBus) MaxSize() int                { return 0 }
func (b *recordingBus) Flush(context.Context) error { return nil }
