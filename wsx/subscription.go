package wsx

import (
	"slices"
	"sync"
)

// subscription is a topic whose messages a connection gets.
type subscription struct {
	topic *Topic
	conn  *connection
	take  func(*delivery) // what becomes of them; nil sends them to the client
	slot  int             // where the topic has it
}

// deliver gives the connection a message.
func (s *subscription) deliver(d *delivery) {
	if s.take != nil {
		s.take(d)
		return
	}
	s.conn.push(d)
}

// deliverKept gives the connection messages of the history.
func (s *subscription) deliverKept(ds []*delivery) {
	if s.take == nil {
		s.conn.pushKept(ds)
		return
	}
	for _, d := range ds {
		s.take(d)
	}
}

func (s *subscription) place() *int { return &s.slot }

// subscriptions are those of a connection. Topics are locked while they are, never the
// other way round.
type subscriptions struct {
	mu    sync.Mutex
	list  []*subscription
	ended bool // there are no more
}

// subscribe makes the connection get the messages of a topic, from the next one on, after
// those that its history has, up to replay. It does nothing when it gets them already, and
// fails with [ErrGone] when the connection has ended.
func (c *connection) subscribe(t *Topic, take func(*delivery), replay int) error {
	if t.bridge != nil {
		// The bus may take its time, during which others want to know what there is.
		if err := t.bridge.hold(); err != nil {
			return err
		}
		defer t.bridge.release()
	}
	own := &c.subscriptions
	own.mu.Lock()
	defer own.mu.Unlock()
	switch {
	case own.ended:
		return ErrGone
	case own.of(t) >= 0:
		return nil
	}
	s := &subscription{topic: t, conn: c, take: take}
	if err := t.join(s, replay); err != nil {
		return err
	}
	own.list = append(own.list, s)
	return nil
}

// unsubscribe ends that. It reports whether there was anything to end.
func (c *connection) unsubscribe(t *Topic) bool {
	own := &c.subscriptions
	own.mu.Lock()
	defer own.mu.Unlock()
	i := own.of(t)
	if i < 0 {
		return false
	}
	t.leave(own.list[i])
	own.list = slices.Delete(own.list, i, i+1)
	return true
}

// of returns where the subscription to a topic is, and a negative number if there is none.
func (own *subscriptions) of(t *Topic) int {
	return slices.IndexFunc(own.list, func(s *subscription) bool { return s.topic == t })
}

// leaveTopics ends all subscriptions. There are no more after it.
func (c *connection) leaveTopics() {
	own := &c.subscriptions
	own.mu.Lock()
	defer own.mu.Unlock()
	for _, s := range own.list {
		s.topic.leave(s)
	}
	own.list, own.ended = nil, true
}
