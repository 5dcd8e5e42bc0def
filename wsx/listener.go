package wsx

import "sync"

// listener calls a function of the program's own with what comes: with one after the
// other, in their order, and on a goroutine that there is only while something waits. Who
// gives it something never waits. It is one of what a topic tells.
type listener[T any] struct {
	call func(item T, missed int) // recovers by itself
	size func(item T) int         // in bytes

	mu      sync.Mutex
	waiting ring[T]
	bytes   int
	missed  int // were dropped since the last call
	early   int // how many more may wait because they came all at once in the beginning
	weight  int // of these
	running bool
	stopped bool
}

const (
	// maxWaiting and maxWaitingBytes is what may wait for a function. Of more, what waits
	// for longest is dropped.
	maxWaiting      = 4096
	maxWaitingBytes = 16 << 20
)

// put adds an item.
func (l *listener[T]) put(item T) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopped {
		return
	}
	l.push(item)
	for l.isOverfull() {
		l.bytes -= l.size(l.waiting.pop())
		l.missed++
	}
	l.start()
}

// begin adds the first items, however many they are.
func (l *listener[T]) begin(items []T) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, item := range items {
		l.push(item)
	}
	l.early, l.weight = len(items), l.bytes
	if len(items) > 0 {
		l.start()
	}
}

func (l *listener[T]) push(item T) {
	l.waiting.push(item)
	l.bytes += l.size(item)
}

// isOverfull reports whether something must be dropped; never the only item.
func (l *listener[T]) isOverfull() bool {
	n := l.waiting.len()
	return n > 1 && (n > maxWaiting+l.early || l.bytes > maxWaitingBytes+l.weight)
}

func (l *listener[T]) start() {
	if !l.running {
		l.running = true
		go l.run()
	}
}

// run calls the function until nothing waits.
func (l *listener[T]) run() {
	idle := false
	defer func() {
		if !idle { // the function has ended its goroutine, see runtime.Goexit
			go l.run()
		}
	}()
	for {
		item, missed, ok := l.next()
		if !ok {
			idle = true
			return
		}
		l.call(item, missed)
	}
}

// next takes an item out, and how many were dropped before it.
func (l *listener[T]) next() (item T, missed int, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopped || l.waiting.len() == 0 {
		l.running, l.early, l.weight = false, 0, 0
		return item, 0, false
	}
	item, missed = l.waiting.pop(), l.missed
	l.bytes -= l.size(item)
	l.missed = 0
	return item, missed, true
}

// stop drops what waits. It reports whether that was not done before.
func (l *listener[T]) stop() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopped {
		return false
	}
	l.stopped, l.waiting, l.bytes = true, ring[T]{}, 0
	return true
}
