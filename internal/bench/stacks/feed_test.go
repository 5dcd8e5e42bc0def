package stacks_test

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/telestruct/telestruct/internal/bench/loopback"
	"github.com/telestruct/telestruct/internal/bench/stacks"
)

// TestFeeds sees that feeds send what is published to all who are connected.
func TestFeeds(t *testing.T) {
	t.Parallel()
	for name, newFeed := range map[string]func() loopback.Feed{"topic": stacks.TopicFeed, "coder": stacks.CoderFeed} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			feed := newFeed()
			server := httptest.NewServer(feed.Handler)
			defer server.Close()
			var conns [2]*websocket.Conn
			for i := range conns {
				conns[i] = dial(t, server.URL)
			}
			for feed.Connected() < len(conns) {
				time.Sleep(time.Millisecond)
			}
			if err := feed.Publish([]byte("hello")); err != nil {
				t.Fatal(err)
			}
			for _, conn := range conns {
				kind, message, err := conn.Read(context.Background())
				if kind != websocket.MessageBinary || string(message) != "hello" || err != nil {
					t.Errorf("got %v %q, %v", kind, message, err)
				}
			}
		})
	}
}

// TestModes sees that the endpoints whose connections are idle answer.
func TestModes(t *testing.T) {
	t.Parallel()
	for _, s := range []stacks.Stack{stacks.TopicSocket(), stacks.ActorSocket()} {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(s.Handler)
			defer server.Close()
			conn := dial(t, server.URL)
			if err := conn.Write(context.Background(), websocket.MessageText, s.Call.Body); err != nil {
				t.Fatal(err)
			}
			_, answer, err := conn.Read(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Call.Check(answer); err != nil {
				t.Error(err)
			}
			if s.Call.Check([]byte("another")) == nil {
				t.Error("another answer is taken")
			}
		})
	}
}

func dial(t *testing.T, url string) *websocket.Conn {
	t.Helper()
	conn, _, err := websocket.Dial(context.Background(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.CloseNow() })
	return conn
}
