package mirror

import (
	"cmp"
	"sync"
)

// SlowPolicy says what becomes of a connection that takes frames more slowly than they come
// (section 14.1).
type SlowPolicy uint8

const (
	// ResyncSlow drops what is queued, and sends the models as they are by then once the
	// connection takes frames again.
	ResyncSlow SlowPolicy = iota
	// CloseSlow gives up the connection; the client comes back and says what it has.
	CloseSlow
)

// OutboxOptions are the options of an [Outbox]. The zero value, and nil, mean the defaults.
type OutboxOptions struct {
	// Frames is how many frames are queued. Default 256.
	Frames int
	// Bytes is how many bytes are queued. Default 1 MiB. What is sent at once when the queue is
	// empty, such as the snapshots of a new connection, fits in any case.
	Bytes int
	// Slow is what happens when there are more. Default [ResyncSlow].
	Slow SlowPolicy
}

// Outbox queues what an [Endpoint] sends to one connection until that can take it. Its Send is
// that of the [Opening]; who writes to the connection waits for Ready, and then takes frames
// and asks for models that are stale until there are none left:
//
//	for {
//		out, err := box.Take()              // err: close the connection
//		...                                 // write them
//		if id, stale := box.Stale(); stale { // nothing is queued
//			endpoint.Resync(conn, id)
//			continue
//		}
//		<-box.Ready()
//	}
//
// It is safe for concurrent use.
type Outbox struct {
	options OutboxOptions
	ready   chan struct{}

	mu    sync.Mutex
	queue []Output
	bytes int
	// stale are the models of which a frame was dropped: no patch of theirs may follow before a
	// snapshot.
	stale   idSet
	slow    bool
	dropped int
}

// OutboxStats says how an [Outbox] is doing.
type OutboxStats struct {
	// Frames is how many frames are queued, and Bytes how many bytes these have.
	Frames, Bytes int
	// Stale is how many models are to be resynced.
	Stale int
	// Slow says that the connection is to be closed because it was too slow.
	Slow bool
	// Dropped is how many frames were dropped so far.
	Dropped int
}

// NewOutbox returns an empty outbox.
func NewOutbox(o *OutboxOptions) *Outbox {
	b := &Outbox{ready: make(chan struct{}, 1)}
	if o != nil {
		b.options = *o
	}
	const frames, bytes = 256, 1 << 20
	b.options.Frames = cmp.Or(max(b.options.Frames, 0), frames)
	b.options.Bytes = cmp.Or(max(b.options.Bytes, 0), bytes)
	return b
}

// Send queues frames. It never waits.
func (b *Outbox) Send(out []Output) {
	b.mu.Lock()
	defer b.mu.Unlock()
	fits := len(b.queue) == 0 // all of it, or who has many models could never connect
	for i := range out {
		b.add(out[i], fits)
	}
	signal(b.ready)
}

func (b *Outbox) add(o Output, fits bool) {
	if b.leaves(o) {
		b.dropped++
		return
	}
	fits = fits || b.makeRoom(o)
	switch {
	case b.slow || b.leaves(o): // what made room may have been of the same model
		b.dropped++
		return
	case !fits && o.Reject:
		b.slow = true // full of rejects, which nobody takes
		return
	case !fits:
		b.stale.add(o.ID)
		b.dropped++
		return
	case o.Snapshot:
		b.stale.remove(o.ID)
	}
	b.queue = append(b.queue, o)
	b.bytes += len(o.Frame.Data)
}

// leaves reports whether o is left out, because a frame was that it builds on.
func (b *Outbox) leaves(o Output) bool {
	return !o.Reject && !o.Snapshot && b.stale.has(o.ID)
}

// makeRoom reports whether o fits in, perhaps because others were dropped.
func (b *Outbox) makeRoom(o Output) bool {
	if !b.full(o) {
		return true
	}
	b.overflow()
	return !b.full(o)
}

// full reports whether o does not fit in any more.
func (b *Outbox) full(o Output) bool {
	return len(b.queue) > 0 && (len(b.queue) >= b.options.Frames || b.bytes+len(o.Frame.Data) > b.options.Bytes)
}

// overflow drops everything but rejects.
func (b *Outbox) overflow() {
	if b.options.Slow == CloseSlow {
		b.slow = true
		return
	}
	var kept []Output
	b.bytes = 0
	for _, o := range b.queue {
		if o.Reject {
			kept = append(kept, o)
			b.bytes += len(o.Frame.Data)
		} else {
			b.stale.add(o.ID)
			b.dropped++
		}
	}
	b.queue = kept
}

// Ready returns the channel from which one value can be received after frames were queued.
func (b *Outbox) Ready() <-chan struct{} { return b.ready }

// Take returns the frames that are queued, and empties the queue. It fails with an *[Error]
// (TooSlow) when the connection is to be closed because it was too slow, and with the error of a
// codec that could not encode a frame.
func (b *Outbox) Take() ([]Output, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.slow {
		return nil, &Error{Code: TooSlow, Reason: "slow"}
	}
	queue := b.queue
	b.queue, b.bytes = nil, 0
	for i := range queue {
		if queue[i].Err != nil {
			return queue[:i], queue[i].Err
		}
	}
	return queue, nil
}

// keptQueue is how many frames the memory of an empty queue has room for.
const keptQueue = 2

// TakeEach does as Take, and gives the frames to fn one by one, which must not keep what it is
// given, nor use the outbox. The memory of a short queue is used again.
func (b *Outbox) TakeEach(fn func(*Output)) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.slow {
		return &Error{Code: TooSlow, Reason: "slow"}
	}
	queue := b.queue
	defer func() {
		clear(queue)
		if b.queue, b.bytes = nil, 0; cap(queue) <= keptQueue {
			b.queue = queue[:0]
		}
	}()
	for i := range queue {
		if queue[i].Err != nil {
			return queue[i].Err
		}
		fn(&queue[i])
	}
	return nil
}

// Stats returns how the outbox is doing.
func (b *Outbox) Stats() OutboxStats {
	b.mu.Lock()
	defer b.mu.Unlock()
	return OutboxStats{Frames: len(b.queue), Bytes: b.bytes, Stale: len(b.stale), Slow: b.slow, Dropped: b.dropped}
}

// Stale returns the number of a model that the endpoint is to resync; ok is false when there
// is none, or frames are queued, which come first. One model is asked for at a time, so that
// each of them finds room.
func (b *Outbox) Stale() (id uint64, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.stale) == 0 || len(b.queue) > 0 {
		return 0, false
	}
	return b.stale[0], true
}
