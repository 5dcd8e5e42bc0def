package mirror

import "slices"

// room is a session and the connections that see its models. Who has it locks it.
type room struct {
	session   *Session
	conns     []*Conn
	snapshots snapshots
	options   ServerOptions
	failures  *failures
}

func newRoom(s *Session, o ServerOptions, f *failures) *room {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.maxModel = o.MaxModel
	return &room{session: s, options: o, snapshots: snapshots{}, failures: f}
}

// open adds a connection and shows it the models (section 7). The connection is there before
// it is shown anything, so that no change falls between. What it is to be shown is returned.
func (r *room) open(o Opening) (c *Conn, out []Output) {
	c = &Conn{codec: o.Query.Codec, identity: o.Identity, send: o.Send, room: r, tenant: o.Tenant, shown: map[uint64]struct{}{}}
	r.conns = append(r.conns, c)
	s := r.session
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flush()
	for _, h := range s.models {
		out = r.resume(out, c, h, o.Query.Since)
	}
	c.upTo = uint64(len(s.models))
	return c, out
}

// resume appends what leads a client to the present state of a model.
func (r *room) resume(out []Output, c *Conn, h *hosted, since map[uint64]uint64) []Output {
	if rev, ok := since[h.id]; ok {
		if patches, complete := h.log.since(h.rev, rev); complete {
			return appendOutputs(out, c, patches)
		}
	}
	return append(out, r.snapshot(c, h))
}

// snapshot returns a model as it is, of a session that is locked.
func (r *room) snapshot(c *Conn, h *hosted) Output {
	return r.snapshots.output(c, h.id, h.rev, h.snapshot)
}

func (r *room) close(c *Conn) {
	r.conns = slices.DeleteFunc(r.conns, func(other *Conn) bool { return other == c })
	c.send = func([]Output) {}
}

// flush sends what has happened to all connections. Models that a client has not seen yet are
// shown to it first, as they are by then.
func (r *room) flush() {
	s := r.session
	s.mu.Lock()
	defer s.mu.Unlock()
	changes := s.drain()
	last := uint64(len(s.models))
	same := perCodec{}
	for _, c := range r.conns {
		if c.upTo < last {
			r.announce(c, changes)
		} else {
			c.give(same.outputs(c, changes))
		}
	}
}

// announce sends new models to c, and the changes of those that it has.
func (r *room) announce(c *Conn, changes []*encoded) {
	var out []Output
	for _, h := range r.session.models[c.upTo:] {
		out = append(out, r.snapshot(c, h))
	}
	for _, change := range changes {
		if change.ID <= c.upTo {
			out = append(out, change.output(c))
		}
	}
	c.upTo = uint64(len(r.session.models))
	c.give(out)
}

// resync sends the models as they are.
func (r *room) resync(c *Conn, ids []uint64) {
	s := r.session
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flush()
	var out []Output
	for _, id := range ids {
		if id > c.upTo {
			continue // it will be announced
		}
		if h, err := s.find(id); err == nil {
			out = append(out, r.snapshot(c, h))
		}
	}
	c.give(out)
}

// propose decides on a proposal, and sends the result to everybody, or why not to c.
func (r *room) propose(c *Conn, change Change, bad *Error) {
	if bad == nil {
		bad = r.options.authorize(c, change)
	}
	if bad == nil {
		if _, err := r.session.submit(change.ID, change.Patch.Ops); err != nil {
			bad = refusal(err)
		}
	}
	r.flush()
	if bad != nil {
		r.refuse(c, change.ID, bad)
	}
}

// refuse tells c that its proposal was refused, and what the model is.
func (r *room) refuse(c *Conn, id uint64, why *Error) {
	r.failures.noteRefusal(id, why)
	s := r.session
	s.mu.Lock()
	defer s.mu.Unlock()
	h, err := s.find(id)
	if err != nil {
		c.give([]Output{c.encode(Reject{ID: id, Error: unknownModel(id).Reason})})
		return
	}
	c.give([]Output{r.snapshot(c, h), c.encode(Reject{ID: id, Rev: h.rev, Error: why.sentence()})})
}
