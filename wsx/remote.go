package wsx

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"github.com/telestruct/telestruct/tp"
)

// Remote is the client at the other end of a connection of this node, for code that is not
// its actor: functions that are called over it, and administrators. It may be kept, and
// used from many goroutines; when the connection has ended, it does nothing, or fails with
// [ErrGone].
type Remote struct{ conn *connection }

// RemoteOf returns the client that made the call which ctx belongs to; nil when the call
// did not come in on an endpoint of this package.
func RemoteOf(ctx context.Context) *Remote {
	peer := tp.PeerOf(ctx)
	if peer == nil || peer.Connection == nil {
		return nil
	}
	c, ok := peer.Connection.Transport().(*connection)
	if !ok {
		return nil
	}
	return &Remote{c}
}

// Remote returns the client of a connection of this node, by the Number of its [ID]. It
// fails with [ErrGone] where there is none. For one that [Topic.OnPresence] tells of before
// it is there to its end it waits that moment.
func (s *Server) Remote(number uint64) (*Remote, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		if c := s.conns[number]; c != nil {
			return &Remote{c}, nil
		}
		if _, isComing := s.coming[number]; !isComing {
			return nil, ErrGone
		}
		s.came.Wait()
	}
}

// ID returns the name of the connection.
func (r *Remote) ID() ID { return r.conn.id() }

// Addr returns the address that the client connects from; see [TrustProxies].
func (r *Remote) Addr() netip.AddrPort { return r.conn.about.addr }

// Since returns when the connection was made.
func (r *Remote) Since() time.Time { return r.conn.about.since }

// Out returns the connection's output: what is published there goes to the client.
func (r *Remote) Out() *Topic { return r.conn.output() }

// In returns the input of the connection's actor: what is published there reaches the actor
// as if its client had said it. Where there is no actor nobody hears it.
func (r *Remote) In() *Topic {
	if a := r.conn.addressee(); a != nil {
		return r.conn.input(a.hear)
	}
	return r.conn.input(func(*delivery) {})
}

// ErrNoActor says that a connection has no actor that could take a message.
var ErrNoActor = errors.New("wsx: the connection has no actor")

// Post gives the actor of the connection a message of any type, which its rule for that
// type gets. It does not wait. It fails with [ErrNoActor] where there is none, and with
// [ErrGone] when the connection has ended.
func (r *Remote) Post(message any) error {
	if a := r.conn.addressee(); a != nil {
		return a.post(message)
	}
	return ErrNoActor
}

// SetLabel sets what the connection is called in lists and in [Topic.Present], such as the
// name of a user. Of a longer one the first 128 bytes count; what is not UTF-8 is replaced.
func (r *Remote) SetLabel(label string) { r.conn.setLabel(label) }

// Info returns a snapshot of the connection.
func (r *Remote) Info() ClientInfo { return r.conn.info() }

// addressee is a service that takes messages from others than its client. Its methods wait
// for nothing.
type addressee interface {
	// post takes a message of any type. It fails with ErrGone when there is nobody any
	// more, and with another error when there is no room.
	post(message any) error
	// hear takes a message of a topic as if the client had said it, and hearTopic as one of
	// the topic. They are called with the topic locked.
	hear(d *delivery)
	hearTopic(d *delivery)
}

// addressee returns who takes messages from others; nil for nobody.
func (c *connection) addressee() addressee {
	s := c.service
	if x, ok := s.(*mixed); ok {
		s = x.others
	}
	a, _ := s.(addressee)
	return a
}

// Subscribe makes the client get the messages of a topic, or its actor with [ToActor], as
// [Conn.Subscribe] does and at once: they may come before the answer of the call that does
// it. It fails with [ErrGone] when the connection or the topic has ended, and with
// [ErrNoActor] for ToActor where there is none. It panics for a nil topic.
func (r *Remote) Subscribe(t *Topic, options ...SubscribeOption) error {
	if t == nil {
		panic("wsx: Remote.Subscribe: nil topic")
	}
	o := newSubscribeOptions(options)
	var take func(*delivery)
	if o.toActor {
		a := r.conn.addressee()
		if a == nil {
			return ErrNoActor
		}
		take = a.hearTopic
	}
	return r.conn.subscribe(t, take, o.replay)
}

// Unsubscribe ends that. Where there is no such subscription, as for nil, it does nothing.
func (r *Remote) Unsubscribe(t *Topic) { r.conn.unsubscribe(t) }

// Close closes the connection with a code and a reason, of which 123 bytes are told to the
// client. It returns at once; messages that wait are sent first, but calls that still run
// are not answered, that of the caller among them. It panics for codes that RFC 6455 does
// not let programs send.
func (r *Remote) Close(code int, reason string) {
	checkCode(code)
	r.conn.closeFor(CauseProgram, ending{code, reason})
}
