package wsx_test

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/telestruct/telestruct/internal/leaks"
	"github.com/telestruct/telestruct/tp"
)

func TestMain(m *testing.M) { leaks.Main(m) }

// patience is how long tests wait for what must happen.
const patience = 2 * time.Minute

// The opcodes of frames; fin marks the last one of a message.
const (
	opContinuation = 0x0
	opText         = 0x1
	opBinary       = 0x2
	opClose        = 0x8
	opPing         = 0x9
	opPong         = 0xa
	fin            = 0x80
)

// site is an HTTP server on connections in memory.
type site struct {
	t        testing.TB
	listener *pipeListener
	server   *http.Server
}

// newSite serves h until the test ends, or close is called.
func newSite(t testing.TB, h http.Handler) *site {
	t.Helper()
	s := &site{t: t, listener: &pipeListener{conns: make(chan net.Conn), done: make(chan struct{})}, server: &http.Server{Handler: h}}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = s.server.Serve(s.listener)
	}()
	t.Cleanup(func() {
		s.close()
		<-served
	})
	return s
}

func (s *site) close() { _ = s.server.Close() }

// ask sends an HTTP request for a connection, with header lines, and returns the answer.
func (s *site) ask(lines ...string) (*http.Response, *peer) {
	s.t.Helper()
	return s.askFor("/", lines...)
}

func (s *site) askFor(target string, lines ...string) (*http.Response, *peer) {
	s.t.Helper()
	ours, theirs := net.Pipe()
	return s.askOver(ours, tidy{theirs}, target, lines...)
}

// askOver does so over a connection whose other end is theirs.
func (s *site) askOver(ours, theirs net.Conn, target string, lines ...string) (*http.Response, *peer) {
	s.t.Helper()
	s.listener.conns <- theirs
	p := &peer{t: s.t, conn: ours, in: bufio.NewReader(ours)}
	request := "GET " + target + " HTTP/1.1\r\nHost: example.com\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
	for _, line := range lines {
		request += line + "\r\n"
	}
	if _, err := io.WriteString(ours, request+"\r\n"); err != nil {
		s.t.Fatal(err)
	}
	response, err := http.ReadResponse(p.in, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return response, p
}

// dial returns a connection that the endpoint has accepted.
func (s *site) dial(lines ...string) *peer {
	s.t.Helper()
	return s.dialFor("/", lines...)
}

func (s *site) dialFor(target string, lines ...string) *peer {
	s.t.Helper()
	response, p := s.askFor(target, lines...)
	if response.StatusCode != http.StatusSwitchingProtocols {
		s.t.Fatalf("status = %d, want 101", response.StatusCode)
	}
	s.t.Cleanup(p.cut)
	return p
}

// refused returns the status of a request that is not for a connection's good.
func (s *site) refused(lines ...string) *http.Response {
	s.t.Helper()
	response, p := s.ask(lines...)
	defer p.cut()
	if response.StatusCode != http.StatusSwitchingProtocols {
		_, _ = io.Copy(io.Discard, response.Body)
	}
	return response
}

// tidy is an end of a pipe that, like a socket, keeps no timers when it is closed.
type tidy struct{ net.Conn }

func (c tidy) Close() error {
	_ = c.SetDeadline(time.Time{})
	return c.Conn.Close()
}

type pipeListener struct {
	conns chan net.Conn
	once  sync.Once
	done  chan struct{}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

func (l *pipeListener) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }

// peer is a client that says and hears single frames.
type peer struct {
	t    testing.TB
	conn net.Conn
	in   *bufio.Reader
}

func (p *peer) cut() { _ = p.conn.Close() }

// heard is a frame from the server.
type heard struct {
	op      byte // with fin and the reserved bits
	payload string
}

func (h heard) String() string {
	const shown = 1000
	if n := len(h.payload); n > shown {
		return fmt.Sprintf("%#x %q and %d bytes more", h.op, h.payload[:shown], n-shown)
	}
	return fmt.Sprintf("%#x %q", h.op, h.payload)
}

// masked returns a frame as clients send them.
func masked(op byte, payload string) []byte {
	b := []byte{op}
	switch n := len(payload); {
	case n < 126:
		b = append(b, fin|byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, fin|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, fin|127), uint64(n))
	}
	mask := [4]byte{0x12, 0x34, 0x56, 0x78}
	b = append(b, mask[:]...)
	for i := range len(payload) {
		b = append(b, payload[i]^mask[i%4])
	}
	return b
}

// send sends a frame.
func (p *peer) send(op byte, payload string) {
	p.t.Helper()
	p.write(masked(op, payload))
}

func (p *peer) write(b []byte) {
	p.t.Helper()
	if _, err := p.conn.Write(b); err != nil {
		p.t.Fatal(err)
	}
}

// try sends what the server may not read to its end.
func (p *peer) try(b []byte) { _, _ = p.conn.Write(b) }

// hear returns the next frame; its op is zero when the connection has ended.
func (p *peer) hear() heard {
	p.t.Helper()
	h, err := p.next()
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrClosedPipe) {
		p.t.Fatal(err)
	}
	return h
}

func (p *peer) next() (heard, error) {
	var head [2]byte
	if _, err := io.ReadFull(p.in, head[:]); err != nil {
		return heard{}, err
	}
	n := uint64(head[1])
	if wide := map[uint64]int{126: 2, 127: 8}[n]; wide > 0 {
		var length [8]byte
		if _, err := io.ReadFull(p.in, length[8-wide:]); err != nil {
			return heard{}, err
		}
		n = binary.BigEndian.Uint64(length[:])
	}
	payload := make([]byte, n)
	_, err := io.ReadFull(p.in, payload)
	return heard{head[0], string(payload)}, err
}

// hearUntil answers no ping until there is a frame that begins so.
func (p *peer) hearUntil(op byte) heard {
	p.t.Helper()
	for {
		if h := p.hear(); h.op == op || h.op == 0 {
			return h
		}
	}
}

// want fails unless the next frame is this one.
func (p *peer) want(op byte, payload string) {
	p.t.Helper()
	if got, want := p.hear(), (heard{op, payload}); got != want {
		p.t.Fatalf("heard %v, want %v", got, want)
	}
}

// wantClose fails unless the next frame closes the connection, and nothing comes after
// it. It answers as clients do.
func (p *peer) wantClose(code int, reason string) {
	p.t.Helper()
	p.want(fin|opClose, closing(code, reason))
	p.try(masked(fin|opClose, closing(code, "")))
	p.wantEnd()
}

// wantEnd fails unless the server ends the connection without a word.
func (p *peer) wantEnd() {
	p.t.Helper()
	if got := p.hear(); got.op != 0 {
		p.t.Fatalf("heard %v, want the end of the connection", got)
	}
}

// closing is the payload of a close frame.
func closing(code int, reason string) string {
	return string(binary.BigEndian.AppendUint16(nil, uint16(code))) + reason
}

// build returns the server of an API that greets.
func build(t testing.TB, options ...tp.Option) *tp.Server {
	t.Helper()
	api := tp.NewAPI("test", tp.NoAuth())
	tp.RegisterOn(api, greet)
	srv, err := api.Build(options...)
	if err != nil {
		t.Fatal(err)
	}
	return srv
}

type Greet struct {
	Subject string `tp:"subject"`
}

type Greeting struct {
	Message string `tp:"message"`
}

func greet(_ context.Context, in Greet) (Greeting, error) {
	return Greeting{Message: "Hello " + in.Subject + "!"}, nil
}

const (
	greetAnn   = `[{},{"fn.greet":{"subject":"Ann"}}]`
	greetedAnn = `[{},{"Ok_":{"message":"Hello Ann!"}}]`
	// garbage is the answer to what is no request.
	garbage = `[{},{"ErrorParseFailure_":{"reasons":[{"ExpectedJsonArrayOfTwoObjects":{}}]}}]`
)

// shut ends an endpoint at once.
func shut(t testing.TB, e interface{ Shutdown(context.Context) error }) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := e.Shutdown(ctx); err != nil {
		t.Error(err)
	}
}

// await waits until ok reports true, which nobody tells of.
func await(t testing.TB, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); !ok(); <-tick.C {
		if time.Now().After(end) {
			t.Fatal("not in time")
		}
	}
}

// collect collects garbage until ok reports true.
func collect(t testing.TB, ok func() bool) {
	t.Helper()
	await(t, func() bool {
		runtime.GC()
		return ok()
	})
}
