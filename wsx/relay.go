package wsx

import (
	"context"
	"strings"
	"sync"
	"time"
)

// relay gives the messages of a topic with [OneOrder] their order: one node publishes
// those of all. A bus alone has no order for what several nodes publish at the same moment.
type relay struct {
	nodes *nodes

	mu    sync.Mutex
	doubt *time.Timer // nil while nothing is waited for
	node  string      // that has been given a message, and has not published any since
	since time.Time
}

// relayTime is for how long a node may publish nothing of what it was given before
// another one does it.
const relayTime = 2 * time.Second

// publish has a message published by the node whose turn it is.
func (r *relay) publish(ctx context.Context, m *BusMessage) error {
	first := r.nodes.first()
	if first == m.Node {
		return r.nodes.bus.Publish(ctx, m)
	}
	m.To.Node = first
	if err := r.nodes.bus.Publish(ctx, m); err != nil {
		return err
	}
	r.expect(first)
	return nil
}

// expect waits for a node to publish something.
func (r *relay) expect(node string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.doubt == nil {
		r.node, r.since = node, time.Now()
		r.doubt = time.AfterFunc(relayTime, r.giveUp)
	}
}

// heard notes that a node has published something.
func (r *relay) heard(node string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.doubt != nil && r.node == node {
		r.doubt.Stop()
		r.doubt = nil
	}
}

// giveUp takes the node for lost, until it says that it is there.
func (r *relay) giveUp() {
	r.mu.Lock()
	node, isLate := r.node, r.doubt != nil && time.Since(r.since) >= relayTime
	if isLate {
		r.doubt = nil
	}
	r.mu.Unlock()
	if isLate {
		r.nodes.forget(node)
	}
}

// forward publishes what another node has given this one.
func (n *nodes) forward(m *BusMessage) {
	if strings.HasPrefix(m.To.Topic, reservedPrefix) {
		return
	}
	turn := &BusMessage{To: Address{Topic: m.To.Topic}, Node: n.server.node, Kind: m.Kind, From: m.From, Data: m.Data}
	_ = n.bus.Publish(context.Background(), turn) // who has given it sees that it does not come
}
