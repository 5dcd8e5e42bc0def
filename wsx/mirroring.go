package wsx

import (
	"errors"
	"sync"
	"sync/atomic"

	"github.com/telestruct/telestruct/tp/mirror"
)

// mirroring is the service of a connection whose client mirrors models. What it is sent waits
// in an outbox of package mirror, which knows what may be left out for a slow client; that of
// the connection takes it from there whenever it has nothing left to write.
type mirroring struct {
	conn      *connection
	of        mirror.Endpoint
	opening   mirror.Opening // until it begins
	peer      *mirror.Conn   // nil before that
	box       *mirror.Outbox
	dropped   atomic.Int64 // frames, of which the outbox of the connection knows
	resyncing atomic.Bool  // there is a goroutine that does
	work      sync.WaitGroup

	mu        sync.Mutex
	receiving bool
	refuses   bool   // frames are dropped
	drained   func() // to be called when the frame was received
}

func newMirroring(e *Endpoint, c *connection, o mirror.Opening) *mirroring {
	m := &mirroring{conn: c, of: e.mirror, opening: o, box: mirror.NewOutbox(&e.mirrors.outbox)}
	m.opening.Send = m.send
	return m
}

// open begins to mirror.
func (m *mirroring) open() {
	defer m.conn.recovered()
	m.peer = m.of.Open(m.opening)
	m.opening = mirror.Opening{}
	m.conn.posted(m.conn.out.attach(m), nil)
}

// send queues frames. The server or hub is locked.
func (m *mirroring) send(out []mirror.Output) {
	m.box.Send(out)
	m.conn.posted(m.conn.out.wake(), nil)
}

// waits reports whether refill has something to do.
func (m *mirroring) waits() bool {
	s := m.box.Stats()
	return s.Frames > 0 || s.Stale > 0 || s.Slow
}

// refill gives the outbox of the connection all that waits. It is called with that locked.
func (m *mirroring) refill(o *outbox) (then func()) {
	err := m.box.TakeEach(func(out *mirror.Output) { o.push(m.frame(out)) })
	dropped := int64(m.box.Stats().Dropped)
	o.dropped += int(dropped - m.dropped.Swap(dropped))
	if err != nil {
		return func() { m.fail(err) }
	}
	id, isStale := m.box.Stale()
	if !isStale || len(o.queue) > 0 || !m.resyncing.CompareAndSwap(false, true) {
		return nil
	}
	m.work.Add(1)
	return func() { go m.resync(id) } // which waits for the server or hub
}

// wrapping is the key of what is made of a frame for all connections.
type wrapping struct{}

// frame returns the frame of the WebSocket, which is made once for all connections.
func (m *mirroring) frame(out *mirror.Output) frame {
	d := out.Wrapped(wrapping{}, func(f mirror.Frame) any {
		kind := Binary
		if f.Text {
			kind = Text
		}
		return newDelivery(&Message{Kind: kind, Data: f.Data})
	})
	return frame{bytes: d.(*delivery).frameFor(m.conn.packs).bytes}
}

// fail closes the connection because of what its outbox says.
func (m *mirroring) fail(err error) {
	if mirror.CodeOf(err) == mirror.TooSlow {
		m.conn.close(ending{CodeSlow, ReasonSlow})
		return
	}
	m.conn.close(ending{CodeInternalError, ReasonNotEncoded})
}

// resync has a model sent as it is, of which frames were dropped.
func (m *mirroring) resync(id uint64) {
	defer m.work.Done()
	defer m.conn.recovered()
	m.of.Resync(m.peer, id)
	m.resyncing.Store(false)
	if m.waits() { // there may be others, for which nobody came while this went on
		m.conn.posted(m.conn.out.wake(), nil)
	}
}

func (m *mirroring) receive(in *message) (room bool) {
	defer in.release()
	if !m.begin() {
		return true
	}
	defer m.done()
	f := mirror.Frame{Text: in.kind == Text, Data: in.body.bytes}
	if err := m.of.Receive(m.peer, f); err != nil {
		m.conn.close(endingFor(err))
	}
	return true
}

// endingFor returns what a frame that is no message closes the connection with.
func endingFor(err error) ending {
	bad, ok := errors.AsType[*mirror.Error](err)
	switch {
	case !ok:
		return ending{CodePolicy, ReasonNoMessage}
	case bad.Cause != nil: // says what a custom codec does, which is nobody's business
		return ending{bad.CloseStatus(), ReasonNoMessage}
	}
	return ending{bad.CloseStatus(), bad.Reason}
}

// begin reports whether a frame may be received.
func (m *mirroring) begin() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.receiving = !m.refuses
	return m.receiving
}

func (m *mirroring) done() {
	m.mu.Lock()
	m.receiving = false
	drained := m.drained
	m.drained = nil
	m.mu.Unlock()
	if drained != nil {
		drained()
	}
}

func (m *mirroring) awaitRoom() {}
func (m *mirroring) tick()      {}

func (m *mirroring) refuse() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.refuses = true
}

func (m *mirroring) drain(drained func()) {
	m.mu.Lock()
	m.refuses = true
	if m.receiving {
		m.drained, drained = drained, nil
	}
	m.mu.Unlock()
	if drained != nil {
		drained()
	}
}

func (m *mirroring) stop() {
	if m.peer != nil {
		m.of.Close(m.peer)
	}
	m.conn.out.attach(nil)
	m.work.Wait()
}

// describe adds to info what waits, and what was dropped since frames were last taken.
func (m *mirroring) describe(info *ClientInfo) {
	counted := m.dropped.Load()
	s := m.box.Stats()
	info.Dropped += uint64(int64(s.Dropped) - counted)
	info.QueueLength += s.Frames
	info.QueueBytes += s.Bytes
}
