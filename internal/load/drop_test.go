package load

import (
	"context"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/telestruct/telestruct/wsx"
)

// Connections break all the time, on both sides. Every call is answered, or fails with
// an error that says truly whether it may have run; none runs twice. In the end nothing
// is left of it all.
func TestDrops(t *testing.T) {
	underDrops(t, 200*time.Millisecond) // what is there once, such as pools and tables
	manyGoroutines()
	before := heldNow()
	underDrops(t, *duration)
	const noise = 1 << 20
	limit := held{goroutines: before.goroutines, heap: before.heap + noise}
	after := heldNow()
	for begun := time.Now(); after.exceeds(limit) && time.Since(begun) < patience; {
		after = heldNow()
	}
	t.Logf("goroutines: %d before, %d after; heap: %d KiB before, %d KiB after",
		before.goroutines, after.goroutines, before.heap>>10, after.heap>>10)
	if after.exceeds(limit) {
		t.Error("something was left over")
	}
}

func underDrops(t *testing.T, d time.Duration) {
	t.Helper()
	var l ledger
	near, far := newDropper(), newDropper()
	s := serve(t, newServer(t, &l), far, wsx.Drain(patience, time.Millisecond))
	c := newCallers(&l, near, func() string { return s.url })
	c.hurried = true
	c.connect(t)
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	var dropping sync.WaitGroup
	for _, d := range []*dropper{near, far} {
		dropping.Go(func() { d.run(ctx, 50*time.Millisecond) })
	}
	c.run(ctx)
	dropping.Wait()
	c.stop(t)
	s.stop(t) // when it returns no handler runs
	c.report(t)
	sums, err := l.check()
	if err != nil {
		t.Error(err)
	}
	t.Logf("%v: dropped by clients: %d, by the server: %d; %+v", d, near.drops, far.drops, sums)
	if sums.answered == 0 || d > time.Second && sums.mayHaveRun == 0 {
		t.Error("that was no load, or nothing was dropped")
	}
}

// manyGoroutines has more goroutines at a time than the load ever has: what the runtime
// needs for each it keeps for ever.
func manyGoroutines() {
	var all sync.WaitGroup
	gate := make(chan struct{})
	for range 8 * sockets * inFlight {
		all.Go(func() { <-gate })
	}
	close(gate)
	all.Wait()
}

// held is what a process holds.
type held struct {
	goroutines int
	heap       uint64
}

// exceeds reports whether there is more of something than the limit allows.
func (h held) exceeds(limit held) bool {
	return h.goroutines > limit.goroutines || h.heap > limit.heap
}

// heldNow returns what is held once everything that ends by itself has ended.
func heldNow() held {
	last := runtime.NumGoroutine()
	for same := 0; same < 5; same++ {
		<-time.After(20 * time.Millisecond)
		if n := runtime.NumGoroutine(); n != last {
			last, same = n, 0
		}
	}
	var m runtime.MemStats
	for range 5 { // pools give their memory back in the second, and finalizers run in between
		runtime.GC()
		<-time.After(20 * time.Millisecond)
	}
	runtime.ReadMemStats(&m)
	return held{goroutines: last, heap: m.HeapAlloc}
}
