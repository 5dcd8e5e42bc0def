package mw

import (
	"context"
	"time"

	"github.com/telestruct/telestruct/tp"
)

// Meter takes measurements. [Prometheus] is one; for another system write one of your
// own. Its methods are called for every request and every message, many at a time, and
// should return at once.
type Meter interface {
	// Call counts a request that was answered: the wire name of its function, empty
	// for what does not exist and for what is no message; the tag of its answer; and
	// how long it took. There are as many pairs of the two as the schema has, and one
	// more.
	Call(function, tag string, took time.Duration)
	// Connections counts lasting connections that were opened, or closed when delta
	// is below zero.
	Connections(delta int)
	// Queued counts messages, and their bytes, that wait to be sent to slow clients;
	// those that wait no longer are below zero.
	Queued(messages, bytes int)
}

// Metrics has every request of an API measured, whatever comes of it. Connections and
// queues are the transport's to measure: give it the same meter. Nil measures nothing.
func Metrics(meter Meter) tp.Option {
	if meter == nil {
		return tp.Options()
	}
	return tp.Observe(func(_ context.Context, o *tp.Observation) (context.Context, func()) {
		start := time.Now()
		return nil, func() { meter.Call(o.Function, o.Tag, time.Since(start)) }
	})
}
