package wsx

import (
	"context"
	"errors"
)

// Bus carries the messages of topics between nodes: package natsbus has one for NATS, and
// [MemoryBus] joins servers of one program. It delivers at most once, and keeps the order
// of what one node publishes to one address. Its methods are safe for concurrent use.
type Bus interface {
	// Publish sends a message, and does not wait for it to arrive. It fails with
	// [ErrBusUnavailable] when it cannot be sent now, and with [ErrTooLarge] when it
	// never can. It uses Kind, Data and From of the message, and keeps none of it.
	Publish(ctx context.Context, to Address, m *Message) error
	// Subscribe calls receive with the messages for an address, one after the other,
	// until stop is called; one call may still be under way then. Those of an Address
	// with a Node and no Conn are for the node and all its connections. Subscriptions
	// outlive the loss of the bus. It may also deliver what the node has published
	// itself, which the layer leaves out. Receive returns quickly, and owns the message.
	Subscribe(of Address, receive func(to Address, m *Message)) (stop func(), err error)
	// Flush waits until the bus has what was published before.
	Flush(ctx context.Context) error
}

// Address says to whom a message on a [Bus] goes: to a topic, or to a node.
type Address struct {
	// Topic is the name of a topic. It may begin with _, when the layer talks to itself.
	Topic string
	// Node is a node, where Topic is empty.
	Node string
	// Conn is the number of one of its connections; 0 for the node itself.
	Conn uint64
	// Input says that the message is for the actor of the connection, not for its client.
	Input bool
}

var (
	// ErrBusUnavailable says that a message has reached this node only, because the bus
	// to the others is not there.
	ErrBusUnavailable = errors.New("wsx: the bus to other nodes is not available")
	// ErrTooLarge says that a message is larger than the bus takes. No node has got it
	// but, as the case may be, this one.
	ErrTooLarge = errors.New("wsx: the message is too large for the bus")
)
