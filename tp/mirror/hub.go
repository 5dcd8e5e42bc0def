package mirror

import (
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
	failures       *failures

	mu      sync.Mutex
	tenants map[string]*tenant
	shared  map[uint64]*shared
	// queue has the shared changes that were not sent yet.
	queue []*encoded
	// snapshots are those of shared models.
	snapshots snapshots
	// relay is called with each write of this node that was accepted, while the hub is not
	// locked; nil is nobody. Writes wait in outbox for that.
	relay  func(sharedWrite)
	outbox []sharedWrite
	node   string // of the relay
}

// tenant is one tenant of a hub.
type tenant struct {
	*room
	key    string
	access map[uint64]Access
	// known says that the program has asked for its session, or given it access: it is kept.
	known bool
}

// NewHub returns a hub without tenants and shared models. The options are those of the
// sessions of its tenants.
func NewHub(o *ServerOptions, session ...SessionOption) *Hub {
	options := o.orDefaults()
	return &Hub{
		options: options, sessionOptions: session, changed: make(chan struct{}, 1), failures: newFailures(options.OnFailure),
		tenants: map[string]*tenant{}, shared: map[uint64]*shared{}, snapshots: snapshots{},
	}
}

// Changed returns a channel as [Server.Changed] does.
func (h *Hub) Changed() <-chan struct{} { return h.changed }

// Session returns the session of a tenant's own models.
func (h *Hub) Session(tenant string) *Session {
	h.mu.Lock()
	defer h.mu.Unlock()
	t := h.tenant(tenant)
	t.known = true
	return t.session
}

// tenant returns the tenant with the key, a new one if need be.
func (h *Hub) tenant(key string) *tenant {
	t := h.tenants[key]
	if t == nil {
		t = &tenant{room: newRoom(NewSession(h.sessionOptions...), h.options, h.failures), key: key, access: map[uint64]Access{}}
		t.session.onChange(func() { signal(h.changed) })
		h.tenants[key] = t
	}
	return t
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
	t.known, t.access[id] = true, a
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
	defer h.failures.tell() // when it is unlocked
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

// access returns what a connection, which may be closed, may do with a shared model.
func (h *Hub) access(c *Conn, id uint64) (a Access, subscribed bool) {
	if t := h.tenants[c.tenant]; t != nil {
		a, subscribed = t.access[id]
	}
	return a, subscribed
}

func (h *Hub) snapshot(c *Conn, s *shared) Output {
	return h.snapshots.output(c, s.id, s.rev, s.snapshot)
}

// Close removes a connection. Nothing is sent to it once Close has returned.
func (h *Hub) Close(c *Conn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	c.room.close(c)
	// There may be as many keys as clients can think of.
	if t := h.tenants[c.tenant]; t != nil && !t.known && len(t.conns) == 0 {
		delete(h.tenants, c.tenant)
	}
}

// Flush sends what hosts have changed, and models that are new, to who may see them.
func (h *Hub) Flush() {
	defer h.failures.tell() // when it is unlocked
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
		var seen []*encoded
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
func (t *tenant) share(h *Hub, changes []*encoded) {
	same := perCodec{}
	for _, c := range t.conns {
		if len(c.shown) < len(t.access) {
			t.shareNew(h, c, changes)
		} else {
			c.give(same.outputs(c, changes))
		}
	}
}

func (t *tenant) shareNew(h *Hub, c *Conn, changes []*encoded) {
	var later []Output
	for _, change := range changes {
		if _, shown := c.shown[change.ID]; shown {
			later = append(later, change.output(c))
		}
	}
	c.give(append(h.show(t, c), later...))
}

// Receive takes a frame from the connection, as [Server.Receive] does. A proposal for a shared
// model needs a tenant with [Write] access; one that changes nothing is not answered.
func (h *Hub) Receive(c *Conn, f Frame) error {
	defer h.failures.tell() // when it is unlocked
	m, bad := h.options.decode(c, f)
	change, isChange := m.(Change)
	switch {
	case bad != nil && !isChange:
		return bad
	case !isChange:
		return nil
	}
	defer h.publish() // also when a function of the program panics
	h.decide(c, change, bad)
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
	if a, subscribed := h.access(c, s.id); !subscribed || a != Write {
		c.give([]Output{c.encode(Reject{ID: s.id, Rev: s.rev, Error: "read-only subscription"})})
		return
	}
	if bad == nil {
		bad = h.options.authorize(c, change)
	}
	if bad == nil && change.Patch.Rev > maxStamp {
		bad = badPatch("a write has a revision of 2^53 at most")
	}
	if bad == nil {
		if err := h.write(s, change.Patch, c.tenant, h.options.MaxModel); err != nil {
			bad = refusal(err)
		}
	}
	h.flushShared()
	if bad != nil {
		h.failures.noteRefusal(s.id, bad)
		c.give([]Output{h.snapshot(c, s), c.encode(Reject{ID: s.id, Rev: s.rev, Error: bad.sentence()})})
	}
}

// Resync sends models as they are, as [Server.Resync] does.
func (h *Hub) Resync(c *Conn, ids ...uint64) {
	defer h.failures.tell() // when it is unlocked
	h.mu.Lock()
	defer h.mu.Unlock()
	c.room.resync(c, ids)
	var out []Output
	for _, id := range ids {
		if _, subscribed := h.access(c, id); subscribed {
			c.shown[id] = struct{}{}
			out = append(out, h.snapshot(c, h.shared[id]))
		}
	}
	c.give(out)
}
