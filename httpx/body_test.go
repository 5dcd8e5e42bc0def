package httpx_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/tp"
)

// pipes is a listener of connections in memory, which obey the clock of a test.
type pipes struct {
	conns  chan net.Conn
	done   chan struct{}
	dialed atomic.Int32
}

func newPipes() *pipes { return &pipes{conns: make(chan net.Conn), done: make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	select {
	case <-p.done:
	default:
		close(p.done)
	}
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

// dial returns the client's end of a new connection; nil when nobody listens.
func (p *pipes) dial() net.Conn {
	client, server := net.Pipe()
	select {
	case p.conns <- server:
		p.dialed.Add(1)
		return client
	case <-p.done:
		return nil
	}
}

// transport returns one whose connections these are.
func (p *pipes) transport() *http.Transport {
	return &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return p.dial(), nil }}
}

// on serves within a bubble of its own clock, and stops.
func on(t *testing.T, server *http.Server, client func(p *pipes)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		p := newPipes()
		ended := make(chan struct{})
		go func() { defer close(ended); _ = server.Serve(p) }()
		client(p)
		_ = server.Close()
		<-ended
		time.Sleep(time.Minute) // on the test's clock, in which connections linger
	})
}

// head is the beginning of a request whose body has so many bytes.
func head(length int) string {
	return "POST / HTTP/1.1\r\nHost: example.com\r\nContent-Length: " + strconv.Itoa(length) + "\r\n\r\n"
}

func TestBodyTimeout(t *testing.T) {
	t.Parallel()
	trickle := func(c net.Conn, every time.Duration) {
		for i := range len(call) {
			if _, err := io.WriteString(c, call[i:i+1]); err != nil {
				return
			}
			time.Sleep(every)
		}
	}
	all := time.Duration(len(call))
	tests := []struct {
		name    string
		server  http.Server
		options []httpx.Option
		every   time.Duration // a byte arrives
		status  int
		after   time.Duration
	}{
		{"in time", http.Server{}, nil, 29 * time.Second / all, 200, 29 * time.Second / all * (all - 1)},
		{"nothing", http.Server{}, nil, time.Hour, 408, 30 * time.Second},
		{"too slow", http.Server{}, nil, time.Second, 408, 30 * time.Second},
		{"more time", http.Server{}, []httpx.Option{httpx.BodyTimeout(time.Minute)}, time.Second, 200, time.Second * (all - 1)},
		{"less time", http.Server{}, []httpx.Option{httpx.BodyTimeout(time.Second)}, time.Second, 408, time.Second},
		{"default", http.Server{}, []httpx.Option{httpx.BodyTimeout(time.Second), httpx.BodyTimeout(0)}, time.Second, 408, 30 * time.Second},
		{"a server that has less", http.Server{ReadTimeout: 10 * time.Second}, nil, time.Second, 408, 10 * time.Second},
		{"a server that has more", http.Server{ReadTimeout: time.Minute}, nil, time.Second, 408, 30 * time.Second},
	}
	for i := range tests {
		tc := &tests[i]
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			tc.server.Handler = httpx.Handler(server(t), tc.options...)
			on(t, &tc.server, func(p *pipes) {
				var sending sync.WaitGroup
				defer sending.Wait()
				c := p.dial()
				defer c.Close()
				start := time.Now()
				_, _ = io.WriteString(c, head(len(call)))
				sending.Go(func() { trickle(c, tc.every) })
				res, err := http.ReadResponse(bufio.NewReader(c), nil)
				if err != nil {
					t.Fatal(err)
				}
				took := time.Since(start)
				if res.StatusCode != tc.status || took < tc.after || took > tc.after+time.Second {
					t.Errorf("status %d after %v, want %d after %v", res.StatusCode, took, tc.status, tc.after)
				}
				if res.Close != (tc.status == 408) {
					t.Errorf("closes the connection: %v", res.Close)
				}
				_, _ = io.Copy(io.Discard, res.Body)
			})
		})
	}
}

// The time of a body is not the time of the handler, nor of the next request.
func TestBodyTimeoutEnds(t *testing.T) {
	t.Parallel()
	api := tp.NewAPI("")
	tp.RegisterOn(api, func(ctx context.Context, _ Greet) (Greeting, error) {
		select {
		case <-ctx.Done():
			return Greeting{Message: "ended"}, nil
		case <-time.After(time.Minute):
			return Greeting{Message: "done"}, nil
		}
	}, tp.Name("fn.greet"))
	h := httpx.Handler(api.MustBuild(tp.NoAuth(), tp.MaxTime(time.Hour)), httpx.BodyTimeout(time.Second))
	on(t, &http.Server{Handler: h}, func(p *pipes) {
		c := p.dial()
		defer c.Close()
		in := bufio.NewReader(c)
		for range 2 {
			_, _ = io.WriteString(c, head(len(call))+call)
			res, err := http.ReadResponse(in, nil)
			if err != nil {
				t.Fatal(err)
			}
			if body, err := io.ReadAll(res.Body); err != nil || string(body) != greets("done") {
				t.Errorf("got %s, %v", body, err)
			}
			time.Sleep(time.Minute)
		}
	})
}

// A page that is refused is not waited for.
func TestRefusedBodyIsNotRead(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, header string
		length       int
		status       int
	}{
		{"too large", "X: y", 2 << 20, 413},
		{"packed", "Content-Encoding: br", 100, 415},
		{"foreign", "Origin: https://evil.example", 100, 403},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			h := httpx.Handler(server(t), httpx.Origins())
			on(t, &http.Server{Handler: h}, func(p *pipes) {
				c := p.dial()
				defer c.Close()
				start := time.Now()
				_, _ = io.WriteString(c, strings.Replace(head(tc.length), "\r\n\r\n", "\r\n"+tc.header+"\r\n\r\n", 1))
				res, err := http.ReadResponse(bufio.NewReader(c), nil)
				if err != nil || res.StatusCode != tc.status || !res.Close || time.Since(start) > time.Second {
					t.Errorf("got %+v, %v after %v", res, err, time.Since(start))
				}
			})
		})
	}
}

func TestNewServer(t *testing.T) {
	t.Parallel()
	got := httpx.NewServer(":8080", http.NotFoundHandler())
	if got.Addr != ":8080" || got.Handler == nil || got.ReadHeaderTimeout != 10*time.Second || got.WriteTimeout != 2*time.Minute ||
		got.IdleTimeout != 2*time.Minute || got.MaxHeaderBytes != 64<<10 || got.ReadTimeout != 0 {
		t.Errorf("got %+v", got)
	}
}

// Nothing can be limited on what has no deadlines; the call works all the same.
func TestWithoutDeadlines(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	httpx.Handler(server(t), httpx.BodyTimeout(time.Nanosecond)).ServeHTTP(w, httptest.NewRequest("POST", "/", strings.NewReader(call)))
	if w.Code != 200 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// HTTP/2 has the limits as well, for each request of a connection by itself.
func TestHTTP2(t *testing.T) {
	t.Parallel()
	var protocols http.Protocols
	protocols.SetUnencryptedHTTP2(true)
	on(t, &http.Server{Handler: httpx.Handler(server(t)), Protocols: &protocols}, func(p *pipes) {
		transport := p.transport()
		transport.Protocols = &protocols
		defer transport.CloseIdleConnections()
		stalled, end := io.Pipe()
		defer end.Close()
		for _, tc := range []struct {
			body   io.Reader
			status int
			after  time.Duration
		}{{strings.NewReader(call), 200, 0}, {stalled, 408, 30 * time.Second}, {strings.NewReader(call), 200, 0}} {
			start := time.Now()
			res, err := (&http.Client{Transport: transport}).Post("http://example.com", "", tc.body)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, res.Body)
			_ = res.Body.Close()
			if took := time.Since(start); res.StatusCode != tc.status || res.ProtoMajor != 2 || took != tc.after {
				t.Errorf("%s over %s after %v, want %d after %v", res.Status, res.Proto, took, tc.status, tc.after)
			}
		}
	})
}
