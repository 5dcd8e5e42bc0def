package mirror

import "sync"

// Endpoint is a [Server] or a [Hub], for what moves the frames of either.
type Endpoint interface {
	// Open adds a connection. Before it returns, Send was given what leads the client from what
	// it has to the present state.
	Open(o Opening) *Conn
	// Receive takes a frame of the connection. When it fails, the error is an *[Error] that has
	// the status to close the connection with.
	Receive(c *Conn, f Frame) error
	// Flush sends what has changed.
	Flush()
	// Changed returns the channel from which one value can be received after there was
	// something to flush.
	Changed() <-chan struct{}
	// Resync sends models as they are to a connection that has dropped frames.
	Resync(c *Conn, ids ...uint64)
	// Close removes a connection.
	Close(c *Conn)
}

var (
	_ Endpoint = (*Server)(nil)
	_ Endpoint = (*Hub)(nil)
)

// Opening is what a connection begins with.
type Opening struct {
	// Query is what the client asks for.
	Query Query
	// Tenant is whose connection it is; only a [Hub] has tenants.
	Tenant string
	// Identity is who is at the other end, for [ServerOptions].Authorize.
	Identity any
	// Send takes what is to be sent, in order. It is called while the server or hub is locked:
	// it must not wait, and must use neither of them. What it is given is shared with other
	// connections and must not be changed. [Outbox.Send] does for most. It must be there.
	Send func([]Output)
}

// Output is a frame to send, and what it is about.
type Output struct {
	// Frame is the frame.
	Frame Frame
	// ID is the number of the model.
	ID uint64
	// Rev is the revision of a snapshot or a patch.
	Rev uint64
	// Snapshot tells that the frame is a snapshot: it makes up for all that was sent before.
	Snapshot bool
	// Reject tells that the frame is a reject: it must not be dropped for a newer snapshot.
	Reject bool
	// Err is why there is no frame: a custom codec has failed, which [ServerOptions].OnFailure is told. The
	// connection is of no use any more and should be closed.
	Err error

	shared *wrappings
}

// Wrapped returns what wrap makes of the frame, such as the bytes that a transport writes. The
// connections that get the same frame share it: of all that give the same key, wrap is called
// for one. Like keys of contexts, keys should be of a type of the transport's own. It is safe
// for concurrent use.
func (o *Output) Wrapped(key any, wrap func(Frame) any) any {
	if o.shared == nil {
		return wrap(o.Frame)
	}
	return o.shared.find(key, func() any { return wrap(o.Frame) })
}

// wrappings are what transports have made of a frame.
type wrappings struct {
	mu   sync.Mutex
	list []wrapping
}

type wrapping struct{ key, value any }

func (w *wrappings) find(key any, makeValue func() any) any {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.list {
		if w.list[i].key == key {
			return w.list[i].value
		}
	}
	value := makeValue()
	w.list = append(w.list, wrapping{key, value})
	return value
}

// Conn is an open connection of a [Server] or a [Hub].
type Conn struct {
	codec    Codec
	identity any
	send     func([]Output)
	room     *room
	tenant   string
	// upTo is the greatest number of a model of the session that the client was shown.
	upTo uint64
	// shown are the shared models that it was shown.
	shown map[uint64]struct{}
}

// Codec returns the codec of the connection.
func (c *Conn) Codec() Codec { return c.codec }

// give sends what there is.
func (c *Conn) give(out []Output) {
	if len(out) > 0 {
		c.send(out)
	}
}

// encode returns m for the connection, and notes when the codec fails.
func (c *Conn) encode(m Message) Output {
	out := encode(c.codec, m)
	c.room.failures.note(out.ID, out.Err)
	return out
}

func encode(codec Codec, m Message) Output {
	out := Output{shared: new(wrappings)}
	switch m := m.(type) {
	case Snapshot:
		out.ID, out.Rev, out.Snapshot = m.ID, m.Rev, true
	case Change:
		out.ID, out.Rev = m.ID, m.Patch.Rev
	case Reject:
		out.ID, out.Reject = m.ID, true
	}
	out.Frame, out.Err = codec.Encode(m)
	return out
}

// snapshots has snapshots as they were encoded last, so that many clients that connect at the
// same time cost one encoding.
type snapshots map[uint64]*encodedSnapshot

type encodedSnapshot struct {
	rev     uint64
	byCodec map[Codec]Output
}

// output returns the snapshot that makeSnapshot returns, for a connection.
func (s snapshots) output(c *Conn, id, rev uint64, makeSnapshot func() Snapshot) Output {
	e := s[id]
	if e == nil || e.rev != rev {
		e = &encodedSnapshot{rev: rev, byCodec: map[Codec]Output{}}
		s[id] = e
	}
	out, ok := e.byCodec[c.codec]
	if !ok {
		out = c.encode(makeSnapshot())
		e.byCodec[c.codec] = out
	}
	return out
}
