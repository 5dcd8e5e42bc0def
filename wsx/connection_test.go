package wsx

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"github.com/telestruct/telestruct/tp"
)

// oddService is one whose methods the test sets.
type oddService struct {
	onReceive func(*message) bool
	onStop    func()
}

func (s *oddService) receive(m *message) bool { return s.onReceive(m) }
func (s *oddService) awaitRoom()              {}
func (s *oddService) tick()                   {}
func (s *oddService) refuse()                 {}
func (s *oddService) drain(drained func())    { drained() }
func (s *oddService) stop() {
	if s.onStop != nil {
		s.onStop()
	}
}

// piped is a ResponseWriter that gives away one end of a pipe.
type piped struct {
	*httptest.ResponseRecorder
	conn net.Conn
}

func (p piped) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return p.conn, bufio.NewReadWriter(bufio.NewReader(p.conn), bufio.NewWriter(p.conn)), nil
}

// openConn returns a connection that has not begun to run, and the client's end.
func openConn(t *testing.T, s service, options ...Option) (*connection, net.Conn) {
	t.Helper()
	client, theirs := net.Pipe()
	t.Cleanup(func() { client.Close() })
	settings := newSettings(options)
	c := &connection{settings: &settings, service: s}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	for name, value := range map[string]string{"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="} {
		r.Header.Set(name, value)
	}
	c.hold()
	h := &hijacker{ResponseWriter: piped{httptest.NewRecorder(), theirs}, accepted: func() {}}
	ws, err := websocket.Accept(h, r, &websocket.AcceptOptions{OnPingReceived: c.gotPing, OnPongReceived: c.gotPong})
	if err != nil {
		t.Fatal(err)
	}
	c.open(h.tap, ws)
	c.connect()
	return c, client
}

func TestConnPanic(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		value any
		told  int
	}{
		{"any", "oops", 1},
		{"abort", http.ErrAbortHandler, 0},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				told, stopped := 0, 0
				s := &oddService{onReceive: func(*message) bool { panic(tc.value) }, onStop: func() { stopped++ }}
				c, client := openConn(t, s, OnPanic(func(value any, stack []byte) {
					told++
					if value != tc.value || len(stack) == 0 {
						t.Errorf("told of %v with a stack of %d bytes", value, len(stack))
					}
					panic("the hook's own")
				}))
				done := make(chan struct{})
				go func() { defer close(done); c.run() }()
				_, _ = client.Write(maskedByZero(frameText, "hi"))
				frame := make([]byte, 10)
				n, _ := client.Read(frame)
				if got := string(frame[:n]); got != "\x88\x02\x03\xf3" {
					t.Errorf("wrote %q, want that it is closed with 1011", got)
				}
				<-done // waits for the client, but not for ever
				if told != tc.told || stopped != 1 {
					t.Errorf("told %d times, stopped %d times", told, stopped)
				}
			})
		})
	}
}

// TestConnRecovered has a panic on another goroutine of the connection.
func TestConnRecovered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, client := openConn(t, &oddService{}, OnPanic(func(any, []byte) {}))
		done := make(chan struct{})
		go func() { defer close(done); c.run() }()
		go func() {
			defer c.recovered()
			panic("oops")
		}()
		frame := make([]byte, 10)
		n, _ := client.Read(frame)
		if got := string(frame[:n]); got != "\x88\x02\x03\xf3" {
			t.Errorf("wrote %q, want that it is closed with 1011", got)
		}
		start := time.Now()
		<-done
		if got := time.Since(start); got != lingerTime {
			t.Errorf("waited %v for the client to close its end, want %v", got, lingerTime)
		}
		if c.end.code != CodeInternalError {
			t.Errorf("ended with %d", c.end.code)
		}
	})
}

// TestConnTimers sees that a connection that has ended has none left.
func TestConnTimers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, client := openConn(t, &oddService{onStop: func() {}})
		client.Close()
		c.run()
		c.drain(time.Second)
		if c.grace != nil || c.linger != nil {
			t.Error("a timer was started")
		}
		c.heart.start()
		time.Sleep(time.Minute)
	})
}

// TestSpareGoroutine sees that a busy connection keeps a goroutine for its calls, and an
// idle one does not.
func TestSpareGoroutine(t *testing.T) {
	t.Parallel()
	api := tp.NewAPI("nothing", tp.NoAuth())
	tp.RegisterOn(api, func(context.Context, struct{}) (struct{}, error) { return struct{}{}, nil }, tp.Name("fn.nothing"))
	srv, err := api.Build()
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		c, client := openConn(t, nil)
		k := newCalls(Handler(srv), c, t.Context(), &tp.Peer{})
		c.service = k
		done := make(chan struct{})
		go func() { defer close(done); c.run() }()
		defer func() { client.Close(); <-done }()
		wantSpare := func(when string, want bool) {
			t.Helper()
			synctest.Wait()
			k.mu.Lock()
			defer k.mu.Unlock()
			if k.spare != want {
				t.Errorf("%s: a goroutine waits: %v, want %v", when, k.spare, want)
			}
		}
		call := func() {
			_, _ = client.Write(maskedByZero(frameText, `[{},{"fn.ping_":{}}]`))
			_, _ = client.Read(make([]byte, 100))
		}
		wantSpare("at first", false)
		call()
		wantSpare("after one call", false)
		call()
		wantSpare("after two", true)
		call()
		wantSpare("after three", true)
		k.tick()
		wantSpare("after a tick", true)
		k.tick()
		wantSpare("after another", false)
		call()
		call()
		k.refuse()
		wantSpare("at the end", false)
	})
}
