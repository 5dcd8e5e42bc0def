package wsx

import (
	"context"
	"fmt"
)

// carryOut makes an effect of handling m happen. What fails is reported, unless all that is
// wrong is that somebody has gone.
func (a *actor) carryOut(e *effect, m any) {
	if err := a.tryEffect(e); err != nil && err != ErrGone {
		a.report(m, fmt.Errorf("%s: %w", e.Kind, err), true)
	}
}

func (a *actor) tryEffect(e *effect) error {
	c := a.conn
	switch e.Kind {
	case EffectReply:
		data := []byte(e.Text)
		c.out.awaitRoom(&frame{bytes: data})
		return c.reply(&Message{Kind: e.messageKind(), Data: data})
	case EffectPublish:
		return e.topic.Publish(context.Background(), Message{Kind: e.messageKind(), Data: []byte(e.Text), From: c.id()})
	case EffectSubscribe:
		return a.subscribe(e)
	case EffectUnsubscribe:
		c.unsubscribe(e.topic)
	case EffectAfter:
		a.after(e.After, e.Message)
	case EffectPost:
		a.postSelf(letter{fromSelf, e.Message})
	case EffectPostTo:
		return a.postTo(e.To, e.Message)
	case EffectClose:
		a.close(CauseProgram, ending{e.Code, e.Text})
	case EffectSetLabel:
		c.setLabel(e.Text)
	case EffectSetMaxMessage:
		c.setMaxMessage(e.Limit)
	}
	return nil
}

func (a *actor) subscribe(e *effect) error {
	var take func(*delivery)
	if e.ToActor {
		take = a.hearTopic
	}
	return a.conn.subscribe(e.topic, take, e.History)
}

// postTo gives another actor a message.
func (a *actor) postTo(id ID, message any) error {
	s := a.conn.about.endpoint.server
	if id.Node != s.node {
		return postAway(s.In(id), message)
	}
	r, err := s.Remote(id.Number)
	if err != nil {
		return err
	}
	return r.Post(message)
}

// postAway gives an actor of another node a message through its input.
func postAway(in *Topic, message any) error {
	switch m := message.(type) {
	case string:
		return in.Text(context.Background(), m)
	case []byte:
		return in.Binary(context.Background(), m)
	}
	return fmt.Errorf("a %T cannot go to another node: send a string or a []byte", message)
}
