package wsx

import (
	"sync"

	"github.com/telestruct/telestruct/tp"
)

// Endpoint serves connections that are all for the same: calls, topics, actors, or mirrors.
// It is an [http.Handler], to be mounted at one path of any router; [New], [Handler] and
// [Mirror] make it.
// It is safe for concurrent use.
type Endpoint struct {
	server *Server
	settings

	mu       sync.Mutex
	path     string // of the first request
	channels uint64 // how many connections there were
	places   places
	conns    map[*connection]struct{}
	stopping bool
	gone     chan struct{} // closed when the endpoint is stopping and no place is taken

	stop    stopOnce
	cut     chan struct{} // closed when there is no more time for Shutdown
	cutting sync.Once

	flusher *flusher // nil unless there are mirrors
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
		server:   server,
		settings: newSettings(options),
		conns:    map[*connection]struct{}{},
		gone:     make(chan struct{}),
		stop:     newStopOnce(),
		cut:      make(chan struct{}),
	}
	if fault := e.fault(server); fault != "" {
		panic("wsx: " + fault)
	}
	server.add(e)
	if e.mirror != nil {
		e.flush()
	}
	return e
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
		c.cut(ending{CodeAbnormal, ReasonStopped})
	default:
	}
}

func (e *Endpoint) remove(c *connection) {
	e.server.removeConn(c.about.number)
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.conns, c)
}
