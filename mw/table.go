package mw

import (
	"hash/maphash"
	"sync"
	"time"
)

// table has the buckets of many callers, in bounded memory. When it is full, the caller
// that was not seen for longest is forgotten; so are, bit by bit, those whose buckets
// are full again, since these are like new ones. It is safe for concurrent use.
type table[K comparable] struct {
	make   func() *bucket
	seed   maphash.Seed
	shards [shardCount]shard[K]
}

// shardCount is how many callers do not wait for each other.
const shardCount = 16

// shard is the part of a table that holds some of the keys. Its entries are in a ring,
// in the order in which they were seen: next of root is the latest.
type shard[K comparable] struct {
	mu      sync.Mutex
	most    int
	entries map[K]*entry[K]
	root    entry[K]
}

type entry[K comparable] struct {
	key        K
	bucket     *bucket
	prev, next *entry[K]
}

// newTable returns a table of about most callers, whose buckets make makes.
func newTable[K comparable](most int, make func() *bucket) *table[K] {
	t := &table[K]{make: make, seed: maphash.MakeSeed()}
	for i := range t.shards {
		s := &t.shards[i]
		s.most = max(1, most/shardCount)
		s.entries = map[K]*entry[K]{}
		s.root.prev, s.root.next = &s.root, &s.root
	}
	return t
}

// find returns the bucket of key; nil for one that is not known.
func (t *table[K]) find(key K) *bucket {
	s := t.lock(key)
	defer s.mu.Unlock()
	if e := s.entries[key]; e != nil {
		s.touch(e)
		return e.bucket
	}
	return nil
}

// bucket returns the bucket of key, made when there is none.
func (t *table[K]) bucket(key K, now time.Time) *bucket {
	s := t.lock(key)
	defer s.mu.Unlock()
	e := s.entries[key]
	if e == nil {
		s.forget(now)
		e = &entry[K]{key: key, bucket: t.make()}
		s.entries[key] = e
	}
	s.touch(e)
	return e.bucket
}

func (t *table[K]) lock(key K) *shard[K] {
	s := t.shardOf(key)
	s.mu.Lock()
	return s
}

func (t *table[K]) shardOf(key K) *shard[K] {
	return &t.shards[maphash.Comparable(t.seed, key)%shardCount]
}

// touch makes e the latest.
func (s *shard[K]) touch(e *entry[K]) {
	if s.root.next == e {
		return
	}
	if e.next != nil {
		e.prev.next, e.next.prev = e.next, e.prev
	}
	e.prev, e.next = &s.root, s.root.next
	e.prev.next, e.next.prev = e, e
}

// forget makes room for one entry. It looks at two that may go for each one that comes,
// so that a crowd that was here once is forgotten in time.
func (s *shard[K]) forget(now time.Time) {
	for range 2 {
		if last := s.root.prev; last != &s.root && (len(s.entries) >= s.most || last.bucket.isFull(now)) {
			s.remove(last)
		}
	}
}

func (s *shard[K]) remove(e *entry[K]) {
	e.prev.next, e.next.prev = e.next, e.prev
	delete(s.entries, e.key)
}
