package wsx

import (
	"errors"
	"testing"
	"time"
)

// What floods a connection before it is open is not told to it, which could not bear it yet:
// opening it tells, however much there was.
func TestOutboxFloodBeforeOpen(t *testing.T) {
	t.Parallel()
	o := &outbox{}
	o.hold(&told{}, guarded{}, &outboxLimits{frames: 2, bytes: 100, timeout: time.Second})
	for i, want := range []error{nil, nil, errHeld, errHeld, errHeld} {
		if _, err := o.offer(raw("x")); !errors.Is(err, want) {
			t.Errorf("message %d: %v, want %v", i, err, want)
		}
	}
	if mustEmpty, err := o.open(&wall{}); mustEmpty || !errors.Is(err, errSlow) {
		t.Errorf("open: %v, %v, want nothing to send, and %v", mustEmpty, err, errSlow)
	}
	if o.putLast(raw("close"), true); len(o.queue) != 1 {
		t.Errorf("%d frames wait after open, want the close frame", len(o.queue))
	}
}
