package wsx

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
	"unicode/utf8"
)

// nodes is what a server has to do with the others on its bus: it tells them that it is
// there, keeps a list of them, and takes what they send to it and to its connections.
type nodes struct {
	server *Server
	bus    Bus
	out    announcer
	survey survey
	stops  []func() // end the subscriptions

	mu        sync.Mutex
	known     map[string]sighting    // the other nodes
	interests map[*interest]struct{} // that have a subscription
	timer     *time.Timer
	hasLeft   bool

	notAlone chan struct{} // closed when another node was heard of
	meeting  sync.Once
}

// sighting is what a node knows of another.
type sighting struct {
	heard time.Time // last
	since time.Time // when it has come, by its own clock
}

const (
	// nodesTopic is where nodes say that they come, are there, and go.
	nodesTopic = "_nodes"
	// refreshTime is how often a node says again what it has said, and expiryTime for
	// how long others believe it.
	refreshTime = 25 * time.Second
	expiryTime  = 60 * time.Second
	// meetingTime is how long a new node waits for others to answer where it must know
	// who they are.
	meetingTime = 200 * time.Millisecond
	// maxNodes is how many nodes one keeps a list of, and maxNodeName how many bytes the
	// name of one may have.
	maxNodes    = 4096
	maxNodeName = 255
)

// nodeMessage is what nodes say to each other, as JSON.
type nodeMessage struct {
	Type nodeVerb `json:"type"`
	// Since is when the node has come.
	Since time.Time `json:"since,omitzero"`
	// First and FirstSince are the node that has come before all others: who is new may
	// not have heard of it.
	First      string    `json:"first,omitempty"`
	FirstSince time.Time `json:"firstSince,omitzero"`
	// Survey is a question to all, or an answer.
	Survey *surveyPart `json:"survey,omitempty"`
}

// nodeVerb says what a nodeMessage is for.
type nodeVerb string

const (
	nodeComes  nodeVerb = "comes" // the others are to say that they are there
	nodeHere   nodeVerb = "here"
	nodeGoes   nodeVerb = "goes"
	nodeAsks   nodeVerb = "asks" // for a surveyPart of each
	nodeAnswer nodeVerb = "answer"
)

// joinNodes makes a server one of the nodes on its bus. It panics when that was closed.
func joinNodes(s *Server) *nodes {
	switch {
	case len(s.node) > maxNodeName:
		panic(fmt.Sprintf("wsx: the name of a node has %d bytes; %d are possible", len(s.node), maxNodeName))
	case !utf8.ValidString(s.node):
		panic(fmt.Sprintf("wsx: the name of a node, %q, is not UTF-8", s.node))
	}
	n := &nodes{server: s, bus: s.bus, known: map[string]sighting{}, interests: map[*interest]struct{}{}, notAlone: make(chan struct{})}
	n.out.send = func(m *BusMessage) { _ = n.bus.Publish(context.Background(), m) } // said again, or not needed any more
	n.listen(Address{Topic: nodesTopic}, n.heard)
	n.listen(Address{Node: s.node}, n.received)
	n.say(Address{Topic: nodesTopic}, nodeMessage{Type: nodeComes, Since: s.started})
	n.mu.Lock()
	defer n.mu.Unlock()
	n.timer = time.AfterFunc(refreshTime, n.refresh)
	return n
}

// isNodeName reports whether a node may have a name. Who says that it has another one is
// not believed: the names that are kept, and those that the bus is given, come from there.
func isNodeName(name string) bool {
	return name != "" && len(name) <= maxNodeName && utf8.ValidString(name)
}

// listen calls receive with what other nodes publish.
func (n *nodes) listen(to Address, receive func(*BusMessage)) {
	stop, err := n.bus.Subscribe(to, func(m *BusMessage) {
		if m.Node != n.server.node && isNodeName(m.Node) {
			receive(m)
		}
	})
	if err != nil {
		panic(fmt.Sprintf("wsx: NewServer: the bus cannot be subscribed to: %v", err))
	}
	n.stops = append(n.stops, stop)
}

// say sends a message to other nodes. It waits for nothing.
func (n *nodes) say(to Address, m nodeMessage) {
	if data, err := json.Marshal(m); err == nil {
		n.post(to, data)
	}
}

func (n *nodes) post(to Address, data []byte) {
	n.out.put(&BusMessage{To: to, Node: n.server.node, Kind: Text, Data: data})
}

// received takes what was sent to this node, or to one of its connections.
func (n *nodes) received(m *BusMessage) {
	switch {
	case m.To.Topic != "":
		n.forward(m)
	case m.To.Conn != 0:
		n.server.hearConn(m)
	default:
		n.heard(m)
	}
}

// heard takes what a node says to this one, or to all.
func (n *nodes) heard(from *BusMessage) {
	var m nodeMessage
	if json.Unmarshal(from.Data, &m) != nil {
		return
	}
	switch m.Type {
	case nodeComes:
		n.see(from.Node, m.Since)
		n.greet(from.Node)
	case nodeHere:
		n.see(m.First, m.FirstSince)
		n.see(from.Node, m.Since)
		n.meeting.Do(func() { close(n.notAlone) })
	case nodeGoes:
		n.forget(from.Node)
	case nodeAsks:
		n.answer(from.Node, m.Survey)
	case nodeAnswer:
		n.survey.take(from.Node, m.Survey)
	}
}

// greet tells a new node who is there.
func (n *nodes) greet(node string) {
	m := nodeMessage{Type: nodeHere, Since: n.server.started}
	if first := n.first(); first != n.server.node && first != node {
		n.mu.Lock()
		m.First, m.FirstSince = first, n.known[first].since
		n.mu.Unlock()
	}
	n.say(Address{Node: node}, m)
}

// meet waits until the node knows of others, if it has only just come.
func (n *nodes) meet() {
	timer := time.NewTimer(meetingTime - time.Since(n.server.started))
	defer timer.Stop()
	select {
	case <-n.notAlone:
	case <-timer.C:
	}
}

// see notes that a node is there.
func (n *nodes) see(node string, since time.Time) {
	if node == n.server.node || !isNodeName(node) {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	seen, isKnown := n.known[node]
	if !isKnown && len(n.known) >= maxNodes {
		return
	}
	if seen.heard = time.Now(); !since.IsZero() {
		seen.since = since
	}
	n.known[node] = seen
}

// first returns the node that has come before all others that are there. Nodes agree on
// it, but for moments when one comes or goes.
func (n *nodes) first() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	first, since := n.server.node, n.server.started
	for node, seen := range n.known {
		if seen.since.IsZero() {
			continue // it has not said it
		}
		if order := seen.since.Compare(since); order < 0 || order == 0 && node < first {
			first, since = node, seen.since
		}
	}
	return first
}

func (n *nodes) forget(node string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.known, node)
}

// others returns the names of the other nodes.
func (n *nodes) others() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.expire()
	return slices.Collect(maps.Keys(n.known))
}

func (n *nodes) expire() {
	maps.DeleteFunc(n.known, func(_ string, seen sighting) bool { return time.Since(seen.heard) >= expiryTime })
}

// refresh says again that this node is there.
func (n *nodes) refresh() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.hasLeft {
		return
	}
	n.expire()
	n.timer.Reset(refreshTime)
	n.say(Address{Topic: nodesTopic}, nodeMessage{Type: nodeHere, Since: n.server.started})
}

func (n *nodes) add(i *interest) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.interests[i] = struct{}{}
}

func (n *nodes) remove(i *interest) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.interests, i)
}

// leave ends what the node has to do with the others, and waits until the bus has what was
// published. Topics can still be published to.
func (n *nodes) leave(ctx context.Context) error {
	n.mu.Lock()
	isFirst := !n.hasLeft
	n.hasLeft = true
	n.timer.Stop()
	interests := slices.Collect(maps.Keys(n.interests))
	n.mu.Unlock()
	if isFirst {
		for _, i := range interests {
			i.end()
		}
		for _, stop := range n.stops {
			stop()
		}
		n.say(Address{Topic: nodesTopic}, nodeMessage{Type: nodeGoes})
	}
	if err := n.out.await(ctx); err != nil {
		return err
	}
	return n.bus.Flush(ctx)
}
