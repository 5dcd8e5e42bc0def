package mirror

import (
	"context"
	"slices"
	"sync"
)

// Backplane carries messages between nodes (section 12.1). It is best effort: messages may be
// lost, and come in another order.
type Backplane interface {
	// Publish sends a message to every other node, never to this one. The message must not be
	// changed any more. It fails with an *[Error] (TooLarge) for a message that it never takes;
	// what else goes wrong may pass.
	Publish(ctx context.Context, msg []byte) error
	// Subscribe calls fn with each message of other nodes, from any goroutine, until cancel is
	// called. Each of several functions gets every message. Messages must not be changed.
	Subscribe(fn func(msg []byte)) (cancel func(), err error)
}

// MemoryBus connects nodes of one process, for tests and single nodes. The zero MemoryBus is
// ready. It is safe for concurrent use.
type MemoryBus struct {
	mu    sync.Mutex
	nodes []*memoryNode
}

// Node returns the backplane of a new node.
func (b *MemoryBus) Node() Backplane {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := &memoryNode{bus: b}
	b.nodes = append(b.nodes, n)
	return n
}

// memoryNode is one node of a MemoryBus, whose mutex locks it.
type memoryNode struct {
	bus         *MemoryBus
	subscribers []*func(msg []byte)
}

// Publish calls the subscribers of the other nodes before it returns.
func (n *memoryNode) Publish(ctx context.Context, msg []byte) error {
	for _, fn := range n.others() {
		(*fn)(msg)
	}
	return ctx.Err()
}

func (n *memoryNode) others() (fns []*func(msg []byte)) {
	n.bus.mu.Lock()
	defer n.bus.mu.Unlock()
	for _, other := range n.bus.nodes {
		if other != n {
			fns = append(fns, other.subscribers...)
		}
	}
	return fns
}

func (n *memoryNode) Subscribe(fn func(msg []byte)) (cancel func(), err error) {
	n.bus.mu.Lock()
	defer n.bus.mu.Unlock()
	n.subscribers = append(n.subscribers, &fn)
	return func() {
		n.bus.mu.Lock()
		defer n.bus.mu.Unlock()
		n.subscribers = slices.DeleteFunc(n.subscribers, func(f *func([]byte)) bool { return f == &fn })
	}, nil
}
