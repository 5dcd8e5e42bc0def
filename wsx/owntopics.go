package wsx

import (
	"strconv"
	"sync"
)

// ownTopics are the output and the input of one connection. They are made when somebody
// asks for them: most connections do without.
type ownTopics struct {
	mu      sync.Mutex
	out, in *Topic
	ended   bool
}

// The names of the output and the input of connection 17 end in the number.
const (
	outPrefix = "_out."
	inPrefix  = "_in."
)

// output returns the topic whose messages go to the client.
func (c *connection) output() *Topic {
	c.own.mu.Lock()
	defer c.own.mu.Unlock()
	if c.own.out == nil {
		c.own.out = c.ownTopic(outPrefix, c.answer)
	}
	return c.own.out
}

// input returns the topic whose messages take gets, which is called as a subscriber is. It
// counts with the first call.
func (c *connection) input(take func(*delivery)) *Topic {
	c.own.mu.Lock()
	defer c.own.mu.Unlock()
	if c.own.in == nil {
		c.own.in = c.ownTopic(inPrefix, take)
	}
	return c.own.in
}

func (c *connection) ownTopic(prefix string, take func(*delivery)) *Topic {
	t := &Topic{name: prefix + strconv.FormatUint(c.about.number, 10), server: c.about.endpoint.server, gone: c.own.ended}
	if !t.gone {
		t.subscribers = []subscriber{&subscription{topic: t, conn: c, take: take}}
	}
	return t
}

// end makes both fail with [ErrGone], also when they are asked for later.
func (o *ownTopics) end() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ended = true
	for _, t := range []*Topic{o.out, o.in} {
		if t != nil {
			t.end()
		}
	}
}

// reply sends a message to the client, through its output where that has listeners.
func (c *connection) reply(m *Message) error {
	d := newDelivery(m)
	c.own.mu.Lock()
	out := c.own.out
	c.own.mu.Unlock()
	if out != nil {
		return out.spread(d)
	}
	c.answer(d)
	return nil
}
