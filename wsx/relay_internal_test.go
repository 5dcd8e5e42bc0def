package wsx

import (
	"testing"
	"testing/synctest"
	"time"
)

// TestRelayLooks: a node that was itself stopped for a while does not take the others for lost
// before it has heard what they have published meanwhile.
func TestRelayLooks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := NewServer(WithBus(MemoryBus()), NodeName("b"))
		defer func() { _ = server.Shutdown(t.Context()) }()
		server.nodes.see("a", server.started.Add(-time.Second))
		r := &relay{nodes: server.nodes}
		first := func() string { return server.nodes.first() }

		r.expect("a")
		r.mu.Lock()
		r.since = r.since.Add(-time.Hour) // it was stopped
		r.mu.Unlock()
		time.Sleep(relayTime / relayLooks)
		synctest.Wait()
		r.heard("a")
		time.Sleep(2 * relayTime)
		if got := first(); got != "a" {
			t.Errorf("%s publishes, want a, which was heard", got)
		}

		r.expect("a")
		time.Sleep(relayTime - time.Nanosecond)
		synctest.Wait()
		if got := first(); got != "a" {
			t.Errorf("%s publishes, want a, which has time left", got)
		}
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		if got := first(); got != "b" {
			t.Errorf("%s publishes, want b, since a is lost", got)
		}
	})
}
