package wsx

import (
	"container/list"
	"sync"

	"github.com/coder/websocket"
	"github.com/telestruct/telestruct/tp/wire"
)

// clientCalls are the calls of a client: those that wait for their turn, and those that the
// server has. It is what a link of calls is used by, and safe for concurrent use.
type clientCalls struct {
	options *DialOptions
	wake    func() // makes a link that rests try to connect

	mu      sync.Mutex
	ready   sync.Cond // the writer has something to do
	lastID  int64
	queue   list.List // of *clientCall, not written
	flight  flight
	socket  *socket // nil while there is none
	writer  sync.WaitGroup
	resting error         // why the link rests; nil when it does not
	idle    chan struct{} // closed when no call is left; nil before stop
	stats   ClientStats
}

func newClientCalls(o *DialOptions) *clientCalls {
	c := &clientCalls{options: o, flight: newFlight()}
	c.ready.L = &c.mu
	return c
}

// begin puts a call into the queue. It fails with a [*CallLostError] where that is full or
// closed.
func (c *clientCalls) begin(request []byte) (*clientCall, error) {
	c.mu.Lock()
	c.lastID++
	id := c.lastID
	c.mu.Unlock()
	call, err := newClientCall(request, id) // copies, which others need not wait for
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.idle != nil:
		return nil, &CallLostError{Cause: ErrClientStopped}
	case c.socket == nil && c.queue.Len() >= c.options.MaxWaiting:
		return nil, &CallLostError{Cause: ErrTooManyWaiting}
	}
	call.waiting = c.queue.PushBack(call)
	c.ready.Signal()
	if c.resting != nil {
		c.resting = nil
		c.wake()
	}
	return call, nil
}

// giveUp settles a call whose caller does not wait any longer, because of cause.
func (c *clientCalls) giveUp(call *clientCall, cause error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !call.isSettled() {
		c.lose(call, cause)
	}
}

// lose settles a call that is in the queue or in flight without an answer.
func (c *clientCalls) lose(call *clientCall, cause error) {
	inFlight := call.waiting == nil
	call.err = &CallLostError{MayHaveRun: inFlight && !call.isUnsent, Cause: cause}
	if inFlight && c.flight.has(call) {
		c.flight.giveUp(call)
	}
	c.settle(call)
}

// settle ends a call.
func (c *clientCalls) settle(call *clientCall) {
	if call.waiting != nil {
		c.queue.Remove(call.waiting)
		call.waiting = nil
	}
	close(call.done)
	c.ready.Signal() // another one may be in flight now
	c.noteIdle()
}

// up begins to write calls to a new connection.
func (c *clientCalls) up(s *socket) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.socket = s
	c.stats.Connections++
	c.writer.Go(func() { c.write(s) })
}

// write writes calls until the connection is gone.
func (c *clientCalls) write(s *socket) {
	for {
		call, data := c.next()
		if call == nil {
			return
		}
		kind := websocket.MessageText
		if call.own.format != wire.JSON {
			kind = websocket.MessageBinary
		}
		if err := s.write(kind, data); err != nil { // the link will find out why
			c.mu.Lock()
			call.isUnsent = true
			c.mu.Unlock()
			return
		}
	}
}

// next waits for a call that may be written. It is in flight from then on, for its answer
// may come before the writing has ended. It returns nil when the connection is gone.
func (c *clientCalls) next() (*clientCall, []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.socket != nil && (c.queue.Len() == 0 || c.flight.live() >= c.options.MaxInFlight) {
		c.ready.Wait()
	}
	if c.socket == nil {
		return nil, nil
	}
	call := c.queue.Remove(c.queue.Front()).(*clientCall)
	call.waiting = nil
	c.flight.add(call)
	return call, call.sent
}

// message takes an answer.
func (c *clientCalls) message(data []byte) {
	place, ok := findAnswerID(data)
	c.mu.Lock()
	defer c.mu.Unlock()
	var call *clientCall
	if id, isOurs := place.id.(int64); ok && isOurs && 0 < id && id <= c.lastID {
		call = c.flight.take(id)
	} else {
		call = c.flight.takeStray(data)
	}
	switch {
	case call == nil:
		c.stats.Strays++
	case !call.isSettled():
		call.answer = data
		if ok {
			call.place = place
		}
		c.settle(call)
	}
}

// down settles the calls that the connection took with it. Those that the server cannot
// have read go back to the head of the queue.
func (c *clientCalls) down(cause error) {
	c.mu.Lock()
	c.socket = nil
	c.ready.Broadcast()
	c.mu.Unlock()
	c.writer.Wait()

	c.mu.Lock()
	defer c.mu.Unlock()
	closed := closeErrorOf(cause)
	isDrained := closed != nil && closed.isDrained()
	var lost []*clientCall
	var last *list.Element
	for _, call := range c.flight.takeAll() {
		if isDrained || call.isUnsent {
			last = c.again(call, last)
		} else {
			lost = append(lost, call)
		}
	}
	for _, call := range lost { // last, since a stop does not wait when no call is left
		c.lose(call, cause)
	}
}

// again puts a call that was in flight back into the queue, behind the last that was put
// there, or to its head. It returns where it is.
func (c *clientCalls) again(call *clientCall, last *list.Element) *list.Element {
	call.isUnsent = false
	c.stats.Resent++
	if last == nil {
		call.waiting = c.queue.PushFront(call)
	} else {
		call.waiting = c.queue.InsertAfter(call, last)
	}
	return call.waiting
}

// counts returns what was counted.
func (c *clientCalls) counts() ClientStats {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stats
}

// rest notes that the link will not connect by itself any more. Calls that wait for it
// fail; the next one wakes it.
func (c *clientCalls) rest(cause error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.loseAll(cause)
	c.resting = cause
}

// stop lets no further calls begin, and returns a channel that is closed when none is
// left.
func (c *clientCalls) stop() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.idle == nil {
		c.idle = make(chan struct{})
		c.noteIdle()
	}
	return c.idle
}

// noteIdle tells who waits in stop when no call is left.
func (c *clientCalls) noteIdle() {
	if c.idle == nil || c.queue.Len() > 0 || c.flight.live() > 0 {
		return
	}
	select {
	case <-c.idle:
	default:
		close(c.idle)
	}
}

// abandon settles all calls that are left, because of cause.
func (c *clientCalls) abandon(cause error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, call := range c.flight.takeAll() {
		c.lose(call, cause)
	}
	c.loseAll(cause)
}

// loseAll settles the calls in the queue.
func (c *clientCalls) loseAll(cause error) {
	for c.queue.Len() > 0 {
		c.lose(c.queue.Front().Value.(*clientCall), cause)
	}
}
