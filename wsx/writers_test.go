package wsx

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// narrow serves with small buffers, so that many writes take a part only.
func narrow(t *testing.T, handler http.Handler) (dial func() *websocket.Conn) {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.Config.ConnState = func(c net.Conn, _ http.ConnState) { _ = c.(*net.TCPConn).SetWriteBuffer(16 << 10) }
	server.Start()
	t.Cleanup(server.Close)
	return func() *websocket.Conn {
		t.Helper()
		conn, _, err := websocket.Dial(context.Background(), server.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		conn.SetReadLimit(-1)
		t.Cleanup(func() { _ = conn.CloseNow() })
		return conn
	}
}

// TestWriters sees that everybody gets everything from a few goroutines, in its order, and
// that a client which reads nothing holds nobody up.
func TestWriters(t *testing.T) {
	t.Parallel()
	const clients, messages = 8, 60
	for _, goroutines := range []int{1, 3} {
		t.Run(fmt.Sprint(goroutines), func(t *testing.T) {
			t.Parallel()
			server := NewServer()
			server.writers.max = goroutines
			news := server.NewTopic("news")
			dial := narrow(t, server.New(Push(news), Queue(messages, 64<<20), WriteTimeout(time.Hour), Heartbeat(2*time.Hour, time.Hour)))
			stuck := dial()
			var all sync.WaitGroup
			for range clients {
				conn := dial()
				all.Go(func() { readNumbered(t, conn, messages) })
			}
			for i := range messages {
				publish(t, news, numbered(i))
			}
			all.Wait()
			readNumbered(t, stuck, messages)
		})
	}
}

// numbered is message i: small, of several pieces of the buffers, or larger than a batch.
func numbered(i int) string {
	return fmt.Sprint(i, " ", strings.Repeat(string(rune('a'+i%26)), []int{1, 20 << 10, maxBatch + 1}[i%3]))
}

func readNumbered(t *testing.T, conn *websocket.Conn, messages int) {
	for i := range messages {
		_, got, err := conn.Read(context.Background())
		if err != nil || string(got) != numbered(i) {
			t.Errorf("message %d has %d bytes, %v", i, len(got), err)
			return
		}
	}
}

// TestWritersBroken sees that a connection which is gone does not hold up the others.
func TestWritersBroken(t *testing.T) {
	t.Parallel()
	server := NewServer()
	server.writers.max = 1
	news := server.NewTopic("news")
	dial := narrow(t, server.New(Push(news)))
	gone, there := dial(), dial()
	_ = gone.CloseNow()
	for i := range 200 {
		publish(t, news, fmt.Sprint(i))
		if _, got, err := there.Read(context.Background()); err != nil || string(got) != fmt.Sprint(i) {
			t.Fatalf("got %q, %v, want %d", got, err, i)
		}
	}
}

// chatty is told as others are, and puts a frame when another was written.
type chatty struct {
	told
	next func()
}

func (c *chatty) written(k kinds) {
	c.told.written(k)
	c.next()
}

// tcpOutbox returns an outbox over TCP and the other end, which has little room.
func tcpOutbox(t *testing.T, owner sender) (o *outbox, other net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if other, err = net.Dial("tcp", l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = other.Close() })
	conn, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	o = &outbox{}
	o.hold(owner, guarded{}, &outboxLimits{frames: 1000, bytes: 64 << 20, timeout: time.Minute})
	if _, err := o.open(conn); err != nil || o.raw == nil {
		t.Skip("writes cannot be tried here")
	}
	return o, other
}

func put(t *testing.T, o *outbox, frames ...frame) {
	t.Helper()
	for _, f := range frames {
		if _, err := o.put(f, false); err != nil {
			t.Error(err)
		}
	}
}

func hears(t *testing.T, other net.Conn, want string) {
	t.Helper()
	got := make([]byte, len(want))
	if _, err := io.ReadFull(other, got); err != nil || string(got) != want {
		t.Errorf("heard %d bytes that are others, %v", len(got), err)
	}
}

func TestEmptyAtOnce(t *testing.T) {
	t.Parallel()
	t.Run("together", func(t *testing.T) {
		t.Parallel()
		o, other := tcpOutbox(t, &told{})
		put(t, o, raw("a"), raw("b"), raw("c"))
		if o.emptyAtOnce(newAttempt()) || o.emptying {
			t.Error("there is more to do")
		}
		hears(t, other, "abc")
		if o.emptyAtOnce(newAttempt()) {
			t.Error("there is something to do")
		}
	})
	t.Run("more comes", func(t *testing.T) {
		t.Parallel()
		owner := &chatty{}
		o, other := tcpOutbox(t, owner)
		owner.next = func() { put(t, o, raw("more")) }
		put(t, o, frame{bytes: []byte("ping"), kind: kindPing})
		a := newAttempt()
		if !o.emptyAtOnce(a) || !o.emptying {
			t.Error("nothing is left to do")
		}
		if o.emptyAtOnce(a) || o.emptying {
			t.Error("there is more to do")
		}
		hears(t, other, "pingmore")
	})
	t.Run("closed", func(t *testing.T) {
		t.Parallel()
		owner := &told{}
		o, _ := tcpOutbox(t, owner)
		put(t, o, raw("a"))
		_ = o.conn.Close()
		if o.emptyAtOnce(newAttempt()) {
			t.Error("there is more to do")
		}
		if len(owner.lines) != 1 || !strings.HasPrefix(owner.lines[0], "broken") || !errors.Is(o.err, net.ErrClosed) {
			t.Errorf("told %q, and puts fail with %v", owner.lines, o.err)
		}
	})
}

// TestEmptyLater sees that what takes time is left to a goroutine.
func TestEmptyLater(t *testing.T) {
	t.Parallel()
	t.Run("no room", func(t *testing.T) {
		t.Parallel()
		o, other := tcpOutbox(t, &told{})
		want := ""
		for isTaken := true; isTaken; { // until a write takes a part, or nothing
			text := strings.Repeat(string(rune('a'+len(want)%26)), 60<<10+len(want)%7)
			put(t, o, raw(text))
			want += text
			if o.emptyAtOnce(newAttempt()) {
				t.Fatal("there is more to do")
			}
			o.mu.Lock()
			isTaken = !o.emptying
			o.mu.Unlock()
		}
		if mustEmpty, err := o.put(raw("the end"), false); err != nil {
			t.Error(err)
		} else if mustEmpty { // there was room soon after
			go o.empty()
		}
		hears(t, other, want+"the end")
		o.awaitIdle()
	})
	t.Run("too much", func(t *testing.T) {
		t.Parallel()
		o, other := tcpOutbox(t, &told{})
		large := strings.Repeat("x", maxBatch)
		put(t, o, raw("a"), raw(large))
		if o.emptyAtOnce(newAttempt()) {
			t.Error("there is more to do at once")
		}
		hears(t, other, "a"+large)
		o.awaitIdle()
	})
}
