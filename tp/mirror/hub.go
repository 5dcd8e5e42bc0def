package mirror

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
)

// Hub shows models to the connections of many tenants (section 10): each tenant has a session
// of its own, whose models nobody else sees, and subscribes to models that the hub shares. It
// is safe for concurrent use; what it sends to a connection is in the order of what has
// happened.
type Hub struct {
	options        ServerOptions
	sessionOptions []SessionOption
	changed        chan struct{}

	mu      sync.Mutex
	tenants map[string]*tenant
	shared  map[uint64]*shared
	// queue has the shared changes that were not sent yet.
	queue []Change
	// snapshots are those of shared models.
	snapshots snapshots
	// relay is called with each write of this node that was accepted, while the hub is not
	// locked; nil is nobody. Writes wait in outbox for that.
	relay  func(sharedWrite)
	outbox []sharedWrite
}

// sharedWrite is a write to a shared model, stamped.
type sharedWrite struct {
	id     uint64
	patch  Patch
	origin string
}

// tenant is one tenant of a hub.
type tenant struct {
	*room
	key    string
	access map[uint64]Access
}

// NewHub returns a hub without tenants and shared models. The options are those of the
// sessions of its tenants.
func NewHub(o *ServerOptions, session ...SessionOption) *Hub {
	return &Hub{
		options: o.orDefaults(), sessionOptions: session, changed: make(chan struct{}, 1),
		tenants: map[string]*tenant{}, shared: map[uint64]*shared{}, snapshots: snapshots{},
	}
}

// Changed returns a channel as [Server.Changed] does.
func (h *Hub) Changed() <-chan struct{} { return h.changed }

// Session returns the session of a tenant's own models.
func (h *Hub) Session(tenant string) *Session {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.tenant(tenant).session
}

// tenant returns the tenant with the key, a new one if need be.
func (h *Hub) tenant(key string) *tenant {
	t := h.tenants[key]
	if t == nil {
		t = &tenant{room: newRoom(NewSession(h.sessionOptions...), h.options), key: key, access: map[uint64]Access{}}
		t.session.onChange(func() { signal(h.changed) })
		h.tenants[key] = t
	}
	return t
}

// Share adds a shared model and returns its number. All nodes of a hub must give a model the
// same number: they share their models in the same order, or say the numbers. Share fails when
// the number is taken, or none of a shared model, when the value cannot be sent, and when the
// strategy does not take the merge state.
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
	if err := s.adopt(model.Value, model.Rev, model.MergeState); err != nil {
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

// Subscribe gives a tenant access to a shared model, or changes it. Open connections of the
// tenant are shown the model at the next flush. It fails with an *[Error] when there is no such
// model (UnknownModel).
func (h *Hub) Subscribe(tenant string, id uint64, a Access) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.shared[id]
	if s == nil {
		return unknownModel(id)
	}
	t := h.tenant(tenant)
	t.access[id] = a
	if !s.subscribed(t) {
		s.tenants = append(s.tenants, t)
	}
	signal(h.changed)
	return nil
}

// Open adds a connection of a tenant. Before it returns, Send was given what leads the client
// from what it has of the tenant's models to their present state, and then the shared models
// that the tenant subscribes to.
func (h *Hub) Open(o Opening) *Conn {
	h.mu.Lock()
	defer h.mu.Unlock()
	t := h.tenant(o.Tenant)
	c, out := t.open(o)
	c.give(append(out, h.show(t, c)...))
	return c
}

// show returns the shared models that the client has not seen yet.
func (h *Hub) show(t *tenant, c *Conn) (out []Output) {
	if len(c.shown) == len(t.access) {
		return nil
	}
	for _, id := range slices.Sorted(maps.Keys(t.access)) {
		if _, shown := c.shown[id]; !shown {
			c.shown[id] = struct{}{}
			out = append(out, h.snapshot(c, h.shared[id]))
		}
	}
	return out
}

func (h *Hub) snapshot(c *Conn, s *shared) Output {
	return h.snapshots.output(c.codec, s.id, s.rev, s.snapshot)
}

// Close removes a connection. Nothing is sent to it once Close has returned.
func (h *Hub) Close(c *Conn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	c.room.close(c)
}

// Flush sends what hosts have changed, and models that are new, to who may see them.
func (h *Hub) Flush() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, key := range slices.Sorted(maps.Keys(h.tenants)) {
		h.tenants[key].flush()
	}
	h.flushShared()
}

// flushShared sends what has happened to shared models.
func (h *Hub) flushShared() {
	changes := h.queue
	h.queue = nil
	for _, key := range slices.Sorted(maps.Keys(h.tenants)) {
		t := h.tenants[key]
		var seen []Change
		for _, change := range changes {
			if _, subscribed := t.access[change.ID]; subscribed {
				seen = append(seen, change)
			}
		}
		t.share(h, seen)
	}
}

// share sends changes of shared models that the tenant sees. A client that was not shown a
// model yet is shown it as it is by now.
func (t *tenant) share(h *Hub, changes []Change) {
	encoded := map[Codec][]Output{}
	for _, c := range t.conns {
		if len(c.shown) < len(t.access) {
			t.shareNew(h, c, changes)
			continue
		}
		out, ok := encoded[c.codec]
		if !ok {
			for _, change := range changes {
				out = append(out, c.encode(change))
			}
			encoded[c.codec] = out
		}
		c.give(out)
	}
}

func (t *tenant) shareNew(h *Hub, c *Conn, changes []Change) {
	var later []Output
	for _, change := range changes {
		if _, shown := c.shown[change.ID]; shown {
			later = append(later, c.encode(change))
		}
	}
	c.give(append(h.show(t, c), later...))
}

// Receive takes a frame from the connection, as [Server.Receive] does. A proposal for a shared
// model needs a tenant with [Write] access; one that changes nothing is not answered.
func (h *Hub) Receive(c *Conn, f Frame) error {
	m, bad := h.options.decode(c, f)
	change, isChange := m.(Change)
	switch {
	case bad != nil && !isChange:
		return bad
	case !isChange:
		return nil
	}
	h.decide(c, change, bad)
	h.publish()
	return nil
}

// decide decides on a proposal; bad is why it is malformed.
func (h *Hub) decide(c *Conn, change Change, bad *Error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if change.ID < firstShared {
		c.room.propose(c, change, bad)
	} else {
		h.propose(c, change, bad)
	}
}

// propose decides on a proposal for a shared model.
func (h *Hub) propose(c *Conn, change Change, bad *Error) {
	s := h.shared[change.ID]
	if s == nil {
		c.give([]Output{c.encode(Reject{ID: change.ID, Error: "unknown shared model"})})
		return
	}
	t := h.tenants[c.tenant]
	if a, subscribed := t.access[s.id]; !subscribed || a != Write {
		c.give([]Output{c.encode(Reject{ID: s.id, Rev: s.rev, Error: "read-only subscription"})})
		return
	}
	err := error(bad)
	if bad == nil {
		err = h.options.authorize(c, change)
	}
	if err == nil {
		err = h.write(s, change.Patch, t.key)
	}
	h.flushShared()
	if err != nil {
		why := Reject{ID: s.id, Rev: s.rev, Error: refusal(err).sentence()}
		c.give([]Output{h.snapshot(c, s), c.encode(why)})
	}
}

// write merges a write of this node, and tells it to the other nodes.
func (h *Hub) write(s *shared, p Patch, origin string) error {
	p = s.stamped(p)
	if err := h.merge(s, p, origin); err != nil {
		return err
	}
	if h.relay != nil {
		h.outbox = append(h.outbox, sharedWrite{s.id, p, origin})
	}
	return nil
}

// relayTo makes relay called with each write of this node.
func (h *Hub) relayTo(relay func(sharedWrite)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.relay = relay
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

// merge merges a stamped write, and queues what it comes to.
func (h *Hub) merge(s *shared, p Patch, origin string) error {
	patch, changed, err := s.merge(p, origin)
	if err != nil {
		return err
	}
	if changed {
		h.queue = append(h.queue, Change{ID: s.id, Patch: patch})
		signal(h.changed)
	}
	return nil
}

// Resync sends models as they are, as [Server.Resync] does.
func (h *Hub) Resync(c *Conn, ids ...uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	c.room.resync(c, ids)
	var out []Output
	for _, id := range ids {
		if _, subscribed := h.tenants[c.tenant].access[id]; subscribed {
			c.shown[id] = struct{}{}
			out = append(out, h.snapshot(c, h.shared[id]))
		}
	}
	c.give(out)
}

// SetShared makes a shared model like v, as a write of the program. It is sent at the next
// flush. It fails with an *[Error] when there is no such model, and when the write cannot be
// merged.
func (h *Hub) SetShared(id uint64, v Value) error {
	defer h.publish() // when it is unlocked
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.shared[id]
	if s == nil {
		return unknownModel(id)
	}
	return h.write(s, Patch{Ops: Diff(s.value, v)}, hostOrigin)
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
	return h.merge(s, write, origin)
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
