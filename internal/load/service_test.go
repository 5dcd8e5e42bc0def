package load

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/wsx"
)

// Work is the call of the load.
type Work struct {
	ID    int64  `tp:"id"`
	Text  string `tp:"text"`
	Pause int64  `tp:"pause" doc:"Microseconds that the work takes."`
}

// Done answers Work.
type Done struct {
	ID   int64  `tp:"id"`
	Text string `tp:"text"`
}

// newServer returns a server that notes which calls it runs.
func newServer(t testing.TB, l *ledger, options ...tp.Option) *tp.Server {
	t.Helper()
	api := tp.NewAPI("", options...)
	work := func(_ context.Context, in *Work) (*Done, error) {
		if l != nil {
			l.ran(in.ID)
		}
		if in.Pause > 0 { // whatever becomes of the caller
			<-time.After(time.Duration(in.Pause) * time.Microsecond)
		}
		return &Done{ID: in.ID, Text: in.Text}, nil
	}
	tp.RegisterOn(api, work, tp.Name("fn.work"))
	tp.RegisterOn(api, work, tp.Name("fn.flood"))
	srv, err := api.Build(tp.NoAuth())
	if err != nil {
		t.Fatal(err)
	}
	return srv
}

// workOf returns the call with a number: most are small and take no time.
func workOf(id int64) *Work {
	w := &Work{ID: id, Text: strings.Repeat("é", int(id%64))}
	if id%97 == 0 {
		w.Text = strings.Repeat("long text ", 800)
	}
	if id%16 == 0 {
		w.Pause = id % 5000
	}
	return w
}

// service is a server behind its own port.
type service struct {
	endpoint *wsx.Endpoint
	server   *http.Server
	closes   *closes
	url      string
	ended    chan error
}

// serve starts a service, whose connections the dropper may drop.
func serve(t testing.TB, srv *tp.Server, d *dropper, options ...wsx.Option) *service {
	t.Helper()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &service{closes: newCloses(), url: "ws://" + inner.Addr().String(), ended: make(chan error, 1)}
	options = append(options, wsx.Observe(s.closes), wsx.WriteTimeout(patience), wsx.Heartbeat(patience+time.Second, patience))
	s.endpoint = wsx.Handler(srv, options...)
	s.server = &http.Server{Handler: s.endpoint, ReadHeaderTimeout: patience}
	go func() { s.ended <- s.server.Serve(droppableListener{inner, d}) }()
	return s
}

// stop ends the service as a program does that loses nothing.
func (s *service) stop(t testing.TB) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := errors.Join(s.endpoint.Shutdown(ctx), s.server.Shutdown(ctx)); err != nil {
		t.Errorf("the service does not stop: %v", err)
	}
	if err := <-s.ended; !errors.Is(err, http.ErrServerClosed) {
		t.Error(err)
	}
}

// closes counts the connections of an endpoint.
type closes struct {
	mu      sync.Mutex
	changed chan struct{} // closed with each change
	opened  int
	codes   map[int]int // connections that were closed, by code
}

func newCloses() *closes { return &closes{changed: make(chan struct{}), codes: map[int]int{}} }

func (c *closes) change(change func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change()
	close(c.changed)
	c.changed = make(chan struct{})
}

// await waits until something is true of the counts, or ctx ends.
func (c *closes) await(ctx context.Context, isTrue func() bool) {
	for ctx.Err() == nil {
		c.mu.Lock()
		ok, changed := isTrue(), c.changed
		c.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
		}
	}
}

func (c *closes) ConnectionOpened()         { c.change(func() { c.opened++ }) }
func (c *closes) ConnectionClosed(code int) { c.change(func() { c.codes[code]++ }) }

func (*closes) UpgradeRefused(int)            {}
func (*closes) MessageReceived(string, int)   {}
func (*closes) MessagesSent(string, int, int) {}
func (*closes) MessagesDropped(string, int)   {}
func (*closes) MessageHandled(time.Duration)  {}
func (*closes) QueueDepth(int)                {}

// with returns how many connections there were, and how many were closed with a code.
func (c *closes) with(code int) (opened, closed int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.opened, c.codes[code]
}
