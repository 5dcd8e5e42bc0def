package wsx

import (
	"container/list"
	"math/rand/v2"
	"sync"
)

// clientCalls are the calls of a client: those that wait for their turn, and those that the
// server has; and the messages of its outbox, which leave between them. It is what a link is
// used by, and safe for concurrent use.
type clientCalls struct {
	options *DialOptions
	wake    func()             // makes a link that rests try to connect
	inbox   func(Kind, []byte) // takes what is no answer; nil for nobody
	baseID  int64              // the numbers of calls come after it

	mu        sync.Mutex
	ready     sync.Cond // the writer has something to do
	lastID    int64
	queue     list.List // of *clientCall, not written
	flight    flight
	outbox    clientOutbox
	hasCalled bool    // what was written last is a call
	socket    *socket // nil while there is none
	writer    sync.WaitGroup
	resting   error         // why the link rests; nil when it does not
	idle      chan struct{} // closed when no call and no message is left; nil before stop
	stats     ClientStats
}

func newClientCalls(o *DialOptions) *clientCalls {
	c := &clientCalls{options: o, flight: newFlight(), outbox: newClientOutbox(o)}
	c.ready.L = &c.mu
	return c
}

// receive makes inbox take what is no answer. The numbers of calls are hard to guess from
// then on: what others have sent through the server must not pass for an answer.
func (c *clientCalls) receive(inbox func(Kind, []byte)) {
	const few, exact = 1 << 32, 1 << 52 // within what JavaScript has for integers
	c.inbox = inbox
	c.baseID = few + rand.Int64N(exact-few)
	c.lastID = c.baseID
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

// message takes an answer, or what else the server says.
func (c *clientCalls) message(kind Kind, data []byte) {
	if !c.answers(kind, data) {
		c.inbox(kind, data)
	}
}

// answers settles the call that an answer is for. It reports whether the message is over
// and done with: without an inbox all are.
func (c *clientCalls) answers(kind Kind, data []byte) bool {
	place, ok := findAnswerID(data)
	// What is no request to a server it may give to other clients, whatever it says: texts
	// that name a topic, and bytes that begin in another way.
	mayAnswer := !place.isTopics && (kind == Text || beginsCall(data))
	mayBeStray := mayAnswer && (c.inbox == nil || isFailure(data))
	c.mu.Lock()
	defer c.mu.Unlock()
	var call *clientCall
	id, isNumber := place.id.(int64)
	isOurs := ok && isNumber && mayAnswer && c.baseID < id && id <= c.lastID
	switch {
	case isOurs:
		call = c.flight.take(id)
	case mayBeStray:
		call = c.flight.takeStray(data)
	}
	switch {
	case call == nil && !isOurs && c.inbox != nil:
		c.stats.Received++
		return false
	case call == nil:
		c.stats.Strays++
	case !call.isSettled():
		call.answer = data
		if ok {
			call.place = place
		}
		c.settle(call)
	}
	return true
}

// post puts a message into the outbox.
func (c *clientCalls) post(d *delivery) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.outbox.add(d)
	if c.mustDrop() {
		c.outbox.clear()
	}
	c.ready.Signal()
}

// mustDrop reports whether messages do not wait for a connection that is not there.
func (c *clientCalls) mustDrop() bool {
	return c.socket == nil && (c.options.DropWhileDown || c.idle != nil)
}

// down settles the calls that the connection took with it. Those that the server cannot
// have read go back to the head of the queue, unless the link rests: then calls that wait
// fail as well, and the next one wakes it.
func (c *clientCalls) down(cause error, rests bool) {
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
	if c.mustDrop() {
		c.outbox.clear()
	}
	for _, call := range lost { // last, since a stop does not wait when no call is left
		c.lose(call, cause)
	}
	if rests {
		c.loseAll(cause)
		c.resting = cause
	}
	c.noteIdle()
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
	counts := c.stats
	counts.Sent, counts.Dropped = c.outbox.sent, c.outbox.dropped
	return counts
}

// rest notes that the link does not connect again after an attempt for which it was woken.
// Calls that wait for it fail; the next one wakes it.
func (c *clientCalls) rest(cause error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.loseAll(cause)
	c.resting = cause
}

// stop lets no further calls begin, and returns a channel that is closed when none is
// left, and no message that there is a connection for.
func (c *clientCalls) stop() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.idle == nil {
		c.idle = make(chan struct{})
		if c.mustDrop() {
			c.outbox.clear()
		}
		c.noteIdle()
	}
	return c.idle
}

// noteIdle tells who waits in stop when nothing is left.
func (c *clientCalls) noteIdle() {
	if c.idle == nil || c.queue.Len() > 0 || c.flight.live() > 0 || !c.outbox.isIdle() {
		return
	}
	select {
	case <-c.idle:
	default:
		close(c.idle)
	}
}

// abandon settles all calls that are left, because of cause, and drops the messages.
func (c *clientCalls) abandon(cause error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.outbox.clear()
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
