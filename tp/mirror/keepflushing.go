package mirror

import (
	"context"
	"time"
)

// KeepFlushing flushes an endpoint until ctx ends, for transports: what changes within the given
// time after a first change is sent at once. Several may flush the same endpoint, each for its own
// connections or for all. A last change that this one has heard of is flushed before it returns.
// It needs a time above zero, and panics as Flush does.
func KeepFlushing(ctx context.Context, of Endpoint, every time.Duration) {
	timer := time.NewTimer(every)
	defer timer.Stop()
	for {
		select {
		case <-of.Changed():
		case <-ctx.Done():
			return
		}
		timer.Reset(every)
		select {
		case <-timer.C:
		case <-ctx.Done(): // others are not told of this change any more
		}
		select {
		case <-of.Changed(): // is flushed as well
		default:
		}
		of.Flush()
	}
}
