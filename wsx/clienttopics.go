package wsx

import (
	"context"
	"fmt"
	"sync"
)

// clientTopics are the topics that a client joins to its connection: what the server says
// goes into those of the inbox, and what is published to those of the outbox to the server.
type clientTopics struct {
	id    ID // of the client, in what it publishes
	inbox []*Topic

	mu     sync.Mutex
	outbox []*clientFeed
}

// clientFeed gives what is published to one topic to the server.
type clientFeed struct {
	topic *Topic
	send  func(*delivery)
	echo  ID  // messages from here came from the server; zero where none do
	slot  int // where the topic has it
}

func (f *clientFeed) deliver(d *delivery) {
	if f.echo == (ID{}) || d.message.From != f.echo {
		f.send(d)
	}
}

// deliverKept is not called: who joins begins with the next message.
func (f *clientFeed) deliverKept([]*delivery) {}

func (f *clientFeed) place() *int { return &f.slot }

// joinTopics subscribes send to the topics of the outbox. It fails with [ErrGone] for the
// output or input of a connection that has ended.
func joinTopics(o *DialOptions, send func(*delivery)) (*clientTopics, error) {
	c := &clientTopics{inbox: appendNew(nil, o.Inbox)}
	if len(c.inbox) > 0 {
		s := c.inbox[0].server
		c.id = ID{Node: s.node, Number: s.newClient()}
	}
	for _, t := range appendNew(nil, o.Outbox) {
		f := &clientFeed{topic: t, send: send}
		if contains(c.inbox, t) {
			f.echo = c.id
		}
		if err := t.join(f, 0); err != nil {
			c.leave()
			return nil, fmt.Errorf("wsx.DialOptions.Outbox: topic %q: %w", t.name, err)
		}
		c.outbox = append(c.outbox, f)
	}
	return c, nil
}

// leave ends the subscriptions.
func (c *clientTopics) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, f := range c.outbox {
		f.topic.leave(f)
	}
	c.outbox = nil
}

// publish puts a message of the server into the inbox.
func (c *clientTopics) publish(kind Kind, data []byte) {
	d := newDelivery(&Message{Kind: kind, Data: data, From: c.id})
	for _, t := range c.inbox {
		_ = t.publish(context.Background(), d.at(t.name)) // other nodes may be out of reach; this one is not
	}
}
