package wsx

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/telestruct/telestruct/tp"
)

// TypedTopic is a topic whose messages are values of the Go type E, which clients can
// learn from the schema of an API: it is an option of [tp.NewAPI], and may be given to
// several APIs or none. See [tp.Published] for what a message looks like. [TopicOf] makes
// it. It is immutable and safe for concurrent use.
type TypedTopic[E any] struct {
	option
	topic  *Topic
	values *tp.Published[E]
}

// option makes what embeds it an option of an API.
type option = tp.Option

// TopicOf says that the messages of a topic are values of E:
//
//	prices := wsx.TopicOf[Price](wsx.NewTopic("prices"))
//	api := tp.NewAPI("Market", prices)
//
// E is a struct, or an interface that one of the unions describes; unions of interfaces
// inside E are listed as well. Mistakes in E are reported by [tp.API.Build], and whenever
// a value is published or read. It panics for a nil topic.
func TopicOf[E any](t *Topic, unions ...tp.Union) *TypedTopic[E] {
	if t == nil {
		panic("wsx: nil topic")
	}
	return newTypedTopic(t, tp.Publishes[E](t.Name(), unions...))
}

func newTypedTopic[E any](t *Topic, values *tp.Published[E]) *TypedTopic[E] {
	return &TypedTopic[E]{option: values, topic: t, values: values}
}

// At returns the same for another topic: one for each room, for instance. It costs little,
// since E is not looked at again. It panics for a nil topic.
func (t *TypedTopic[E]) At(other *Topic) *TypedTopic[E] {
	if other == nil {
		panic("wsx: nil topic")
	}
	return newTypedTopic(other, t.values.At(other.Name()))
}

// Topic returns the topic itself, for [Push] and all else that is about topics.
func (t *TypedTopic[E]) Topic() *Topic { return t.topic }

// Publish publishes a value. When it has no encoding, because of NaN or a nil union for
// instance, nothing is published and the error says what is wrong with it, as
// [tp.Published.Append] does. See [Topic.Publish] for the rest.
func (t *TypedTopic[E]) Publish(ctx context.Context, v E) error {
	b := newBuffer(0)
	defer b.release()
	var err error
	if b.bytes, err = t.values.Append(b.bytes, v); err != nil {
		return fmt.Errorf("wsx: publish to topic %q: %w", t.topic.name, err)
	}
	return t.topic.Publish(ctx, Message{Kind: Text, Data: b.bytes})
}

// PublishFrom publishes a value for a handler of an actor, as [Conn.Publish] does with a
// text. A value that has no encoding makes the handler fail.
func (t *TypedTopic[E]) PublishFrom(c *Conn, v E) { t.sayFrom(c, "PublishFrom", v, c.Publish) }

// ReplyFrom sends a value to the client of an actor, as [Conn.Reply] does with a text and as
// if it came from the topic. A value that has no encoding makes the handler fail.
func (t *TypedTopic[E]) ReplyFrom(c *Conn, v E) {
	t.sayFrom(c, "ReplyFrom", v, func(_ *Topic, text string) { c.Reply(text) })
}

func (t *TypedTopic[E]) sayFrom(c *Conn, method string, v E, say func(*Topic, string)) {
	data, err := t.values.Append(nil, v)
	if err != nil {
		c.fail(method, fmt.Errorf("topic %q: %w", t.topic.name, err))
		return
	}
	say(t.topic, string(data))
}

// Message returns what [TypedTopic.Publish] would publish. It names this topic wherever it
// is sent, as to one client with its output. It fails as Publish does.
func (t *TypedTopic[E]) Message(v E) (Message, error) {
	data, err := t.values.Append(nil, v)
	if err != nil {
		return Message{}, fmt.Errorf("wsx: message of topic %q: %w", t.topic.name, err)
	}
	return Message{Kind: Text, Data: data, Topic: t.topic.name}, nil
}

// Read returns the value of a message, from this topic or from one that carries its
// messages, such as the inbox of a [Client]. It fails as [tp.Published.Read] does.
func (t *TypedTopic[E]) Read(m Message) (E, error) { return t.values.Read(m.Data) }

// Subscribe calls fn with the values of the topic, as [Topic.Subscribe] does with messages,
// until stop is called. Messages with a value of another type are left out. What is no
// message with a value at all, or one that E does not take, goes to [OnUnreadable].
func (t *TypedTopic[E]) Subscribe(fn func(E, Message)) (stop func()) {
	if fn == nil {
		panic("wsx: Subscribe: nil function")
	}
	var unreadable int
	return t.topic.Subscribe(func(m Message) {
		v, err := t.Read(m)
		switch {
		case err == nil:
			fn(v, m)
		case !errors.Is(err, tp.ErrOtherType):
			unreadable++
			t.topic.server.unreadable(&m, err, unreadable)
		}
	})
}

// OnUnreadable sets what is done with messages that functions of typed topics do not get,
// because they cannot be read. It is called where these functions are. The default, and
// nil, write a record to [log/slog.Default] for the first, second, fourth, eighth and so on
// of each function, so that clients which send nothing else do not fill the log.
func OnUnreadable(hook func(m Message, err error)) ServerOption {
	return func(s *Server) { s.onUnreadable = hook }
}

// unreadable tells of a message that cannot be read. Count is how many there were.
func (s *Server) unreadable(m *Message, err error, count int) {
	switch isPowerOfTwo := count&(count-1) == 0; {
	case s.onUnreadable != nil:
		s.onUnreadable(*m, err)
	case isPowerOfTwo:
		slog.Warn("message of a typed topic cannot be read",
			"topic", m.Topic, "from", m.From.String(), "error", err, "count", count)
	}
}
