package wsx

import (
	"context"
	"sync"

	"github.com/telestruct/telestruct/tp"
)

// calls is the service of a connection whose messages are requests: each runs on a
// goroutine of its own, and is answered when it is done.
type calls struct {
	srv     *tp.Server
	conn    *connection
	ctx     context.Context // of all calls: it ends with the connection
	cancel  context.CancelFunc
	peer    *tp.Peer
	binary  tp.Format
	session session
	max     int

	mu      sync.Mutex
	changed sync.Cond // fewer run, or refuses was set
	running int
	refuses bool   // messages are dropped
	drained func() // to be called when none run any more

	// Between the calls of a busy connection one goroutine stays: a new one would have to
	// grow its stack for each.
	recent int           // calls since the last tick
	spare  bool          // there is one that waits for next
	next   chan *message // has room for one, and is made when it is needed; nil ends the waiting
}

func newCalls(e *Endpoint, c *connection, ctx context.Context, peer *tp.Peer) *calls {
	k := &calls{srv: e.api, conn: c, peer: peer, max: e.maxInFlight}
	k.ctx, k.cancel = context.WithCancel(ctx)
	k.changed.L = &k.mu
	return k
}

func (k *calls) receive(m *message) (room bool) {
	k.mu.Lock()
	if k.refuses {
		k.mu.Unlock()
		m.release()
		return true
	}
	k.running++
	k.recent++
	room = k.running < k.max
	spare, next := k.spare, k.next
	k.spare = false
	k.mu.Unlock()
	if spare {
		next <- m
	} else {
		go k.work(m)
	}
	return room
}

func (k *calls) work(m *message) {
	for m != nil {
		k.run(m)
		m = k.await()
	}
}

// await waits for another call to run; nil when there is no need to.
func (k *calls) await() *message {
	k.mu.Lock()
	stays := !k.spare && !k.refuses && k.recent > 1
	if stays {
		k.spare = true
		if k.next == nil {
			k.next = make(chan *message, 1)
		}
	}
	next := k.next
	k.mu.Unlock()
	if !stays {
		return nil
	}
	return <-next
}

func (k *calls) tick() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.recent == 0 {
		k.dismiss()
	}
	k.recent = 0
}

// dismiss ends the goroutine that waits for a call.
func (k *calls) dismiss() {
	if k.spare {
		k.spare = false
		k.next <- nil
	}
}

func (k *calls) awaitRoom() {
	k.mu.Lock()
	defer k.mu.Unlock()
	for k.running >= k.max && !k.refuses {
		k.changed.Wait()
	}
}

func (k *calls) run(m *message) {
	goesOn := false
	defer func() {
		if !goesOn { // the handler has ended its goroutine, see runtime.Goexit
			k.conn.close(ending{code: CodeInternalError})
			k.done()
		}
	}()
	mustEmpty := k.answer(m)
	goesOn = true
	k.done()
	if mustEmpty {
		k.conn.out.empty()
	}
}

// answer runs one call and queues its answer.
func (k *calls) answer(m *message) (mustEmpty bool) {
	defer k.conn.recovered()
	m.call = tp.Inbound{Body: m.body.bytes, Peer: k.peer, Binary: k.binary, Credentials: k.session.current()}
	reply := k.srv.Serve(k.ctx, &m.call)
	f := k.frame(&reply)
	reply.Release()
	m.release()
	return k.conn.send(f)
}

func (k *calls) frame(reply *tp.Reply) frame {
	first := firstByte(reply.Format)
	if k.conn.packs && len(reply.Bytes) >= minPacked {
		return newPackedFrame(first, reply.Bytes)
	}
	return newFrame(first, reply.Bytes)
}

// done is called when a call has been answered.
func (k *calls) done() {
	k.mu.Lock()
	k.running--
	var drained func()
	if k.running == 0 {
		drained, k.drained = k.drained, nil
	}
	if k.running < k.max {
		k.changed.Broadcast()
	}
	k.mu.Unlock()
	if drained != nil {
		drained()
	}
}

func (k *calls) refuse() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.refuses = true
	k.dismiss()
	k.changed.Broadcast()
}

func (k *calls) drain(drained func()) {
	k.mu.Lock()
	k.refuses = true
	k.dismiss()
	if k.running > 0 {
		k.drained, drained = drained, nil
	}
	k.changed.Broadcast()
	k.mu.Unlock()
	if drained != nil {
		drained()
	}
}

func (k *calls) stop() {
	k.cancel()
	k.session.stop()
	k.mu.Lock()
	defer k.mu.Unlock()
	for k.running > 0 {
		k.changed.Wait()
	}
}
