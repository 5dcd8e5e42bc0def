package natsbus_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/telestruct/telestruct/tp/mirror"
	"github.com/telestruct/telestruct/wsx"
	"github.com/telestruct/telestruct/wsx/natsbus"
)

// The models that all nodes share: fields, and records below fields.
const (
	flatModel = 1<<40 + iota
	deepModel
)

// mirrorNode is a node whose clients mirror shared models over WebSockets.
type mirrorNode struct {
	t       *testing.T
	name    string
	bus     *natsbus.Bus
	hub     *mirror.Hub
	relay   *mirror.Relay
	server  *wsx.Server
	http    *httptest.Server
	clients []*wsx.MirrorClient
	kill    func()
}

// newHub shares the models of a node, which the tenant "team" may write.
func newHub() (*mirror.Hub, error) {
	hub := mirror.NewHub(nil)
	empty := mirror.Map(map[string]mirror.Value{"rooms": mirror.Map(nil)})
	for id, strategy := range map[uint64]mirror.Strategy{flatModel: mirror.LwwMapCrdt(), deepModel: mirror.DeepLwwCrdt()} {
		if _, err := hub.Share(mirror.Shared{ID: id, Type: "Doc", Value: empty}, &mirror.SharedOptions{Merge: strategy}); err != nil {
			return nil, err
		}
		if err := hub.Subscribe("team", id, mirror.Write); err != nil {
			return nil, err
		}
	}
	return hub, nil
}

// startMirror starts a node on NATS, with two clients.
func startMirror(t *testing.T, c *cluster, name string, alone bool) *mirrorNode {
	t.Helper()
	n := &mirrorNode{t: t, name: name, bus: c.join(), server: wsx.NewServer()}
	var err error
	if n.hub, err = newHub(); err != nil {
		t.Fatal(err)
	}
	o := &mirror.RelayOptions{Node: name, RetryAfter: 100 * time.Millisecond, JoinTimeout: patience}
	if alone {
		o.JoinTimeout = time.Nanosecond
	}
	if n.relay, err = mirror.NewRelay(n.hub, wsx.Backplane(n.bus, "docs"), o); err == nil {
		err = n.relay.Start(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	n.http = httptest.NewServer(n.server.Mirror(n.hub, wsx.MirrorTenant(func(*http.Request) (string, error) { return "team", nil }), wsx.FlushEvery(time.Millisecond)))
	n.kill = sync.OnceFunc(n.stop)
	t.Cleanup(n.kill)
	for range 2 {
		n.connect()
	}
	return n
}

// connect adds a client that has both models.
func (n *mirrorNode) connect() {
	n.t.Helper()
	client, err := wsx.DialMirror(n.t.Context(), "ws"+strings.TrimPrefix(n.http.URL, "http"), nil, nil)
	if err == nil {
		err = client.Await(n.t.Context(), flatModel, deepModel)
	}
	if err != nil {
		n.t.Fatal(err)
	}
	n.clients = append(n.clients, client)
}

// stop ends the node at once.
func (n *mirrorNode) stop() {
	n.relay.Stop()
	n.bus.Close()
	for _, c := range n.clients {
		_ = c.Close()
	}
	_ = n.server.Shutdown(context.Background())
	n.http.Close()
}

// edit has a client propose changes, the same ones on every node but for the values.
func (n *mirrorNode) edit(client, rounds int, label string) {
	c := n.clients[client]
	for i := range rounds {
		field := mirror.Str(fmt.Sprint(n.name, client, label, i))
		key := mirror.Key(fmt.Sprint("k", i%5))
		for id, path := range map[uint64]mirror.Path{flatModel: {key}, deepModel: {mirror.Key("rooms"), key}} {
			frame, err := c.Client().Propose(id, mirror.Set(path, field))
			if err == nil {
				err = c.Send(frame)
			}
			if err != nil {
				n.t.Error(err)
			}
		}
	}
}

// set has the program of the node write text.
func (n *mirrorNode) set(id uint64, path mirror.Path, text string) {
	err := n.hub.UpdateShared(id, func(v mirror.Value) (mirror.Value, error) {
		return mirror.Apply(v, []mirror.Op{mirror.Set(path, mirror.Str(text))})
	})
	if err != nil {
		n.t.Error(err)
	}
}

// write has all clients of all nodes, and the programs of the nodes, change models at the same
// time.
func write(nodes []*mirrorNode, rounds int, label string) {
	var all sync.WaitGroup
	for _, n := range nodes {
		for i := range n.clients {
			all.Go(func() { n.edit(i, rounds, label) })
		}
		all.Go(func() {
			for i := range rounds {
				n.set(flatModel, mirror.Path{mirror.Key("host")}, fmt.Sprint(n.name, label, i))
			}
		})
	}
	all.Wait()
}

// settle waits until all nodes and clients have the same models, and the given marks of the
// last writes of each node are among them.
func settle(t *testing.T, nodes []*mirrorNode, mark string) {
	t.Helper()
	for _, n := range nodes {
		for id, path := range map[uint64]mirror.Path{flatModel: {mirror.Key(n.name)}, deepModel: {mirror.Key("rooms"), mirror.Key(n.name)}} {
			n.set(id, path, mark)
		}
	}
	fault := ""
	defer func() {
		if fault != "" {
			t.Log(fault)
		}
	}()
	await(t, "equality after "+mark, func() bool {
		fault = differ(nodes, mark)
		return fault == ""
	})
}

// differ says who has something else than the first node, or lacks a mark.
func differ(nodes []*mirrorNode, mark string) string {
	for _, id := range []uint64{flatModel, deepModel} {
		want, _ := nodes[0].hub.Shared(id)
		for _, n := range nodes {
			at := want.Value
			if id == deepModel {
				at, _ = at.Get("rooms")
			}
			if got, _ := at.Get(n.name); !got.Equal(mirror.Str(mark)) {
				return "the mark of " + n.name
			}
			if got, _ := n.hub.Shared(id); !got.Value.Equal(want.Value) {
				return fmt.Sprint("node ", n.name, ": ", got.Value, ", not ", want.Value)
			}
			for i, c := range n.clients {
				if got, _ := c.Client().Snapshot(id); !got.Value.Equal(want.Value) {
					return fmt.Sprint("client ", i, " of ", n.name)
				}
			}
		}
	}
	return ""
}

// All nodes and clients have the same in the end: after writes on all nodes at the same time,
// after a node came late, after NATS was away and was written to meanwhile, and after a node
// was killed.
func TestMirrorNodes(t *testing.T) {
	t.Parallel()
	const rounds = 40
	c := newCluster(t, 0)
	nodes := []*mirrorNode{startMirror(t, c, "a", true), startMirror(t, c, "b", false)}
	write(nodes, rounds, "two")
	settle(t, nodes, "two nodes")

	var writing sync.WaitGroup
	writing.Go(func() { write(nodes[:2:2], rounds, "late") })
	late := startMirror(t, c, "c", false)
	writing.Wait()
	nodes = append(nodes, late)
	settle(t, nodes, "a late node")

	c.stop()
	for _, n := range nodes {
		await(t, "the loss of the server", func() bool { return n.bus.Flush(t.Context()) != nil })
	}
	write(nodes, rounds, "away")
	c.start()
	write(nodes, rounds, "back")
	settle(t, nodes, "a restart")

	writing.Go(func() { write(nodes[:2:2], rounds, "killing") })
	nodes[2].kill()
	writing.Wait()
	settle(t, nodes[:2], "a node was killed")
}

// Of three nodes the one with the smallest name leads, then the next one.
func TestMirrorElection(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 0)
	o := &mirror.ElectionOptions{Interval: 20 * time.Millisecond, Timeout: 500 * time.Millisecond}
	var leads [3]atomic.Bool
	var stops [3]context.CancelFunc
	var running sync.WaitGroup
	for i := range leads {
		ctx, cancel := context.WithCancel(t.Context())
		stops[i] = cancel
		b := wsx.Backplane(c.join(), "leader")
		running.Go(func() {
			err := mirror.NewElection(fmt.Sprint("node-", i), o).Run(ctx, b, func(ctx context.Context) {
				leads[i].Store(true)
				<-ctx.Done()
				leads[i].Store(false)
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	leader := func(want int) func() bool {
		return func() bool {
			for i := range leads {
				if leads[i].Load() != (i == want) {
					return false
				}
			}
			return true
		}
	}
	for i := range leads {
		await(t, fmt.Sprint("node-", i, " alone"), leader(i))
		stops[i]()
	}
	running.Wait()
}
