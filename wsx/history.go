package wsx

import (
	"crypto/rand"
	"errors"
	"fmt"
	"time"
)

// Position is where a message stands in the [History] of a topic on one node. The zero
// value stands before all messages, whatever was lost of them.
type Position struct {
	// Epoch names the history: another one begins when it is lost, as when the program
	// starts again. It differs from node to node.
	Epoch string
	// Offset counts the messages of the epoch from 1; 0 is before the first one.
	Offset uint64
}

// Position returns where the last message stands, which is where [Topic.Since] finds
// nothing yet: to be noted together with what the messages so far have led to. It is zero
// without a [History].
func (t *Topic) Position() Position {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.history.position()
}

// Since returns the messages after a position, oldest first; for the zero Position all
// that the topic's [History] has. It fails with a [*HistoryLostError] when some of them
// are not there any more.
func (t *Topic) Since(after Position) ([]Message, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	kept, err := t.since(after)
	if err != nil {
		return nil, err
	}
	messages := make([]Message, len(kept))
	for i, d := range kept {
		messages[i] = d.message
	}
	return messages, nil
}

func (t *Topic) since(after Position) ([]*delivery, error) {
	kept, ok := t.history.after(after, time.Now())
	if !ok {
		return nil, &HistoryLostError{Topic: t.name, After: after, First: t.history.firstPosition(), Last: t.history.position()}
	}
	return kept, nil
}

// ErrHistoryLost is what every [*HistoryLostError] is to [errors.Is].
var ErrHistoryLost = errors.New("wsx: messages of the history are lost")

// HistoryLostError says that a topic does not have all messages after a position any more.
// Who asked must learn of the state in another way, and go on from Last.
type HistoryLostError struct {
	Topic string
	// After is the position that was asked for.
	After Position
	// First is where the oldest message stands that the topic has, and Last the newest.
	// Both are zero when the topic keeps no history at all. First.Offset is beyond
	// Last.Offset by 1 when it has none just now.
	First, Last Position
}

// Error says what is missing.
func (e *HistoryLostError) Error() string {
	switch {
	case e.Last.Epoch == "":
		return fmt.Sprintf("wsx: topic %q keeps no history; make it with History", e.Topic)
	case e.After.Epoch != e.Last.Epoch:
		return fmt.Sprintf("wsx: the history of topic %q from epoch %q is lost: now there is epoch %q", e.Topic, e.After.Epoch, e.Last.Epoch)
	case e.After.Offset > e.Last.Offset:
		return fmt.Sprintf("wsx: topic %q has got %d messages, so there is no position %d", e.Topic, e.Last.Offset, e.After.Offset)
	}
	return fmt.Sprintf("wsx: the history of topic %q begins with message %d, so what came after %d is not complete", e.Topic, e.First.Offset, e.After.Offset)
}

// Is reports whether target is [ErrHistoryLost].
func (e *HistoryLostError) Is(target error) bool { return target == ErrHistoryLost }

// history is the last messages of a topic, whose lock guards it. A topic that keeps none
// has a nil history.
type history struct {
	epoch string
	max   int
	ttl   time.Duration // 0: for ever
	kept  ring[keptMessage]
	last  uint64 // the offset of the newest, kept or not
}

type keptMessage struct {
	delivery *delivery
	since    time.Time
}

// newHistory returns an empty one; nil for a topic that is to keep none.
func newHistory(s topicSettings) *history {
	if s.kept == 0 {
		return nil
	}
	return &history{epoch: rand.Text()[:10], max: s.kept, ttl: s.keptFor}
}

// add keeps a message, and tells it its position.
func (h *history) add(d *delivery, now time.Time) {
	h.expire(now)
	if h.kept.len() == h.max {
		h.kept.pop()
	}
	h.last++
	d.message.Position = Position{h.epoch, h.last}
	h.kept.push(keptMessage{d, now})
}

// expire forgets what is too old.
func (h *history) expire(now time.Time) {
	for h.ttl > 0 && h.kept.len() > 0 && now.Sub(h.kept.at(0).since) >= h.ttl {
		h.kept.pop()
	}
}

// newest returns the last n messages, oldest first.
func (h *history) newest(n int, now time.Time) []*delivery {
	if h == nil || n <= 0 {
		return nil
	}
	h.expire(now)
	return h.from(max(h.kept.len()-n, 0))
}

// after returns the messages after a position. It reports false when some are missing.
func (h *history) after(p Position, now time.Time) (kept []*delivery, ok bool) {
	if h == nil {
		return nil, false
	}
	h.expire(now)
	if p == (Position{}) {
		return h.from(0), true
	}
	forgotten := h.last - uint64(h.kept.len())
	if p.Epoch != h.epoch || p.Offset < forgotten || p.Offset > h.last {
		return nil, false
	}
	return h.from(int(p.Offset - forgotten)), true
}

// from returns all messages but the i oldest.
func (h *history) from(i int) []*delivery {
	kept := make([]*delivery, 0, h.kept.len()-i)
	for ; i < h.kept.len(); i++ {
		kept = append(kept, h.kept.at(i).delivery)
	}
	return kept
}

// position returns where the newest message stands.
func (h *history) position() Position {
	if h == nil {
		return Position{}
	}
	return Position{h.epoch, h.last}
}

// firstPosition returns where the oldest message stands that is kept.
func (h *history) firstPosition() Position {
	if h == nil {
		return Position{}
	}
	return Position{h.epoch, h.last - uint64(h.kept.len()) + 1}
}

// isEmpty reports whether nothing is kept.
func (h *history) isEmpty(now time.Time) bool {
	if h == nil {
		return true
	}
	h.expire(now)
	return h.kept.len() == 0
}
