package wsx_test

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/telestruct/telestruct/wsx"
)

// dialTCP returns a connection over a network.
func dialTCP(t *testing.T, server *httptest.Server) *peer {
	t.Helper()
	address := server.Listener.Addr().String()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	if server.TLS != nil {
		conn = tls.Client(conn, &tls.Config{InsecureSkipVerify: true})
	}
	t.Cleanup(func() { conn.Close() })
	p := &peer{t: t, conn: conn, in: bufio.NewReader(conn)}
	fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", address)
	response, err := http.ReadResponse(p.in, nil)
	if err != nil || response.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("response %v, %v", response, err)
	}
	return p
}

// TestNetwork sees over TCP and TLS that a client which is still sending learns why its
// connection is closed.
func TestNetwork(t *testing.T) {
	t.Parallel()
	for _, secure := range []bool{false, true} {
		t.Run(fmt.Sprintf("tls=%v", secure), func(t *testing.T) {
			t.Parallel()
			e := wsx.Handler(build(t))
			server := httptest.NewUnstartedServer(e)
			if server.Start(); secure {
				server.Close()
				server = httptest.NewTLSServer(e)
			}
			defer server.Close()
			p := dialTCP(t, server)
			p.asks(greetAnn, greetedAnn)
			p.send(fin|opText, strings.Repeat("x", 1<<20))
			p.want(fin|opClose, closing(1009, wsx.ReasonTooBig))
			if _, err := p.in.ReadByte(); err != io.EOF {
				t.Errorf("then %v, want the end", err)
			}
			p.cut()
			shut(t, e)
		})
	}
}

// halved is an end of two pipes, and can close the one that it writes to, as with TCP.
type halved struct{ in, out net.Conn }

func (c halved) Read(b []byte) (int, error)         { return c.in.Read(b) }
func (c halved) Write(b []byte) (int, error)        { return c.out.Write(b) }
func (c halved) CloseWrite() error                  { return c.out.Close() }
func (c halved) Close() error                       { return errors.Join(c.out.Close(), c.in.Close()) }
func (c halved) LocalAddr() net.Addr                { return c.in.LocalAddr() }
func (c halved) RemoteAddr() net.Addr               { return c.in.RemoteAddr() }
func (c halved) SetReadDeadline(t time.Time) error  { return c.in.SetReadDeadline(t) }
func (c halved) SetWriteDeadline(t time.Time) error { return c.out.SetWriteDeadline(t) }
func (c halved) SetDeadline(t time.Time) error {
	return errors.Join(c.in.SetDeadline(t), c.out.SetDeadline(t))
}

// TestClosesItsHalf sees that a client which is still sending finds out at once that nothing
// more is to come, while the server reads on.
func TestClosesItsHalf(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		in, theirOut := net.Pipe()
		theirIn, out := net.Pipe()
		_, p := newSite(t, wsx.Handler(build(t))).askOver(halved{in, out}, halved{tidy{theirIn}, tidy{theirOut}}, "/")
		defer p.cut()
		start := time.Now()
		go p.try(masked(fin|opText, strings.Repeat("x", 1<<20)))
		p.want(fin|opClose, closing(1009, wsx.ReasonTooBig))
		p.wantEnd()
		if took := time.Since(start); took != 0 {
			t.Errorf("the end came after %v, want it at once", took)
		}
		synctest.Wait()
		p.write([]byte("is read, and means nothing"))
	})
}

// FuzzFrames sends anything. The connection must end with the client.
func FuzzFrames(f *testing.F) {
	for _, seed := range [][]byte{
		masked(fin|opText, greetAnn),
		append(masked(opText, greetAnn[:5]), masked(fin|opContinuation, greetAnn[5:])...),
		masked(fin|opPing, "x"),
		masked(fin|opClose, closing(1000, "")),
		masked(fin|rsv1|opText, "\xaa\x00"),
		masked(fin|opText, "\xff"),
	} {
		f.Add(seed)
	}
	codes := make(codeObserver)
	e := wsx.Handler(build(f), wsx.Compression(), wsx.Observe(codes))
	f.Fuzz(func(t *testing.T, b []byte) {
		p := newSite(t, e).dial(offersDeflate)
		go func() {
			p.try(b)
			p.cut()
		}()
		for {
			if _, err := p.next(); err != nil {
				break
			}
		}
		p.cut()
		select {
		case <-codes:
		case <-time.After(patience):
			t.Errorf("the connection lives on after %q", b)
		}
	})
}

// codeObserver is a channel of the codes that connections were closed with.
type codeObserver chan int

func (c codeObserver) ConnectionClosed(code int)   { c <- code }
func (codeObserver) ConnectionOpened()             {}
func (codeObserver) UpgradeRefused(int)            {}
func (codeObserver) MessageReceived(string, int)   {}
func (codeObserver) MessagesSent(string, int, int) {}
func (codeObserver) MessagesDropped(string, int)   {}
func (codeObserver) MessageHandled(time.Duration)  {}
func (codeObserver) QueueDepth(int)                {}
