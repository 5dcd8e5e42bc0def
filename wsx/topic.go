package wsx

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// Topic is a named channel of messages, from many to many. Publishing to one that nobody
// listens to does no harm. [NewTopic] and [Server.NewTopic] make topics. They are safe for
// concurrent use.
//
// All subscribers of a topic on one node see its messages in the same order. Delivery is
// at most once: who does not keep up loses messages and learns of it, or is disconnected;
// see [OnSlow] and [Topic.Subscribe].
type Topic struct {
	name     string
	server   *Server
	settings topicSettings
	entry    *topicEntry // in the registry; nil for outputs and inputs
	bridge   bridge      // to other nodes; nil without

	mu          sync.Mutex
	subscribers []subscriber
	history     *history  // nil without
	presence    *presence // nil without; only what it holds changes
	inUse       bool      // as the registry knows
	gone        bool      // the connection has ended whose output or input this is
}

// subscriber gets the messages of topics. Its methods are called while the topic is
// locked: they queue messages, and never wait or call what is not the layer's own.
type subscriber interface {
	deliver(d *delivery)
	// deliverKept delivers what the history has, before all else. That may be more than
	// a queue has room for.
	deliverKept(ds []*delivery)
	// place is where the topic notes at which index it has the subscriber.
	place() *int
}

const (
	// maxTopicName is how many bytes the name of a topic may have.
	maxTopicName = 255
	// reservedPrefix begins the names that programs may not use.
	reservedPrefix = "_"
)

// newTopic returns the topic of a name that is allowed.
func newTopic(s *Server, name string, settings topicSettings) *Topic {
	t := &Topic{name: name, server: s, settings: settings, history: newHistory(settings), presence: newPresence(settings)}
	t.bridge = newBridge(t)
	return t
}

// NewTopic returns the topic of a name on [Default]; see [Server.NewTopic].
func NewTopic(name string, options ...TopicOption) *Topic { return Default.NewTopic(name, options...) }

// Name returns the topic's name.
func (t *Topic) Name() string { return t.name }

// Text publishes a text; see [Topic.Publish].
func (t *Topic) Text(ctx context.Context, text string) error {
	return t.Publish(ctx, Message{Kind: Text, Data: []byte(text)})
}

// Binary publishes bytes, which it copies; see [Topic.Publish].
func (t *Topic) Binary(ctx context.Context, data []byte) error {
	return t.Publish(ctx, Message{Kind: Binary, Data: data})
}

// JSON publishes v in the JSON of package encoding/json, as a text. It fails for what has
// none; see [Topic.Publish] for the rest. [TopicOf] has what clients can learn the type of.
func (t *Topic) JSON(ctx context.Context, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("wsx: publish to topic %q: %w", t.name, err)
	}
	return t.Publish(ctx, Message{Kind: Text, Data: data})
}

var (
	// ErrGone says that the connection whose output or input a topic is has ended.
	ErrGone = errors.New("wsx: the connection has ended")
	errText = errors.New("a text must be UTF-8")
)

// Publish gives a message to all who subscribe to the topic now. It waits for none of them.
// M.Kind, M.Data and M.From count, of which only the program's own From makes sense: zero
// stands for the program on this node. It fails with [ErrGone] for the output and input of
// a connection that has ended, with [ErrBusUnavailable] when the message has reached this
// node only, and with [ErrTooLarge] when the bus cannot take it and nobody gets it. Ctx is
// for the bus between nodes; without one it is not used.
func (t *Topic) Publish(ctx context.Context, m Message) error {
	if m.Kind == Text && !utf8.Valid(m.Data) {
		return fmt.Errorf("wsx: publish to topic %q: %w", t.name, errText)
	}
	m.Topic, m.Position, m.Missed = t.name, Position{}, 0
	if m.From == (ID{}) {
		m.From.Node = t.server.node
	}
	return t.publish(ctx, newDelivery(&m))
}

// publish gives a message to everybody.
func (t *Topic) publish(ctx context.Context, d *delivery) error {
	if t.bridge != nil {
		return t.bridge.publish(ctx, d)
	}
	return t.spread(d)
}

// spread gives a message to those who subscribe on this node.
func (t *Topic) spread(d *delivery) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.gone {
		return ErrGone
	}
	if t.history != nil {
		t.history.add(d, time.Now())
		t.keep()
	}
	for _, s := range t.subscribers {
		s.deliver(d)
	}
	return nil
}

// join adds a subscriber, which gets up to replay messages of the history first. Between
// these and those that come there is no gap, and none comes twice.
func (t *Topic) join(s subscriber, replay int) error {
	return t.joinWith(s, func() ([]*delivery, error) { return t.history.newest(replay, time.Now()), nil })
}

// joinSince adds a subscriber, which gets the messages after a position first.
func (t *Topic) joinSince(s subscriber, after Position) error {
	return t.joinWith(s, func() ([]*delivery, error) { return t.since(after) })
}

// joinWith adds a subscriber, which gets what kept returns first.
func (t *Topic) joinWith(s subscriber, kept func() ([]*delivery, error)) error {
	if t.bridge != nil {
		if err := t.bridge.hold(); err != nil {
			return err
		}
	}
	err := t.add(s, kept)
	if err != nil && t.bridge != nil {
		t.bridge.release()
	}
	return err
}

func (t *Topic) add(s subscriber, kept func() ([]*delivery, error)) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.gone {
		return ErrGone
	}
	first, err := kept()
	if err != nil {
		return err
	}
	if len(first) > 0 {
		s.deliverKept(first)
	}
	*s.place() = len(t.subscribers)
	t.subscribers = append(t.subscribers, s)
	t.arrived(s)
	t.keep()
	return nil
}

// leave takes a subscriber out.
func (t *Topic) leave(s subscriber) {
	if t.bridge != nil {
		defer t.bridge.release()
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.gone {
		return
	}
	at, last := *s.place(), len(t.subscribers)-1
	t.subscribers[at] = t.subscribers[last]
	*t.subscribers[at].place() = at
	t.subscribers[last] = nil
	t.subscribers = t.subscribers[:last]
	t.departed(s)
	t.keep()
}

// end makes the topic fail with [ErrGone] from now on.
func (t *Topic) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.gone, t.subscribers = true, nil
}

// checkTopicName says what is wrong with a name; empty if nothing is.
func checkTopicName(name string) string {
	switch {
	case name == "":
		return "the name of a topic is empty"
	case len(name) > maxTopicName:
		return fmt.Sprintf("the name of a topic has %d bytes; %d are possible", len(name), maxTopicName)
	case !utf8.ValidString(name):
		return fmt.Sprintf("the name of a topic, %q, is not UTF-8", name)
	case strings.HasPrefix(name, reservedPrefix):
		return fmt.Sprintf("the name %q is reserved, as all that begin with %s are", name, reservedPrefix)
	}
	return ""
}
