package wsx

import (
	"context"
	"sync"
)

// announcer is what a node has to say to others, in order. Who gives it something may hold
// locks. It has a goroutine while something waits.
type announcer struct {
	send func(*BusMessage)

	mu      sync.Mutex
	waiting []*BusMessage
	idle    chan struct{} // closed when nothing waits any more; nil while nothing does
}

// maxOutgoing is how many messages may wait. Of more, the last ones are dropped: what
// matters is said again.
const maxOutgoing = 1 << 16

func (a *announcer) put(m *BusMessage) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.waiting) >= maxOutgoing {
		return
	}
	a.waiting = append(a.waiting, m)
	if a.idle == nil {
		a.idle = make(chan struct{})
		go a.run()
	}
}

func (a *announcer) run() {
	for batch := a.take(); len(batch) > 0; batch = a.take() {
		for _, m := range batch {
			a.send(m)
		}
	}
}

func (a *announcer) take() []*BusMessage {
	a.mu.Lock()
	defer a.mu.Unlock()
	batch := a.waiting
	if a.waiting = nil; len(batch) == 0 {
		close(a.idle)
		a.idle = nil
	}
	return batch
}

// await waits until nothing waits. It fails with the error of ctx.
func (a *announcer) await(ctx context.Context) error {
	a.mu.Lock()
	idle := a.idle
	a.mu.Unlock()
	if idle == nil {
		return nil
	}
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
