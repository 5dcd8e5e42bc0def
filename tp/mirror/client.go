package mirror

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"sync"
)

// Authority decides who wins after a connection was lost (section 8).
type Authority uint8

const (
	// ServerAuthority adopts what the server sends.
	ServerAuthority Authority = iota
	// ClientAuthority proposes, once for each model and connection, the value that the
	// client had before.
	ClientAuthority
)

// ClientOptions are the options of a client. The zero value, and nil, mean the defaults.
type ClientOptions struct {
	// Codec is the codec of the connection. Default JSON.
	Codec Codec
	// Authority is who wins after a connection was lost. Default the server.
	Authority Authority
	// Limits bound what is read. Default: those of clients.
	Limits Limits
}

// Client mirrors the models of a server. It is given frames and gives frames; the value of a
// mirror is what the server has said last, never what the client has proposed. A Client is
// safe for concurrent use; frames must be received in the order in which they came.
type Client struct {
	options ClientOptions

	mu      sync.Mutex
	mirrors map[uint64]*mirrored
	change  listeners[Message]
	reject  listeners[Reject]
}

// mirrored is one model.
type mirrored struct {
	typeName string
	rev      uint64
	value    Value
	// broken tells that a patch failed: only a snapshot can be trusted again.
	broken bool
	// remembered is the value to propose after the first frame of this connection.
	remembered *Value
	// proposed is what was remembered, from when it was proposed until the next frame. A
	// connection that breaks in between must not make the client forget it.
	proposed *Value
}

// NewClient returns a client without any mirror.
func NewClient(o *ClientOptions) *Client {
	c := &Client{mirrors: map[uint64]*mirrored{}}
	if o != nil {
		c.options = *o
	}
	c.options.Limits = c.options.Limits.or(clientLimits())
	return c
}

// Query returns what to ask for when the client connects (again): the models that it has,
// those of which a patch failed excepted.
func (c *Client) Query() Query {
	c.mu.Lock()
	defer c.mu.Unlock()
	q := Query{Codec: c.options.Codec, Since: map[uint64]uint64{}}
	for id, m := range c.mirrors {
		if !m.broken {
			q.Since[id] = m.rev
		}
	}
	return q
}

// Connected tells the client that frames come from a new connection from here on. A client
// with [ClientAuthority] remembers what it has by then.
func (c *Client) Connected() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, m := range c.mirrors {
		m.remembered = nil
		if c.options.Authority == ClientAuthority {
			value := m.value
			m.remembered = cmp.Or(m.proposed, &value)
		}
	}
}

// Receive takes a frame that came from the server, and returns the frame to send for it, if
// any: a client with [ClientAuthority] may have something to propose. It fails with an
// *[Error]; the mirrors are then as they were. After a patch that cannot be applied the
// connection should be closed and made again, which fetches the model whole; after NoSnapshot
// too.
func (c *Client) Receive(f Frame) (reply *Frame, err error) {
	m, bad := c.options.Codec.decode(f, frameReader{limits: c.options.Limits})
	if bad != nil {
		if change, ok := m.(Change); ok {
			c.broke(change.ID)
		}
		return nil, bad
	}
	switch m := m.(type) {
	case Snapshot:
		ops := c.adopt(m)
		c.change.call(m)
		return c.proposal(m.ID, ops)
	case Change:
		accepted, ops, err := c.apply(m)
		if !accepted {
			return nil, err
		}
		c.change.call(m)
		return c.proposal(m.ID, ops)
	case Reject:
		c.reject.call(m)
	}
	return nil, nil
}

// proposal returns the frame that proposes the operations, if there are any.
func (c *Client) proposal(id uint64, ops []Op) (*Frame, error) {
	if len(ops) == 0 {
		return nil, nil
	}
	frame, err := c.Propose(id, ops...)
	return &frame, err
}

func (c *Client) broke(id uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if m := c.mirrors[id]; m != nil {
		m.broken = true
	}
}

// adopt takes a snapshot for what the model is, and returns what to propose then.
func (c *Client) adopt(s Snapshot) []Op {
	c.mu.Lock()
	defer c.mu.Unlock()
	m := &mirrored{typeName: s.Type, rev: s.Rev, value: s.Value}
	if before := c.mirrors[s.ID]; before != nil {
		m.remembered = before.remembered
	}
	c.mirrors[s.ID] = m
	return m.remind()
}

// apply applies a patch unless it is known already, and returns what to propose then.
func (c *Client) apply(change Change) (accepted bool, propose []Op, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m := c.mirrors[change.ID]
	switch {
	case m == nil:
		return false, nil, &Error{Code: NoSnapshot, Reason: "a patch came before the snapshot of model " + strconv.FormatUint(change.ID, 10)}
	case change.Patch.Rev <= m.rev:
		return false, nil, nil
	}
	value, bad := applyForeign(m.value, change.Patch.Ops)
	if bad != nil {
		m.broken = true
		return false, nil, bad
	}
	m.value, m.rev = value, change.Patch.Rev
	return true, m.remind(), nil
}

// remind returns what makes the remembered value of the present one, once.
func (m *mirrored) remind() []Op {
	m.proposed, m.remembered = m.remembered, nil
	if m.proposed == nil {
		return nil
	}
	return Diff(m.value, *m.proposed)
}

// IDs returns the numbers of the models that the client has, ascending.
func (c *Client) IDs() []uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Sorted(maps.Keys(c.mirrors))
}

// Snapshot returns what the client has of a model; ok is false when it has nothing.
func (c *Client) Snapshot(id uint64) (s Snapshot, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m := c.mirrors[id]
	if m == nil {
		return Snapshot{}, false
	}
	return Snapshot{ID: id, Type: m.typeName, Rev: m.rev, Value: m.value}, true
}

// Edit returns the frame that proposes to make the model like value. The mirror does not
// change before the server says so. It fails with an *[Error] when the client does not have
// the model (NoSnapshot), or value cannot be sent.
func (c *Client) Edit(id uint64, value Value) (Frame, error) {
	s, ok := c.Snapshot(id)
	if !ok {
		return Frame{}, noSnapshot(id)
	}
	return c.Propose(id, Diff(s.Value, value)...)
}

func noSnapshot(id uint64) *Error {
	return &Error{Code: NoSnapshot, Reason: "there is no snapshot of model " + strconv.FormatUint(id, 10) + " yet"}
}

// Propose returns the frame that proposes the operations, which nobody looks at before the
// server does. It fails with an *[Error] when they cannot be sent.
func (c *Client) Propose(id uint64, ops ...Op) (Frame, error) {
	return c.options.Codec.Encode(Change{ID: id, Patch: Patch{Ops: ops}})
}

// OnChange registers a function that is called with each [Snapshot] and [Change] that the
// client has accepted, in order, by who called Receive. The function that it returns undoes
// that.
func (c *Client) OnChange(fn func(Message)) (cancel func()) { return c.change.add(fn) }

// OnReject registers a function that is called with each [Reject], as OnChange does.
func (c *Client) OnReject(fn func(Reject)) (cancel func()) { return c.reject.add(fn) }

// listeners are functions to call, in the order of their registration.
type listeners[T any] struct {
	mu  sync.Mutex
	fns []*func(T)
}

func (l *listeners[T]) add(fn func(T)) (cancel func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fns = append(slices.Clip(l.fns), &fn)
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.fns = slices.DeleteFunc(slices.Clone(l.fns), func(f *func(T)) bool { return f == &fn })
	}
}

func (l *listeners[T]) call(v T) {
	l.mu.Lock()
	fns := l.fns
	l.mu.Unlock()
	for _, fn := range fns {
		(*fn)(v)
	}
}
