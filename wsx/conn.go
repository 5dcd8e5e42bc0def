package wsx

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"
	"unicode/utf8"
)

// Conn is the connection of an actor, for one of its handlers and while that runs. Its
// methods note what is to happen: it does, in the order it was asked for, when the handler
// has returned without an error, and not at all otherwise. They panic when the handler has
// returned; what may be kept is [Conn.ID], [Conn.Out] and [Conn.Context]. Within the handler
// they are safe for concurrent use.
//
// Texts that are not UTF-8, and values that have no JSON, make the handler fail as if it
// had returned an error.
type Conn struct {
	id      ID
	context func() context.Context
	out     func() *Topic

	mu       sync.Mutex
	effects  []effect
	err      error // of an effect that cannot be
	returned bool
}

// ID returns the name of the connection. It may be called at any time.
func (c *Conn) ID() ID { return c.id }

// Out returns the connection's output: what is published there, by anybody, goes to its
// client. It may be kept, and fails with [ErrGone] when the connection has ended.
func (c *Conn) Out() *Topic {
	c.mustRun("Out")
	return c.out()
}

// Context returns a context with the values of the request for the connection. It ends with
// the connection. What is handled after that, such as [Disconnected], has one that ends when
// all is handled.
func (c *Conn) Context() context.Context {
	c.mustRun("Context")
	return c.context()
}

// Reply sends a text to the client. When the client is behind, other effects and messages
// wait until there is room for it; see [Queue] and [WriteTimeout].
func (c *Conn) Reply(text string) {
	c.say("Reply", effect{Effect: Effect{Kind: EffectReply, Text: text}})
}

// ReplyBinary sends a copy of bytes to the client; see [Conn.Reply].
func (c *Conn) ReplyBinary(data []byte) {
	c.say("ReplyBinary", effect{Effect: Effect{Kind: EffectReply, Text: string(data), Binary: true}})
}

// ReplyJSON sends v to the client, in the JSON of package encoding/json; see [Conn.Reply].
func (c *Conn) ReplyJSON(v any) {
	c.sayJSON("ReplyJSON", effect{Effect: Effect{Kind: EffectReply}}, v)
}

// Publish gives a text to all who subscribe to a topic, this client among them if it does;
// see [ExcludeSender]. It panics for a nil topic.
func (c *Conn) Publish(t *Topic, text string) {
	c.say("Publish", effect{Effect: Effect{Kind: EffectPublish, Text: text}, topic: t})
}

// PublishBinary does the same with a copy of bytes.
func (c *Conn) PublishBinary(t *Topic, data []byte) {
	c.say("PublishBinary", effect{Effect: Effect{Kind: EffectPublish, Text: string(data), Binary: true}, topic: t})
}

// PublishJSON does the same with v, in the JSON of package encoding/json.
func (c *Conn) PublishJSON(t *Topic, v any) {
	c.sayJSON("PublishJSON", effect{Effect: Effect{Kind: EffectPublish}, topic: t}, v)
}

// Subscribe makes the client get the messages of a topic; with [ToActor] its actor does, as
// a [Message]. It holds for what is published by later effects of the same handler. What is
// subscribed to already stays as it is. Subscriptions end with the connection. It panics
// for a nil topic.
func (c *Conn) Subscribe(t *Topic, options ...SubscribeOption) {
	o := newSubscribeOptions(options)
	c.add("Subscribe", effect{Effect: Effect{Kind: EffectSubscribe, ToActor: o.toActor, History: o.replay}, topic: t})
}

// Unsubscribe ends that. Where there is nothing to end it does nothing. It panics for a nil
// topic.
func (c *Conn) Unsubscribe(t *Topic) {
	c.add("Unsubscribe", effect{Effect: Effect{Kind: EffectUnsubscribe}, topic: t})
}

// After posts a message to the actor itself when a time has passed. Where a message of the
// same type waits for its time, the new one takes its place, so that a timer that is set
// again with every message measures how long there is none. A new state does not end it:
// where no rule is for the message then, it is dropped. It panics for what [Conn.Post] does.
func (c *Conn) After(d time.Duration, message any) {
	c.addPost("After", effect{Effect: Effect{Kind: EffectAfter, After: d, Message: message}})
}

// Post gives the actor itself a message of any type, which is handled after those that wait.
// It panics for nil, and for [Connected], [Disconnected] and [Message].
func (c *Conn) Post(message any) {
	c.addPost("Post", effect{Effect: Effect{Kind: EffectPost, Message: message}})
}

// PostTo gives the actor of another connection a message: of any type on this node, a string
// or bytes on others. When there is no such connection, or no room in its mailbox, the
// message is lost; only the latter is reported, see [OnError]. It panics for what
// [Conn.Post] does.
func (c *Conn) PostTo(id ID, message any) {
	c.addPost("PostTo", effect{Effect: Effect{Kind: EffectPostTo, To: id, Message: message}})
}

// Close closes the connection with a code, 4000 to 4999 for reasons of the program's own,
// and a reason, of which 123 bytes are told to the client. What was sent before reaches it;
// messages that wait for the actor are dropped, and [Disconnected] follows. Effects that are
// asked for after it happen as well, as far as they do not need the client. It panics for
// codes that RFC 6455 does not let programs send.
func (c *Conn) Close(code int, reason string) {
	checkCode(code)
	c.add("Close", effect{Effect: Effect{Kind: EffectClose, Code: code, Text: reason}})
}

// SetLabel sets what the connection is called in lists and in [Topic.Present]; see
// [Remote.SetLabel].
func (c *Conn) SetLabel(label string) {
	c.add("SetLabel", effect{Effect: Effect{Kind: EffectSetLabel, Text: label}})
}

// SetMaxMessage sets how many bytes a message of the client may have, once unpacked; zero or
// less means what [MaxMessage] says. It holds for messages that are read after it: one may
// already be on its way.
func (c *Conn) SetMaxMessage(bytes int64) {
	c.add("SetMaxMessage", effect{Effect: Effect{Kind: EffectSetMaxMessage, Limit: bytes}})
}

// say notes an effect that sends something.
func (c *Conn) say(method string, e effect) {
	if !e.Binary && !utf8.ValidString(e.Text) {
		c.fail(method, errText)
		return
	}
	c.add(method, e)
}

func (c *Conn) sayJSON(method string, e effect, v any) {
	text, err := json.Marshal(v)
	if err != nil {
		c.fail(method, err)
		return
	}
	e.Text = string(text)
	c.add(method, e)
}

// addPost notes an effect that gives an actor something.
func (c *Conn) addPost(method string, e effect) {
	if err := checkPost(e.Message); err != nil {
		panic(fmt.Sprintf("wsx: Conn.%s: %v", method, err))
	}
	c.add(method, e)
}

// add notes an effect.
func (c *Conn) add(method string, e effect) {
	switch e.Kind {
	case EffectPublish, EffectSubscribe, EffectUnsubscribe:
		if e.topic == nil {
			panic(fmt.Sprintf("wsx: Conn.%s: nil topic", method))
		}
		e.Topic = e.topic.name
	}
	c.mustRun(method)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.effects = append(c.effects, e)
}

// fail notes why the handler fails. The first reason counts.
func (c *Conn) fail(method string, err error) {
	c.mustRun(method)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err == nil {
		c.err = fmt.Errorf("%s: %w", method, err)
	}
}

// mustRun panics when the handler has returned.
func (c *Conn) mustRun(method string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.returned {
		panic(fmt.Sprintf("wsx: Conn.%s is called when its handler has returned: keep Conn.Out or Conn.ID, not the Conn", method))
	}
}

// end makes the Conn useless. It returns what the handler has asked for.
func (c *Conn) end() ([]effect, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.returned = true
	return c.effects, c.err
}
