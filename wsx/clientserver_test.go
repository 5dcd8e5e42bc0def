package wsx_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/coder/websocket"
	"github.com/telestruct/telestruct/tp/wire"
	"github.com/telestruct/telestruct/wsx"
)

const clientURL = "ws://example.com/ws"

// clientServer is the other end of a client, on connections in memory.
type clientServer struct {
	listener *clientListener
	isDown   atomic.Bool // no connection can be made
	dials    atomic.Int64
}

// newClientServer serves h until the test ends, and waits for it then.
func newClientServer(t testing.TB, h http.Handler) *clientServer {
	t.Helper()
	s := &clientServer{listener: &clientListener{conns: make(chan net.Conn), done: make(chan struct{})}}
	var served sync.WaitGroup
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		served.Add(1)
		defer served.Done()
		h.ServeHTTP(w, r)
	})}
	served.Go(func() { _ = server.Serve(s.listener) })
	t.Cleanup(func() {
		_ = server.Close()
		served.Wait()
	})
	return s
}

// newClientPeer serves WebSockets: serve gets each connection, and the number of it from 1.
func newClientPeer(t testing.TB, serve func(ws *websocket.Conn, n int64)) *clientServer {
	t.Helper()
	return newClientPeerWith(t, &websocket.AcceptOptions{Subprotocols: []string{"telepact.json"}}, serve)
}

func newClientPeerWith(t testing.TB, o *websocket.AcceptOptions, serve func(ws *websocket.Conn, n int64)) *clientServer {
	t.Helper()
	var n atomic.Int64
	return newClientServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ws, err := websocket.Accept(w, r, o)
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = ws.CloseNow() }()
		ws.SetReadLimit(-1)
		serve(ws, n.Add(1))
	}))
}

// options make a client dial s.
func (s *clientServer) options() *wsx.DialOptions {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		s.dials.Add(1)
		if s.isDown.Load() {
			return nil, fmt.Errorf("nobody listens")
		}
		ours, theirs := net.Pipe()
		select {
		case s.listener.conns <- clientPipe{theirs}:
			return ours, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return &wsx.DialOptions{HTTPClient: &http.Client{Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}}}
}

// dial connects a client to s, and stops it when the test ends.
func (s *clientServer) dial(t testing.TB, edit ...func(*wsx.DialOptions)) *wsx.Client {
	t.Helper()
	o := s.options()
	for _, e := range edit {
		e(o)
	}
	c, err := wsx.Dial(t.Context(), clientURL, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ended, end := context.WithCancel(context.Background())
		end()
		_ = c.Stop(ended)
	})
	return c
}

// clientPipe is a connection in memory whose end nobody takes for that of a message.
type clientPipe struct{ net.Conn }

func (p clientPipe) Read(b []byte) (int, error) {
	n, err := p.Conn.Read(b)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// clientListener accepts connections in memory.
type clientListener struct {
	conns chan net.Conn
	once  sync.Once
	done  chan struct{}
}

func (l *clientListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *clientListener) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

func (l *clientListener) Addr() net.Addr { return &net.TCPAddr{} }

// clientRequest is what a server got.
type clientRequest struct {
	kind     websocket.MessageType
	id       int64
	function string
	name     string // the argument
}

// clientRead reads one request in JSON; false when the connection is gone.
func clientRead(t testing.TB, ws *websocket.Conn) (clientRequest, bool) {
	t.Helper()
	kind, data, err := ws.Read(context.Background())
	if err != nil {
		return clientRequest{}, false
	}
	m, err := wire.DecodeMessage(data, wire.CallLimits())
	if err != nil {
		t.Errorf("request %q: %v", data, err)
		return clientRequest{}, false
	}
	id, _ := m.Headers.Get("@id_")
	name, _ := m.Payload.Get("name")
	r := clientRequest{kind: kind, function: m.Target}
	r.id, _ = id.(int64)
	r.name, _ = name.(string)
	return r, true
}

// clientWrite writes a text.
func clientWrite(ws *websocket.Conn, format string, args ...any) {
	_ = ws.Write(context.Background(), websocket.MessageText, fmt.Appendf(nil, format, args...))
}

// clientAnswer answers a request with its own argument.
func clientAnswer(ws *websocket.Conn, r clientRequest) {
	clientWrite(ws, `[{"@id_":%d},{"Ok_":{"name":%q}}]`, r.id, r.name)
}

// clientEcho answers all requests, one after the other.
func clientEcho(t testing.TB, ws *websocket.Conn) {
	for {
		r, ok := clientRead(t, ws)
		if !ok {
			return
		}
		clientAnswer(ws, r)
	}
}

// clientDrain reads until the connection is gone, and returns why.
func clientDrain(ws *websocket.Conn) error {
	for {
		if _, _, err := ws.Read(context.Background()); err != nil {
			return err
		}
	}
}

// clientCall is the request of a call, and clientResult the answer to it.
func clientCall(name string) string   { return fmt.Sprintf(`[{},{"fn.echo":{"name":%q}}]`, name) }
func clientResult(name string) string { return fmt.Sprintf(`[{},{"Ok_":{"name":%q}}]`, name) }

// clientWant makes a call that must succeed.
func clientWant(ctx context.Context, t testing.TB, c *wsx.Client, name string) {
	t.Helper()
	got, err := c.RoundTrip(ctx, []byte(clientCall(name)))
	if want := clientResult(name); string(got) != want || err != nil {
		t.Errorf("call %s: got %q, %v, want %q", name, got, err, want)
	}
}

// clientOutcome is how a call has ended.
type clientOutcome struct {
	answer string
	err    error
}

// clientGo makes a call in the background.
func clientGo(ctx context.Context, c *wsx.Client, name string) <-chan clientOutcome {
	outcome := make(chan clientOutcome, 1)
	go func() {
		answer, err := c.RoundTrip(ctx, []byte(clientCall(name)))
		outcome <- clientOutcome{string(answer), err}
	}()
	return outcome
}
