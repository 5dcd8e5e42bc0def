package natsbus

import (
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/telestruct/telestruct/wsx"
)

// subscription hands the messages for one address to its receiver, on the goroutine that
// the connection has for it.
type subscription struct {
	bus     *Bus
	of      wsx.Address
	receive func(*wsx.BusMessage)
	nats    *nats.Subscription
	dropped int // reported; belongs to the goroutine
}

const (
	// placeTimeout is how long Subscribe waits for an answer of the NATS server, and
	// placeTries how often: a program that was itself stopped for a while, as on a machine
	// that is moved, finds no answer in time that is on its way.
	placeTimeout = 2 * time.Second
	placeTries   = 3
)

// Subscribe calls receive with the messages for an address; see [wsx.Bus]. It waits until
// the NATS server knows of the subscription, for six seconds at most, and not at all while
// the connection is away: the server is told once it is back. Where several NATS servers are
// joined, the others know a moment later. It fails with [ErrClosed].
func (b *Bus) Subscribe(of wsx.Address, receive func(*wsx.BusMessage)) (stop func(), err error) {
	s := &subscription{bus: b, of: of, receive: receive}
	if err := b.add(s); err != nil {
		return nil, err
	}
	b.place()
	return func() { b.remove(s) }, nil
}

// place waits until the NATS server knows of the subscriptions. One that is not there will be
// told.
func (b *Bus) place() {
	for range placeTries {
		if !b.up.Load() || b.conn.FlushTimeout(placeTimeout) == nil {
			return
		}
	}
}

func (b *Bus) add(s *subscription) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return ErrClosed
	}
	var err error
	if s.nats, err = b.conn.Subscribe(pattern(b.prefix, s.of), s.got); err != nil {
		return fmt.Errorf("%w: %w", ErrClosed, err)
	}
	_ = s.nats.SetPendingLimits(b.maxPending, b.maxPendingBytes) // fails for subscriptions that have ended
	b.subscriptions[s] = struct{}{}
	return nil
}

func (b *Bus) remove(s *subscription) {
	b.mu.Lock()
	_, isThere := b.subscriptions[s]
	delete(b.subscriptions, s)
	b.mu.Unlock()
	if isThere {
		s.end()
	}
}

func (s *subscription) end() { _ = s.nats.Unsubscribe() } // fails where the connection has ended

// got takes a message from the connection.
func (s *subscription) got(in *nats.Msg) {
	if dropped, err := in.Sub.Dropped(); err == nil && dropped > s.dropped {
		s.bus.report(&DroppedError{Of: s.of, Messages: dropped - s.dropped})
		s.dropped = dropped
	}
	m, err := parseMessage(s.bus.prefix, in)
	if err != nil {
		s.bus.report(err)
		return
	}
	s.receive(m)
}
