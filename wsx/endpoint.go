package wsx

import (
	"net/netip"
	"sync"

	"github.com/telestruct/telestruct/tp"
)

// Endpoint serves connections that are all for the same: calls, topics, or actors. It is
// an [http.Handler], to be mounted at one path of any router; [New] and [Handler] make it.
// It is safe for concurrent use.
type Endpoint struct {
	server *Server
	settings

	mu        sync.Mutex
	path      string // of the first request
	channels  uint64 // how many connections there were
	places    int    // that are taken, by connections and by those that are to be
	addresses map[netip.Addr]int
	conns     map[*connection]struct{}
	stopping  bool
	gone      chan struct{} // closed when the endpoint is stopping and no place is taken

	stop    sync.Once
	stopped chan struct{} // closed when Shutdown has done its work
	cut     chan struct{} // closed when there is no more time for it
	cutting sync.Once
	err     error // of Shutdown
}

// Handler returns the endpoint of a server for WebSockets:
//
//	r.Handle("/ws/telepact", wsx.Handler(srv))
//
// It panics for a nil server and for options that make no sense. When the program
// stops, [Endpoint.Shutdown] must be called: [http.Server.Shutdown] neither closes nor
// waits for WebSockets.
func Handler(srv *tp.Server, options ...Option) *Endpoint { return Default.Handler(srv, options...) }

// New returns an endpoint of [Default], for topics or actors, and calls beside them:
//
//	mux.Handle("/chat", wsx.New(wsx.Room(wsx.NewTopic("chat"))))
//
// It panics for options that make no sense, such as [Accept] together with [Actor]. When
// the program stops, [Endpoint.Shutdown] or [Server.Shutdown] must be called, as for
// [Handler].
func New(options ...Option) *Endpoint { return Default.New(options...) }

func newEndpoint(server *Server, options []Option) *Endpoint {
	e := &Endpoint{
		server:    server,
		settings:  newSettings(options),
		addresses: map[netip.Addr]int{},
		conns:     map[*connection]struct{}{},
		gone:      make(chan struct{}),
		stopped:   make(chan struct{}),
		cut:       make(chan struct{}),
	}
	if e.actor != nil && len(e.accept) > 0 {
		panic("wsx: what clients say goes to the actor or into topics: use Push in place of Room, and no Accept, beside Actor")
	}
	server.add(e)
	return e
}

// verdict says what becomes of a request for a connection.
type verdict int

const (
	welcome verdict = iota
	endpointStops
	endpointFull
	addressFull
)

// reserve takes a place for a connection from addr. It must be given back with leave.
func (e *Endpoint) reserve(addr netip.Addr) verdict {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.stopping:
		return endpointStops
	case e.maxConns > 0 && e.places >= e.maxConns:
		return endpointFull
	case e.maxPerAddress > 0 && e.addresses[addr] >= e.maxPerAddress:
		return addressFull
	}
	e.places++
	if e.maxPerAddress > 0 {
		e.addresses[addr]++
	}
	return welcome
}

// leave gives a place back.
func (e *Endpoint) leave(addr netip.Addr) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.places--
	if e.maxPerAddress > 0 {
		if e.addresses[addr]--; e.addresses[addr] == 0 {
			delete(e.addresses, addr)
		}
	}
	if e.stopping && e.places == 0 {
		close(e.gone)
	}
}

// add makes a connection known. One that got its place before the endpoint began to
// stop comes after the others.
func (e *Endpoint) add(c *connection) {
	e.server.addConn(c)
	e.mu.Lock()
	e.conns[c] = struct{}{}
	stopping := e.stopping
	e.mu.Unlock()
	if stopping {
		c.drain(e.grace)
	}
	select {
	case <-e.cut:
		c.cut(ending{code: CodeAbnormal})
	default:
	}
}

func (e *Endpoint) remove(c *connection) {
	e.server.removeConn(c)
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.conns, c)
}
