package wsx

import (
	"errors"
	"fmt"
	"sync"

	"github.com/coder/websocket"

	"github.com/telestruct/telestruct/tp/mirror"
)

// ProposalLostError says that nobody knows what the server makes of a proposal.
type ProposalLostError struct {
	// MayHaveArrived says whether the server may have it, and may have accepted it. It is
	// false when the proposal was never written.
	MayHaveArrived bool
	// Cause is [ErrNotConnected], [ErrTooManyProposals] or [ErrClientStopped]; or the end of a
	// context, or of the connection.
	Cause error
}

// Error returns one line with the cause.
func (e *ProposalLostError) Error() string {
	if e.MayHaveArrived {
		return fmt.Sprintf("wsx: the server may have accepted the proposal, but has not said so: %v", e.Cause)
	}
	return fmt.Sprintf("wsx: the proposal was dropped: %v", e.Cause)
}

// Unwrap returns the cause.
func (e *ProposalLostError) Unwrap() error { return e.Cause }

// The causes of a [ProposalLostError] that lie in the client itself, beside [ErrClientStopped].
var (
	// ErrNotConnected says that there is no connection at the moment.
	ErrNotConnected = errors.New("there is no connection")
	// ErrTooManyProposals says that the server does not take proposals as fast as they are
	// made: as many as [DialOptions].OutboxBuffer and OutboxBytes let wait to be written.
	ErrTooManyProposals = errors.New("too many proposals wait to be written; see wsx.DialOptions.OutboxBuffer")
)

// Send sends a proposal, which Edit or Propose of a [mirror.Client] has made, or Edit of a
// model. It does not wait: the server says what becomes of it with a patch, or with a snapshot
// and a reject. Proposals leave in the order of Send.
//
// It fails with a [*ProposalLostError] when there is no connection: proposals do not wait for
// one, since they were made of what the model was. One that was taken is lost without a word
// when the connection is lost before it was written.
func (c *MirrorClient) Send(proposal mirror.Frame) error {
	_, err := c.feed.proposals.send(proposal)
	return err
}

// uplink is one connection, for those who wait for what comes of a proposal.
type uplink struct {
	gone  chan struct{} // closed when the connection is gone,
	cause error         // because of this
}

// proposals are the frames that wait to be written to the connection, and what becomes of
// them. It is safe for concurrent use.
type proposals struct {
	most, room int // how many may wait, and with how many bytes, though one may have more

	mu      sync.Mutex
	ready   sync.Cond // the writer has something to do
	uplink  *uplink   // nil while there is none
	queue   []mirror.Frame
	bytes   int
	writing bool // one is on its way
	writer  sync.WaitGroup
	idle    chan struct{} // closed when no proposal is left; nil before close

	sent, dropped int64
}

func newProposals(o *DialOptions) *proposals {
	p := &proposals{most: o.OutboxBuffer, room: o.OutboxBytes}
	p.ready.L = &p.mu
	return p
}

// send queues a proposal, and returns the connection that it goes to. It fails with a
// [*ProposalLostError].
func (p *proposals) send(f mirror.Frame) (*uplink, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var cause error
	switch {
	case p.idle != nil:
		cause = ErrClientStopped
	case p.uplink == nil:
		cause = ErrNotConnected
	case len(p.queue) > 0 && (len(p.queue) >= p.most || p.bytes+len(f.Data) > p.room):
		cause = ErrTooManyProposals
	default:
		p.add(f)
		return p.uplink, nil
	}
	return nil, &ProposalLostError{Cause: cause}
}

// reply queues what the mirrors propose themselves. It finds room: there is at most one for
// each model, and the next time would be after the next connection.
func (p *proposals) reply(f mirror.Frame) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.uplink != nil && p.idle == nil {
		p.add(f)
	}
}

func (p *proposals) add(f mirror.Frame) {
	p.queue = append(p.queue, f)
	p.bytes += len(f.Data)
	p.ready.Signal()
}

// up begins to write to a new connection.
func (p *proposals) up(s *socket) {
	p.mu.Lock()
	defer p.mu.Unlock()
	u := &uplink{gone: make(chan struct{})}
	p.uplink = u
	p.writer.Go(func() { p.write(s, u) })
}

// down drops what waits, since the connection is gone, and waits for its writer.
func (p *proposals) down(cause error) {
	p.mu.Lock()
	p.uplink.cause = cause
	close(p.uplink.gone)
	p.uplink = nil
	p.dropped += int64(len(p.queue))
	p.queue, p.bytes = nil, 0
	p.noteIdle()
	p.ready.Broadcast()
	p.mu.Unlock()
	p.writer.Wait()
}

// write writes proposals until the connection is gone.
func (p *proposals) write(s *socket, u *uplink) {
	for {
		f, ok := p.next(u)
		if !ok {
			return
		}
		kind := websocket.MessageBinary
		if f.Text {
			kind = websocket.MessageText
		}
		err := s.write(kind, f.Data)
		p.written(err)
		if err != nil { // the link will find out why
			return
		}
	}
}

// next waits for a proposal. It returns false when the connection is gone.
func (p *proposals) next(u *uplink) (f mirror.Frame, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.uplink == u && len(p.queue) == 0 {
		p.ready.Wait()
	}
	if p.uplink != u {
		return mirror.Frame{}, false
	}
	f = p.queue[0]
	p.queue[0] = mirror.Frame{}
	p.queue = p.queue[1:]
	p.bytes -= len(f.Data)
	p.writing = true
	return f, true
}

// written notes how writing a proposal has ended.
func (p *proposals) written(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.writing = false
	if err != nil {
		p.dropped++
	} else {
		p.sent++
	}
	p.noteIdle()
}

// close lets no further proposals in, and returns a channel that is closed when none is left.
func (p *proposals) close() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.idle == nil {
		p.idle = make(chan struct{})
	}
	p.noteIdle()
	return p.idle
}

// noteIdle tells who waits in close when nothing is left.
func (p *proposals) noteIdle() {
	if p.idle == nil || p.writing || len(p.queue) > 0 {
		return
	}
	select {
	case <-p.idle:
	default:
		close(p.idle)
	}
}

func (p *proposals) counts() (sent, dropped int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.sent, p.dropped
}
