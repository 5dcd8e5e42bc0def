package peers_test

import (
	"bytes"
	"net/http/httptest"
	"testing"

	"github.com/telestruct/telestruct/internal/bench/loopback"
	"github.com/telestruct/telestruct/internal/bench/peers"
	"github.com/telestruct/telestruct/internal/bench/peers/shapespb"
	"github.com/telestruct/telestruct/internal/bench/shapes"
	"github.com/telestruct/telestruct/internal/bench/stacks"
)

// BenchmarkHTTP measures requests over loopback.
func BenchmarkHTTP(b *testing.B) {
	for _, shape := range everyShape(b) {
		b.Run(shape.name, func(b *testing.B) {
			for _, s := range shape.stacks {
				b.Run(s.Name, func(b *testing.B) { loopback.Measure(b, s.Handler, s.Call) })
			}
		})
	}
}

func TestStacks(t *testing.T) {
	t.Parallel()
	for _, shape := range everyShape(t) {
		for _, s := range shape.stacks {
			request := httptest.NewRequest("POST", s.Call.Path, bytes.NewReader(s.Call.Body))
			request.Header.Set("Content-Type", "application/json")
			answer := httptest.NewRecorder()
			s.Handler.ServeHTTP(answer, request)
			if err := s.Call.Check(answer.Body.Bytes()); err != nil || answer.Code != 200 {
				t.Errorf("%s %s: status %d, %v", shape.name, s.Name, answer.Code, err)
			}
		}
	}
}

func TestWrongAnswers(t *testing.T) {
	t.Parallel()
	for _, shape := range everyShape(t) {
		for _, s := range shape.stacks {
			for _, answer := range []string{"{}", "[]", "", `{"order":{"id":1}}`} {
				if err := s.Call.Check([]byte(answer)); err == nil {
					t.Errorf("%s %s: %q passes", shape.name, s.Name, answer)
				}
			}
		}
	}
}

// shape is a payload with the stacks that answer it.
type shape struct {
	name   string
	stacks []stacks.Stack
}

func everyShape(tb testing.TB) []shape {
	tb.Helper()
	greet := func(in *shapespb.GreetRequest) *shapespb.GreetResponse {
		return &shapespb.GreetResponse{Message: "Hello " + in.Subject + "!"}
	}
	return []shape{
		{"tiny", stacksOf(tb, shapes.Tiny(), shapes.Greet, greet)},
		{"medium", stacksOf(tb, shapes.Medium(), echo, same[shapespb.OrderMessage])},
		{"large", stacksOf(tb, shapes.Large(), echo, same[shapespb.RecordsMessage])},
	}
}

func echo[T any](v T) T { return v }

// same is echo for messages that must not be copied.
func same[T any](v *T) *T { return v }

// stacksOf returns all stacks; connect has messages of its own.
func stacksOf[In, Out, Req, Res any, R peers.Message[Req], A peers.Message[Res]](
	tb testing.TB, in *In, call func(In) Out, connect func(*Req) *Res,
) []stacks.Stack {
	tb.Helper()
	want := call(*in)
	var all []stacks.Stack
	for _, stack := range []func() (stacks.Stack, error){
		func() (stacks.Stack, error) { return stacks.Telestruct(in, call) },
		func() (stacks.Stack, error) { return stacks.NetHTTP(in, call) },
		func() (stacks.Stack, error) { return peers.Huma(in, call) },
		func() (stacks.Stack, error) { return peers.Connect[Req, Res, R, A](in, &want, connect) },
	} {
		s, err := stack()
		if err != nil {
			tb.Fatal(err)
		}
		all = append(all, s)
	}
	return all
}
