package natsbus

import (
	"context"
	"fmt"
	"sync"

	"github.com/telestruct/telestruct/wsx"
)

// queue is the messages that wait to be sent: a connection whose other end has stopped
// reading makes its writers wait, which those who publish must not. It has a goroutine
// while there are any.
type queue struct {
	send                  func(*wsx.BusMessage)
	maxMessages, maxBytes int

	mu       sync.Mutex
	waiting  []queued
	messages int // that are not sent yet, those among them that somebody is sending
	bytes    int
	running  bool
	closed   bool
}

// queued is a message, or somebody who waits for those before.
type queued struct {
	message *wsx.BusMessage
	passed  chan struct{}
}

// keptQueue is for how many messages the memory of an idle queue has room.
const keptQueue = 1 << 10

// put takes a message, unless there are too many.
func (q *queue) put(m *wsx.BusMessage) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.closed:
		return fmt.Errorf("%w: %w", wsx.ErrBusUnavailable, ErrClosed)
	case q.messages >= q.maxMessages, q.bytes > 0 && q.bytes+len(m.Data) > q.maxBytes:
		return fmt.Errorf("%w: the NATS server does not take messages as fast as they are published", wsx.ErrBusUnavailable)
	}
	q.messages++
	q.bytes += len(m.Data)
	q.add(queued{message: m})
	return nil
}

func (q *queue) add(e queued) {
	q.waiting = append(q.waiting, e)
	if !q.running {
		q.running = true
		go q.run()
	}
}

// await returns when all that was put before is sent, or with the error of ctx.
func (q *queue) await(ctx context.Context) error {
	e := queued{passed: make(chan struct{})}
	q.mu.Lock()
	q.add(e)
	q.mu.Unlock()
	select {
	case <-e.passed:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// close takes nothing more. What waits is still sent.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
}

func (q *queue) run() {
	var batch []queued
	for {
		if batch = q.take(batch); len(batch) == 0 {
			return
		}
		for _, e := range batch {
			if e.passed != nil {
				close(e.passed)
				continue
			}
			q.send(e.message)
		}
	}
}

// take returns all that waits, after what was sent. What comes next waits in the memory
// of that.
func (q *queue) take(sent []queued) []queued {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, e := range sent {
		if e.message != nil {
			q.messages--
			q.bytes -= len(e.message.Data)
		}
	}
	clear(sent)
	if cap(sent) > keptQueue {
		sent = nil
	}
	batch := q.waiting
	q.waiting = sent[:0]
	q.running = len(batch) > 0
	return batch
}
