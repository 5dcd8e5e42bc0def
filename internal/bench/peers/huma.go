// Package peers has frameworks that Telestruct is measured beside. It is a module of
// its own, so that what they need is none of Telestruct's business. Its directory has
// the benchmark as well:
//
//	go test -bench .
package peers

import (
	"context"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"

	"github.com/telestruct/telestruct/internal/bench/stacks"
)

// huma takes the body of a request, and of an answer, from this field.
type humaBody[T any] struct{ Body T }

// Huma is huma on a router of chi, with its default configuration. That validates
// requests and adds a $schema to answers.
func Huma[In, Out any](in *In, call func(In) Out) (stacks.Stack, error) {
	want := call(*in)
	s, err := stacks.Plain(in, &want)
	router := chi.NewRouter()
	api := humachi.New(router, huma.DefaultConfig("bench", "1.0.0"))
	huma.Post(api, s.Call.Path, func(_ context.Context, in *humaBody[In]) (*humaBody[Out], error) {
		return &humaBody[Out]{call(in.Body)}, nil
	})
	s.Name, s.Handler = "huma", router
	return s, err
}
