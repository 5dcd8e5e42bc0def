package wsx

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// newSubscriber returns a connection of a server that can subscribe to topics.
func newSubscriber(server *Server, number uint64) *connection {
	settings := newSettings(nil)
	c := &connection{settings: &settings, about: about{endpoint: &Endpoint{server: server}, number: number}}
	c.hold()
	return c
}

func TestPresence(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := NewServer(NodeName("here"))
		topic := server.NewTopic("room", WithPresence())
		var events []string
		stop := topic.OnPresence(func(e PresenceEvent) {
			events = append(events, fmt.Sprintf("%v %v %q", e.Change, e.ID, e.Label))
		})
		ann, bob := newSubscriber(server, 1), newSubscriber(server, 2)
		ann.setLabel("Ann")
		topic.Subscribe(func(Message) {}) // does not count
		for _, c := range []*connection{ann, ann, bob} {
			if err := c.subscribe(topic, nil, 0); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
		}
		bob.setLabel("Bob")
		bob.setLabel("Bob")
		wantPresent(t, topic, `here-1 "Ann" -3s`, `here-2 "Bob" -1s`)
		ann.unsubscribe(topic)
		ann.unsubscribe(topic)
		ann.setLabel("who left")
		wantPresent(t, topic, `here-2 "Bob" -1s`)
		bob.leaveTopics()
		synctest.Wait()
		stop()
		stop()
		if err := ann.subscribe(topic, nil, 0); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		want := []string{`joined here-1 "Ann"`, `joined here-2 ""`, `relabeled here-2 "Bob"`, `left here-1 "Ann"`, `left here-2 "Bob"`}
		if !slices.Equal(events, want) {
			t.Errorf("events %q\nwant %q", events, want)
		}
		if got := server.NewTopic("other").Present(); got != nil {
			t.Errorf("present where nobody looks: %v", got)
		}
	})
}

func wantPresent(t *testing.T, topic *Topic, want ...string) {
	t.Helper()
	var got []string
	for _, p := range topic.Present() {
		got = append(got, fmt.Sprintf("%v %q %v", p.ID, p.Label, time.Until(p.Since)))
	}
	if !slices.Equal(got, want) {
		t.Errorf("present %q, want %q", got, want)
	}
}

// TestPresenceOfOthers sees what becomes of connections of other nodes, of whom there must
// be word from time to time.
func TestPresenceOfOthers(t *testing.T) {
	t.Parallel()
	start := time.Unix(1000, 0)
	at := func(seconds int) time.Time { return start.Add(time.Duration(seconds) * time.Second) }
	who := func(node string, number uint64, label string) Presence {
		return Presence{ID: ID{node, number}, Label: label, Since: start}
	}
	p := newPresence(topicSettings{presence: true})
	var told []string
	p.told = func(e PresenceEvent) { told = append(told, fmt.Sprint(e.Change, " ", e.ID)) }
	p.set(who("here", 1, ""), time.Time{})
	p.set(who("b", 1, ""), at(60))
	p.set(who("b", 2, ""), at(60))
	p.set(who("c", 1, ""), at(70))
	p.set(who("b", 2, "renamed"), at(65))
	steps := []struct {
		name string
		do   func() time.Time
		next time.Time
		want string
	}{
		{"before", func() time.Time { return p.expire(at(59)) }, at(60), `[here-1 b-1 b-2 c-1]`},
		{"one is due", func() time.Time { return p.expire(at(60)) }, at(65), `[here-1 b-2 c-1]`},
		{"refreshed", func() time.Time { p.set(who("b", 2, "renamed"), at(100)); return p.expire(at(65)) }, at(70), `[here-1 b-2 c-1]`},
		{"one leaves", func() time.Time { p.remove(ID{"c", 1}); p.remove(ID{"c", 1}); return p.expire(at(65)) }, at(100), `[here-1 b-2]`},
		{"a node leaves", func() time.Time { p.removeNode("b"); return p.expire(at(65)) }, time.Time{}, `[here-1]`},
		{"not this one", func() time.Time { p.removeNode("here"); return p.expire(at(999)) }, time.Time{}, `[here-1]`},
		{"this one", func() time.Time { p.remove(ID{"here", 1}); return p.expire(at(999)) }, time.Time{}, `[]`},
	}
	for _, step := range steps {
		next := step.do()
		ids := []ID{}
		for _, entry := range p.list() {
			ids = append(ids, entry.ID)
		}
		slices.SortStableFunc(ids, func(a, b ID) int { return ownFirst(a) - ownFirst(b) })
		if got := fmt.Sprint(ids); got != step.want || !next.Equal(step.next) {
			t.Errorf("%s: %s until %v, want %s until %v", step.name, got, next, step.want, step.next)
		}
	}
	if want := []string{"joined here-1", "left here-1"}; !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
}

func ownFirst(id ID) int {
	if id.Node == "here" {
		return 0
	}
	return 1
}

func TestListOwnPresence(t *testing.T) {
	t.Parallel()
	p := newPresence(topicSettings{presence: true})
	for number := range uint64(3) {
		p.set(Presence{ID: ID{"here", 3 - number}}, time.Time{})
		p.set(Presence{ID: ID{"there", number}}, time.Unix(1, 0))
	}
	if got := p.listOwn(); len(got) != 3 || got[0].ID != (ID{"here", 1}) || got[2].ID != (ID{"here", 3}) {
		t.Errorf("own %v", got)
	}
}
