package mw

import (
	"context"
	"time"

	"github.com/telestruct/telestruct/tp"
)

// Meter measures calls. [Prometheus] is one; for another system write one of your own.
type Meter interface {
	// Call is told of a request when it has been answered: the wire name of its
	// function, empty for one that does not exist and for what is no message; the tag
	// of the answer; and how long that took. There are as many pairs of the two as the
	// schema has, and a few more. It is called many at a time, on the requests'
	// goroutines, and should return at once; what it panics with is dropped.
	Call(function, tag string, took time.Duration)
}

// Metrics has every request of an API measured, whatever comes of it. What happens on
// connections is for their transport to tell: a [Prometheus] can be given to it as well.
// Nil measures nothing.
func Metrics(meter Meter) tp.Option {
	if meter == nil {
		return tp.Options()
	}
	return tp.Observe(func(_ context.Context, o *tp.Observation) (context.Context, func()) {
		start := time.Now()
		return nil, func() { meter.Call(o.Function, o.Tag, time.Since(start)) }
	})
}
