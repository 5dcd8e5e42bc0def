package wsx

import (
	"encoding/json"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
	"weak"
)

// presenceBus tells the other nodes which connections of this one subscribe to a topic,
// and the topic which ones of theirs do. What it says it says again from time to time;
// what it hears holds until it was not repeated for a while.
type presenceBus struct {
	nodes    *nodes
	topic    weak.Pointer[Topic]
	interest *interest

	mu      sync.Mutex
	own     int         // how many connections of this node are there
	repeats *time.Timer // while there are any
	expires *time.Timer // while some of others are
	isAsked bool        // repeats is about to answer
	listed  time.Time   // when it last said who is there
}

const (
	// presencePrefix begins the address on the bus that is for the presence of a topic.
	presencePrefix = "_presence."
	// maxWordEntries is how many connections one message is about, and maxPresences how
	// many of other nodes a topic knows.
	maxWordEntries = 256
	maxPresences   = 1 << 17
	// presencePause is the least time between two lists of all connections, and between
	// two looks at which have expired.
	presencePause = time.Second
)

// presenceWord is what nodes say about who is there, as JSON.
type presenceWord struct {
	Type presenceVerb    `json:"type"`
	Who  []presenceEntry `json:"who,omitempty"`
}

type presenceVerb string

const (
	presenceAsk  presenceVerb = "ask"  // who is there
	presenceHere presenceVerb = "here" // these are, with these labels
	presenceLeft presenceVerb = "left" // these are not any more
)

// presenceEntry is a connection of the node that speaks: nobody speaks for others.
type presenceEntry struct {
	Number uint64    `json:"number"`
	Label  string    `json:"label,omitempty"`
	Since  time.Time `json:"since,omitzero"`
}

func newPresenceBus(t *Topic, n *nodes) *presenceBus {
	self := weak.Make(t)
	b := &presenceBus{nodes: n, topic: self}
	b.interest = &interest{nodes: n, address: Address{Topic: presencePrefix + t.name}, receive: b.heard}
	t.presence.told = b.told
	runtime.AddCleanup(t, abandonLater, b.interest)
	return b
}

// begin asks who is there.
func (b *presenceBus) begin() {
	b.interest.hold()
	b.say(presenceWord{Type: presenceAsk})
}

func (b *presenceBus) say(w presenceWord) {
	if data, err := json.Marshal(w); err == nil {
		b.nodes.post(b.interest.address, data)
	}
}

// told spreads what a connection of this node has done. The topic is locked, so that all
// that is said about it is in the right order.
func (b *presenceBus) told(e PresenceEvent) {
	word := presenceWord{Type: presenceHere, Who: []presenceEntry{newPresenceEntry(e.Presence)}}
	switch e.Change {
	case PresenceJoined:
		b.count(1)
	case PresenceLeft:
		word.Type = presenceLeft
		b.count(-1)
	}
	b.say(word)
}

// count notes how many more connections of this node are there.
func (b *presenceBus) count(more int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.own += more
	switch {
	case b.own == 0 && b.repeats != nil:
		b.repeats.Stop()
		b.repeats, b.isAsked = nil, false
	case b.own > 0 && b.repeats == nil:
		b.repeats = time.AfterFunc(refreshTime, b.repeat)
	}
}

func newPresenceEntry(p Presence) presenceEntry {
	return presenceEntry{Number: p.ID.Number, Label: p.Label, Since: p.Since}
}

// repeat says who is there as long as somebody is.
func (b *presenceBus) repeat() {
	t := b.topic.Value()
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	b.list(t)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.isAsked, b.listed = false, time.Now()
	if b.repeats != nil {
		b.repeats.Reset(refreshTime)
	}
}

// asked says who is there, but not again and again however often others ask.
func (b *presenceBus) asked() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.repeats == nil || b.isAsked {
		return
	}
	b.isAsked = true
	b.repeats.Reset(max(presencePause-time.Since(b.listed), 0))
}

// list says who is there. The topic is locked.
func (b *presenceBus) list(t *Topic) {
	for some := range slices.Chunk(t.presence.listOwn(), maxWordEntries) {
		word := presenceWord{Type: presenceHere}
		for _, p := range some {
			word.Who = append(word.Who, newPresenceEntry(p))
		}
		b.say(word)
	}
}

// heard takes what a node says.
func (b *presenceBus) heard(m *BusMessage) {
	t, word := b.topic.Value(), presenceWord{}
	if t == nil || m.Node == b.nodes.server.node || !isNodeName(m.Node) || json.Unmarshal(m.Data, &word) != nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	switch word.Type {
	case presenceAsk:
		t.presence.removeNode(m.Node) // it begins: what was there is that of a predecessor
		b.asked()
	case presenceLeft:
		for _, e := range word.Who {
			t.presence.remove(ID{m.Node, e.Number})
		}
	case presenceHere:
		b.believe(t, m.Node, word.Who)
	}
}

// believe notes who is there on another node.
func (b *presenceBus) believe(t *Topic, node string, who []presenceEntry) {
	until := time.Now().Add(expiryTime)
	for _, e := range who {
		id := ID{node, e.Number}
		if _, known := t.presence.entries[id]; known || len(t.presence.entries) < maxPresences {
			t.presence.set(Presence{ID: id, Label: strings.Clone(clip(e.Label, maxLabel)), Since: e.Since}, until)
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.expires == nil {
		b.expires = time.AfterFunc(expiryTime, b.expire)
	}
}

// expire removes those of whom there was no word in time.
func (b *presenceBus) expire() {
	t := b.topic.Value()
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	next := t.presence.expire(time.Now())
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.expires = nil; !next.IsZero() {
		b.expires = time.AfterFunc(max(time.Until(next), presencePause), b.expire)
	}
}
