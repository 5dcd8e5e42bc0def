package wsx

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
)

// nodes is what a server has to do with the others on its bus: it tells them that it is
// there, keeps a list of them, and takes what they send to it and to its connections.
type nodes struct {
	server *Server
	bus    Bus
	stops  []func() // end the subscriptions

	mu      sync.Mutex
	known   map[string]time.Time   // the other nodes, and when they were last heard of
	topics  map[*topicBus]struct{} // that listen to the bus
	timer   *time.Timer
	stopped bool
}

const (
	// nodesTopic is where nodes say that they come, are there, and go.
	nodesTopic = "_nodes"
	// refreshTime is how often a node says again what it has said, and expiryTime for
	// how long others believe it.
	refreshTime = 25 * time.Second
	expiryTime  = 60 * time.Second
	// maxNodes is how many nodes one keeps a list of.
	maxNodes = 4096
)

// nodeMessage is what nodes say to each other, as JSON.
type nodeMessage struct {
	Type nodeVerb `json:"type"`
}

// nodeVerb says what a nodeMessage is for.
type nodeVerb string

const (
	nodeComes  nodeVerb = "comes" // the others say that they are there
	nodeIsHere nodeVerb = "here"
	nodeGoes   nodeVerb = "goes"
)

// joinNodes makes a server one of the nodes on its bus. It panics when that was closed.
func joinNodes(s *Server) *nodes {
	n := &nodes{server: s, bus: s.bus, known: map[string]time.Time{}, topics: map[*topicBus]struct{}{}}
	n.listen(Address{Topic: nodesTopic}, n.heard)
	n.listen(Address{Node: s.node}, n.received)
	n.say(context.Background(), Address{Topic: nodesTopic}, nodeMessage{Type: nodeComes})
	n.mu.Lock()
	defer n.mu.Unlock()
	n.timer = time.AfterFunc(refreshTime, n.refresh)
	return n
}

func (n *nodes) listen(to Address, receive func(*BusMessage)) {
	stop, err := n.bus.Subscribe(to, func(m *BusMessage) {
		if m.Node != n.server.node {
			receive(m)
		}
	})
	if err != nil {
		panic(fmt.Sprintf("wsx: NewServer: the bus cannot be subscribed to: %v", err))
	}
	n.stops = append(n.stops, stop)
}

// say sends a message to other nodes. That some do not hear it does no harm: it is said
// again, or not needed any more.
func (n *nodes) say(ctx context.Context, to Address, m nodeMessage) {
	data, err := json.Marshal(m)
	if err == nil {
		_ = n.bus.Publish(ctx, &BusMessage{To: to, Node: n.server.node, Kind: Text, Data: data})
	}
}

// heard takes what a node says to all.
func (n *nodes) heard(from *BusMessage) {
	var m nodeMessage
	if json.Unmarshal(from.Data, &m) != nil {
		return
	}
	switch m.Type {
	case nodeComes:
		n.see(from.Node)
		n.say(context.Background(), Address{Node: from.Node}, nodeMessage{Type: nodeIsHere})
	case nodeIsHere:
		n.see(from.Node)
	case nodeGoes:
		n.forget(from.Node)
	}
}

// received takes what was sent to this node, or to one of its connections.
func (n *nodes) received(m *BusMessage) {
	if m.To.Conn != 0 {
		return
	}
	n.heard(m)
}

// see notes that a node is there.
func (n *nodes) see(node string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if _, isKnown := n.known[node]; isKnown || len(n.known) < maxNodes {
		n.known[node] = time.Now()
	}
}

func (n *nodes) forget(node string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.known, node)
}

// others returns the names of the other nodes, in order.
func (n *nodes) others() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	maps.DeleteFunc(n.known, func(_ string, heard time.Time) bool { return time.Since(heard) > expiryTime })
	return slices.Sorted(maps.Keys(n.known))
}

// refresh says again that this node is there.
func (n *nodes) refresh() {
	n.mu.Lock()
	stopped := n.stopped
	if !stopped {
		n.timer.Reset(refreshTime)
	}
	n.mu.Unlock()
	if stopped {
		return
	}
	n.say(context.Background(), Address{Topic: nodesTopic}, nodeMessage{Type: nodeIsHere})
}

func (n *nodes) add(b *topicBus) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.topics[b] = struct{}{}
}

func (n *nodes) remove(b *topicBus) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.topics, b)
}

// leave ends what the node has to do with the others, and waits until the bus has what was
// published.
func (n *nodes) leave(ctx context.Context) error {
	n.mu.Lock()
	topics := slices.Collect(maps.Keys(n.topics))
	first := !n.stopped
	n.stopped = true
	n.timer.Stop()
	n.mu.Unlock()
	if first {
		for _, b := range topics {
			b.end()
		}
		n.say(ctx, Address{Topic: nodesTopic}, nodeMessage{Type: nodeGoes})
		for _, stop := range n.stops {
			stop()
		}
	}
	return n.bus.Flush(ctx)
}
