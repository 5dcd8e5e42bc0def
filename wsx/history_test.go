package wsx

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// texts returns what messages say, joined.
func texts(messages []Message) string {
	all := make([]string, len(messages))
	for i, m := range messages {
		all[i] = string(m.Data)
	}
	return strings.Join(all, " ")
}

func publish(t *testing.T, topic *Topic, all ...string) {
	t.Helper()
	for _, text := range all {
		if err := topic.Text(context.Background(), text); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSince(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		kept   int
		ttl    time.Duration
		sent   string        // one by one, a second apart
		wait   time.Duration // after that
		offset uint64
		want   string
		fault  string // instead
	}{
		{"nothing yet", 3, 0, "", 0, 0, "", ""},
		{"all", 3, 0, "a b", 0, 0, "a b", ""},
		{"some", 3, 0, "a b", 0, 1, "b", ""},
		{"none", 3, 0, "a b", 0, 2, "", ""},
		{"as many as there are", 3, 0, "a b c d", 0, 1, "b c d", ""},
		{"one that is forgotten", 3, 0, "a b c d", 0, 0, "", "begins with message 2, so what came after 0 is not complete"},
		{"to come", 3, 0, "a b", 0, 3, "", "has got 2 messages, so there is no position 3"},
		{"none are old", 3, time.Minute, "a b", 0, 0, "a b", ""},
		{"one is old", 3, 3 * time.Second, "a b c", 0, 0, "", "begins with message 2, so"},
		{"the others are not", 3, 3 * time.Second, "a b c", 0, 1, "b c", ""},
		{"all are old", 3, time.Second, "a b", time.Second, 2, "", ""},
		{"and one is missed", 3, time.Second, "a b", time.Second, 1, "", "begins with message 3, so"},
		{"no history", 0, 0, "a", 0, 0, "", "keeps no history; make it with History"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				topic := NewServer().NewTopic("news", History(tc.kept, tc.ttl))
				for _, text := range strings.Fields(tc.sent) {
					publish(t, topic, text)
					time.Sleep(time.Second)
				}
				time.Sleep(tc.wait)
				after := Position{topic.Position().Epoch, tc.offset}
				got, err := topic.Since(after)
				if tc.fault != "" {
					wantLost(t, err, after, tc.fault)
					return
				}
				if err != nil || texts(got) != tc.want {
					t.Errorf("got %q, %v; want %q", texts(got), err, tc.want)
				}
			})
		})
	}
}

func wantLost(t *testing.T, err error, after Position, fault string) {
	t.Helper()
	var lost *HistoryLostError
	if !errors.As(err, &lost) || !errors.Is(err, ErrHistoryLost) {
		t.Fatalf("error %v, want one of a lost history", err)
	}
	if lost.Topic != "news" || lost.After != after || !strings.Contains(err.Error(), fault) {
		t.Errorf("error %v of topic %q after %v, want one that says %q", err, lost.Topic, lost.After, fault)
	}
}

func TestSinceEpoch(t *testing.T) {
	t.Parallel()
	topic := NewServer().NewTopic("news", History(2, 0))
	publish(t, topic, "a", "b", "c")
	after := Position{"elsewhere", 2}
	_, err := topic.Since(after)
	wantLost(t, err, after, `from epoch "elsewhere" is lost`)
	var lost *HistoryLostError
	if errors.As(err, &lost); lost.First.Offset != 2 || lost.Last != topic.Position() || lost.Last.Offset != 3 {
		t.Errorf("there is %v to %v", lost.First, lost.Last)
	}
	if got, err := topic.Since(Position{}); err != nil || texts(got) != "b c" {
		t.Errorf("the zero position has %q, %v", texts(got), err)
	}
	if _, err := topic.SubscribeSince(after, func(Message) {}); !errors.Is(err, ErrHistoryLost) {
		t.Errorf("SubscribeSince: %v", err)
	}
	if n := len(topic.subscribers); n != 0 {
		t.Errorf("%d subscribe", n)
	}
}

// TestPositions sees where messages say that they stand.
func TestPositions(t *testing.T) {
	t.Parallel()
	for _, kept := range []int{0, 2} {
		t.Run(fmt.Sprint(kept), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				topic := NewServer().NewTopic("news", History(kept, 0))
				var got []Position
				topic.Subscribe(func(m Message) { got = append(got, m.Position) })
				publish(t, topic, "a", "b", "c")
				synctest.Wait()
				epoch, want := topic.Position().Epoch, make([]Position, 3)
				if kept > 0 {
					want = []Position{{epoch, 1}, {epoch, 2}, {epoch, 3}}
				}
				if !slices.Equal(got, want) || topic.Position() != want[2] {
					t.Errorf("positions %v and then %v, want %v", got, topic.Position(), want)
				}
			})
		})
	}
}

func TestSubscribeSince(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		topic := NewServer().NewTopic("news", History(10, 0))
		publish(t, topic, "a", "b")
		at := topic.Position()
		publish(t, topic, "c", "d")
		var got []Message
		stop, err := topic.SubscribeSince(at, func(m Message) { got = append(got, m) })
		if err != nil {
			t.Fatal(err)
		}
		publish(t, topic, "e")
		synctest.Wait()
		stop()
		publish(t, topic, "f")
		synctest.Wait()
		if texts(got) != "c d e" {
			t.Errorf("got %q", texts(got))
		}
	})
}

// TestHistoryLaw compares a history with all messages that there were, whatever happens
// in whatever order.
func TestHistoryLaw(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		settings := topicSettings{kept: rapid.IntRange(1, 6).Draw(t, "kept"), keptFor: time.Duration(rapid.IntRange(0, 5).Draw(t, "ttl"))}
		h, now := newHistory(settings), time.Unix(0, 0)
		var times []time.Time // of all messages
		kept := func() int {
			n := 0
			for i := len(times) - 1; i >= 0 && n < settings.kept; i-- {
				if settings.keptFor > 0 && now.Sub(times[i]) >= settings.keptFor {
					break
				}
				n++
			}
			return n
		}
		check := func(got []*delivery, want int) {
			if len(got) != want {
				t.Fatalf("got %d messages, want %d", len(got), want)
			}
			for i, d := range got {
				if at := (Position{h.epoch, uint64(len(times) - want + i + 1)}); d.message.Position != at {
					t.Fatalf("message %d of %d is at %v, want %v", i, want, d.message.Position, at)
				}
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"publish": func(*rapid.T) {
				h.add(&delivery{}, now)
				times = append(times, now)
			},
			"wait": func(t *rapid.T) { now = now.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "time"))) },
			"newest": func(t *rapid.T) {
				n := rapid.IntRange(0, 8).Draw(t, "n")
				check(h.newest(n, now), min(n, kept()))
			},
			"after": func(t *rapid.T) {
				offset := rapid.IntRange(0, len(times)+1).Draw(t, "offset")
				got, ok := h.after(Position{h.epoch, uint64(offset)}, now)
				if want := offset <= len(times) && len(times)-offset <= kept(); ok != want {
					t.Fatalf("after %d of %d with %d kept: %v, want %v", offset, len(times), kept(), ok, want)
				}
				if ok {
					check(got, len(times)-offset)
				}
			},
			"": func(t *rapid.T) {
				if h.isEmpty(now) != (kept() == 0) || h.kept.len() > settings.kept || h.position().Offset != uint64(len(times)) {
					t.Fatalf("%d kept at %v, want %d of %d", h.kept.len(), h.position(), kept(), len(times))
				}
			},
		})
	})
}

// noted is a subscriber that notes the offsets of its messages.
type noted struct {
	slot    int
	offsets []uint64
}

func (n *noted) deliver(d *delivery) { n.offsets = append(n.offsets, d.message.Position.Offset) }
func (n *noted) place() *int         { return &n.slot }
func (n *noted) deliverKept(ds []*delivery) {
	for _, d := range ds {
		n.deliver(d)
	}
}

// TestJoinLaw sees that whoever joins whenever gets messages without gap and none twice,
// and nothing after leaving.
func TestJoinLaw(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		topic := NewServer().NewTopic("news", History(rapid.IntRange(1, 5).Draw(t, "kept"), 0))
		published := uint64(0)
		var all, there []*noted
		last := map[*noted]uint64{} // what those who left were to get
		join := func(join func(*noted) error) {
			n := new(noted)
			if err := join(n); err == nil {
				all, there = append(all, n), append(there, n)
			} else if !errors.Is(err, ErrHistoryLost) {
				t.Fatal(err)
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"publish": func(*rapid.T) {
				_ = topic.Text(context.Background(), "x") // cannot fail
				published++
			},
			"join": func(t *rapid.T) {
				replay := rapid.IntRange(0, 7).Draw(t, "replay")
				join(func(n *noted) error { return topic.join(n, replay) })
			},
			"joinSince": func(t *rapid.T) {
				after := Position{topic.Position().Epoch, rapid.Uint64Range(0, published).Draw(t, "offset")}
				join(func(n *noted) error {
					err := topic.joinSince(n, after)
					if err == nil && uint64(len(n.offsets)) != published-after.Offset {
						t.Fatalf("after %d of %d: %v", after.Offset, published, n.offsets)
					}
					return err
				})
			},
			"leave": func(t *rapid.T) {
				if len(there) == 0 {
					t.Skip()
				}
				i := rapid.IntRange(0, len(there)-1).Draw(t, "who")
				topic.leave(there[i])
				last[there[i]] = published
				there = slices.Delete(there, i, i+1)
			},
			"": func(t *rapid.T) {
				for _, n := range all {
					end, left := last[n]
					if !left {
						end = published
					}
					for i, offset := range n.offsets {
						if want := end - uint64(len(n.offsets)-1-i); offset != want {
							t.Fatalf("got %v of %d", n.offsets, end)
						}
					}
				}
			},
		})
	})
}
