package wsx

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"reflect"
)

const (
	// maxSaid and maxSaidBytes are what may wait of a client before no more is read.
	maxSaid      = 64
	maxSaidBytes = 1 << 20
	// maxHeard and maxHeardBytes are what may wait of everybody else before more is lost.
	// A topic can be faster than any actor, and nobody reads more slowly for it.
	maxHeard      = 1024
	maxHeardBytes = 4 << 20
	// keptLetters is how many letters the memory of an idle mailbox has room for.
	keptLetters = 4
)

// ErrMailboxFull says that an actor has no room for a message, because it is behind.
var ErrMailboxFull = errors.New("wsx: the mailbox of the actor is full")

// letter is a message on its way to an actor.
type letter struct {
	from  origin
	value any
}

// origin says where a letter comes from, and so what its value is.
type origin uint8

const (
	fromClient  origin = iota // a *message
	fromInput                 // a *delivery, which stands for a message of the client
	fromTopic                 // a *delivery
	fromProgram               // what was posted
	fromSelf                  // what the actor has posted to itself
	fromTimer                 // a *timer
	fromStart                 // a *http.Request: the connection is there
	fromEnd                   // nil: it is there no more
)

// size returns how many bytes the letter has of what is counted.
func (l *letter) size() int {
	switch v := l.value.(type) {
	case *message:
		return len(v.body.bytes)
	case *delivery:
		return len(v.message.Data)
	}
	return 0
}

// mailbox is the letters of an actor, in the order in which they came. The lock of the actor
// guards it.
type mailbox struct {
	letters     []letter
	next        int // of them
	said, heard load
}

// load is how much there is of something.
type load struct{ count, bytes int }

// of returns the load that a letter belongs to; nil for what is not limited, because the
// actor itself, or nobody, is the cause of it.
func (b *mailbox) of(l *letter) *load {
	switch l.from {
	case fromClient:
		return &b.said
	case fromInput, fromTopic, fromProgram:
		return &b.heard
	}
	return nil
}

func (b *mailbox) put(l letter) {
	if b.next > 0 && len(b.letters) == cap(b.letters) {
		n := copy(b.letters, b.letters[b.next:])
		clear(b.letters[n:])
		b.letters, b.next = b.letters[:n], 0
	}
	b.letters = append(b.letters, l)
	if load := b.of(&l); load != nil {
		load.count++
		load.bytes += l.size()
	}
}

// take returns the next letter. It reports false when there is none.
func (b *mailbox) take() (l letter, ok bool) {
	if b.next == len(b.letters) {
		return letter{}, false
	}
	l, b.letters[b.next] = b.letters[b.next], letter{}
	b.next++
	if load := b.of(&l); load != nil {
		load.count--
		load.bytes -= l.size()
	}
	if b.next == len(b.letters) {
		b.letters, b.next = b.letters[:0], 0
		if cap(b.letters) > keptLetters {
			b.letters = nil
		}
	}
	return l, true
}

// len returns how many letters there are.
func (b *mailbox) len() int { return len(b.letters) - b.next }

// hasRoom reports whether there is room for what a client says.
func (b *mailbox) hasRoom() bool { return b.said.count < maxSaid && b.said.bytes < maxSaidBytes }

// isFull reports whether there is none for what comes from elsewhere.
func (b *mailbox) isFull() bool { return b.heard.count >= maxHeard || b.heard.bytes >= maxHeardBytes }

// drop removes all letters, but not the one that the connection is there.
func (b *mailbox) drop() {
	var start []letter
	for i := b.next; i < len(b.letters); i++ {
		switch l := &b.letters[i]; l.from {
		case fromClient:
			l.value.(*message).release()
		case fromStart:
			start = append(start, *l)
		}
	}
	*b = mailbox{letters: start}
}

// put puts a letter into the mailbox. It reports whether the caller, when it has let go of
// the lock, must start a goroutine for it.
func (a *actor) put(l letter) (mustWork bool) {
	a.box.put(l)
	mustWork = !a.running && a.begun
	a.running = a.running || mustWork
	return mustWork
}

// give takes a letter from others than the client. It waits for nothing.
func (a *actor) give(l letter) error {
	a.mu.Lock()
	if a.refuses {
		a.mu.Unlock()
		return ErrGone
	}
	if a.box.isFull() {
		if l.from != fromProgram { // who posts learns of it
			a.missed++
		}
		a.mu.Unlock()
		return ErrMailboxFull
	}
	mustWork := a.put(l)
	a.mu.Unlock()
	if mustWork {
		go a.work()
	}
	return nil
}

// post takes a message of any type. It fails with [ErrGone] when the connection ends, and
// with [ErrMailboxFull].
func (a *actor) post(message any) error {
	if err := checkPost(message); err != nil {
		return fmt.Errorf("wsx: post to connection %v: %w", a.conn.id(), err)
	}
	return a.give(letter{fromProgram, message})
}

// hear takes a message as if the client had said it, and hearTopic one of a topic that the
// actor subscribes to.
func (a *actor) hear(d *delivery)      { _ = a.give(letter{fromInput, d}) }
func (a *actor) hearTopic(d *delivery) { _ = a.give(letter{fromTopic, d}) }

// postSelf takes a message from the actor's own handlers and timers.
func (a *actor) postSelf(l letter) {
	a.mu.Lock()
	if a.stopping || a.over {
		a.mu.Unlock()
		return
	}
	mustWork := a.put(l)
	a.mu.Unlock()
	if mustWork {
		go a.work()
	}
}

// checkPost says what is wrong with a message that somebody wants to post.
func checkPost(message any) error {
	if message == nil {
		return errors.New("nil is no message")
	}
	if t := reflect.TypeOf(message); isOurs(t) {
		return fmt.Errorf("a %v comes from the layer alone: post a type of your own", t)
	}
	return nil
}

// open returns what a letter says; nil when it says nothing any more.
func (a *actor) open(l *letter) any {
	switch l.from {
	case fromClient:
		m := l.value.(*message)
		defer m.release()
		return a.conn.actors.parse(m.kind, m.body.bytes)
	case fromInput:
		m := &l.value.(*delivery).message
		return a.conn.actors.parse(m.Kind, bytes.Clone(m.Data))
	case fromTopic:
		return l.value.(*delivery).message
	case fromTimer:
		return a.expire(l.value.(*timer))
	case fromStart:
		return a.connected(l.value.(*http.Request))
	case fromEnd:
		return a.disconnected()
	}
	return l.value
}

// parse returns the message that a client has sent, as handlers get it. It may write to data,
// and keeps none of it.
func (o *actorOptions) parse(kind Kind, data []byte) any {
	if kind == Binary {
		return append([]byte{}, data...)
	}
	if m := o.parseJSON(data); m != nil {
		return m
	}
	return string(data)
}
