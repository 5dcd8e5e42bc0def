package loopback

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"
)

// choir is a feed that sends to everybody what meddle makes of a message.
type choir struct {
	meddle func(message []byte) [][]byte

	mu    sync.Mutex
	conns []*websocket.Conn
}

func (c *choir) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer conn.CloseNow()
	c.mu.Lock()
	c.conns = append(c.conns, conn)
	c.mu.Unlock()
	for err == nil {
		_, _, err = conn.Read(context.Background())
	}
}

func (c *choir) connected() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.conns)
}

func (c *choir) publish(message []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, m := range c.meddle(bytes.Clone(message)) {
		for _, conn := range c.conns {
			if err := conn.Write(context.Background(), websocket.MessageBinary, m); err != nil {
				return err
			}
		}
	}
	return nil
}

func TestAudience(t *testing.T) {
	t.Parallel()
	var held []byte
	tests := []struct {
		name   string
		meddle func(message []byte) [][]byte
		fault  string
	}{
		{"as it is", func(m []byte) [][]byte { return [][]byte{m} }, ""},
		{"twice", func(m []byte) [][]byte { return [][]byte{m, m} }, "message 1 came where 2 was due"},
		{"cut", func(m []byte) [][]byte { return [][]byte{m[1:]} }, "a message of 127 bytes, want 128"},
		{"too late", func(m []byte) [][]byte {
			if held == nil {
				held = m
				return nil
			}
			return [][]byte{m, held}
		}, "message 2 came where 1 was due"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := &choir{meddle: tc.meddle}
			err := withAudience(c, func(a *audience) error {
				feed := Feed{Publish: c.publish}
				return errors.Join(a.await(c.connected), a.hear(feed, 10), a.hear(feed, 1))
			})
			if (err == nil) != (tc.fault == "") || err != nil && !strings.Contains(err.Error(), tc.fault) {
				t.Errorf("error %v, want %q", err, tc.fault)
			}
		})
	}
}

// withAudience calls a function with three clients of a handler.
func withAudience(handler http.Handler, use func(*audience) error) error {
	address, stop, err := listen(handler)
	if err != nil {
		return err
	}
	defer stop()
	a, err := newAudience(address, 3)
	if err != nil {
		return err
	}
	defer a.leave()
	return use(a)
}

// No WebSocket has no audience, and a feed that fails none that waits.
func TestNoAudience(t *testing.T) {
	t.Parallel()
	if err := withAudience(http.NotFoundHandler(), nil); err == nil || !strings.Contains(err.Error(), "want status 101") {
		t.Errorf("error %v", err)
	}
	fault := errors.New("nothing to say")
	err := withAudience(&choir{}, func(a *audience) error {
		return a.hear(Feed{Publish: func([]byte) error { return fault }}, 1)
	})
	if !errors.Is(err, fault) {
		t.Errorf("error %v, want %v", err, fault)
	}
}
