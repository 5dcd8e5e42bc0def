package wsx

import (
	"crypto/rand"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/telestruct/telestruct/tp"
)

// Server groups endpoints and topics: one node. Its topics reach other nodes when it has
// a [Bus]. [NewServer] makes it, and [Server.Shutdown] ends it. It is safe for concurrent
// use.
type Server struct {
	node    string
	bus     Bus    // nil for none
	nodes   *nodes // that are on the bus; nil without one
	started time.Time

	lastNumber atomic.Uint64 // of connections, and of clients of the program's own

	stop stopOnce

	mu        sync.Mutex
	stopping  bool
	addresses []string // of this machine that connections came in at
	endpoints []*Endpoint
	conns     map[uint64]*connection
	coming    map[uint64]struct{} // connections that topics may know already, by number
	came      sync.Cond           // one of them has come, or never will
	dialers   uint64              // how many clients of the program's own have got a number

	writers         *writers
	topics          topicRegistry
	onFunctionPanic func(topic string, value any, stack []byte) // nil for the log
	onUnreadable    func(m Message, err error)                  // nil for the log
}

// Default is the server of [New], [Handler] and [NewTopic]: for programs that need no bus.
var Default = NewServer()

// ServerOption configures a [Server].
type ServerOption func(*Server)

// WithBus gives a server a bus to other nodes. Its topics are theirs as well, by name.
func WithBus(bus Bus) ServerOption {
	return func(s *Server) { s.bus = bus }
}

// NodeName sets the name of a server among the others of its bus. Two that run at the same
// time must not have the same one. The default is random; an empty name means it.
func NodeName(name string) ServerOption {
	return func(s *Server) {
		if name != "" {
			s.node = name
		}
	}
}

// NewServer returns a server without endpoints. It panics when the bus cannot be
// subscribed to, as when it was closed.
func NewServer(options ...ServerOption) *Server {
	s := &Server{
		node:    rand.Text()[:10],
		started: time.Now(),
		stop:    newStopOnce(),
		conns:   map[uint64]*connection{},
		coming:  map[uint64]struct{}{},
		writers: newWriters(),
		topics:  topicRegistry{entries: map[string]*topicEntry{}},
	}
	s.came.L = &s.mu
	for _, o := range options {
		if o != nil {
			o(s)
		}
	}
	if s.bus != nil {
		s.nodes = joinNodes(s)
	}
	return s
}

// Node returns the name of the server among those of its bus.
func (s *Server) Node() string { return s.node }

// New returns an endpoint of the server; see the function [New].
func (s *Server) New(options ...Option) *Endpoint { return newEndpoint(s, options) }

// Handler returns an endpoint of the server for calls; see the function [Handler].
func (s *Server) Handler(api *tp.Server, options ...Option) *Endpoint {
	if api == nil {
		panic("wsx: nil server")
	}
	return newEndpoint(s, append([]Option{Calls(api)}, options...))
}

// add makes an endpoint known, unless the server has been stopped: it then refuses everybody.
func (s *Server) add(e *Endpoint) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping {
		e.stopping = true
		return
	}
	s.endpoints = append(s.endpoints, e)
}

// maxAddresses is how many addresses of its own a server remembers.
const maxAddresses = 16

// addAddress notes an address of this machine that a connection came in at.
func (s *Server) addAddress(addr string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.addresses) < maxAddresses && !slices.Contains(s.addresses, addr) {
		s.addresses = append(s.addresses, addr)
	}
}

// remove forgets an endpoint that has stopped.
func (s *Server) remove(e *Endpoint) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.endpoints = slices.DeleteFunc(s.endpoints, func(other *Endpoint) bool { return other == e })
}

// newConn returns the number of a connection that is going to be added, or removed when
// nothing comes of it.
func (s *Server) newConn() (number uint64) {
	number = s.lastNumber.Add(1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.coming[number] = struct{}{}
	return number
}

// newClient returns the number of a client of the program's own.
func (s *Server) newClient() (number uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dialers++
	return s.lastNumber.Add(1)
}

func (s *Server) addConn(c *connection) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conns[c.about.number] = c
	delete(s.coming, c.about.number)
	s.came.Broadcast()
}

func (s *Server) removeConn(number uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, number)
	delete(s.coming, number)
	s.came.Broadcast()
}
