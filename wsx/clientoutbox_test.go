package wsx

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// clientDelivery returns a message of a topic.
func clientDelivery(text string) *delivery { return newDelivery(&Message{Data: []byte(text)}) }

// waiting returns the messages that wait, oldest first.
func (b *clientOutbox) waiting() string {
	var all []string
	for _, d := range b.queue {
		all = append(all, string(d.message.Data))
	}
	return strings.Join(all, " ")
}

// What waits when messages are added: as many as there is room for, the latest ones.
func TestClientOutboxBounds(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name           string
		messages, size int
		add            []string
		want           string
		dropped        int64
	}{
		{"room", 3, 100, []string{"a", "b", "c"}, "a b c", 0},
		{"too many", 3, 100, []string{"a", "b", "c", "d", "e"}, "c d e", 2},
		{"too many bytes", 3, 4, []string{"aa", "bb", "c"}, "bb c", 1},
		{"one makes several leave", 9, 4, []string{"a", "b", "c", "d", "eee"}, "d eee", 3},
		{"larger than all room", 3, 4, []string{"a", "b", "large one"}, "large one", 2},
		{"behind a large one", 3, 4, []string{"large one", "b"}, "b", 1},
		{"empty ones", 2, 1, []string{"", "", ""}, " ", 1},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			b := newClientOutbox(&DialOptions{OutboxBuffer: tc.messages, OutboxBytes: tc.size})
			for _, text := range tc.add {
				b.add(clientDelivery(text))
			}
			if got := b.waiting(); got != tc.want || b.dropped != tc.dropped {
				t.Errorf("%q wait and %d were dropped, want %q and %d", got, b.dropped, tc.want, tc.dropped)
			}
		})
	}
}

// A message that was not written is the next one again, unless newer ones have its room.
func TestClientOutboxUnsent(t *testing.T) {
	t.Parallel()
	failed := errors.New("broken")
	tests := []struct {
		name  string
		err   error
		added []string // while the first one is written
		want  string
		sent  int64
	}{
		{"sent", nil, []string{"c"}, "b c", 1},
		{"not sent", failed, nil, "a b", 0},
		{"not sent, and there is room", failed, []string{"c"}, "a b c", 0},
		{"not sent, and there is none", failed, []string{"c", "d"}, "b c d", 0},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			b := newClientOutbox(&DialOptions{OutboxBuffer: 3, OutboxBytes: 100})
			b.add(clientDelivery("a"))
			b.add(clientDelivery("b"))
			first := b.take()
			if b.isIdle() {
				t.Error("an outbox is idle while a message is written")
			}
			for _, text := range tc.added {
				b.add(clientDelivery(text))
			}
			b.written(first, tc.err)
			if got := b.waiting(); got != tc.want || b.sent != tc.sent {
				t.Errorf("%q wait and %d were sent, want %q and %d", got, b.sent, tc.want, tc.sent)
			}
		})
	}
}

// Whatever happens, what leaves is in order, nothing leaves twice, and every message was
// sent, was dropped, or waits.
func TestClientOutboxLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := newClientOutbox(&DialOptions{OutboxBuffer: rapid.IntRange(1, 5).Draw(t, "messages"), OutboxBytes: rapid.IntRange(1, 40).Draw(t, "bytes")})
		added, last := 0, 0
		t.Repeat(map[string]func(*rapid.T){
			"add": func(t *rapid.T) {
				added++
				b.add(clientDelivery(fmt.Sprintf("%0*d", rapid.IntRange(6, 12).Draw(t, "digits"), added)))
			},
			"write": func(t *rapid.T) {
				if len(b.queue) == 0 {
					t.Skip("nothing to write")
				}
				d := b.take()
				for range rapid.IntRange(0, 3).Draw(t, "added meanwhile") {
					added++
					b.add(clientDelivery(fmt.Sprintf("%06d", added)))
				}
				if rapid.Bool().Draw(t, "breaks") {
					b.written(d, errors.New("broken"))
					return
				}
				b.written(d, nil)
				n, err := strconv.Atoi(string(d.message.Data))
				if err != nil || n <= last {
					t.Errorf("%d leaves after %d (%v)", n, last, err)
				}
				last = n
			},
			"clear": func(*rapid.T) { b.clear() },
			"": func(t *rapid.T) {
				if all := b.sent + b.dropped + int64(len(b.queue)); all != int64(added) {
					t.Errorf("%d sent, %d dropped and %d waiting are not %d", b.sent, b.dropped, len(b.queue), added)
				}
				bytes := 0
				for _, d := range b.queue {
					bytes += len(d.message.Data)
				}
				if bytes != b.bytes || len(b.queue) > b.messages || len(b.queue) > 1 && bytes > b.size {
					t.Errorf("%d messages with %d bytes wait, of at most %d with %d; counted are %d bytes",
						len(b.queue), bytes, b.messages, b.size, b.bytes)
				}
			},
		})
	})
}

// Calls and messages take turns, and each kind keeps its order; a call that has no turn
// because the server has enough of them holds up no message.
func TestClientTurns(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name            string
		calls, messages int
		most            int // in flight
		want            []string
	}{
		{"calls only", 3, 0, 9, []string{"call 1", "call 2", "call 3"}},
		{"messages only", 0, 3, 9, []string{"a", "b", "c"}},
		{"turns", 3, 3, 9, []string{"call 1", "a", "call 2", "b", "call 3", "c"}},
		{"more calls", 3, 1, 9, []string{"call 1", "a", "call 2", "call 3"}},
		{"more messages", 1, 3, 9, []string{"call 1", "a", "b", "c"}},
		{"the server has enough calls", 3, 3, 1, []string{"call 1", "a", "b", "c"}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := newClientCalls((&DialOptions{MaxInFlight: tc.most}).withDefaults())
			c.socket = &socket{}
			for range tc.calls {
				if _, err := c.begin([]byte(clientText)); err != nil {
					t.Fatal(err)
				}
			}
			for i := range tc.messages {
				c.post(clientDelivery(string(rune('a' + i))))
			}
			var got []string
			for range tc.want {
				next, _ := c.next()
				text := string(next.data)
				if next.call != nil {
					text = fmt.Sprint("call ", next.call.id)
				}
				got = append(got, text)
				c.written(next, nil)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("what leaves (-want +got):\n%s", diff)
			}
		})
	}
}
