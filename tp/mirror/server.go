package mirror

import "sync"

// ServerOptions are the options of a [Server] and a [Hub]. The zero value, and nil, mean the
// defaults.
type ServerOptions struct {
	// Limits bound what is read. Default: those of servers.
	Limits Limits
	// Authorize is asked before a proposal is looked at, with the identity of the connection.
	// Its error refuses the proposal, and is told to who proposed; so does its panic, of which
	// clients are told nothing else. It must not use the server or its session. Default: everybody
	// may propose everything.
	Authorize func(identity any, proposal Change) error
	// MaxModel is how many bytes of memory clients may make the Value of a model take, about: a
	// number counts 32, a string and a name as many more as they have, and a list or a map 64 more.
	// What a Go type has that is not sent does not count. A proposal beyond it is refused unless it
	// makes the model smaller. The host may go beyond it. Default 10 MiB, which every client can
	// read; less than zero is no limit.
	MaxModel int
	// OnFailure is told of faults of the program's own, with the number of the model: a function
	// that has panicked on a proposal, such as Authorize, a Validate method or a check, and a codec
	// that could not write a message. err is an *[Error], of a panic with a *[PanicError] as its
	// cause. OnFailure runs on the goroutine that has called the server or hub, which waits for it
	// and is not locked; several may run at a time. Default: one record is written to
	// [log/slog.Default], without what clients have sent.
	OnFailure func(model uint64, err error)
}

func (o *ServerOptions) orDefaults() ServerOptions {
	var options ServerOptions
	if o != nil {
		options = *o
	}
	options.Limits = options.Limits.or(serverLimits())
	if options.MaxModel == 0 {
		options.MaxModel = maxModel
	}
	return options
}

func (o *ServerOptions) authorize(c *Conn, proposal Change) (bad *Error) {
	if o.Authorize == nil {
		return nil
	}
	defer caught("what authorizes proposals", &bad)
	if err := o.Authorize(c.identity, proposal); err != nil {
		return refusal(err)
	}
	return nil
}

// decode reads a frame of a client. A Change may come with an error that says that its patch is
// malformed.
func (o *ServerOptions) decode(c *Conn, f Frame) (Message, *Error) {
	return c.codec.decode(f, frameReader{limits: o.Limits, proposals: true})
}

// Server shows the models of a session to connections, and takes their proposals (section
// 9.2). It is safe for concurrent use; what it sends to a connection is in the order of what
// has happened.
type Server struct {
	changed  chan struct{}
	failures *failures

	mu   sync.Mutex
	room *room
}

// NewServer returns a server of the models in s, which no other server may have.
func NewServer(s *Session, o *ServerOptions) *Server {
	options := o.orDefaults()
	failures := newFailures(options.OnFailure)
	server := &Server{changed: make(chan struct{}, 1), failures: failures, room: newRoom(s, options, failures)}
	s.onChange(func() { signal(server.changed) })
	return server
}

// signal makes ready receivable unless it is.
func signal(ready chan<- struct{}) {
	select {
	case ready <- struct{}{}:
	default:
	}
}

// Changed returns the channel from which one value can be received after there was something
// to flush. Who flushes waits for it, and then for a moment, so that changes in a row become
// one patch.
func (s *Server) Changed() <-chan struct{} { return s.changed }

// Open adds a connection. Before it returns, Send was given what leads the client from what it
// has to the present state.
func (s *Server) Open(o Opening) *Conn {
	defer s.failures.tell() // when it is unlocked
	s.mu.Lock()
	defer s.mu.Unlock()
	c, out := s.room.open(o)
	c.give(out)
	return c
}

// Receive takes a frame from the connection. A proposal that is accepted goes to all
// connections, after what had happened before; for one that is refused, the model as it is and
// a [Reject] go to this one. Receive fails with an *[Error] when the frame is no message: the
// connection should be closed, with the status that the error has.
func (s *Server) Receive(c *Conn, f Frame) error {
	defer s.failures.tell() // when it is unlocked
	m, bad := s.room.options.decode(c, f)
	change, isChange := m.(Change)
	switch {
	case bad != nil && !isChange:
		return bad
	case !isChange:
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.room.propose(c, change, bad)
	return nil
}

// Flush sends what hosts have changed to all connections, and models that are new.
func (s *Server) Flush() {
	defer s.failures.tell() // when it is unlocked
	s.mu.Lock()
	defer s.mu.Unlock()
	s.room.flush()
}

// Resync sends the models as they are, for who has dropped frames that were to be sent.
func (s *Server) Resync(c *Conn, ids ...uint64) {
	defer s.failures.tell() // when it is unlocked
	s.mu.Lock()
	defer s.mu.Unlock()
	s.room.resync(c, ids)
}

// Close removes a connection. Nothing is sent to it once Close has returned.
func (s *Server) Close(c *Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.room.close(c)
}
