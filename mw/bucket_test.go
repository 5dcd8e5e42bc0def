package mw

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestBucketLaws holds a bucket to what it promises: no more than its burst and what
// comes in with time, and a token after the time that it says.
func TestBucketLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		perSecond := rapid.Float64Range(0.001, 1e6).Draw(t, "perSecond")
		burst := rapid.IntRange(1, 20).Draw(t, "burst")
		b := newBucket(perSecond, burst)
		start := time.Unix(1e9, 0)
		now, taken := start, 0
		pauses := rapid.SliceOfN(rapid.Int64Range(0, int64(2*time.Second)), 1, 50).Draw(t, "pauses")
		for _, pause := range pauses {
			now = now.Add(time.Duration(pause))
			wait := b.take(now)
			if wait > 0 && rapid.Bool().Draw(t, "waits") {
				now = now.Add(wait)
				wait = b.take(now)
				if wait > time.Microsecond { // of what float64 leaves out
					t.Fatalf("after the time that it said: %v", wait)
				}
			}
			if wait == 0 {
				taken++
			}
		}
		// Each wait may end a nanosecond early, as times have no parts of one.
		passed := now.Sub(start) + time.Duration(len(pauses))
		if most := float64(burst) + perSecond*passed.Seconds(); float64(taken) > most+1e-6*most {
			t.Fatalf("%d taken, want %v at most", taken, most)
		}
	})
}

// TestCharge owes tokens, up to the time that it may take to make up for them.
func TestCharge(t *testing.T) {
	t.Parallel()
	b, now := newBucket(1, 2), time.Unix(1e9, 0)
	for range 1000 {
		b.charge(now, time.Minute)
	}
	for _, tc := range []struct {
		after time.Duration
		want  bool
	}{{0, false}, {60 * time.Second, false}, {61 * time.Second, true}} {
		if got := b.has(now.Add(tc.after)); got != tc.want {
			t.Errorf("after %v: has a token is %v", tc.after, got)
		}
	}
	if b.isFull(now.Add(61*time.Second)) || !b.isFull(now.Add(62*time.Second)) {
		t.Error("it is full at another time than it should be")
	}
}
