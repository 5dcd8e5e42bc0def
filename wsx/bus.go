package wsx

import (
	"context"
	"errors"
	"unicode/utf8"
)

// Bus carries messages between nodes: package natsbus has one for NATS, and [MemoryBus]
// joins servers of one program. It delivers at most once, and keeps the order of what one
// node publishes to one address. Its methods are safe for concurrent use.
//
// The program that makes a bus ends it as well, after [Server.Shutdown].
type Bus interface {
	// Publish sends a message, and does not wait for it to arrive. It fails with
	// [ErrBusUnavailable] when it cannot be sent now, and with [ErrTooLarge] when it
	// never can. Nobody changes the message any more, so the bus may keep it.
	Publish(ctx context.Context, m *BusMessage) error
	// Subscribe calls receive with the messages for an address, one after the other,
	// until stop is called; one call may still be under way then. Those of an Address
	// with a Node alone are for the node and all that has an Address with it. When Subscribe
	// returns, what any node publishes from then on arrives, unless the bus is away:
	// subscriptions outlive that. What the node has published itself arrives as well.
	// Receive is quick, changes nothing of the message and may keep it; Publish
	// itself does not call it.
	Subscribe(of Address, receive func(m *BusMessage)) (stop func(), err error)
	// MaxSize returns how many bytes the Data of a message may have; 0 stands for any
	// number.
	MaxSize() int
	// Flush waits until the bus has what was published before. It fails when it is not
	// there, and when ctx is over.
	Flush(ctx context.Context) error
}

// BusMessage is a message on a [Bus].
type BusMessage struct {
	// To says for whom it is.
	To Address
	// Node is the node that has published it.
	Node string
	// Kind says whether Data is text or bytes.
	Kind Kind
	// From is the connection that has sent it first; see [Message].
	From ID
	// Data is what it says.
	Data []byte
}

// Address says to whom a message on a [Bus] goes: to a topic, to a node, or to one of its
// connections. With both a Topic and a Node, the node is to publish the message to the
// topic. Addresses compare with ==.
type Address struct {
	// Topic is the name of a topic. It may begin with _, when the layer talks to itself.
	Topic string
	// Node is a node.
	Node string
	// Conn is the number of one of its connections; 0 for the node itself.
	Conn uint64
	// Input says that the message is for the actor of the connection, not for its client.
	Input bool
}

var (
	// ErrBusUnavailable says that a message has reached this node only, because the bus
	// to the others is not there; for topics with [OneOrder], and for connections of
	// other nodes, that it has reached nobody.
	ErrBusUnavailable = errors.New("wsx: the bus to other nodes is not available")
	// ErrTooLarge says that a message is larger than the bus takes, and that nobody has
	// got it.
	ErrTooLarge = errors.New("wsx: the message is too large for the bus")
)

// newBusMessage returns a delivery as it goes over the bus.
func (s *Server) newBusMessage(to Address, d *delivery) *BusMessage {
	return &BusMessage{To: to, Node: s.node, Kind: d.message.Kind, From: d.message.From, Data: d.message.Data}
}

// delivery returns what a node has published as subscribers of a topic get it; nil for
// what is no message, which would close the connections that it were sent to.
func (m *BusMessage) delivery(topic string) *delivery {
	if m.Kind > Binary || m.Kind == Text && !utf8.Valid(m.Data) || len(m.From.Node) > maxNodeName {
		return nil
	}
	return newDelivery(&Message{Kind: m.Kind, Data: m.Data, Topic: topic, From: m.From})
}
