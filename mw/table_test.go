package mw

import (
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func (t *table[K]) len() int {
	n := 0
	for i := range t.shards {
		s := &t.shards[i]
		s.mu.Lock()
		n += len(s.entries)
		s.mu.Unlock()
	}
	return n
}

// TestTable holds a table to a list of keys in the order in which they were seen.
func TestTable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const most = 3 // of each shard
		now := time.Unix(1e9, 0)
		table := newTable[int](most*shardCount, func() *bucket { return newBucket(1, 1) })
		s := &table.shards[0]
		var seen []int // of that shard
		for _, key := range rapid.SliceOf(rapid.IntRange(0, 200)).Draw(t, "keys") {
			table.bucket(key, now).take(now)
			if table.shardOf(key) == s {
				seen = append(seen, key)
			}
		}
		if table.len() > most*shardCount || len(s.entries) > most {
			t.Fatalf("%d entries, %d of them in one shard", table.len(), len(s.entries))
		}
		e, left := s.root.next, map[int]bool{}
		for i := len(seen) - 1; i >= 0 && len(left) < most; i-- {
			if left[seen[i]] {
				continue
			}
			left[seen[i]] = true
			if e == &s.root || e.key != seen[i] || s.entries[e.key] != e {
				t.Fatalf("the ring does not have %d in its place", seen[i])
			}
			e = e.next
		}
		if e != &s.root || len(s.entries) != len(left) {
			t.Fatal("the ring goes on")
		}
	})
}

// TestTableForgetsTheFull has a crowd that was here once.
func TestTableForgetsTheFull(t *testing.T) {
	t.Parallel()
	now := time.Unix(1e9, 0)
	table := newTable[int](1<<20, func() *bucket { return newBucket(1, 1) })
	for key := range 10000 {
		table.bucket(key, now).take(now)
	}
	if got := table.len(); got != 10000 {
		t.Fatalf("%d entries of 10000 callers", got)
	}
	now = now.Add(time.Minute)
	for key := range 10000 {
		table.bucket(-key-1, now).take(now)
	}
	if got := table.len(); got > 10000+2*shardCount {
		t.Errorf("%d entries, most of which are like new", got)
	}
	if table.find(5) != nil || table.find(-10000) == nil {
		t.Error("the wrong ones were forgotten")
	}
}

func TestTableConcurrently(t *testing.T) {
	t.Parallel()
	now := time.Unix(1e9, 0)
	table := newTable[string](64, func() *bucket { return newBucket(1, 100) })
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 1000 {
				table.bucket(string(rune('a'+(i*j)%600)), now).take(now)
			}
		})
	}
	wg.Wait()
	if got := table.len(); got > 64 {
		t.Errorf("%d entries, want 64 at most", got)
	}
}
