package wsx

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Effect is something that a handler has asked for, as [Run] tells. Fields that say nothing
// about its kind are zero.
type Effect struct {
	// Kind says what is to be done.
	Kind EffectKind
	// Topic is the name of the topic.
	Topic string
	// Text is what is said; of [EffectClose] the reason, and of [EffectSetLabel] the label.
	Text string
	// Binary says that Text is any bytes, and leaves as a binary message.
	Binary bool
	// ToActor and History are the options of [EffectSubscribe].
	ToActor bool
	History int
	// Message is what is posted, and To the connection of [EffectPostTo].
	Message any
	To      ID
	// After is how long [EffectAfter] takes.
	After time.Duration
	// Code is that of [EffectClose].
	Code int
	// Limit is that of [EffectSetMaxMessage].
	Limit int64
}

// EffectKind says what an [Effect] is.
type EffectKind string

// The kinds, named after the methods of [Conn] that ask for them.
const (
	EffectReply         EffectKind = "reply"
	EffectPublish       EffectKind = "publish"
	EffectSubscribe     EffectKind = "subscribe"
	EffectUnsubscribe   EffectKind = "unsubscribe"
	EffectAfter         EffectKind = "after"
	EffectPost          EffectKind = "post"
	EffectPostTo        EffectKind = "post to"
	EffectClose         EffectKind = "close"
	EffectSetLabel      EffectKind = "set label"
	EffectSetMaxMessage EffectKind = "set max message"
)

// String returns one line, such as: publish chat "* ada joined".
func (e Effect) String() string {
	words := []string{string(e.Kind)}
	if e.Topic != "" {
		words = append(words, e.Topic)
	}
	switch e.Kind {
	case EffectReply, EffectPublish, EffectSetLabel:
		if e.Binary {
			words = append(words, "binary")
		}
		words = append(words, strconv.Quote(e.Text))
	case EffectSubscribe:
		if e.ToActor {
			words = append(words, "to actor")
		}
		if e.History > 0 {
			words = append(words, "history", strconv.Itoa(e.History))
		}
	case EffectAfter:
		words = append(words, e.After.String(), fmt.Sprintf("%#v", e.Message))
	case EffectPost:
		words = append(words, fmt.Sprintf("%#v", e.Message))
	case EffectPostTo:
		words = append(words, e.To.String(), fmt.Sprintf("%#v", e.Message))
	case EffectClose:
		words = append(words, strconv.Itoa(e.Code), strconv.Quote(e.Text))
	case EffectSetMaxMessage:
		words = append(words, strconv.FormatInt(e.Limit, 10))
	}
	return strings.Join(words, " ")
}

// effect is one with what it needs to happen.
type effect struct {
	Effect
	topic *Topic
}

func (e *Effect) messageKind() Kind {
	if e.Binary {
		return Binary
	}
	return Text
}
