package bench

import (
	"net/http"
	"testing"

	"github.com/telestruct/telestruct/internal/bench/loopback"
	"github.com/telestruct/telestruct/internal/bench/shapes"
	"github.com/telestruct/telestruct/internal/bench/stacks"
)

// BenchmarkSocket measures calls over WebSockets, one at a time on each connection, what
// is published to many, and what a connection costs on which nothing happens. The bare loop
// beside it sends back the request as it is, or writes to one connection after the other.
func BenchmarkSocket(b *testing.B) {
	b.Run("calls", func(b *testing.B) {
		b.Run("tiny", func(b *testing.B) { overSockets(b, loopback.MeasureSocket, shapes.Tiny(), shapes.Greet) })
		b.Run("medium", func(b *testing.B) { overSockets(b, loopback.MeasureSocket, shapes.Medium(), echo) })
	})
	b.Run("fanout", func(b *testing.B) {
		b.Run("one", func(b *testing.B) { overFeeds(b, 1) })
		b.Run("burst", func(b *testing.B) { overFeeds(b, 100) })
	})
	b.Run("idle", idleSockets)
}

func overSockets[In, Out any](b *testing.B, measure measurement, in *In, call func(In) Out) {
	for _, stack := range []func(*In, func(In) Out) (stacks.Stack, error){
		stacks.Socket[In, Out], coderLoop[In, Out],
	} {
		s, err := stack(in, call)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(s.Name, func(b *testing.B) { measure(b, s.Handler, s.Call) })
	}
}

// measurement is what is measured of a handler.
type measurement func(*testing.B, http.Handler, loopback.Call)

// coderLoop answers with the request, whatever the call is.
func coderLoop[In, Out any](in *In, _ func(In) Out) (stacks.Stack, error) { return stacks.Coder(in) }

// overFeeds measures feeds that publish so many messages at once.
func overFeeds(b *testing.B, atOnce int) {
	b.Run("telestruct", func(b *testing.B) { loopback.MeasureFanout(b, stacks.TopicFeed(), atOnce) })
	b.Run("coder", func(b *testing.B) { loopback.MeasureFanout(b, stacks.CoderFeed(), atOnce) })
}

// idleSockets measures what connections of every mode hold.
func idleSockets(b *testing.B) {
	calls, err := stacks.Socket(shapes.Tiny(), shapes.Greet)
	if err != nil {
		b.Fatal(err)
	}
	coder, err := stacks.Coder(shapes.Tiny())
	if err != nil {
		b.Fatal(err)
	}
	calls.Name = "calls"
	for _, s := range []stacks.Stack{calls, stacks.TopicSocket(), stacks.ActorSocket(), coder} {
		b.Run(s.Name, func(b *testing.B) { loopback.MeasureIdle(b, s.Handler, s.Call) })
	}
}
