package wsx

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/coder/websocket"
)

// The tests here say what this package relies on in coder/websocket. None of it is
// promised, so a new version may break it.

// notedConn notes how it is read and written.
type notedConn struct {
	net.Conn
	mu     sync.Mutex
	reads  []int // the room of each read
	writes [][]byte
	closes int
}

func (c *notedConn) Read(p []byte) (int, error) {
	c.mu.Lock()
	c.reads = append(c.reads, len(p))
	c.mu.Unlock()
	return c.Conn.Read(p)
}

func (c *notedConn) Write(p []byte) (int, error) {
	c.mu.Lock()
	c.writes = append(c.writes, append([]byte(nil), p...))
	c.mu.Unlock()
	return len(p), nil
}

func (c *notedConn) Close() error {
	c.mu.Lock()
	c.closes++
	c.mu.Unlock()
	return nil
}

// hijacked is a ResponseWriter that gives away a connection with buffers of a size.
type hijacked struct {
	*httptest.ResponseRecorder
	conn *notedConn
}

func (h hijacked) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return h.conn, bufio.NewReadWriter(bufio.NewReaderSize(h.conn, 300), bufio.NewWriterSize(h.conn, closeBuffer)), nil
}

// acceptNoted returns a connection of coder/websocket over one that takes notes, and the
// client's end.
func acceptNoted(t *testing.T, options *websocket.AcceptOptions) (*websocket.Conn, *notedConn, net.Conn) {
	t.Helper()
	ours, theirs := net.Pipe()
	t.Cleanup(func() { ours.Close(); theirs.Close() })
	noted := &notedConn{Conn: theirs}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	for name, value := range map[string]string{"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="} {
		r.Header.Set(name, value)
	}
	ws, err := websocket.Accept(hijacked{httptest.NewRecorder(), noted}, r, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ws.CloseNow() })
	return ws, noted, ours
}

// maskedByZero is a small frame of a client.
func maskedByZero(first byte, payload string) []byte {
	return append([]byte{first, 0x80 | byte(len(payload)), 0, 0, 0, 0}, payload...)
}

// TestPinBuffers: the connection is read through the buffer that Hijack returned, which
// decides what an idle connection costs.
func TestPinBuffers(t *testing.T) {
	t.Parallel()
	ws, noted, client := acceptNoted(t, nil)
	go func() { _, _ = client.Write(maskedByZero(frameText, "hi")) }()
	if _, message, err := ws.Read(context.Background()); err != nil || string(message) != "hi" {
		t.Fatalf("read %q, %v", message, err)
	}
	noted.mu.Lock()
	defer noted.mu.Unlock()
	for _, room := range noted.reads {
		if room > 300 {
			t.Errorf("a read has room for %d bytes, want that of the buffer", room)
		}
	}
}

// TestPinCloseFrame: a close frame comes in one write, the connection is not closed
// before that, and the error has the client's code.
func TestPinCloseFrame(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		send   []byte
		want   ending
		status websocket.StatusCode
	}{
		{"close", maskedByZero(frameClose, "\x0f\xa1a reason"), ending{4001, "a reason"}, 4001},
		{"close without a code", maskedByZero(frameClose, ""), ending{code: CodeNoCode}, CodeNoCode},
		{"protocol error", maskedByZero(0xf1, ""), ending{code: CodeProtocolError}, -1},
		{"too big", maskedByZero(frameText, "more than ten bytes"), ending{code: CodeTooBig}, -1},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			ws, noted, client := acceptNoted(t, nil)
			ws.SetReadLimit(10)
			go func() { _, _ = client.Write(tc.send) }()
			_, _, err := ws.Read(context.Background())
			if got := websocket.CloseStatus(err); got != tc.status {
				t.Errorf("status of %v = %d, want %d", err, got, tc.status)
			}
			noted.mu.Lock()
			defer noted.mu.Unlock()
			if len(noted.writes) != 1 {
				t.Fatalf("wrote %q, want one frame", noted.writes)
			}
			got, ok := parseCloseFrame(noted.writes[0])
			if !ok || got.code != tc.want.code || tc.want.reason != "" && got.reason != tc.want.reason {
				t.Errorf("wrote %+v, %v, want %+v", got, ok, tc.want)
			}
		})
	}
}

// TestPinPing: a callback that reports false answers in place of the package.
func TestPinPing(t *testing.T) {
	t.Parallel()
	var got string
	ws, noted, client := acceptNoted(t, &websocket.AcceptOptions{OnPingReceived: func(_ context.Context, payload []byte) bool {
		got = string(payload)
		return false
	}})
	go func() { _, _ = client.Write(append(maskedByZero(framePing, "ping"), maskedByZero(frameText, "")...)) }()
	if _, _, err := ws.Read(context.Background()); err != nil {
		t.Fatal(err)
	}
	if got != "ping" || len(noted.writes) != 0 {
		t.Errorf("got %q and wrote %q", got, noted.writes)
	}
}

// TestPinLimit: a message may be as long as the limit.
func TestPinLimit(t *testing.T) {
	t.Parallel()
	ws, _, client := acceptNoted(t, nil)
	ws.SetReadLimit(5)
	go func() { _, _ = client.Write(maskedByZero(frameText, "12345")) }()
	_, r, err := ws.Reader(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(r); err != nil || string(b) != "12345" {
		t.Errorf("read %q, %v", b, err)
	}
}
