package wsx

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/coder/websocket"
	"golang.org/x/time/rate"
)

// connection is one connection. It reads on one goroutine, and is idle on it; what it sends
// goes through its outbox. What the messages are for is the matter of its service.
type connection struct {
	*settings
	net     net.Conn
	ws      *websocket.Conn
	tap     *tap
	service service
	packs   bool // the client reads packed messages
	out     outbox
	heart   heartbeat
	about   about
	came    flow // messages that were read
	dropped atomic.Uint64
	name    atomic.Pointer[string] // its label; nil for none

	subscriptions subscriptions
	own           ownTopics

	// These belong to the reader.
	bucket   *rate.Limiter // of its messages; nil before there is one
	hasLeft  bool          // the client has closed its end, or is gone
	farewell string        // the reason that the client has closed its end with

	mu       sync.Mutex
	end      ending
	cause    Cause // of the end
	isEnding bool
	ended    bool        // there are no more timers
	linger   *time.Timer // cuts the connection when the client does not close its end
	grace    *time.Timer // ends the wait of a drain
	expiry   *time.Timer // closes the connection when its time is over
}

// about is what does not change about a connection.
type about struct {
	endpoint *Endpoint
	number   uint64 // among the connections of the server, from 1
	channel  uint64 // among those of the endpoint, from 0
	addr     netip.AddrPort
	path     string // of the request
	origin   string
	since    time.Time
}

// id returns the name of the connection.
func (c *connection) id() ID { return ID{Node: c.about.endpoint.server.node, Number: c.about.number} }

// service is what a connection is for.
type service interface {
	// receive takes a message. It reports whether there may be another at once: if not,
	// awaitRoom is called before anything more is read.
	receive(m *message) (room bool)
	// awaitRoom waits until another message may come.
	awaitRoom()
	// tick is called from time to time, so that nothing is kept for a connection that has
	// become idle.
	tick()
	// refuse begins to drop messages, and ends awaitRoom. It is called when the
	// connection is going to be closed, perhaps more than once.
	refuse()
	// drain does the same, and calls drained when all that was taken before has been
	// answered.
	drain(drained func())
	// stop is called when the connection has ended. It returns when nothing runs any
	// more.
	stop()
}

const (
	// lingerTime is how long a client may take to close its end, and lingerBytes how much
	// it may still send when nobody can read its frames any more.
	lingerTime  = 5 * time.Second
	lingerBytes = 16 << 20
)

// hold makes messages wait that come before the connection is open.
func (c *connection) hold() {
	c.out.hold(c, c.observer, &c.queue)
}

// connect sends what waits.
func (c *connection) connect() { c.posted(c.out.open(c.net)) }

// open begins with a connection that was just accepted.
func (c *connection) open(t *tap, ws *websocket.Conn) {
	c.net, c.tap, c.ws = t.Conn, t, ws
	t.timeout, t.late = c.messageTimeout, c.heart.pause
	c.heart = heartbeat{every: c.beatEvery, timeout: c.beatTimeout, ping: c.ping, dead: c.dead}
}

// run reads until the connection ends.
func (c *connection) run() {
	defer c.finish()
	c.heart.start()
	c.part(c.readSafely())
}

func (c *connection) readSafely() (why ending) {
	defer func() {
		if p := recover(); p != nil {
			c.report(p)
			why = ending{code: CodeInternalError}
		}
	}()
	return c.read()
}

// read hands messages to the service. It returns why there are no more.
func (c *connection) read() ending {
	for {
		kind, r, err := c.ws.Reader(context.Background()) // a context that ends would cost a function for every frame
		if err != nil {
			return c.why(err)
		}
		m := newMessage()
		if err := c.readMessage(m, r); err != nil {
			m.release()
			return c.why(err)
		}
		c.heart.seen.Store(true)
		m.kind = kindOf(kind)
		c.came.add(1, len(m.body.bytes))
		c.observer.received(m.kind, len(m.body.bytes))
		if m.kind == Text && !utf8.Valid(m.body.bytes) {
			m.release()
			c.close(ending{CodeInvalidText, ReasonInvalidText})
			continue // until the client closes its end: what it still sends is refused
		}
		if c.isLayers(m) {
			m.release()
			continue
		}
		if !c.service.receive(m) {
			c.pause()
		}
	}
}

// isLayers reports whether a message is none for the service: one that came too soon, or a
// ping in a text. It sees to what is to be done about it.
func (c *connection) isLayers(m *message) bool {
	switch {
	case c.rate.allows(&c.bucket):
		if c.pingText == "" || m.kind != Text || string(m.body.bytes) != c.pingText {
			return false
		}
		c.post(newFrame(frameText, []byte(c.pongText)))
	case c.rate.over == DropOver:
		c.lost(DropRate, 1)
	default:
		c.close(ending{CodePolicy, ReasonRate})
	}
	return true
}

func kindOf(kind websocket.MessageType) Kind {
	if kind == websocket.MessageBinary {
		return Binary
	}
	return Text
}

// readMessage reads one message to its end.
func (c *connection) readMessage(m *message, r io.Reader) error {
	c.tap.begin()
	if err := m.body.readAll(r); err != nil {
		return err
	}
	// coder/websocket takes a packed message that breaks off for a whole one.
	if c.tap.err != nil {
		return c.tap.err
	}
	if c.tap.timed {
		c.heart.resume()
	}
	return c.tap.end()
}

// pause reads nothing until the service has room.
func (c *connection) pause() {
	c.heart.pause()
	c.service.awaitRoom()
	c.heart.resume()
}

// why returns what the connection is to be closed with after reading has failed.
func (c *connection) why(err error) ending {
	t := c.tap
	isLate := errors.Is(t.err, os.ErrDeadlineExceeded)
	c.hasLeft = websocket.CloseStatus(err) != -1 || t.err != nil && !isLate
	if left, ok := errors.AsType[websocket.CloseError](err); ok {
		c.farewell = left.Reason
	}
	switch {
	case t.wishes != (ending{}):
		return t.wishes
	case isLate:
		return ending{CodePolicy, ReasonMessageTimeout}
	case t.err != nil:
		return ending{code: CodeAbnormal}
	}
	// coder/websocket does not close for frames that are not masked, for lengths beyond
	// 63 bits, and for what cannot be unpacked.
	return ending{CodeProtocolError, ReasonProtocolError}
}

// part closes the connection, unless that has begun, and waits for the client to do so.
func (c *connection) part(why ending) {
	if why.code == CodeAbnormal {
		c.cut(why)
		return
	}
	if c.hasLeft {
		c.closeFor(CauseClient, why)
	} else {
		c.close(why)
	}
	c.out.awaitIdle()
	if c.hasLeft {
		return
	}
	// The client learns that this end is closed at once, and what it is sending is
	// read: to reset the connection could destroy the close frame on its way.
	if half, ok := c.net.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
	if c.net.SetReadDeadline(time.Now().Add(lingerTime)) == nil {
		_, _ = io.CopyN(io.Discard, c.net, lingerBytes)
	}
}

// close begins to close the connection: what is queued is sent first, unless the client
// is too slow for it. It returns at once. Only the first one counts.
func (c *connection) close(why ending) { c.closeFor(CauseUnknown, why) }

// closeFor does so, for a cause that why does not tell.
func (c *connection) closeFor(cause Cause, why ending) {
	if !c.begins(why, cause) {
		return
	}
	c.service.refuse()
	if c.out.putLast(newCloseFrame(why), why.code == CodeSlow) {
		go c.out.empty()
	}
}

// cut ends the connection without a word.
func (c *connection) cut(why ending) {
	if c.begins(why, CauseUnknown) {
		c.service.refuse()
	}
	_ = c.net.Close()
}

// setMaxMessage sets how many bytes a message may have from the next one on; zero or less
// means as many as the endpoint allows.
func (c *connection) setMaxMessage(n int64) { c.ws.SetReadLimit(or(n, c.maxMessage)) }

// lost counts messages that were dropped.
func (c *connection) lost(reason string, messages int) {
	c.dropped.Add(uint64(messages))
	c.observer.dropped(reason, messages)
}

// begins reports whether why is the first reason to end the connection.
func (c *connection) begins(why ending, cause Cause) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.isEnding {
		return false
	}
	if cause == CauseUnknown {
		cause = causeOf(why)
	}
	c.isEnding, c.end, c.cause = true, why, cause
	return true
}

// whyEnded returns why the connection ends; [CauseUnknown] as long as it does not.
func (c *connection) whyEnded() (why ending, cause Cause) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.end, c.cause
}

// send sends a frame as soon as there is room for it. When it reports true, the caller
// must see that the outbox is emptied.
func (c *connection) send(f frame) (mustEmpty bool) {
	mustEmpty, _ = c.out.put(f, true) // fails when the connection is being closed: nobody waits for it
	return mustEmpty
}

// post sends a frame without waiting for anything. A client that leaves no room for it is
// too slow.
func (c *connection) post(f frame) { c.posted(c.out.put(f, false)) }

// push sends a message of a topic, without waiting for anything.
func (c *connection) push(d *delivery) {
	if !c.isFor(d) {
		return
	}
	c.posted(c.out.offer(d.frameFor(c.packs)))
}

// pushKept does so with messages that a topic has kept.
func (c *connection) pushKept(ds []*delivery) {
	frames := make([]frame, 0, len(ds))
	for _, d := range ds {
		if c.isFor(d) {
			frames = append(frames, d.frameFor(c.packs))
		}
	}
	c.posted(c.out.putEarly(frames))
}

// isFor reports whether the client is to get a message of a topic.
func (c *connection) isFor(d *delivery) bool {
	return !c.excludeSender || d.message.From != c.id()
}

// answer sends a message that is for this client alone, and must not be lost.
func (c *connection) answer(d *delivery) {
	f := d.frameFor(c.packs)
	f.delivery = nil
	c.post(f)
}

// posted sees to what putting a frame into the outbox asks for.
func (c *connection) posted(mustEmpty bool, err error) {
	switch {
	case mustEmpty && c.out.raw != nil:
		c.about.endpoint.server.writers.add(&c.out)
	case mustEmpty:
		go c.out.empty()
	case err == errSlow:
		c.close(ending{CodeSlow, ReasonSlow})
	}
}

// gotPing answers a ping. It reports false, so that coder/websocket does not.
func (c *connection) gotPing(_ context.Context, payload []byte) bool {
	c.heart.seen.Store(true)
	c.post(newFrame(framePong, payload))
	return false
}

func (c *connection) gotPong(context.Context, []byte) { c.heart.ponged() }

// ping is called on a goroutine of its own.
func (c *connection) ping() {
	c.service.tick()
	f := newFrame(framePing, nil)
	f.kind = kindPing
	if mustEmpty, _ := c.out.put(f, false); mustEmpty {
		c.out.empty()
	}
}

func (c *connection) dead() { c.cut(ending{CodeAbnormal, reasonSilent}) }

// writing, written and broken are what the outbox tells.
func (c *connection) writing(k kinds) {
	if k&kindPing != 0 {
		c.heart.writing()
	}
}

func (c *connection) written(k kinds) {
	if k&kindPing != 0 {
		c.heart.written()
	}
	if k&kindClose != 0 {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.linger = time.AfterFunc(lingerTime, func() { _ = c.net.Close() })
	}
}

func (c *connection) broken(err error) {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		c.cut(ending{CodeSlow, ReasonSlow})
		return
	}
	c.cut(ending{code: CodeAbnormal})
}

// keyPanicked tells of a panic in the function of [KeepLatest]. A topic is locked, so
// that has to wait.
func (c *connection) keyPanicked(value any) {
	stack := debug.Stack()
	go func() {
		defer drop()
		c.onPanic(value, stack)
	}()
}

// recovered is deferred where the connection runs code that is not its own.
func (c *connection) recovered() {
	if p := recover(); p != nil {
		c.report(p)
		c.close(ending{code: CodeInternalError})
	}
}

// drain closes the connection when the calls that it has taken are answered, or when
// grace is over.
func (c *connection) drain(grace time.Duration) {
	c.mu.Lock()
	if !c.ended && c.grace == nil {
		c.grace = time.AfterFunc(grace, func() { c.close(ending{CodeGoingAway, ReasonStopped}) })
	}
	c.mu.Unlock()
	c.service.drain(func() { c.close(ending{CodeGoingAway, ReasonDrained}) })
}

// finish lets go of all that the connection holds.
func (c *connection) finish() {
	_ = c.net.Close()
	c.service.refuse()
	c.heart.stop()
	c.service.stop()
	c.leaveTopics()
	c.own.end()
	c.out.awaitIdle()
	_ = c.ws.CloseNow()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = true
	for _, t := range []*time.Timer{c.linger, c.grace, c.expiry} {
		if t != nil {
			t.Stop()
		}
	}
}
