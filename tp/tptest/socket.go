package tptest

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/telestruct/telestruct/wsx"
)

// Socket is a WebSocket to a handler under test: to a room, an actor, or anything else that
// sends and takes messages. [Connect] makes one. It does not connect again.
type Socket struct {
	*Inbox[wsx.Message] // what the server sends

	client *wsx.Client
	out    *wsx.Topic
	ended  chan struct{}
	end    sync.Once
	cause  error // for which the connection was lost, when ended is closed
}

// errOnce is why a socket does not connect again.
var errOnce = errors.New("a socket of a test connects once")

// Connect connects to h for as long as the test runs: an endpoint of package wsx, or anything
// that has one at path. Headers go with the request; nil is none. The test fails at once when
// the handler refuses.
func Connect(t testing.TB, h http.Handler, path string, header http.Header) *Socket {
	t.Helper()
	site := Serve(t, h)
	private := wsx.NewServer()
	in, out := private.NewTopic("in"), private.NewTopic("out")
	s := &Socket{Inbox: Listen(t, in), out: out, ended: make(chan struct{})}
	s.what = "message of the server"
	client, err := wsx.Dial(t.Context(), site.SocketURL(path), &wsx.DialOptions{
		HTTPClient:   site.HTTPClient(),
		Header:       header,
		Subprotocols: []string{},
		Inbox:        []*wsx.Topic{in},
		Outbox:       []*wsx.Topic{out},
		OnState:      s.changed,
		BeforeDial:   once,
	})
	if err != nil {
		t.Fatal(err)
	}
	s.client = client
	t.Cleanup(func() { shutDown(t, client.Stop) })
	return s
}

// once lets a socket connect the first time.
func once(_ context.Context, attempt *wsx.DialAttempt) error {
	if attempt.Number > 1 {
		return errOnce
	}
	return nil
}

func (s *Socket) changed(state wsx.ClientState) {
	if state.Phase != wsx.ClientDisconnected {
		return
	}
	s.end.Do(func() {
		s.cause = state.Cause
		close(s.ended)
	})
}

// Send sends a text.
func (s *Socket) Send(text string) {
	s.t.Helper()
	s.sent(s.out.Text(s.t.Context(), text))
}

// SendBinary sends bytes.
func (s *Socket) SendBinary(data []byte) {
	s.t.Helper()
	s.sent(s.out.Binary(s.t.Context(), data))
}

// SendJSON sends v as a text of JSON.
func (s *Socket) SendJSON(v any) {
	s.t.Helper()
	s.sent(s.out.JSON(s.t.Context(), v))
}

func (s *Socket) sent(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// NextText returns the next message as a text.
func (s *Socket) NextText() string {
	s.t.Helper()
	return string(s.Next().Data)
}

// NextJSON reads the next message into what v points to. The test fails at once when it is
// none.
func (s *Socket) NextJSON(v any) {
	s.t.Helper()
	m := s.Next()
	if err := json.Unmarshal(m.Data, v); err != nil {
		s.t.Fatalf("the message %q: %v", m.Data, err)
	}
}

// Closed waits until the connection has ended, and returns why: as a rule a
// [*wsx.CloseError] with the code that the server has closed it with. The test fails at once
// when it does not end within a minute, which takes no time in a bubble of
// [testing/synctest].
func (s *Socket) Closed() error {
	s.t.Helper()
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case <-s.ended:
	case <-late.C:
		s.t.Fatalf("the connection has not ended in %v", patience)
	}
	return s.cause
}
