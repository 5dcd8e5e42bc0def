package tp

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/telestruct/telestruct/internal/callsite"
	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/reflectschema"
	"github.com/telestruct/telestruct/tp/wire"
)

// Published says that values of the Go type E are sent on a topic: in messages that
// answer no call, whatever carries them. [Publishes] makes one, as the typed topics of
// package wsx do. It writes and reads these messages, which are like results with the
// definition of E in place of a tag:
//
//	[{"@topic":"prices"},{"struct.Price":{"symbol":"ABC","cents":1250}}]
//
// As an [Option] it makes the definition part of an API's schema, also when no function
// has an E, together with headers.Topic, which lists under $topics what each topic is
// for. So clients learn from fn.api_ what they will receive.
//
// A Published is immutable and safe for concurrent use.
type Published[E any] struct {
	topic string
	of    *publishedType
	begin []byte // of most messages, up to the value
	err   error  // why there are none
}

// Publishes says that values of E are sent on a topic. E is a struct, or an interface
// that one of the unions describes; unions of interfaces inside E are listed as well. The
// API may have the same ones from [Types].
//
// It does not fail: mistakes in E are reported by [API.Build], with the file and line of
// the call of Publishes, and by all other methods that can fail.
//
// A [Link] in E leads to the function that has the name of its argument type, as for a
// [Client]; [API.Build] reports a function of another name.
func Publishes[E any](topic string, unions ...Union) *Published[E] {
	return newPublished[E](topic, newPublishedType(reflectschema.Published{
		Topic:  topic,
		Type:   reflect.TypeFor[E](),
		Unions: unions,
		Site:   callsite.Caller(),
	}))
}

func newPublished[E any](topic string, of *publishedType) *Published[E] {
	p := &Published[E]{topic: topic, of: of, err: of.err()}
	if p.err == nil {
		p.begin, p.err = wire.AppendBegin(nil, p.headers(), of.key)
	}
	return p
}

// At returns the same for another topic. It costs little: E is not looked at again.
func (p *Published[E]) At(topic string) *Published[E] { return newPublished[E](topic, p.of) }

// Topic returns the name of the topic.
func (p *Published[E]) Topic() string { return p.topic }

// Definition returns the schema key of E, such as "struct.Price"; empty when E has a
// mistake.
func (p *Published[E]) Definition() string { return p.of.key }

func (p *Published[E]) apply(s *settings) {
	given := p.of.given
	given.Topic = p.topic
	s.published = append(s.published, published{given, p.of})
}

func (p *Published[E]) headers() Object {
	return Object{{Key: TopicHeader, Value: p.topic}}
}

// Append appends the message that publishes v, in JSON. It fails with a [*Error] of
// [KindSerialization] when v is no value of the definition, because of NaN or a nil union
// for instance: nothing is appended then. Bytes in v are written as base64, and listed in
// the header @base64_ as those of results are (spec section 7.3).
func (p *Published[E]) Append(b []byte, v E) ([]byte, error) {
	if p.err != nil {
		return b, p.err
	}
	at := mem.Of(&v)
	e := plan.Encoder{Buf: append(b, p.begin...)}
	if tree := plan.Base64(p.of.plan, at); tree != nil {
		// What was checked with the headers before can be written again.
		e.Buf, _ = wire.AppendBegin(b, withBase64(p.headers(), Object{{Key: p.of.key, Value: tree}}), p.of.key)
	}
	if !e.Encode(p.of.plan, at) {
		return b, p.of.refused(plan.Tree(p.of.plan, at), &e.Panicked)
	}
	return wire.AppendFinish(e.Buf), nil
}

// Read reads a message that publishes an E, on this topic or another one. Fields that E
// does not have are skipped: newer programs may send them. It fails with a [*Error] of
// [KindSerialization], inside of which is [ErrOtherType] when the message has a value of
// another definition.
func (p *Published[E]) Read(message []byte) (E, error) {
	var v, none E
	if p.err != nil {
		return none, p.err
	}
	d := plan.Decoder{Tolerance: plan.Tolerance{Unknown: true}}
	d.Reset(message, wire.CallLimits())
	_, target, ok := d.Begin()
	if ok && string(target) == p.of.key && p.of.plan.Decode(&d, mem.Of(&v)) && d.Finish() {
		return v, nil
	}
	if err := d.LimitError(); err != nil {
		return none, unread(err)
	}
	m, err := wire.DecodeMessage(message, wire.CallLimits())
	switch {
	case err != nil:
		return none, unread(err)
	case m.Target != p.of.key:
		return none, unread(fmt.Errorf("%w, %q in place of %q", ErrOtherType, clip(m.Target), p.of.key))
	}
	return none, p.of.misfit(m.Payload, &d.Panicked)
}

// unread returns the error of a message that cannot be read because of cause.
func unread(cause error) error { return &Error{Kind: KindSerialization, Cause: cause} }

// TopicHeader is the header of a message that answers no call: the name of the topic that
// it was published on.
const TopicHeader = reflectschema.TopicHeader

// ErrOtherType says that a message has a value of another type than the one that is
// asked for.
var ErrOtherType = errors.New("the message is of another type")

// PublishedOn returns the topic that a message names, and the schema key of the type that
// it has a value of: for who receives messages of several. It reports false for a message
// that names none. The value itself is not looked at.
func PublishedOn(message []byte) (topic, definition string, ok bool) {
	var r wire.Reader
	r.Reset(message, wire.CallLimits())
	headers, target, ok := r.Begin()
	if !ok {
		return "", "", false
	}
	named, _ := headers.Get(TopicHeader)
	if topic, ok = named.(string); !ok {
		return "", "", false
	}
	return topic, string(target), true
}
