package wsx

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestRing compares a ring with a slice.
func TestRing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var r ring[int]
		var want []int
		for range rapid.IntRange(0, 100).Draw(t, "steps") {
			if len(want) > 0 && rapid.Bool().Draw(t, "pop") {
				if got := r.pop(); got != want[0] {
					t.Fatalf("popped %d, want %d", got, want[0])
				}
				want = want[1:]
				continue
			}
			item := rapid.Int().Draw(t, "item")
			r.push(item)
			want = append(want, item)
		}
		got := make([]int, r.len())
		for i := range got {
			got[i] = *r.at(i)
		}
		if !slices.Equal(got, want) {
			t.Errorf("has %v, want %v", got, want)
		}
	})
}

// TestRingMemory sees that nothing is kept of what has left, and little of a long queue.
func TestRingMemory(t *testing.T) {
	t.Parallel()
	var r ring[*int]
	for range keptRing + 1 {
		r.push(new(int))
	}
	r.pop()
	if r.items[0] != nil {
		t.Error("what was popped is still there")
	}
	for r.len() > 0 {
		r.pop()
	}
	if r.items != nil {
		t.Errorf("an empty ring has room for %d", len(r.items))
	}
	r.push(new(int))
	r.pop()
	if len(r.items) != firstRing {
		t.Errorf("an empty ring has room for %d, want %d", len(r.items), firstRing)
	}
}
