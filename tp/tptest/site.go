package tptest

import (
	"context"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"
)

// Site serves an [http.Handler] on connections in memory. [Serve] makes one.
type Site struct {
	connections chan net.Conn
	closing     sync.Once
	closed      chan struct{}
	client      *http.Client
}

// host is who the clients of sites speak to.
const host = "tptest.invalid"

// Serve serves h until the test ends. Requests come from the address 127.0.0.1 and are for
// the host tptest.invalid.
func Serve(t testing.TB, h http.Handler) *Site {
	t.Helper()
	s := &Site{connections: make(chan net.Conn), closed: make(chan struct{})}
	transport := &http.Transport{DialContext: s.DialContext}
	s.client = &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: patience}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = server.Serve(listener{s})
	}()
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		_ = server.Close()
		<-served
	})
	return s
}

// HTTPClient returns a client whose requests all go to the site, whatever their host is. It
// follows no redirects. [wsx.DialOptions] and [httpx.HTTPClient] take it, too.
func (s *Site) HTTPClient() *http.Client { return s.client }

// URL returns the address of a path, such as "/api", for HTTP.
func (s *Site) URL(path string) string { return "http://" + host + path }

// SocketURL is URL for WebSockets.
func (s *Site) SocketURL(path string) string { return "ws://" + host + path }

// DialContext returns a new connection to the site; network and address mean nothing. It fails
// when ctx is over, and with [net.ErrClosed] when the site is closed.
func (s *Site) DialContext(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case s.connections <- tidy{theirs}:
		return tidy{ours}, nil
	case <-s.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// tidy is an end of a pipe that, like a socket, keeps no timers when it is closed.
type tidy struct{ net.Conn }

func (c tidy) Close() error {
	_ = c.SetDeadline(time.Time{})
	return c.Conn.Close()
}

// RemoteAddr returns the address that a client on the same machine would have.
func (tidy) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

// listener accepts the connections of a site.
type listener struct{ *Site }

func (l listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.connections:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l listener) Close() error {
	l.closing.Do(func() { close(l.closed) })
	return nil
}

func (listener) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }
