package loopback

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

// shout answers messages in capitals.
func shout(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer conn.CloseNow()
	conn.SetReadLimit(-1)
	for {
		kind, message, err := conn.Read(context.Background())
		if err != nil || conn.Write(context.Background(), kind, bytes.ToUpper(message)) != nil {
			return
		}
	}
}

func TestSocketCalls(t *testing.T) {
	t.Parallel()
	for _, size := range []int{5, 125, 126, 65535, 65536, 1 << 18} {
		call := Call{Path: "/", Body: []byte(strings.Repeat("h", size)), Check: func(answer []byte) error {
			if want := strings.Repeat("H", size); string(answer) != want {
				t.Errorf("%d bytes: the answer has %d", size, len(answer))
			}
			return nil
		}}
		if err := makeCalls(t, http.HandlerFunc(shout), sockets(), call, 10); err != nil {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
}

// A client that waits for its answer answers a ping.
func TestPong(t *testing.T) {
	t.Parallel()
	pinging := func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer conn.CloseNow()
		_, message, err := conn.Read(context.Background())
		if err != nil {
			return
		}
		if err := conn.Ping(conn.CloseRead(context.Background())); err != nil {
			t.Errorf("no pong: %v", err)
		}
		_ = conn.Write(context.Background(), websocket.MessageText, bytes.ToUpper(message))
	}
	if err := makeCalls(t, http.HandlerFunc(pinging), sockets(), hello(isHello), 0); err != nil {
		t.Error(err)
	}
}

// No WebSocket is no answer.
func TestUpgradeRefused(t *testing.T) {
	t.Parallel()
	err := makeCalls(t, upper(false), sockets(), hello(isHello), 1)
	if err == nil || !strings.Contains(err.Error(), "want status 101") {
		t.Errorf("error %v", err)
	}
}

func TestFrames(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, stream, body, fault string }{
		{"text", "\x81\x05hellorest", "hello", ""},
		{"binary", "\x82\x01a", "a", ""},
		{"empty", "\x81\x00", "", ""},
		{"sixteen bits", "\x81\x7e\x00\x05hello", "hello", ""},
		{"sixty-four bits", "\x81\x7f\x00\x00\x00\x00\x00\x00\x00\x05hello", "hello", ""},
		{"after a pong", "\x8a\x02ab\x81\x01a", "a", ""},
		{"after a ping", "\x89\x02ab\x81\x01a", "a", ""},
		{"too long", "\x81\x7f\x00\x00\x00\x00\x01\x00\x00\x01", "", "more than 16777216 bytes"},
		{"far too long", "\x81\x7f\xff\x00\x00\x00\x00\x00\x00\x01", "", "more than 16777216 bytes"},
		{"masked", "\x81\x81\x00\x00\x00\x00a", "", "masked"},
		{"fragment", "\x01\x01a\x80\x01b", "", "the frame 0x1 "},
		{"compressed", "\xc1\x01a", "", "the frame 0xc1 "},
		{"close", "\x88\x05\x03\xe9bye", "", "bye"},
		{"long control frame", "\x89\x7e\x00\x7e", "", "has 126 bytes"},
		{"cut", "\x81\x05hell", "", "unexpected EOF"},
		{"cut length", "\x81\x7e\x00", "", "unexpected EOF"},
		{"cut ping", "\x89\x01", "", "EOF"},
		{"nothing", "", "", "EOF"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			body, err := readFrames(tc.stream)
			if tc.fault != "" {
				if err == nil || !strings.Contains(err.Error(), tc.fault) {
					t.Fatalf("error %v, want one that says %q", err, tc.fault)
				}
				return
			}
			if err != nil || string(body) != tc.body {
				t.Errorf("body %q, error %v; want %q", body, err, tc.body)
			}
		})
	}
}

// readFrames reads the first message of a stream, behind a body that is kept.
func readFrames(stream string) ([]byte, error) {
	here, there := net.Pipe()
	defer there.Close()
	go func() { _, _ = io.Copy(io.Discard, there) }() // pongs
	c := &client{conn: here, in: bufio.NewReader(strings.NewReader(stream))}
	body, err := frameReader{c}.read([]byte("kept"))
	return bytes.TrimPrefix(body, []byte("kept")), err
}

// Whatever a server sends is read or refused, with all that it was meant to hold.
func FuzzFrames(f *testing.F) {
	f.Add("\x81\x05hello")
	f.Add("\x89\x02ab\x81\x01a")
	f.Add("\x82\x7e\x00\x80" + strings.Repeat("a", 128))
	f.Fuzz(func(t *testing.T, stream string) {
		got, err := readFrames(stream)
		if err == nil && !strings.Contains(stream, string(got)) {
			t.Errorf("%q became %q", stream, got)
		}
	})
}

func BenchmarkMeasureSocket(b *testing.B) {
	MeasureSocket(b, http.HandlerFunc(shout), hello(isHello))
}

func BenchmarkMeasureIdle(b *testing.B) {
	MeasureIdle(b, http.HandlerFunc(shout), hello(isHello))
}
