package mirror

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strconv"
	"sync"
	"time"
)

// RelayOptions are the options of a relay. The zero value, and nil, mean the defaults.
type RelayOptions struct {
	// JoinTimeout is how long Start waits for the state of other nodes. Default 1.5 s.
	JoinTimeout time.Duration
	// AllowDivergence takes models whose strategy does not converge: nodes may then have
	// different values for ever. Default false.
	AllowDivergence bool
	// RetryAfter is how long the relay waits before it publishes writes that the backplane did
	// not take, once it takes something again: the other nodes are to be there as well by then.
	// Default 3 s.
	RetryAfter time.Duration
	// Node is a name for this node, which no other one has. It becomes a part of the origin of
	// what is written here, so that clients of one tenant, and the programs, may write the same
	// key on two nodes at the same moment: without it such writes have the same stamp, and each
	// node may keep another one of them. Default: origins are those of the protocol, the tenants'.
	Node string
	// OnError is called with what went wrong on the backplane, from any goroutine: a write that
	// could not be published or merged. Default: nobody is told.
	OnError func(error)
}

// Relay keeps the shared models of a hub the same on several nodes (section 12.2): accepted
// writes are published, those of others are merged. Values come to be the same, revisions are
// each node's own.
type Relay struct {
	hub     *Hub
	bus     Backplane
	options RelayOptions
	id      string

	mu sync.Mutex
	// waiting are the models whose state this node asks for; nil once it has joined.
	waiting map[uint64]struct{}
	joined  chan struct{}
	early   []relayMessage // writes that came before
	cancel  func()

	unsent unsent
}

// relayMessage is what nodes send.
type relayMessage struct {
	T          string            `json:"t"`
	SID        uint64            `json:"sid,omitempty"`
	Patch      *Patch            `json:"patch,omitempty"`
	Origin     string            `json:"origin,omitempty"`
	From       string            `json:"frm,omitempty"`
	Have       map[uint64]uint64 `json:"have,omitempty"`
	To         string            `json:"to,omitempty"`
	Kind       string            `json:"kind,omitempty"`
	Rev        *uint64           `json:"rev,omitempty"`
	Value      *Value            `json:"value,omitempty"`
	Patches    *[]Patch          `json:"patches,omitempty"`
	MergeState json.RawMessage   `json:"merge_state,omitempty"`
}

// Types of messages, and kinds of answers.
const (
	relayWrite   = "w"
	relayRequest = "req"
	relayAnswer  = "resp"
	kindSnapshot = "snap"
	kindDelta    = "delta"
)

// NewRelay returns a relay for the models that the hub shares by now, which must be all. It
// fails when the strategy of one does not converge.
func NewRelay(h *Hub, b Backplane, o *RelayOptions) (*Relay, error) {
	r := &Relay{hub: h, bus: b, id: rand.Text()}
	if o != nil {
		r.options = *o
	}
	r.options.JoinTimeout = cmp.Or(max(r.options.JoinTimeout, 0), 1500*time.Millisecond)
	r.options.RetryAfter = cmp.Or(max(r.options.RetryAfter, 0), 3*time.Second)
	for _, model := range h.allShared() {
		if !model.converges && !r.options.AllowDivergence {
			return nil, fmt.Errorf("mirror: the strategy of model %d (%s) does not converge on several nodes: use LwwMapCrdt or DeepLwwCrdt",
				model.id, model.name)
		}
	}
	return r, nil
}

// Start takes over the state that other nodes have, which takes until all of it is here or the
// timeout of joining is over, and then merges their writes and publishes those of this node.
// Clients should be served only after that. It fails when the backplane does.
func (r *Relay) Start(ctx context.Context) error {
	have := map[uint64]uint64{}
	waiting := map[uint64]struct{}{}
	for _, model := range r.hub.allShared() {
		have[model.id] = model.rev
		waiting[model.id] = struct{}{}
	}
	r.mu.Lock()
	r.waiting, r.joined = waiting, make(chan struct{})
	r.unsent = unsent{}
	joined := r.joined
	r.mu.Unlock()
	cancel, err := r.bus.Subscribe(r.receive)
	if err != nil {
		return err
	}
	r.hub.relayTo(r.options.Node, r.published)
	r.cancel = cancel
	if len(have) > 0 {
		if err := r.publish(ctx, relayMessage{T: relayRequest, From: r.id, Have: have}); err != nil {
			r.Stop()
			return err
		}
		r.wait(ctx, joined)
	}
	for _, m := range r.join() {
		r.merge(m)
	}
	return ctx.Err()
}

// wait returns when all answers are here, or it takes too long.
func (r *Relay) wait(ctx context.Context, joined <-chan struct{}) {
	timeout := time.NewTimer(r.options.JoinTimeout)
	defer timeout.Stop()
	select {
	case <-joined:
	case <-timeout.C:
	case <-ctx.Done():
	}
}

// join makes writes be merged as they come, and returns those that came before.
func (r *Relay) join() []relayMessage {
	r.mu.Lock()
	defer r.mu.Unlock()
	early := r.early
	r.waiting, r.early = nil, nil
	return early
}

// Stop leaves the backplane. The hub goes on by itself. Writes that the backplane did not take
// so far are dropped.
func (r *Relay) Stop() {
	r.hub.relayTo("", nil)
	r.stopRetrying()
	if r.cancel != nil {
		r.cancel()
	}
}

// report tells the program what went wrong.
func (r *Relay) report(err error) {
	if err != nil && r.options.OnError != nil {
		r.options.OnError(err)
	}
}

func (r *Relay) publish(ctx context.Context, m relayMessage) error {
	msg, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return r.bus.Publish(ctx, msg)
}

// published publishes a write that the hub has accepted, at once or later.
func (r *Relay) published(w sharedWrite) {
	msg, err := json.Marshal(relayMessage{T: relayWrite, SID: w.id, Patch: &w.patch, Origin: w.origin})
	if err == nil && !r.isRetrying() { // or what was written first is published first
		if err = r.bus.Publish(context.Background(), msg); err == nil {
			return
		}
	}
	r.report(err)
	if msg != nil && CodeOf(err) != TooLarge && !r.retry(msg) {
		r.report(&Error{Code: TooLarge, Reason: "too much waits for the backplane: other nodes do not get a write to model " +
			strconv.FormatUint(w.id, 10)})
	}
}

// receive takes a message of another node. What it does not understand is not for it.
func (r *Relay) receive(msg []byte) {
	var kind struct{ T string }
	var m relayMessage
	if json.Unmarshal(msg, &kind) != nil {
		return
	}
	switch kind.T {
	case relayWrite, relayRequest, relayAnswer:
		if err := json.Unmarshal(msg, &m); err != nil {
			r.report(err)
			return
		}
	}
	switch {
	case m.T == relayWrite && m.Patch != nil:
		if !r.keep(m) {
			r.merge(m)
		}
	case m.T == relayRequest:
		r.answer(m)
	case m.T == relayAnswer && m.To == r.id:
		r.report(r.adopt(m))
	}
}

// keep keeps a write for later while the node joins.
func (r *Relay) keep(m relayMessage) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.waiting != nil {
		r.early = append(r.early, m)
	}
	return r.waiting != nil
}

func (r *Relay) merge(m relayMessage) { r.report(r.hub.ApplyShared(m.SID, *m.Patch, m.Origin)) }

// answer sends the models that another node asks for.
func (r *Relay) answer(m relayMessage) {
	for _, model := range r.hub.allShared() {
		have, asked := m.Have[model.id]
		s, ok := r.hub.Shared(model.id)
		if !asked || !ok {
			continue
		}
		answer := relayMessage{T: relayAnswer, To: m.From, SID: s.ID, Kind: kindSnapshot, Rev: &s.Rev, MergeState: s.MergeState}
		patches, complete, err := r.hub.SinceShared(s.ID, have)
		if err == nil && complete && have > 0 && have <= s.Rev {
			answer.Kind = kindDelta
			patches = append([]Patch{}, patches...)
			answer.Patches = &patches
		} else {
			answer.Value = &s.Value
		}
		r.report(r.publish(context.Background(), answer))
	}
}

// adopt takes over the first answer for a model.
func (r *Relay) adopt(m relayMessage) error {
	r.mu.Lock()
	_, asked := r.waiting[m.SID]
	r.mu.Unlock()
	s, ok := r.hub.Shared(m.SID)
	if !asked || !ok || m.Rev == nil {
		return nil
	}
	switch {
	case m.Kind == kindSnapshot && m.Value != nil:
		s.Value = *m.Value
	case m.Kind == kindDelta && m.Patches != nil:
		for _, p := range *m.Patches {
			var err error
			if s.Value, err = merge(s.Value, p.Ops); err != nil {
				return err
			}
		}
	default:
		return nil
	}
	if err := r.hub.AdoptShared(m.SID, s.Value, *m.Rev, m.MergeState); err != nil {
		return err
	}
	r.arrived(m.SID)
	return nil
}

// arrived notes that the state of a model is here.
func (r *Relay) arrived(id uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, asked := r.waiting[id]; !asked {
		return
	}
	delete(r.waiting, id)
	if len(r.waiting) == 0 {
		close(r.joined)
	}
}
