package wsx

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"pgregory.net/rapid"
)

// byFirst is a key: the first letter of a message. There is none for what has no letter.
func byFirst(m Message) string { return string(m.Data[0]) }

func topicFrame(text string) frame {
	d := newDelivery(&Message{Data: []byte(text)})
	return frame{bytes: d.message.Data, delivery: d} // without a header, which counts as well
}

// inOrder returns the texts that wait in an outbox.
func (o *outbox) inOrder() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	all := make([]string, len(o.queue))
	bytes := 0
	for i, f := range o.queue {
		all[i] = string(f.bytes)
		bytes += len(f.bytes)
	}
	if bytes != o.bytes {
		return fmt.Sprintf("%d bytes counted as %d", bytes, o.bytes)
	}
	return strings.Join(all, " ")
}

func TestSlowPolicies(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		policy SlowPolicy
		put    string // of topics, but those in capitals must not be lost
		want   string
		slow   string // which frames the client is too slow for
		lost   int
	}{
		{"close", CloseSlow(), "a1 a2 a3 a4", "a1 a2 a3", "a4", 0},
		{"close for a reply", CloseSlow(), "a1 a2 a3 R1", "a1 a2 a3", "R1", 0},
		{"oldest", DropOldest(), "a1 a2 a3 a4 a5", "a3 a4 a5", "", 2},
		{"oldest, before a reply", DropOldest(), "R1 a1 a2 a3 a4", "R1 a3 a4", "", 2},
		{"oldest, between replies", DropOldest(), "R1 a1 R2 a2", "R1 R2 a2", "", 1},
		{"oldest, for replies", DropOldest(), "a1 a2 a3 R1 R2", "a3 R1 R2", "", 2},
		{"oldest, of replies alone", DropOldest(), "R1 R2 R3 a1", "R1 R2 R3", "", 1},
		{"oldest, for a reply too many", DropOldest(), "R1 R2 R3 R4", "R1 R2 R3", "R4", 0},
		{"oldest, by bytes", DropOldest(), "a1 a2 lengthy1", "a2 lengthy1", "", 1},
		{"oldest, by all bytes", DropOldest(), "a1 a2 lengthy123", "lengthy123", "", 2},
		{"oldest, larger than all", DropOldest(), "a1 a2 lengthy12345", "lengthy12345", "", 2},
		{"oldest, larger than what replies leave", DropOldest(), "R1 a2 lengthy12345", "R1", "", 2},
		{"new", DropNew(), "a1 a2 a3 a4 a5", "a1 a2 a3", "", 2},
		{"new, for replies", DropNew(), "a1 a2 a3 R1 a4", "a1 a2 R1", "", 2},
		{"new, after replies", DropNew(), "a1 a2 R1 R2", "a1 R1 R2", "", 1},
		{"new, by bytes", DropNew(), "a1 lengthy12 a2", "a1 a2", "", 1},
		{"latest", KeepLatest(byFirst), "a1 a2 b1 a3 b2", "a3 b2", "", 3},
		{"latest, when there is room", KeepLatest(byFirst), "a1 a2 b1", "a1 a2 b1", "", 0},
		{"latest, all of another key", KeepLatest(byFirst), "a1 b1 c1 d1", "b1 c1 d1", "", 1},
		{"latest, in the middle", KeepLatest(byFirst), "a1 b1 c1 b2", "a1 c1 b2", "", 1},
		{"latest, at the end", KeepLatest(byFirst), "a1 b1 c1 c2", "a1 b1 c2", "", 1},
		{"latest, for replies", KeepLatest(byFirst), "a1 a2 b1 R1 b2", "a2 R1 b2", "", 2},
		{"latest, beside replies", KeepLatest(byFirst), "R1 a1 R2 a2 b1", "R1 R2 b1", "", 2},
		{"latest, and room again", KeepLatest(byFirst), "a1 a2 a3 a4 b1 b2", "a4 b2", "", 4},
		{"latest, by bytes", KeepLatest(byFirst), "a1 b1 lengthy12", "lengthy12", "", 2},
		{"latest without a key", KeepLatest(func(Message) string { panic("no key") }), "a1 a1 a1 a1", "a1 a1 a1", "", 1},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				o, w, owner := newOutbox(3, 10)
				o.limits.slow = tc.policy.policy
				putNow(t, o, "first") // which is being written
				var slow []string
				for text := range strings.FieldsSeq(tc.put) {
					var err error
					if strings.ToUpper(text) == text {
						_, err = o.put(raw(text), false)
					} else {
						_, err = o.offer(topicFrame(text))
					}
					if errors.Is(err, errSlow) {
						slow = append(slow, text)
					} else if err != nil {
						t.Errorf("%s: %v", text, err)
					}
				}
				if got := o.inOrder(); got != tc.want || strings.Join(slow, " ") != tc.slow {
					t.Errorf("%q wait, slow for %q; want %q and %q", got, slow, tc.want, tc.slow)
				}
				close(w.pass)
				synctest.Wait()
				wantLostFrames(t, owner, tc.lost)
				if got := o.inOrder(); got != "" {
					t.Errorf("%q wait", got)
				}
			})
		})
	}
}

func wantLostFrames(t *testing.T, owner *told, lost int) {
	t.Helper()
	var want []string
	if lost > 0 {
		want = []string{fmt.Sprintf("lost %d slow", lost)}
	}
	got := slices.DeleteFunc(owner.lines, func(line string) bool { return strings.HasPrefix(line, "key") })
	if !slices.Equal(got, want) {
		t.Errorf("told %q, want %q", got, want)
	}
}

// TestSlowPoliciesLaw sees that whatever comes, nothing is out of order or sent twice, no
// reply is lost, and every message that is lost is counted.
func TestSlowPoliciesLaw(t *testing.T) {
	t.Parallel()
	policies := []SlowPolicy{DropOldest(), DropNew(), KeepLatest(func(m Message) string { return string(m.Data[len(m.Data)-1]) })}
	rapid.Check(t, func(t *rapid.T) {
		policy := rapid.SampledFrom(policies).Draw(t, "policy").policy
		o := &outbox{}
		o.hold(&told{}, guarded{}, &outboxLimits{frames: rapid.IntRange(1, 6).Draw(t, "frames"), bytes: rapid.IntRange(1, 60).Draw(t, "bytes"), slow: policy})
		offered, replies := 0, 0
		steps := rapid.IntRange(0, 40).Draw(t, "steps")
		for i := range steps {
			text := fmt.Sprintf("%04d%s%d", i, strings.Repeat("x", rapid.IntRange(0, 10).Draw(t, "size")), rapid.IntRange(0, 3).Draw(t, "key"))
			if rapid.IntRange(0, 3).Draw(t, "reply") == 0 {
				if _, err := o.put(raw("R"+text), false); err == nil {
					replies++
				}
				continue
			}
			if _, err := o.offer(topicFrame("T" + text)); err != nil {
				t.Fatalf("offer: %v", err)
			}
			offered++
		}
		var numbers []string
		for text := range strings.FieldsSeq(o.inOrder()) {
			numbers = append(numbers, text[1:5])
			if text[0] == 'R' {
				replies--
			} else {
				offered--
			}
		}
		if !slices.IsSorted(numbers) || len(slices.Compact(slices.Clone(numbers))) != len(numbers) {
			t.Errorf("out of order: %v", numbers)
		}
		if replies != 0 || offered != o.dropped {
			t.Errorf("%d replies are lost; %d messages are, and %d counted", replies, offered, o.dropped)
		}
	})
}

// TestEarlyFrames sees that what comes of the history needs no room, and takes none.
func TestEarlyFrames(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o, w, _ := newOutbox(2, 10)
		if mustEmpty, err := o.putEarly([]frame{topicFrame("history1"), topicFrame("history2"), topicFrame("history3")}); !mustEmpty || err != nil {
			t.Error("nobody is told to empty the outbox")
		}
		for i, text := range []string{"a", "b", "c"} {
			mustEmpty, err := o.offer(topicFrame(text))
			if want := i == 2; mustEmpty || errors.Is(err, errSlow) != want {
				t.Errorf("%s: %v, %v", text, mustEmpty, err)
			}
		}
		go o.empty()
		close(w.pass)
		w.want(t, "history1history2history3ab")
		putNow(t, o, "d", "e")
		if o.early != 0 || o.weight != 0 {
			t.Errorf("%d frames of %d bytes are early", o.early, o.weight)
		}
		_ = o.putLast(raw("last"), false)
		if mustEmpty, err := o.putEarly([]frame{topicFrame("too late")}); mustEmpty || err != nil {
			t.Error("a closed outbox takes frames")
		}
	})
}

// TestHeldOutbox sees what becomes of frames that come before there is a connection.
func TestHeldOutbox(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		policy SlowPolicy
		put    string
		want   string
		err    error
	}{
		{"nothing", CloseSlow(), "", "", nil},
		{"some", CloseSlow(), "a b", "ab", nil},
		{"too many", CloseSlow(), "a b c d", "", errSlow},
		{"too many, of which some are dropped", DropOldest(), "a b c", "bc", nil},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				o, w := &outbox{}, &wall{pass: make(chan error)}
				o.hold(&told{}, guarded{}, &outboxLimits{frames: 2, bytes: 10, slow: tc.policy.policy})
				for text := range strings.FieldsSeq(tc.put) {
					if mustEmpty, err := o.offer(topicFrame(text)); mustEmpty || errors.Is(err, errSlow) {
						t.Errorf("%s: %v, %v", text, mustEmpty, err)
					}
				}
				mustEmpty, err := o.open(w)
				if mustEmpty != (tc.want != "") || !errors.Is(err, tc.err) {
					t.Errorf("open: %v, %v", mustEmpty, err)
				}
				close(w.pass)
				if mustEmpty {
					o.empty()
					w.want(t, tc.want)
				}
				if _, err := o.put(raw("more"), false); err != nil {
					t.Errorf("then %v", err)
				}
			})
		})
	}
}

// TestKeyOfOnce sees that the key of a message is found once for all clients.
func TestKeyOfOnce(t *testing.T) {
	t.Parallel()
	calls := 0
	endpoints := []*outboxLimits{
		{slow: KeepLatest(func(m Message) string { calls++; return string(m.Data) }).policy},
		{slow: KeepLatest(func(Message) string { calls++; return "other" }).policy},
	}
	f := topicFrame("a")
	for i := range endpoints {
		for range 3 {
			o := &outbox{limits: endpoints[i]}
			if key, ok := o.keyOf(&f); !ok || key != []string{"a", "other"}[i] {
				t.Errorf("key %q, %v", key, ok)
			}
		}
	}
	if calls != 2 {
		t.Errorf("%d calls, want 2", calls)
	}
}

// What waits for room gets that of messages which may be dropped.
func TestAwaitRoomOfTopics(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o, w, owner := newOutbox(2, 10)
		o.limits.slow = DropOldest().policy
		putNow(t, o, "first") // which is being written
		for _, text := range []string{"a1", "a2"} {
			if _, err := o.offer(topicFrame(text)); err != nil {
				t.Fatal(err)
			}
		}
		reply := raw("R1")
		o.awaitRoom(&reply)
		if _, err := o.put(reply, false); err != nil {
			t.Error(err)
		}
		if got := o.inOrder(); got != "a2 R1" {
			t.Errorf("%q wait, want a2 and R1", got)
		}
		close(w.pass)
		synctest.Wait()
		owner.mu.Lock()
		defer owner.mu.Unlock()
		if !slices.Contains(owner.lines, "lost 1 slow") {
			t.Errorf("the owner was told %q", owner.lines)
		}
	})
}
