package wsx

import (
	"github.com/coder/websocket"
	"github.com/telestruct/telestruct/tp/wire"
)

// outgoing is what a client writes next: a call, or a message of its outbox.
type outgoing struct {
	call    *clientCall
	message *delivery
	data    []byte
	kind    Kind
}

// up begins to write to a new connection.
func (c *clientCalls) up(s *socket) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.socket = s
	c.stats.Connections++
	c.writer.Go(func() { c.write(s) })
}

// write writes calls and messages until the connection is gone.
func (c *clientCalls) write(s *socket) {
	for {
		next, ok := c.next()
		if !ok {
			return
		}
		kind := websocket.MessageText
		if next.kind == Binary {
			kind = websocket.MessageBinary
		}
		err := s.write(kind, next.data)
		c.written(next, err)
		if err != nil { // the link will find out why
			return
		}
	}
}

// next waits for something that may be written; calls and messages take turns. It returns
// false when the connection is gone.
func (c *clientCalls) next() (next outgoing, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.socket != nil {
		mayCall := c.queue.Len() > 0 && c.flight.live() < c.options.MaxInFlight
		switch hasMessage := len(c.outbox.queue) > 0; {
		case mayCall && (!hasMessage || !c.hasCalled):
			c.hasCalled = true
			return c.nextCall(), true
		case hasMessage:
			c.hasCalled = false
			d := c.outbox.take()
			return outgoing{message: d, data: d.message.Data, kind: d.message.Kind}, true
		}
		c.ready.Wait()
	}
	return outgoing{}, false
}

// nextCall takes a call out of the queue. It is in flight from then on, for its answer may
// come before the writing has ended.
func (c *clientCalls) nextCall() outgoing {
	call := c.queue.Remove(c.queue.Front()).(*clientCall)
	call.waiting = nil
	c.flight.add(call)
	next := outgoing{call: call, data: call.sent}
	if call.own.format != wire.JSON {
		next.kind = Binary
	}
	return next
}

// written notes how writing has ended. Where it has failed, the server cannot have read
// what was to be written.
func (c *clientCalls) written(o outgoing, err error) {
	if o.call != nil && err == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if o.call != nil {
		o.call.isUnsent = true
		return
	}
	c.outbox.written(o.message, err)
	c.noteIdle()
}
