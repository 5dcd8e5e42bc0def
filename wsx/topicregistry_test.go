package wsx

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestNewTopic(t *testing.T) {
	t.Parallel()
	server := NewServer()
	tests := []struct {
		name    string
		first   []TopicOption
		again   []TopicOption
		isOther bool // which panics
	}{
		{"none", nil, nil, false},
		{"none again", []TopicOption{History(3, time.Minute), WithPresence(), OneOrder()}, nil, false},
		{"nil", nil, []TopicOption{nil}, false},
		{"the same", []TopicOption{History(3, time.Minute), WithPresence()}, []TopicOption{WithPresence(), History(3, time.Minute)}, false},
		{"some of them", []TopicOption{History(3, time.Minute), WithPresence()}, []TopicOption{WithPresence()}, false},
		{"none is none", nil, []TopicOption{History(0, -1)}, false},
		{"more", nil, []TopicOption{WithPresence()}, true},
		{"another number", []TopicOption{History(3, time.Minute)}, []TopicOption{History(4, time.Minute)}, true},
		{"another time", []TopicOption{History(3, time.Minute)}, []TopicOption{History(3, 0)}, true},
		{"another order", nil, []TopicOption{OneOrder()}, true},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			topic := server.NewTopic(tc.name, tc.first...)
			if tc.isOther {
				wantPanic(t, fmt.Sprintf("wsx: topic %q was made with other options", tc.name), func() { server.NewTopic(tc.name, tc.again...) })
			} else if again := server.NewTopic(tc.name, tc.again...); again != topic {
				t.Error("got another topic")
			}
			if other := NewServer().NewTopic(tc.name, tc.again...); other == topic || other.Name() != tc.name {
				t.Errorf("another server has the same topic, or one of the name %q", other.Name())
			}
			runtime.KeepAlive(topic)
		})
	}
}

func TestTopicNames(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, fault string }{
		{"a", ""},
		{"room/7 ü.*>", ""},
		{"a_b", ""},
		{strings.Repeat("x", 255), ""},
		{"", "the name of a topic is empty"},
		{strings.Repeat("x", 256), "has 256 bytes; 255 are possible"},
		{"\xff", `"\xff", is not UTF-8`},
		{"_out.7", `"_out.7" is reserved`},
	}
	for _, tc := range tests {
		if fault := checkTopicName(tc.name); (fault == "") != (tc.fault == "") || !strings.Contains(fault, tc.fault) {
			t.Errorf("%q: %q, want %q", tc.name, fault, tc.fault)
		}
	}
	wantPanic(t, "wsx: the name of a topic is empty", func() { NewTopic("") })
}

func (r *topicRegistry) names() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.entries)
}

// collect collects garbage until the server has so many topics, for a while.
func collect(server *Server, want int) int {
	for end := time.Now().Add(longWait); ; time.Sleep(time.Millisecond) { // cleanups run on a goroutine of the runtime
		runtime.GC()
		if n := server.topics.names(); n == want || time.Now().After(end) {
			return n
		}
	}
}

// longWait is how long tests wait for what must happen.
const longWait = 2 * time.Minute

// TestTopicsAreForgotten sees that a topic nobody has is forgotten, and one that is in use
// is not.
func TestTopicsAreForgotten(t *testing.T) {
	t.Parallel()
	const kept = "kept"
	tests := []struct {
		name string
		use  func(*Topic) (end func())
	}{
		{"subscriber", func(topic *Topic) func() { return topic.Subscribe(func(Message) {}) }},
		{"watcher", func(topic *Topic) func() { return topic.OnPresence(func(PresenceEvent) {}) }},
		{"history", func(topic *Topic) func() {
			publish(t, topic, "x")
			return func() {
				topic.mu.Lock()
				defer topic.mu.Unlock()
				topic.history.kept = ring[keptMessage]{}
				topic.keep()
			}
		}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			server := NewServer()
			for i := range 200 {
				publish(t, server.NewTopic(fmt.Sprint(i)), "x")
			}
			end := tc.use(server.NewTopic(kept, History(3, 0), WithPresence()))
			if n := collect(server, 1); n != 1 {
				t.Fatalf("%d topics are there, want the one in use", n)
			}
			server.NewTopic(kept, History(3, 0), WithPresence()) // contradicts nothing
			end()
			end = nil
			if n := collect(server, 0); n != 0 {
				t.Errorf("%d topics are there, want none", n)
			}
			server.NewTopic(kept) // with other options
		})
	}
}

// TestOldHistoriesAreLetGo sees that topics whose messages are all too old do not stay for
// their history, although nothing looks at each of them.
func TestOldHistoriesAreLetGo(t *testing.T) {
	t.Parallel()
	server := NewServer()
	synctest.Test(t, func(t *testing.T) {
		for i := range minSweep {
			publish(t, server.NewTopic(fmt.Sprint(i), History(1, time.Minute)), "x")
		}
		time.Sleep(time.Minute)
		for i := range minSweep {
			server.NewTopic(fmt.Sprint("more ", i))
		}
	})
	used := 0
	server.topics.mu.Lock() // topics that nobody has are still being forgotten
	defer server.topics.mu.Unlock()
	for _, entry := range server.topics.entries {
		if entry.inUse != nil {
			used++
		}
	}
	if used != 0 {
		t.Errorf("%d topics are in use", used)
	}
}

// TestServersAreForgotten sees that topics in use do not keep a server that nobody has.
func TestServersAreForgotten(t *testing.T) {
	t.Parallel()
	gone := make(chan struct{})
	func() {
		server := NewServer()
		publish(t, server.NewTopic("news", History(1, 0)), "x")
		server.NewTopic("others").Subscribe(func(Message) {})
		runtime.AddCleanup(server, func(gone chan struct{}) { close(gone) }, gone)
	}()
	for end := time.Now().Add(longWait); time.Now().Before(end); {
		runtime.GC()
		select {
		case <-gone:
			return
		case <-time.After(time.Millisecond):
		}
	}
	t.Error("the server is still there")
}

// TestNewTopicRace has many goroutines ask for the same topics, which are forgotten
// meanwhile.
func TestNewTopicRace(t *testing.T) {
	t.Parallel()
	server := NewServer()
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for i := range 400 {
				topic := server.NewTopic(fmt.Sprint(i%10), History(1, time.Nanosecond))
				publish(t, topic, "x")
				topic.Subscribe(func(Message) {})()
				if i%100 == 0 {
					runtime.GC()
				}
			}
		})
	}
	all.Wait()
}
