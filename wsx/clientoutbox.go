package wsx

// clientOutbox has the messages of topics that wait to go to the server, and counts what
// becomes of them. It is not safe for concurrent use.
type clientOutbox struct {
	messages, size int  // how many may wait, and with how many bytes
	dropsWhileDown bool // nothing waits for a connection

	queue   []*delivery
	bytes   int
	writing bool // one is on its way

	sent, dropped int64
}

func newClientOutbox(o *DialOptions) clientOutbox {
	return clientOutbox{messages: o.OutboxBuffer, size: o.OutboxBytes, dropsWhileDown: o.DropWhileDown}
}

// isIdle reports whether there is nothing to do.
func (b *clientOutbox) isIdle() bool { return len(b.queue) == 0 && !b.writing }

// add takes a message. The oldest make room for it; an empty queue takes any.
func (b *clientOutbox) add(d *delivery) {
	for len(b.queue) > 0 && !b.hasRoomFor(d) {
		b.remove()
		b.dropped++
	}
	b.queue = append(b.queue, d)
	b.bytes += len(d.message.Data)
}

func (b *clientOutbox) hasRoomFor(d *delivery) bool {
	return len(b.queue) < b.messages && b.bytes+len(d.message.Data) <= b.size
}

// take returns the oldest message, which is going to be written.
func (b *clientOutbox) take() *delivery {
	b.writing = true
	return b.remove()
}

// written notes how writing a message has ended. One that the server cannot have read is
// the oldest again, if there is room for it.
func (b *clientOutbox) written(d *delivery, err error) {
	b.writing = false
	switch {
	case err == nil:
		b.sent++
	case len(b.queue) > 0 && !b.hasRoomFor(d):
		b.dropped++
	default:
		b.queue = append([]*delivery{d}, b.queue...)
		b.bytes += len(d.message.Data)
	}
}

func (b *clientOutbox) remove() *delivery {
	d := b.queue[0]
	b.queue[0] = nil
	b.queue = b.queue[1:]
	if b.bytes -= len(d.message.Data); len(b.queue) == 0 {
		b.queue = nil
	}
	return d
}

// clear drops all messages.
func (b *clientOutbox) clear() {
	b.dropped += int64(len(b.queue))
	b.queue, b.bytes = nil, 0
}
