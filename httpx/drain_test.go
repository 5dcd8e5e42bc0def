package httpx_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/tp"
)

// slow has a function that answers after a time, whatever its context says.
func slow(t *testing.T, after time.Duration) *tp.Server {
	t.Helper()
	api := tp.NewAPI("")
	tp.RegisterOn(api, func(_ context.Context, in *Greet) (*Greeting, error) {
		time.Sleep(after)
		return &Greeting{Message: "Hello " + in.Subject + "!"}, nil
	}, tp.Name("fn.greet"))
	return api.MustBuild(tp.NoAuth())
}

// ask makes one request on a connection of its own and returns status and body, or why
// there is none.
func ask(p *pipes, method, path, body string) string {
	c := p.dial()
	if c == nil {
		return "nobody listens"
	}
	defer c.Close()
	fmt.Fprintf(c, "%s %s HTTP/1.1\r\nHost: example.com\r\nContent-Length: %d\r\n\r\n%s", method, path, len(body), body)
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return "no answer"
	}
	got, _ := io.ReadAll(res.Body)
	return fmt.Sprint(res.StatusCode, " ", strings.TrimSpace(string(got)))
}

// The stages of a stop, second by second: health, new connections, calls in flight.
func TestDrain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, mux := newPipes(), http.NewServeMux()
		routes := httpx.Mount(mux, "/api", slow(t, 10*time.Second))
		server := httpx.NewServer("", mux)
		hooked := make(chan struct{})
		server.RegisterOnShutdown(func() { close(hooked) })
		a, b := make(chan struct{}), make(chan struct{})
		var atStop atomic.Int64 // seconds
		start := time.Now()
		together := func(mine, other chan struct{}) httpx.StopFunc {
			return func(context.Context) error {
				atStop.Store(int64(time.Since(start) / time.Second))
				close(mine)
				<-other // or nobody gets any further
				return nil
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			ended <- httpx.Drain{Delay: 5 * time.Second}.ServeListener(ctx, p, server, routes, together(a, b), nil, together(b, a))
		}()

		inFlight := make(chan string, 2)
		if got := ask(p, "GET", "/api/health", ""); got != "200 ok" {
			t.Errorf("before: %s", got)
		}
		time.Sleep(time.Second)
		cancel()
		synctest.Wait()
		if got := ask(p, "GET", "/api/health", ""); got != "503 stopping" {
			t.Errorf("at once: %s", got)
		}
		time.Sleep(4 * time.Second)
		go func() { inFlight <- ask(p, "POST", "/api", call) }() // within the delay
		time.Sleep(2 * time.Second)
		if got := ask(p, "GET", "/api/health", ""); got != "nobody listens" {
			t.Errorf("after the delay: %s", got)
		}
		if got := atStop.Load(); got != 6 {
			t.Errorf("the parts were stopped after %d s, want 6", got)
		}
		if got := <-inFlight; got != "200 "+answer {
			t.Errorf("in flight: %s", got)
		}
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if took := time.Since(start); took < 15*time.Second || took > 17*time.Second {
			t.Errorf("took %v, want about 16 s", took)
		}
		<-hooked
	})
}

// stubborn is a part that ends with its context at the earliest.
type stubborn struct {
	deaf   time.Duration // after its context
	closed atomic.Bool
}

func (s *stubborn) Shutdown(ctx context.Context) error {
	<-ctx.Done()
	time.Sleep(s.deaf)
	return ctx.Err()
}

func (s *stubborn) Close() error {
	s.closed.Store(true)
	return errors.New("the close failed too")
}

func TestDrainDeadline(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		drain httpx.Drain
		deaf  time.Duration
		after time.Duration
		want  []string
	}{
		{"calls in flight", httpx.Drain{}, 0, 40 * time.Second, []string{
			"httpx: a *http.Server did not stop as it should: context deadline exceeded",
			"httpx: a *httpx_test.stubborn did not stop as it should: context deadline exceeded", "the close failed too"}},
		{"own time", httpx.Drain{Timeout: time.Second}, 0, time.Second, []string{
			"httpx: a *http.Server did not stop as it should: context deadline exceeded",
			"httpx: a *httpx_test.stubborn did not stop as it should: context deadline exceeded", "the close failed too"}},
		{"a part that is late", httpx.Drain{Delay: 3 * time.Second}, 500 * time.Millisecond, 43500 * time.Millisecond, []string{
			"httpx: a *http.Server did not stop as it should: context deadline exceeded",
			"httpx: a *httpx_test.stubborn did not stop as it should: context deadline exceeded", "the close failed too"}},
		{"a part that is deaf", httpx.Drain{}, time.Hour, 41 * time.Second, []string{
			"httpx: a *http.Server did not stop as it should: context deadline exceeded",
			"httpx: a *httpx_test.stubborn goes on after its time: context deadline exceeded"}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := newPipes()
				server := &http.Server{Handler: httpx.Handler(slow(t, 2*time.Hour))}
				part := &stubborn{deaf: tc.deaf}
				ctx, cancel := context.WithCancel(t.Context())
				cut := make(chan string, 1)
				go func() { cut <- ask(p, "POST", "/", call) }()
				time.AfterFunc(time.Second, cancel)
				start := time.Now()
				err := tc.drain.ServeListener(ctx, p, server, part)
				if took := time.Since(start) - time.Second; took != tc.after {
					t.Errorf("took %v, want %v", took, tc.after)
				}
				if err == nil || err.Error() != strings.Join(tc.want, "\n") || !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("got %v, want %q", err, tc.want)
				}
				if got := <-cut; got != "no answer" {
					t.Errorf("the call in flight: %s", got)
				}
				if closed := part.closed.Load(); closed != (tc.deaf < time.Second) {
					t.Errorf("closed: %v", closed)
				}
				time.Sleep(3 * time.Hour) // until all goroutines have ended
			})
		})
	}
}

// A server that cannot serve stops everything, without any delay.
func TestServeFails(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	stopped := false
	hook := httpx.StopFunc(func(context.Context) error { stopped = true; return errors.New("the hook failed") })
	server := httpx.NewServer(taken.Addr().String(), http.NotFoundHandler())
	err = httpx.Drain{Delay: time.Hour}.Serve(t.Context(), server, hook)
	var address *net.OpError
	if !errors.As(err, &address) || !strings.HasSuffix(err.Error(), "\nhttpx: a httpx.StopFunc did not stop as it should: the hook failed") || !stopped {
		t.Errorf("got %v", err)
	}
}

// Serve listens by itself, with TLS where there is a certificate.
func TestServe(t *testing.T) {
	t.Parallel()
	withTLS := httptest.NewTLSServer(nil)
	defer withTLS.Close()
	for _, scheme := range []string{"http", "https"} {
		t.Run(scheme, func(t *testing.T) {
			address := make(chan string, 1)
			s := httpx.NewServer("127.0.0.1:0", httpx.Handler(server(t)))
			s.BaseContext = func(l net.Listener) context.Context { address <- l.Addr().String(); return t.Context() }
			if scheme == "https" {
				s.TLSConfig = withTLS.TLS.Clone()
			}
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() { ended <- httpx.Serve(ctx, s) }()
			client := withTLS.Client()
			transport := httpx.Transport(scheme+"://"+<-address, httpx.HTTPClient(client))
			got, err := transport.RoundTrip(t.Context(), []byte(call))
			if err != nil || string(got) != answer {
				t.Errorf("got %s, %v", got, err)
			}
			client.CloseIdleConnections()
			cancel()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		})
	}
}

func TestShutdown(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	routes := httpx.Mount(mux, "/api", server(t))
	if err := httpx.Shutdown(t.Context(), nil, routes, nil); err != nil {
		t.Error(err)
	}
	if w := request(mux, "GET", "/api/health", ""); w.Code != 503 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if err := httpx.Shutdown(t.Context(), &http.Server{}); err != nil {
		t.Error(err)
	}
	failure := errors.New("no")
	err := httpx.Shutdown(t.Context(), nil, httpx.StopFunc(func(context.Context) error { return failure }))
	if !errors.Is(err, failure) {
		t.Errorf("got %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	err = httpx.Drain{Delay: time.Hour}.Shutdown(ended, nil, httpx.StopFunc(func(ctx context.Context) error { return ctx.Err() }))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// A hook that panics keeps nobody from stopping as they should.
func TestShutdownPanic(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		stopped := false
		err := httpx.Shutdown(t.Context(), nil,
			httpx.StopFunc(func(context.Context) error { panic("oops") }),
			httpx.StopFunc(func(context.Context) error {
				time.Sleep(time.Second)
				stopped = true
				return nil
			}))
		p, ok := errors.AsType[*tp.PanicError](err)
		if !ok || p.Value != "oops" || !strings.Contains(string(p.Stack), "TestShutdownPanic") || !stopped {
			t.Errorf("error = %v, the other one stopped: %v", err, stopped)
		}
		if want := "httpx: a httpx.StopFunc panicked: panic: oops"; err.Error() != want {
			t.Errorf("error = %v, want %s", err, want)
		}
	})
}

func ExampleServe() {
	ctx, stop := context.WithCancel(context.Background()) // signal.NotifyContext in a program
	defer stop()

	mux := http.NewServeMux()
	routes := httpx.Mount(mux, "/api/telepact", exampleServer())
	server := httpx.NewServer("127.0.0.1:0", mux)
	flush := httpx.StopFunc(func(context.Context) error {
		fmt.Println("flushed")
		return nil
	})

	server.BaseContext = func(net.Listener) context.Context { stop(); return ctx } // stops as soon as it serves
	if err := httpx.Serve(ctx, server, routes, flush); err != nil {
		fmt.Println(err)
	}
	fmt.Println("stopped")
	// Output:
	// flushed
	// stopped
}
