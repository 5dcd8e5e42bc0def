package wsx

import (
	"bufio"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
)

// brittle is a ResponseWriter that panics when its connection is taken over.
type brittle struct{ *httptest.ResponseRecorder }

func (brittle) Hijack() (net.Conn, *bufio.ReadWriter, error) { panic("brittle") }

func TestUpgradePanics(t *testing.T) {
	t.Parallel()
	s := NewServer()
	topic := s.NewTopic("news")
	e := s.New(Push(topic))
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	for name, value := range map[string]string{"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="} {
		r.Header.Set(name, value)
	}
	func() {
		defer func() {
			if got := recover(); got != "brittle" {
				t.Errorf("panic = %v", got)
			}
		}()
		e.ServeHTTP(brittle{httptest.NewRecorder()}, r)
	}()
	if len(topic.subscribers) != 0 {
		t.Errorf("the topic has %d subscribers", len(topic.subscribers))
	}
	if _, err := s.Remote(s.lastNumber.Load()); !errors.Is(err, ErrGone) {
		t.Errorf("Remote: %v, want %v", err, ErrGone)
	}
	if err := e.Shutdown(t.Context()); err != nil {
		t.Errorf("Shutdown: %v", err)
	}
}
