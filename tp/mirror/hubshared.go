package mirror

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// sharedWrite is a write to a shared model, stamped.
type sharedWrite struct {
	id     uint64
	patch  Patch
	origin string
}

// Share adds a shared model and returns its number. All nodes of a hub must give a model the
// same number: they share their models in the same order, or say the numbers. Share fails when
// the number is taken, or none of a shared model, when the value cannot be sent or the check
// refuses it, and when the strategy does not take the merge state.
func (h *Hub) Share(model Shared, o *SharedOptions) (id uint64, err error) {
	s := &shared{name: model.Type}
	if o != nil {
		s.options = *o
	}
	if s.options.Merge == nil {
		s.options.Merge = LastWriteWins()
	}
	if s.options.Log {
		s.log.size = logSize
	}
	v, bad := canonical(model.Value, Value{}, s.options.Check)
	if bad != nil {
		return 0, bad
	}
	if err := s.adopt(v, model.Rev, model.MergeState); err != nil {
		return 0, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if s.id = model.ID; s.id == 0 {
		s.id = firstShared + uint64(len(h.shared))
	}
	if s.id < firstShared || h.shared[s.id] != nil {
		return 0, fmt.Errorf("mirror: %d is taken, or below %d, and is no number for a shared model", s.id, uint64(firstShared))
	}
	h.shared[s.id] = s
	return s.id, nil
}

// write merges a write of this node, and tells it to the other nodes. One that makes the model
// larger than most bytes fails, see [ServerOptions].MaxModel.
func (h *Hub) write(s *shared, p Patch, origin string, most int) error {
	p = s.stamped(p)
	if h.node != "" {
		origin += "@" + h.node
	}
	e, err := h.merge(s, p, origin, most)
	if err != nil {
		return err
	}
	if h.relay != nil {
		h.outbox = append(h.outbox, sharedWrite{s.id, p, origin})
	}
	s.committed(e)
	return nil
}

// relayTo makes relay called with each write of this node, whose name is a part of origins.
func (h *Hub) relayTo(node string, relay func(sharedWrite)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.node, h.relay = node, relay
}

// publish relays what was written. The hub must not be locked: another node may answer before
// relay returns.
func (h *Hub) publish() {
	h.mu.Lock()
	relay, outbox := h.relay, h.outbox
	h.outbox = nil
	h.mu.Unlock()
	if relay == nil {
		return
	}
	for _, w := range outbox {
		relay(w)
	}
}

// sharedModel is what a relay knows of a shared model.
type sharedModel struct {
	id, rev   uint64
	name      string
	converges bool
}

// allShared returns the shared models by their numbers.
func (h *Hub) allShared() []sharedModel {
	h.mu.Lock()
	defer h.mu.Unlock()
	var all []sharedModel
	for _, id := range slices.Sorted(maps.Keys(h.shared)) {
		s := h.shared[id]
		all = append(all, sharedModel{id: id, rev: s.rev, name: s.name, converges: s.options.Merge.Converges()})
	}
	return all
}

// merge merges a stamped write, and queues what it comes to, of which the program is still to be
// told: should that panic, clients and other nodes get the write all the same.
func (h *Hub) merge(s *shared, p Patch, origin string, most int) (*encoded, error) {
	e, err := s.merge(p, origin, most)
	if err != nil {
		return nil, err
	}
	if e != nil && s.seen() {
		h.queue = append(h.queue, e)
		signal(h.changed)
	}
	return e, nil
}

// SetShared makes a shared model like v, as a write of the program. It is sent at the next
// flush. It fails with an *[Error] when there is no such model, and when the write cannot be
// merged. What clients and other nodes write between a read and SetShared is undone by it: to
// change a part of a model, use [Hub.UpdateShared].
func (h *Hub) SetShared(id uint64, v Value) error {
	return h.UpdateShared(id, func(Value) (Value, error) { return v, nil })
}

// UpdateShared makes a shared model like what change returns for its value, as SetShared does,
// with nothing written in between. It fails with the error of change, and then changes nothing.
// The hub is locked meanwhile: change may not use it.
func (h *Hub) UpdateShared(id uint64, change func(Value) (Value, error)) error {
	defer h.publish() // when it is unlocked
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.shared[id]
	if s == nil {
		return unknownModel(id)
	}
	v, err := change(s.value)
	if err != nil {
		return err
	}
	ops := Diff(s.value, v)
	if len(ops) == 0 {
		return nil // other nodes need not hear of it
	}
	return h.write(s, Patch{Ops: ops}, hostOrigin, noLimit)
}

// ApplyShared merges a write of another node, with the revision that it was given there. It is
// sent at the next flush. It fails as SetShared does.
func (h *Hub) ApplyShared(id uint64, write Patch, origin string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.shared[id]
	if s == nil {
		return unknownModel(id)
	}
	e, err := h.merge(s, write, origin, noLimit) // or nodes would differ
	s.committed(e)
	return err
}

// AdoptShared takes over the state of a shared model that another node has: its value, the
// greater revision, and what its strategy knows. Clients are sent a snapshot at the next flush.
// It fails with an *[Error] when there is no such model or the value cannot be sent, and when
// the strategy does not take the merge state.
func (h *Hub) AdoptShared(id uint64, v Value, rev uint64, mergeState json.RawMessage) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.shared[id]
	if s == nil {
		return unknownModel(id)
	}
	if err := s.adopt(v, rev, mergeState); err != nil {
		return err
	}
	delete(h.snapshots, id) // the value is another one at what may be the same revision
	for _, t := range s.tenants {
		for _, c := range t.conns {
			delete(c.shown, id)
		}
	}
	signal(h.changed)
	return nil
}

// Shared returns a shared model; ok is false when there is none with the number.
func (h *Hub) Shared(id uint64) (model Shared, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.shared[id]
	if s == nil {
		return Shared{}, false
	}
	return s.state(), true
}

// SinceShared returns the patches that lead from a revision of a shared model to the current
// one; complete is false when a snapshot is needed for that, as it is without a log. It fails
// with an *[Error] when there is no such model.
func (h *Hub) SinceShared(id, rev uint64) (patches []Patch, complete bool, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.shared[id]
	if s == nil {
		return nil, false, unknownModel(id)
	}
	patches, complete = s.since(rev)
	return patches, complete, nil
}
