package wsx

import (
	"runtime"
	"sync"
	"syscall"
	"time"
)

// writers empties outboxes on a few goroutines, as long as there are any to empty: to start
// one for each of a thousand connections that get a message costs more than to write it.
// They never wait for a client: where one does not take what is written at once, it gets a
// goroutine of its own. And they leave half of the processors, and now and then their own, to
// everybody else: what was written is read sooner and out of a warm cache.
type writers struct {
	max int // goroutines

	mu      sync.Mutex
	waiting ring[*outbox]
	running int
}

func newWriters() *writers { return &writers{max: max(runtime.GOMAXPROCS(0)/2, 1)} }

// turn is how many outboxes a goroutine empties before others may run.
const turn = 8

// add has an outbox emptied. Its connection must have a raw one.
func (w *writers) add(o *outbox) {
	w.mu.Lock()
	w.waiting.push(o)
	starts := w.running < w.max
	if starts {
		w.running++
	}
	w.mu.Unlock()
	if starts {
		go w.run()
	}
}

func (w *writers) run() {
	a := newAttempt()
	for n := 1; ; n++ {
		o := w.next()
		if o == nil {
			return
		}
		if o.emptyAtOnce(a) {
			w.add(o) // behind the others
		}
		if n%turn == 0 {
			runtime.Gosched()
			a.now = time.Now()
		}
	}
}

// next returns an outbox to empty; nil when there is none, which ends the goroutine.
func (w *writers) next() *outbox {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.waiting.len() == 0 {
		w.running--
		return nil
	}
	return w.waiting.pop()
}

// attempt is what a goroutine needs to write without waiting. It is used again for each
// connection.
type attempt struct {
	left  []frame // memory for a queue
	bytes []byte  // to write
	n     int     // how many of them were
	err   error
	now   time.Time // or a little before
	write func(fd uintptr) (done bool)
}

func newAttempt() *attempt {
	a := &attempt{now: time.Now()}
	a.write = func(fd uintptr) bool {
		a.n, a.err = tryWrite(fd, a.bytes)
		return true
	}
	return a
}

// to writes bytes to a connection, and returns how many it took without waiting.
func (a *attempt) to(conn syscall.RawConn, bytes []byte) (n int, err error) {
	a.bytes, a.n, a.err = bytes, 0, nil
	err = conn.Write(a.write)
	a.bytes = nil
	if err == nil {
		err = a.err
	}
	return a.n, err
}

// emptyAtOnce writes what waits, or leaves it to a goroutine where that takes time. It
// reports whether it is to be called again, since more has come.
func (o *outbox) emptyAtOnce(a *attempt) (again bool) {
	batch := o.take(a.left)
	a.left = nil
	if len(batch) == 0 {
		return false
	}
	bytes := o.begin(batch)
	if bytes > maxBatch {
		go o.emptyAfter(batch, func() error { return o.transmit(batch, bytes) })
		return false
	}
	all := joined(batch, bytes)
	n, err := o.attempt(a, all.bytes)
	if err == nil && n < bytes {
		go o.emptyAfter(batch, func() error {
			defer all.release()
			return o.writeAll(all.bytes[n:])
		})
		return false
	}
	all.release()
	o.finish(batch, err)
	a.left = batch
	return !o.rest()
}

// emptyAfter empties the outbox after frames that were taken out of it before.
func (o *outbox) emptyAfter(batch []frame, write func() error) {
	o.finish(batch, write())
	o.empty()
}

// joined returns frames as one, which leaves in one write.
func joined(batch []frame, bytes int) frame {
	if len(batch) == 1 {
		return frame{bytes: batch[0].bytes}
	}
	mem := newBuffer(bytes)
	for i := range batch {
		mem.bytes = append(mem.bytes, batch[i].bytes...)
	}
	return frame{bytes: mem.bytes, mem: mem}
}

// attempt writes bytes, and returns how many could be without waiting.
func (o *outbox) attempt(a *attempt, bytes []byte) (n int, err error) {
	if err := o.extend(a.now); err != nil {
		return 0, err
	}
	return a.to(o.raw, bytes)
}

// rest reports whether nothing is left to do, and nobody empties the outbox any more.
func (o *outbox) rest() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.queue) > 0 || o.deeper || o.dropped > 0 || o.sourceWaits() {
		return false
	}
	o.emptying = false
	o.changed.Broadcast()
	return true
}
