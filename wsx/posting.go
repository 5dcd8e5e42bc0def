package wsx

import (
	"context"
	"errors"
	"sync/atomic"
)

// posting is the service of a connection whose messages go into topics, or nowhere.
type posting struct {
	conn    *connection
	refuses atomic.Bool // messages are dropped
}

func (p *posting) receive(m *message) (room bool) {
	defer m.release()
	if p.refuses.Load() {
		return true
	}
	topics := p.conn.accept
	if len(topics) == 0 {
		p.conn.unheard()
		return true
	}
	d := newDelivery(&Message{Kind: m.kind, Data: m.body.bytes, From: p.conn.id()})
	for _, t := range topics {
		// That other nodes are out of reach is not the client's concern.
		if err := t.publish(context.Background(), d.at(t.name)); errors.Is(err, ErrTooLarge) {
			p.conn.close(ending{CodeTooBig, ReasonTooBig})
		}
	}
	return true
}

func (p *posting) awaitRoom() {}
func (p *posting) tick()      {}
func (p *posting) refuse()    { p.refuses.Store(true) }
func (p *posting) stop()      {}

func (p *posting) drain(drained func()) {
	p.refuse()
	drained()
}

// unheard is called for a message that nobody takes.
func (c *connection) unheard() {
	if c.refuseOthers {
		c.close(ending{CodePolicy, ReasonUnheard})
		return
	}
	c.lost(DropUnheard, 1)
}
