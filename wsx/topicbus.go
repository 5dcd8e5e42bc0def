package wsx

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"weak"
)

// bridge joins a topic with what other nodes have of it.
type bridge interface {
	// publish gives a message to all nodes.
	publish(ctx context.Context, d *delivery) error
	// hold makes the topic listen to other nodes. It is called before somebody joins
	// the topic, and release after they have left.
	hold() error
	release()
	// begin does what is to be done for a topic that is new. It is called whenever
	// somebody asks for the topic.
	begin()
}

// topicBus joins the topics of one name on all nodes. A topic has it where its server has
// a bus. It listens to the others while somebody on this node listens to the topic, and
// always where the topic keeps a history or has one order.
type topicBus struct {
	topic    *Topic
	bus      Bus
	interest *interest
	presence *presenceBus // nil for a topic without
	relay    *relay       // nil for a topic without OneOrder

	// order is held while a message goes to this node and to the bus, so that all nodes
	// see what this one publishes in the same order.
	order sync.Mutex
	first sync.Once
}

// newBridge returns the bridge of a topic; nil where its server has no bus.
func newBridge(t *Topic) bridge {
	n := t.server.nodes
	if n == nil {
		return nil
	}
	address, self := Address{Topic: t.name}, weak.Make(t)
	b := &topicBus{topic: t, bus: n.bus}
	b.interest = &interest{nodes: n, address: address, receive: func(m *BusMessage) {
		if t := self.Value(); t != nil {
			t.bridge.(*topicBus).hear(m)
		}
	}}
	runtime.AddCleanup(t, abandonLater, b.interest)
	if t.settings.oneOrder {
		b.relay = &relay{nodes: n}
	}
	if t.presence != nil {
		b.presence = newPresenceBus(t, n)
	}
	return b
}

// abandonLater abandons an interest whose topic is not there any more.
func abandonLater(i *interest) { go i.abandon() } // the bus may take its time

// begin makes a topic listen at once that keeps what it hears.
func (b *topicBus) begin() {
	b.first.Do(func() {
		if b.topic.history != nil || b.relay != nil {
			b.interest.hold()
		}
		if b.relay != nil {
			b.interest.nodes.meet()
		}
		if b.presence != nil {
			b.presence.begin()
		}
	})
}

func (b *topicBus) hold() error {
	b.interest.hold()
	return nil
}

func (b *topicBus) release() { b.interest.release() }

// publish gives a message to all nodes. What is too large for the bus reaches none.
func (b *topicBus) publish(ctx context.Context, d *delivery) error {
	t := b.topic
	if err := checkSize(b.bus, t, d); err != nil {
		return err
	}
	b.order.Lock()
	defer b.order.Unlock()
	m := t.server.newBusMessage(b.interest.address, d)
	if b.relay != nil {
		return b.relay.publish(ctx, m)
	}
	if err := t.spread(d); err != nil {
		return err
	}
	return b.bus.Publish(ctx, m)
}

// checkSize fails for messages that the bus does not take.
func checkSize(bus Bus, t *Topic, d *delivery) error {
	if most := bus.MaxSize(); most > 0 && len(d.message.Data) > most {
		return fmt.Errorf("%w: %d bytes for topic %q, and it takes %d", ErrTooLarge, len(d.message.Data), t.name, most)
	}
	return nil
}

// hear takes what a node has published. What this one has, its subscribers have got
// already unless all are to get it in one order.
func (b *topicBus) hear(m *BusMessage) {
	t := b.topic
	switch {
	case b.relay != nil:
		b.relay.heard(m.Node)
	case m.Node == t.server.node:
		return
	}
	if d := m.delivery(t.name); d != nil {
		_ = t.spread(d)
	}
}
