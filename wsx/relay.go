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
	looks int // for it, since then
}

const (
	// relayTime is for how long a node may publish nothing of what it was given before
	// another one does it.
	relayTime = 2 * time.Second
	// relayLooks is how often this node looks for it meanwhile. One that was itself stopped
	// for a while, as on a machine that is moved, has then time to hear what has come.
	relayLooks = 4
)

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
		r.node, r.since, r.looks = node, time.Now(), 0
		r.doubt = time.AfterFunc(relayTime/relayLooks, r.look)
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

// look is what the timer does. After the last look it takes the node for lost, until that says
// that it is there.
func (r *relay) look() {
	r.mu.Lock()
	isDue := r.doubt != nil && time.Since(r.since) >= time.Duration(r.looks+1)*(relayTime/relayLooks)
	isLate := isDue && r.looks+1 == relayLooks
	switch {
	case isLate:
		r.doubt = nil
	case isDue:
		r.looks++
		r.doubt.Reset(relayTime / relayLooks)
	}
	node := r.node
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
