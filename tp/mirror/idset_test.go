package mirror

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// A set has what was added to it and not removed, ascending.
func TestIDSet(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var s idSet
		want := map[uint64]bool{}
		for range rapid.IntRange(0, 40).Draw(t, "steps") {
			id := rapid.Uint64Range(0, 9).Draw(t, "id")
			if rapid.Bool().Draw(t, "add") {
				s.add(id)
				want[id] = true
			} else {
				s.remove(id)
				delete(want, id)
			}
			if !slices.Equal(s, slices.Sorted(maps.Keys(want))) || s.has(id) != want[id] {
				t.Fatalf("%v is in it, want %v", s, want)
			}
		}
	})
}

// Resyncing thousands of models costs each of them the same.
func TestOutboxOfManyModels(t *testing.T) {
	t.Parallel()
	const models = 50_000
	b := NewOutbox(&OutboxOptions{Frames: 1})
	b.Send(outputs("s0"))
	for id := range uint64(models) {
		b.Send([]Output{{ID: id}})
	}
	n := 0
	for id, stale := b.Stale(); stale || n == 0; id, stale = b.Stale() {
		b.Send([]Output{{ID: id, Snapshot: true}})
		if _, err := b.Take(); err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n < models {
		t.Errorf("resynced %d models", n)
	}
}
