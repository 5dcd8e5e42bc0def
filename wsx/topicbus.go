package wsx

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// bridge joins a topic with what other nodes have of it.
type bridge interface {
	// publish gives a message to all nodes.
	publish(ctx context.Context, d *delivery) error
	// hold makes the topic listen to other nodes. It is called before somebody joins
	// the topic, and release after they have left.
	hold() error
	release()
}

// topicBus joins the topics of one name on all nodes. A topic has it where its server has
// a bus. It listens to the others while somebody on this node listens to the topic.
type topicBus struct {
	topic    *Topic
	bus      Bus
	oneOrder bool

	// order is held while a message goes to this node and to the bus, so that all nodes
	// see what this one publishes in the same order.
	order sync.Mutex

	mu      sync.Mutex
	holders int         // who listens
	stop    func()      // ends the subscription; nil without one
	letGo   *time.Timer // does so later
	ended   bool        // the server has left the bus
}

// interestTime is for how long a topic listens to other nodes when nobody does any more:
// who comes back soon misses nothing, and costs the bus nothing.
const interestTime = 5 * time.Second

// newBridge returns the bridge of a topic; nil where its server has no bus.
func newBridge(t *Topic, settings topicSettings) bridge {
	if t.server.bus == nil {
		return nil
	}
	return &topicBus{topic: t, bus: t.server.bus, oneOrder: settings.oneOrder}
}

// publish gives a message to all nodes. What is too large for the bus reaches none.
func (b *topicBus) publish(ctx context.Context, d *delivery) error {
	if most := b.bus.MaxSize(); most > 0 && len(d.message.Data) > most {
		return fmt.Errorf("publish %d bytes to topic %q: %w, which takes %d", len(d.message.Data), b.topic.name, ErrTooLarge, most)
	}
	b.order.Lock()
	defer b.order.Unlock()
	if !b.oneOrder {
		if err := b.topic.spread(d); err != nil {
			return err
		}
	}
	return b.bus.Publish(ctx, b.topic.server.newBusMessage(b.address(), d))
}

func (b *topicBus) address() Address { return Address{Topic: b.topic.name} }

// receive takes what a node has published.
func (b *topicBus) receive(m *BusMessage) {
	if m.Node == b.topic.server.node && !b.oneOrder {
		return // its subscribers have it
	}
	if d := m.delivery(b.topic.name); d != nil {
		_ = b.topic.spread(d)
	}
}

func (b *topicBus) hold() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.holders++
	if b.letGo != nil {
		b.letGo.Stop()
	}
	if b.stop == nil && !b.ended {
		b.subscribe()
	}
	return nil
}

// subscribe fails for a bus that was closed: this node goes on without the others.
func (b *topicBus) subscribe() {
	stop, err := b.bus.Subscribe(b.address(), b.receive)
	if err != nil {
		slog.Error("a topic hears nothing of other nodes", "topic", b.topic.name, "error", err)
		return
	}
	b.stop = stop
	b.topic.server.nodes.add(b)
}

func (b *topicBus) release() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.holders--; b.holders > 0 || b.stop == nil {
		return
	}
	if b.letGo == nil {
		b.letGo = time.AfterFunc(interestTime, b.unsubscribe)
		return
	}
	b.letGo.Reset(interestTime)
}

// unsubscribe stops listening unless somebody has come again.
func (b *topicBus) unsubscribe() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.holders == 0 {
		b.halt()
	}
}

// end makes the topic one of this node only.
func (b *topicBus) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended = true
	if b.letGo != nil {
		b.letGo.Stop()
	}
	b.halt()
}

func (b *topicBus) halt() {
	if b.stop != nil {
		b.stop()
		b.stop = nil
		b.topic.server.nodes.remove(b)
	}
}
