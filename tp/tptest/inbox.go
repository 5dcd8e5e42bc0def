package tptest

import (
	"sync"
	"testing"
	"time"

	"github.com/telestruct/telestruct/wsx"
)

// Inbox keeps what came until the test asks for it, in order. It is safe for concurrent use.
type Inbox[M any] struct {
	t    testing.TB
	what string // comes in

	mu     sync.Mutex
	came   []M
	signal chan struct{} // has one while there is something
}

func newInbox[M any](t testing.TB, what string) *Inbox[M] {
	return &Inbox[M]{t: t, what: what, signal: make(chan struct{}, 1)}
}

func (i *Inbox[M]) put(m M) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.came = append(i.came, m)
	i.tell()
}

func (i *Inbox[M]) tell() {
	select {
	case i.signal <- struct{}{}:
	default:
	}
}

// take returns what came first.
func (i *Inbox[M]) take() (m M, ok bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if len(i.came) == 0 {
		return m, false
	}
	m, i.came = i.came[0], i.came[1:]
	if len(i.came) > 0 {
		i.tell()
	}
	return m, true
}

// Next returns what comes next, for which it waits. The test fails at once when nothing comes
// for a minute, which takes no time in a bubble of [testing/synctest].
func (i *Inbox[M]) Next() M {
	i.t.Helper()
	late := time.NewTimer(patience)
	defer late.Stop()
	for {
		if m, ok := i.take(); ok {
			return m
		}
		select {
		case <-i.signal:
		case <-late.C:
			i.t.Fatalf("no %s has come in %v", i.what, patience)
		}
	}
}

// Waiting returns what has come and was not asked for yet, which stays. In a bubble of
// [testing/synctest], what is under way has come after [synctest.Wait].
func (i *Inbox[M]) Waiting() []M {
	i.mu.Lock()
	defer i.mu.Unlock()
	return append([]M(nil), i.came...)
}

// Listen keeps what is published on a topic from now on, until the test ends.
func Listen(t testing.TB, topic *wsx.Topic) *Inbox[wsx.Message] {
	inbox := newInbox[wsx.Message](t, "message on "+topic.Name())
	t.Cleanup(topic.Subscribe(inbox.put))
	return inbox
}

// ListenTo is Listen for the values of a typed topic. What cannot be read as one is left out.
func ListenTo[E any](t testing.TB, topic *wsx.TypedTopic[E]) *Inbox[E] {
	inbox := newInbox[E](t, "value on "+topic.Topic().Name())
	t.Cleanup(topic.Subscribe(func(v E, _ wsx.Message) { inbox.put(v) }))
	return inbox
}
