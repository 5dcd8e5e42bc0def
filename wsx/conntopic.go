package wsx

import (
	"context"
	"errors"
)

// Out returns the output of a connection of any node: what is published there goes to its
// client. Publishing fails with [ErrGone] when a connection of this node has ended, where
// there is no bus to another one, and for what is no name of a node; whether a connection
// of another node has ended is not known here, so that what is published for it is lost without an error. Only on its
// own node can an output or input be subscribed to.
func (s *Server) Out(id ID) *Topic {
	return s.connTopic(id, outPrefix, false, (*Remote).Out)
}

// In returns the input of a connection of any node: what is published there reaches its
// actor, as a text or bytes of its client. See [Server.Out] for what is known of the
// connections of other nodes.
func (s *Server) In(id ID) *Topic {
	return s.connTopic(id, inPrefix, true, (*Remote).In)
}

// connTopic returns what own does for a connection of this node, or what stands for it.
func (s *Server) connTopic(id ID, prefix string, input bool, own func(*Remote) *Topic) *Topic {
	t := &Topic{name: prefix + id.String(), server: s}
	switch r, err := s.Remote(id.Number); {
	case id.Node == s.node && err == nil:
		return own(r)
	case id.Node == s.node || s.nodes == nil || !isNodeName(id.Node):
		t.gone = true
	default:
		t.bridge = &connBus{topic: t, bus: s.nodes.bus, address: Address{Node: id.Node, Conn: id.Number, Input: input}}
	}
	return t
}

// connBus is the way to a connection of another node.
type connBus struct {
	topic   *Topic
	bus     Bus
	address Address
}

var errElsewhere = errors.New("wsx: the output and input of a connection can be subscribed to on its own node only")

func (b *connBus) publish(ctx context.Context, d *delivery) error {
	if err := checkSize(b.bus, b.topic, d); err != nil {
		return err
	}
	return b.bus.Publish(ctx, b.topic.server.newBusMessage(b.address, d))
}

func (b *connBus) hold() error { return errElsewhere }
func (b *connBus) release()    {}
func (b *connBus) begin()      {}

// hearConn takes what another node has published for a connection of this one.
func (s *Server) hearConn(m *BusMessage) {
	r, err := s.Remote(m.To.Conn)
	if err != nil {
		return // it has just ended
	}
	t := r.Out()
	if m.To.Input {
		t = r.In()
	}
	if d := m.delivery(t.name); d != nil {
		_ = t.spread(d)
	}
}
