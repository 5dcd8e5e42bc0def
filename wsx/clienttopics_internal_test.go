package wsx

import (
	"context"
	"errors"
	"testing"
)

// Who does not get a client leaves no subscription behind, and neither does a stop.
func TestClientLeavesOutbox(t *testing.T) {
	t.Parallel()
	s := NewServer()
	good, gone := s.NewTopic("good"), &Topic{name: "gone", server: s, gone: true}
	failing := func(context.Context, *DialAttempt) error { return errors.New("no") }
	tests := []struct {
		name    string
		options DialOptions
		isMade  bool
	}{
		{"no connection", DialOptions{Outbox: []*Topic{good}, BeforeDial: failing}, false},
		{"another topic is gone", DialOptions{Outbox: []*Topic{good, gone}}, false},
		{"stopped", DialOptions{Outbox: []*Topic{good}, BeforeDial: failing, Lazy: true}, true},
	}
	for _, tc := range tests {
		c, err := Dial(t.Context(), "ws://127.0.0.1:1/", &tc.options)
		if (err == nil) != tc.isMade {
			t.Errorf("%s: dial: %v", tc.name, err)
		}
		if tc.isMade {
			if len(good.subscribers) != 1 {
				t.Errorf("%s: %d subscriptions while the client lives, want 1", tc.name, len(good.subscribers))
			}
			_ = c.Stop(t.Context())
		}
		if n := len(good.subscribers); n != 0 {
			t.Errorf("%s: %d subscriptions are left", tc.name, n)
		}
	}
}
