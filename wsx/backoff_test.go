package wsx

import (
	"testing"
	"time"
)

func TestBackoff(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name        string
		least, most time.Duration
		want        []time.Duration // what each wait is below
	}{
		{"doubles", 500 * time.Millisecond, 30 * time.Second, []time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second,
			4 * time.Second, 8 * time.Second, 16 * time.Second, 30 * time.Second, 30 * time.Second}},
		{"stays", time.Second, time.Second, []time.Duration{time.Second, time.Second}},
		{"least above most", time.Minute, time.Second, []time.Duration{time.Second, time.Second}},
		{"longest there is", 1 << 62, 1<<63 - 2, []time.Duration{1 << 62, 1<<63 - 2, 1<<63 - 2}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			b := backoff{least: tc.least, most: tc.most}
			for round := range 2 {
				for i, ceiling := range tc.want {
					if got := b.next(); got < 0 || got > ceiling {
						t.Errorf("round %d, wait %d: %v, want at most %v", round, i, got, ceiling)
					}
				}
				b.reset()
			}
		})
	}
}

// The waits fill the whole range, or clients would come back in step.
func TestBackoffJitter(t *testing.T) {
	t.Parallel()
	const ceiling, rounds = 1000, 1000
	low, high := 0, 0
	for range rounds {
		b := backoff{least: ceiling, most: ceiling}
		switch wait := b.next(); {
		case wait < ceiling/4:
			low++
		case wait > ceiling*3/4:
			high++
		}
	}
	if low < rounds/8 || high < rounds/8 {
		t.Errorf("%d waits in the lowest quarter and %d in the highest, want about %d", low, high, rounds/4)
	}
}
