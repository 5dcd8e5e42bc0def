package wsx

import (
	"context"
	"fmt"
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
			dial := narrow(t, server.New(Push(news), Queue(messages, 64<<20), WriteTimeout(time.Minute)))
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
