package wsx

import (
	"fmt"
	"runtime"
	"sync"
	"time"
	"weak"
)

// topicRegistry has the topics of a server by name. Those that nobody refers to are
// forgotten: a topic for every room that ever was must not stay. The lock of a topic may
// be held when that of the registry is taken, not the other way round.
type topicRegistry struct {
	mu      sync.Mutex
	entries map[string]*topicEntry
	sweepAt int // how many entries make it worth looking for topics to let go
}

// topicEntry is how a registry knows a topic: by itself while it is in use, which is while
// somebody subscribes to it or it has a history.
type topicEntry struct {
	topic weak.Pointer[Topic]
	inUse *Topic
}

// minSweep is how many topics a server has at least when it looks for those to let go.
const minSweep = 64

// NewTopic returns the topic of a name. There is one for each name: who asks again gets
// the same, for as long as somebody has it, subscribes to it, or messages of its history
// are there; then it is forgotten. It panics for a name that is empty, longer than 255
// bytes, not UTF-8 or that begins with _, and for options that contradict those of the
// call that made the topic.
func (s *Server) NewTopic(name string, options ...TopicOption) *Topic {
	if fault := checkTopicName(name); fault != "" {
		panic("wsx: " + fault)
	}
	t, crowded := s.topics.get(s, name, options)
	for _, other := range crowded {
		other.reconsider()
	}
	if t.bridge != nil {
		t.bridge.begin()
	}
	return t
}

// get returns a topic, and as the case may be others that may have become unused.
func (r *topicRegistry) get(s *Server, name string, options []TopicOption) (t *Topic, crowded []*Topic) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if entry, ok := r.entries[name]; ok {
		if t := entry.topic.Value(); t != nil {
			t.check(options)
			return t, nil
		}
	}
	t = newTopic(s, name, newTopicSettings(topicSettings{}, options))
	self := weak.Make(t)
	t.entry = &topicEntry{topic: self}
	r.entries[name] = t.entry
	// What the cleanup has must not refer to the server: the topics of one that nobody has
	// any more would keep it.
	runtime.AddCleanup(t, func(r weak.Pointer[topicRegistry]) { r.Value().forget(name, self) }, weak.Make(r))
	return t, r.crowd()
}

// crowd returns the topics to look at when there are many more than the last time.
func (r *topicRegistry) crowd() []*Topic {
	if len(r.entries) < max(r.sweepAt, minSweep) {
		return nil
	}
	r.sweepAt = 2 * len(r.entries)
	var used []*Topic
	for _, entry := range r.entries {
		if entry.inUse != nil {
			used = append(used, entry.inUse)
		}
	}
	return used
}

// forget removes a topic that is not there any more. Nil has none.
func (r *topicRegistry) forget(name string, topic weak.Pointer[Topic]) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if entry, ok := r.entries[name]; ok && entry.topic == topic {
		delete(r.entries, name)
	}
}

// use notes whether a topic is in use.
func (r *topicRegistry) use(t *Topic, inUse bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if t.entry.inUse = nil; inUse {
		t.entry.inUse = t
	}
}

// keep sees that the topic stays as long as it is in use, and no longer. The topic is
// locked.
func (t *Topic) keep() {
	inUse := len(t.subscribers) > 0 || !t.history.isEmpty(time.Now()) || t.presence != nil && len(t.presence.watchers) > 0
	if t.entry != nil && inUse != t.inUse {
		t.inUse = inUse
		t.server.topics.use(t, inUse)
	}
}

// reconsider lets a topic go that has become unused because what it had was too old.
func (t *Topic) reconsider() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.keep()
}

// check panics for options that contradict those which the topic has.
func (t *Topic) check(options []TopicOption) {
	if newTopicSettings(t.settings, options) != t.settings {
		panic(fmt.Sprintf("wsx: topic %q was made with other options: give them to the first NewTopic alone, or the same ones to all", t.name))
	}
}
