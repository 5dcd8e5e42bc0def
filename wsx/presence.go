package wsx

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Presence says that a connection subscribes to a topic.
type Presence struct {
	ID ID
	// Label is what the program calls the connection; see [Remote.SetLabel].
	Label string
	// Since is when the connection has subscribed.
	Since time.Time
}

// PresenceChange is what has happened to a [Presence].
type PresenceChange uint8

// The changes.
const (
	// PresenceJoined: the connection subscribes from now on.
	PresenceJoined PresenceChange = iota
	// PresenceLeft: it does not any more, has ended, or its node is not heard of.
	PresenceLeft
	// PresenceRelabeled: it has another label.
	PresenceRelabeled
)

// String returns the change in lower case.
func (c PresenceChange) String() string {
	switch c {
	case PresenceLeft:
		return "left"
	case PresenceRelabeled:
		return "relabeled"
	}
	return "joined"
}

// PresenceEvent is a change of who subscribes to a topic.
type PresenceEvent struct {
	Change PresenceChange
	Presence
	// Missed is how many events before this one the function did not get because it was
	// too slow: then [Topic.Present] has the truth.
	Missed int
}

// Present returns which connections subscribe to the topic, those that have done so for
// longest first. It returns none for a topic without [WithPresence]. Functions that
// subscribe do not count.
func (t *Topic) Present() []Presence {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.presence == nil {
		return nil
	}
	return t.presence.list()
}

// OnPresence calls fn with each change from now on, until stop is called: as
// [Topic.Subscribe] does with messages. It panics for a nil fn, and for a topic without
// [WithPresence].
func (t *Topic) OnPresence(fn func(PresenceEvent)) (stop func()) {
	switch {
	case fn == nil:
		panic("wsx: OnPresence: nil function")
	case t.presence == nil:
		panic(fmt.Sprintf("wsx: OnPresence: topic %q does not know who is present; make it with WithPresence", t.name))
	}
	w := &watcher{
		call: func(e PresenceEvent, missed int) {
			defer t.recovered()
			e.Missed = missed
			fn(e)
		},
		size: func(PresenceEvent) int { return 0 },
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.presence.watchers = append(t.presence.watchers, w)
	t.keep()
	return func() { t.stopWatching(w) }
}

func (t *Topic) stopWatching(w *watcher) {
	if !w.stop() {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	p := t.presence
	p.watchers = slices.DeleteFunc(p.watchers, func(other *watcher) bool { return other == w })
	t.keep()
}

// watcher is a function that is told of changes.
type watcher = listener[PresenceEvent]

// presence is who subscribes to a topic, whose lock guards it. The connections of other
// nodes are in it for a time, which each word of them extends.
type presence struct {
	entries  map[ID]*present
	watchers []*watcher
	// told is called with what connections of this node do. It never waits, and calls
	// nothing that is not the layer's own; nil where nobody wants to know.
	told func(PresenceEvent)
}

type present struct {
	Presence
	until time.Time // zero for connections of this node
}

// newPresence returns one of nobody; nil for a topic that is not to know.
func newPresence(s topicSettings) *presence {
	if !s.presence {
		return nil
	}
	return &presence{entries: map[ID]*present{}}
}

// set notes that a connection is there, until a time if that is not zero.
func (p *presence) set(who Presence, until time.Time) {
	at, known := p.entries[who.ID]
	if !known {
		p.entries[who.ID] = &present{who, until}
		p.tell(PresenceEvent{Change: PresenceJoined, Presence: who}, until.IsZero())
		return
	}
	at.until = until
	if at.Label != who.Label {
		at.Label = who.Label
		p.tell(PresenceEvent{Change: PresenceRelabeled, Presence: at.Presence}, until.IsZero())
	}
}

// remove notes that a connection is not there. Nothing happens where it was not.
func (p *presence) remove(id ID) {
	if at, known := p.entries[id]; known {
		delete(p.entries, id)
		p.tell(PresenceEvent{Change: PresenceLeft, Presence: at.Presence}, at.until.IsZero())
	}
}

// removeNode does so for the connections of another node.
func (p *presence) removeNode(node string) {
	for id, at := range p.entries {
		if id.Node == node && !at.until.IsZero() {
			p.remove(id)
		}
	}
}

// expire removes those of whom there was no word in time. It returns when to look again;
// zero when there is nobody of another node.
func (p *presence) expire(now time.Time) (next time.Time) {
	for id, at := range p.entries {
		switch {
		case at.until.IsZero():
		case !at.until.After(now):
			p.remove(id)
		case next.IsZero() || at.until.Before(next):
			next = at.until
		}
	}
	return next
}

// tell tells of a change.
func (p *presence) tell(e PresenceEvent, isOwn bool) {
	for _, w := range p.watchers {
		w.put(e)
	}
	if isOwn && p.told != nil {
		p.told(e)
	}
}

// list returns who is there.
func (p *presence) list() []Presence {
	all := make([]Presence, 0, len(p.entries))
	for _, at := range p.entries {
		all = append(all, at.Presence)
	}
	sortPresence(all)
	return all
}

// listOwn returns which connections of this node are there.
func (p *presence) listOwn() []Presence {
	var own []Presence
	for _, at := range p.entries {
		if at.until.IsZero() {
			own = append(own, at.Presence)
		}
	}
	sortPresence(own)
	return own
}

func sortPresence(all []Presence) {
	slices.SortFunc(all, func(a, b Presence) int {
		return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.ID.Node, b.ID.Node), cmp.Compare(a.ID.Number, b.ID.Number))
	})
}

// arrived notes that a connection has subscribed.
func (t *Topic) arrived(s subscriber) {
	if own, ok := s.(*subscription); ok && t.presence != nil {
		t.presence.set(Presence{ID: own.conn.id(), Label: own.conn.label(), Since: time.Now()}, time.Time{})
	}
}

// departed notes that it has ended that.
func (t *Topic) departed(s subscriber) {
	if own, ok := s.(*subscription); ok && t.presence != nil {
		t.presence.remove(own.conn.id())
	}
}

// relabeled tells the topics of a connection that its label has changed.
func (c *connection) relabeled() {
	own := &c.subscriptions
	own.mu.Lock()
	defer own.mu.Unlock()
	for _, s := range own.list {
		s.topic.relabel(c)
	}
}

func (t *Topic) relabel(c *connection) {
	if t.presence == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.presence.set(Presence{ID: c.id(), Label: c.label()}, time.Time{})
}
