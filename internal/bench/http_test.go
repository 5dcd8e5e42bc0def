package bench

import (
	"testing"

	"github.com/go-chi/chi/v5"

	"github.com/telestruct/telestruct/internal/bench/loopback"
	"github.com/telestruct/telestruct/internal/bench/shapes"
	"github.com/telestruct/telestruct/internal/bench/stacks"
)

// BenchmarkHTTP measures requests over loopback. More stacks are measured in the
// nested module peers.
func BenchmarkHTTP(b *testing.B) {
	b.Run("tiny", func(b *testing.B) { overHTTP(b, shapes.Tiny(), shapes.Greet) })
	b.Run("medium", func(b *testing.B) { overHTTP(b, shapes.Medium(), echo) })
	b.Run("large", func(b *testing.B) { overHTTP(b, shapes.Large(), echo) })
}

func overHTTP[In, Out any](b *testing.B, in *In, call func(In) Out) {
	for _, stack := range []func(*In, func(In) Out) (stacks.Stack, error){
		stacks.Telestruct[In, Out], stacks.NetHTTP[In, Out], onChi[In, Out],
	} {
		s, err := stack(in, call)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(s.Name, func(b *testing.B) { loopback.Measure(b, s.Handler, s.Call) })
	}
}

// onChi is the handler of net/http on a router of chi.
func onChi[In, Out any](in *In, call func(In) Out) (stacks.Stack, error) {
	s, err := stacks.NetHTTP(in, call)
	r := chi.NewRouter()
	r.Method("POST", s.Call.Path, s.Handler)
	s.Name, s.Handler = "chi", r
	return s, err
}
