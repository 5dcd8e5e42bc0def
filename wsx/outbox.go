package wsx

import (
	"errors"
	"net"
	"sync"
	"syscall"
	"time"
)

// outbox sends frames over a connection: those that wait leave in one write. It has no
// goroutine. Who puts a frame into an outbox that nobody empties is told to do it, there
// and then or on a goroutine of its own.
type outbox struct {
	conn     net.Conn
	owner    sender
	observer guarded
	limits   *outboxLimits
	raw      syscall.RawConn // to write without waiting; nil where that is not possible
	plain    bool            // the connection writes nothing by itself
	source   source          // of more frames; nil for none
	deadline time.Time       // of writes; belongs to who empties the outbox
	sent     flow

	mu       sync.Mutex
	changed  sync.Cond // there is room, nobody writes any more, or err was set
	queue    []frame
	bytes    int
	early    int // frames that count towards no limit, and their bytes
	weight   int
	deepest  int
	deeper   bool  // than was told
	dropped  int   // frames, since that was told
	latest   bool  // no two of the topics' messages that wait have the same key
	emptying bool  // somebody does, or there is no connection yet
	err      error // why no more frames are taken
}

type outboxLimits struct {
	frames, bytes int
	timeout       time.Duration // of a write
	slow          slowPolicy
}

// sender is told what the outbox does. It is called by who empties it.
type sender interface {
	// writing is called before frames are written whose kinds are not zero.
	writing(k kinds)
	// written is called after that.
	written(k kinds)
	// broken is called when a write has failed.
	broken(err error)
	// lost is called when messages were dropped.
	lost(reason string, messages int)
	// keyPanicked is called when the function of [KeepLatest] has panicked, by anybody
	// and while the outbox is locked.
	keyPanicked(value any)
}

// source has frames that wait elsewhere until the outbox has none.
type source interface {
	// waits reports whether refill has something to do. The outbox is locked.
	waits() bool
	// refill pushes frames into o, which is locked. It returns what is to be done when o is
	// not any more; nil for nothing.
	refill(o *outbox) (then func())
}

var (
	errClosed = errors.New("the connection is being closed")
	errSlow   = errors.New("the client does not take its messages")
	errHeld   = errors.New("too many messages came before the connection")
)

const (
	// maxBatch is how many bytes of frames are copied to leave in one write.
	maxBatch = 64 << 10
	// maxPiece is how many bytes have one timeout.
	maxPiece = 256 << 10
	// maxEarly and maxEarlyBytes are how many frames of histories may wait when there come
	// those of another: a client can have a program subscribe it again and again.
	maxEarly      = 1 << 16
	maxEarlyBytes = 64 << 20
	// keptQueue is how many frames the memory of an idle queue has room for.
	keptQueue = 4
)

// hold begins an outbox that has no connection yet. What is put into it waits.
func (o *outbox) hold(owner sender, observer guarded, limits *outboxLimits) {
	o.owner, o.observer, o.limits = owner, observer, limits
	o.changed.L = &o.mu
	o.emptying = true
}

// open gives an outbox its connection. When it reports true, the caller must see that
// empty is called. It fails with errSlow when there was too much to hold, which is lost.
func (o *outbox) open(conn net.Conn) (mustEmpty bool, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.conn = conn
	if tcp, ok := conn.(*net.TCPConn); ok {
		o.plain = true
		o.raw = rawConn(tcp)
	}
	if o.err == errHeld {
		o.err, err = nil, errSlow
	}
	o.emptying = len(o.queue) > 0
	return o.emptying, err
}

// wake is called when the source has something. When it reports true, the caller must see
// that empty is called.
func (o *outbox) wake() (mustEmpty bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	mustEmpty = !o.emptying && o.err == nil
	o.emptying = o.emptying || mustEmpty
	return mustEmpty
}

// attach sets the source, which may be nil for none; what was it before is not called any
// more. When it reports true, the caller must see that empty is called.
func (o *outbox) attach(s source) (mustEmpty bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.source = s
	mustEmpty = !o.emptying && o.sourceWaits()
	o.emptying = o.emptying || mustEmpty
	return mustEmpty
}

func (o *outbox) sourceWaits() bool { return o.source != nil && o.err == nil && o.source.waits() }

func (o *outbox) refill() (then func()) {
	if o.source == nil || o.err != nil {
		return nil
	}
	return o.source.refill(o)
}

// put takes a frame that must not be lost. Where there is no room it waits, or fails with
// errSlow. When it reports true, the caller must see that empty is called.
func (o *outbox) put(f frame, wait bool) (mustEmpty bool, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for wait && o.err == nil && !o.makeRoom(&f) {
		o.changed.Wait()
	}
	if err := o.refusal(&f); err != nil {
		f.release()
		return false, err
	}
	return o.push(f), nil
}

// offer takes the frame of a topic's message, or drops what its policy says. It fails with
// errSlow where that is to drop the client. When it reports true, the caller must see that
// empty is called.
func (o *outbox) offer(f frame) (mustEmpty bool, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch err := o.refusal(&f); {
	case err == errSlow && o.limits.slow.kind != slowClose:
		o.dropped++
		return false, nil
	case err != nil:
		return false, err
	}
	return o.push(f), nil
}

// putEarly takes frames for which there is room however many they are, unless too many came
// that way before and wait: it then does as offer. When it reports true, the caller must see
// that empty is called.
func (o *outbox) putEarly(frames []frame) (mustEmpty bool, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch isOver := o.conn != nil && (o.early >= maxEarly || o.weight >= maxEarlyBytes); {
	case isOver && o.limits.slow.kind == slowClose:
		return false, errSlow
	case isOver:
		o.dropped += len(frames)
		return false, nil
	}
	for _, f := range frames {
		if o.err == nil {
			o.early++
			o.weight += len(f.bytes)
			mustEmpty = o.push(f) || mustEmpty
		}
	}
	return mustEmpty, nil
}

// refusal returns why a frame cannot be taken.
func (o *outbox) refusal(f *frame) error {
	switch {
	case o.err != nil:
		return o.err
	case o.makeRoom(f):
		return nil
	case o.conn == nil && o.limits.slow.kind == slowClose:
		o.drop()
		o.err = errHeld
		return errHeld
	}
	return errSlow
}

// putLast takes the frame after which there is no other, in place of those that wait if
// they are to be dropped. When it reports true, the caller must see that empty is called.
func (o *outbox) putLast(f frame, drop bool) (mustEmpty bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err != nil {
		f.release()
		return false
	}
	mustEmpty = !o.emptying
	if drop {
		o.drop()
	} else {
		o.refill()
	}
	o.push(f)
	o.err = errClosed
	o.changed.Broadcast()
	return mustEmpty
}

// isFull reports whether there is no room for f. A ping has it always: there is one at
// a time.
func (o *outbox) isFull(f *frame) bool {
	n := len(o.queue) - o.early
	return n > 0 && f.kind == 0 && (n >= o.limits.frames || o.bytes-o.weight+len(f.bytes) > o.limits.bytes)
}

// push queues a frame.
func (o *outbox) push(f frame) (mustEmpty bool) {
	o.queue = append(o.queue, f)
	o.bytes += len(f.bytes)
	if len(o.queue) > o.deepest {
		o.deepest, o.deeper = len(o.queue), true
	}
	mustEmpty = !o.emptying
	o.emptying = true
	return mustEmpty
}

func (o *outbox) drop() {
	for i := range o.queue {
		o.queue[i].release()
	}
	o.queue = nil
	o.forget()
}

// forget begins the count of what waits anew.
func (o *outbox) forget() {
	o.bytes, o.early, o.weight, o.latest = 0, 0, 0, false
}

// empty writes what waits until nothing does.
func (o *outbox) empty() {
	var batch []frame
	for {
		if batch = o.take(batch); len(batch) == 0 {
			return
		}
		bytes := o.begin(batch)
		o.finish(batch, o.transmit(batch, bytes))
	}
}

// take returns all frames that wait. It queues the next ones in the memory of those
// that have left.
func (o *outbox) take(left []frame) (batch []frame) {
	o.mu.Lock()
	if cap(left) > keptQueue {
		left = nil
	}
	then := o.refill()
	clear(left)
	batch, o.queue = o.queue, left[:0]
	o.forget()
	o.emptying = len(batch) > 0
	o.changed.Broadcast()
	depth, deeper, dropped := o.deepest, o.deeper, o.dropped
	o.deeper, o.dropped = false, 0
	o.mu.Unlock()
	// Those who put frames into the outbox may have a topic locked.
	if deeper {
		o.observer.queued(depth)
	}
	if dropped > 0 {
		o.owner.lost(DropSlow, dropped)
	}
	if then != nil {
		then()
	}
	return batch
}

// fail gives up sending, because of err.
func (o *outbox) fail(err error) {
	o.mu.Lock()
	o.err = err
	o.drop()
	o.changed.Broadcast()
	o.mu.Unlock()
	o.owner.broken(err)
}

// awaitIdle waits until nobody empties the outbox.
func (o *outbox) awaitIdle() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for o.emptying {
		o.changed.Wait()
	}
}

// awaitRoom waits until there is room for a frame, for which messages of topics give way as
// their policy says, or no more are taken.
func (o *outbox) awaitRoom(f *frame) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for o.err == nil && !o.makeRoom(f) {
		o.changed.Wait()
	}
}
