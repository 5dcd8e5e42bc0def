package wsx

import (
	"context"
	"fmt"
	"slices"
	"sync"
)

// MemoryBus returns a bus that joins servers of one program, as tests of several nodes
// need it. All that subscribe to an address get its messages in the same order. A message
// that somebody is too far behind for fails with [ErrBusUnavailable] at who publishes it;
// the others get it.
func MemoryBus() Bus { return &memoryBus{subscriptions: map[Address][]*memorySubscription{}} }

type memoryBus struct {
	mu            sync.Mutex
	subscriptions map[Address][]*memorySubscription
}

// maxMemoryBacklog is how many messages may wait for one subscription.
const maxMemoryBacklog = 1 << 16

func (b *memoryBus) Publish(_ context.Context, m *BusMessage) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	var err error
	for _, s := range b.subscriptions[m.To.whole()] {
		if !s.put(m) {
			err = fmt.Errorf("%w: a node is %d messages behind", ErrBusUnavailable, maxMemoryBacklog)
		}
	}
	return err
}

func (b *memoryBus) Subscribe(of Address, receive func(*BusMessage)) (stop func(), err error) {
	s := &memorySubscription{of: of, receive: receive}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.subscriptions[of.whole()] = append(b.subscriptions[of.whole()], s)
	return func() { b.remove(s) }, nil
}

func (b *memoryBus) remove(s *memorySubscription) {
	s.stop()
	b.mu.Lock()
	defer b.mu.Unlock()
	of := s.of.whole()
	left := slices.DeleteFunc(b.subscriptions[of], func(other *memorySubscription) bool { return other == s })
	if b.subscriptions[of] = left; len(left) == 0 {
		delete(b.subscriptions, of)
	}
}

func (b *memoryBus) MaxSize() int { return 0 }

func (b *memoryBus) Flush(context.Context) error { return nil }

// whole returns the address of the topic or of the whole node.
func (a Address) whole() Address {
	if a.Node != "" {
		return Address{Node: a.Node}
	}
	return a
}

// covers reports whether a subscription to an address is one to another as well.
func (a Address) covers(other Address) bool { return a == other || a == other.whole() }

// memorySubscription hands messages to one receiver, on a goroutine while there are any.
type memorySubscription struct {
	of      Address
	receive func(*BusMessage)

	mu      sync.Mutex
	waiting []*BusMessage
	running bool
	stopped bool
}

// put reports false when there is no room.
func (s *memorySubscription) put(m *BusMessage) bool {
	if !s.of.covers(m.To) {
		return true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.stopped:
		return true
	case len(s.waiting) >= maxMemoryBacklog:
		return false
	}
	s.waiting = append(s.waiting, m)
	if !s.running {
		s.running = true
		go s.run()
	}
	return true
}

func (s *memorySubscription) run() {
	var batch []*BusMessage
	for {
		if batch = s.take(batch); len(batch) == 0 {
			return
		}
		for _, m := range batch {
			if s.isStopped() {
				break
			}
			s.receive(m)
		}
	}
}

// take returns all messages that wait. The next ones wait in the memory of those before.
func (s *memorySubscription) take(done []*BusMessage) []*BusMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(done)
	batch := s.waiting
	s.waiting = done[:0]
	s.running = len(batch) > 0
	if !s.running {
		s.waiting = nil
	}
	return batch
}

func (s *memorySubscription) isStopped() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stopped
}

func (s *memorySubscription) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopped, s.waiting = true, nil
}
