package wsx

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
)

func TestSubscribe(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := NewServer(NodeName("here"))
		topic := server.NewTopic("news")
		publish(t, topic, "too early")
		var got []Message
		stop := topic.Subscribe(func(m Message) { got = append(got, m) })
		publish(t, topic, "text")
		bytes := []byte("\xff\x00")
		if err := topic.Binary(context.Background(), bytes); err != nil {
			t.Fatal(err)
		}
		bytes[0] = 'x' // it was copied
		if err := topic.JSON(context.Background(), map[string]int{"a": 1}); err != nil {
			t.Fatal(err)
		}
		if err := topic.Publish(context.Background(), Message{Data: []byte("from"), From: ID{"there", 7}, Topic: "x", Missed: 3, Position: Position{"x", 1}}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		stop()
		stop()
		publish(t, topic, "too late")
		synctest.Wait()
		want := []string{
			`text "text" news here-0 {0} 0`,
			`binary "\xff\x00" news here-0 {0} 0`,
			`text "{\"a\":1}" news here-0 {0} 0`,
			`text "from" news there-7 {0} 0`,
		}
		var lines []string
		for _, m := range got {
			lines = append(lines, fmt.Sprintf("%v %q %s %v {%s%d} %d", m.Kind, m.Data, m.Topic, m.From, m.Position.Epoch, m.Position.Offset, m.Missed))
		}
		if !slices.Equal(lines, want) {
			t.Errorf("got %q\nwant %q", lines, want)
		}
	})
}

// TestPublishWaitsForNothing sees that a function that is stuck holds nobody up, and
// learns what it has missed.
func TestPublishWaitsForNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		topic := NewServer().NewTopic("news")
		goOn, missed, calls := make(chan struct{}), 0, 0
		topic.Subscribe(func(m Message) {
			missed += m.Missed
			calls++
			<-goOn
		})
		quick := 0
		topic.Subscribe(func(Message) { quick++ })
		const messages = 10000
		for range messages {
			publish(t, topic, "x")
			synctest.Wait()
		}
		if quick != messages {
			t.Errorf("the other one got %d", quick)
		}
		close(goOn)
		synctest.Wait()
		if want := messages - 1 - maxWaiting; missed != want || calls+missed != messages {
			t.Errorf("got %d and missed %d, want %d", calls, missed, want)
		}
	})
}

// TestStopInside sees that a function may end its own subscription.
func TestStopInside(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		topic := NewServer().NewTopic("news")
		var stop func()
		calls := 0
		stop = topic.Subscribe(func(Message) {
			calls++
			stop()
		})
		publish(t, topic, "a", "b")
		synctest.Wait()
		if calls != 1 || len(topic.subscribers) != 0 {
			t.Errorf("%d calls, %d subscribe", calls, len(topic.subscribers))
		}
	})
}

// TestPublishInside sees that a function may publish to its own topic, and subscribe.
func TestPublishInside(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		topic := NewServer().NewTopic("news")
		var got []string
		topic.Subscribe(func(m Message) {
			if got = append(got, string(m.Data)); len(m.Data) < 3 {
				_ = topic.Text(context.Background(), string(m.Data)+"x") // cannot fail
			}
		})
		publish(t, topic, "x")
		synctest.Wait()
		if want := []string{"x", "xx", "xxx"}; !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func TestFunctionPanics(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		value any
		want  []string
	}{
		{"value", "oops", []string{"news: oops"}},
		{"abort", http.ErrAbortHandler, nil},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var told []string
				server := NewServer(OnFunctionPanic(func(topic string, value any, stack []byte) {
					told = append(told, fmt.Sprintf("%s: %v", topic, value))
					if !bytes.Contains(stack, []byte("TestFunctionPanics")) {
						t.Errorf("stack %s", stack)
					}
					panic("the hook's own")
				}))
				topic, calls := server.NewTopic("news"), 0
				topic.Subscribe(func(Message) {
					if calls++; calls == 1 {
						panic(tc.value)
					}
				})
				publish(t, topic, "a", "b")
				synctest.Wait()
				if calls != 2 || !slices.Equal(told, tc.want) {
					t.Errorf("%d calls, told %q, want 2 and %q", calls, told, tc.want)
				}
			})
		})
	}
}

func TestSubscribePanics(t *testing.T) {
	t.Parallel()
	topic := NewServer().NewTopic("news", WithPresence())
	tests := []struct {
		name string
		call func()
		want string
	}{
		{"function", func() { topic.Subscribe(nil) }, "wsx: Subscribe: nil function"},
		{"function since", func() { _, _ = topic.SubscribeSince(Position{}, nil) }, "wsx: SubscribeSince: nil function"},
		{"presence", func() { topic.OnPresence(nil) }, "wsx: OnPresence: nil function"},
		{"no presence", func() { NewServer().NewTopic("a").OnPresence(func(PresenceEvent) {}) }, `topic "a" does not know who is present; make it with WithPresence`},
		{"key", func() { KeepLatest(nil) }, "wsx: KeepLatest: nil key"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			wantPanic(t, tc.want, tc.call)
		})
	}
}

func wantPanic(t *testing.T, want string, call func()) {
	t.Helper()
	defer func() {
		t.Helper()
		if p := fmt.Sprint(recover()); !strings.Contains(p, want) {
			t.Errorf("panic %q, want %q", p, want)
		}
	}()
	call()
}

// TestSubscribeRace has many goroutines publish, subscribe and stop at the same time:
// each subscriber gets what one publisher says in its order.
func TestSubscribeRace(t *testing.T) {
	t.Parallel()
	topic := NewServer().NewTopic("news", History(10, 0), WithPresence())
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			for j := range 200 {
				publish(t, topic, fmt.Sprintf("%d %d", i, j))
			}
		})
		all.Go(func() {
			for range 50 {
				last := [4]int{-1, -1, -1, -1}
				stop, err := topic.SubscribeSince(topic.Position(), func(m Message) {
					var who, n int
					if _, err := fmt.Sscan(string(m.Data), &who, &n); err != nil || n <= last[who] || last[who] >= 0 && n != last[who]+1 {
						t.Errorf("got %q, %v after %d", m.Data, err, last[who])
					}
					last[who] = n
				})
				if err == nil { // else the position is lost already
					stop()
				}
			}
		})
	}
	all.Wait()
	if n := len(topic.subscribers); n != 0 {
		t.Errorf("%d subscribe", n)
	}
}
