package stacks

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/internal/bench/loopback"
	"github.com/telestruct/telestruct/internal/bench/shapes"
	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/wsx"
)

// Server has the one function fn.call, which is call.
func Server[In, Out any](call func(In) Out) *tp.Server {
	return serve(func(_ context.Context, in In) (Out, error) { return call(in), nil })
}

// PointerServer is as Server, with a handler that takes and returns pointers.
func PointerServer[In, Out any](call func(In) Out) *tp.Server {
	return serve(func(_ context.Context, in *In) (*Out, error) {
		out := call(*in)
		return &out, nil
	})
}

func serve[A, R any](handler func(context.Context, A) (R, error)) *tp.Server {
	api := tp.NewAPI("")
	tp.RegisterOn(api, handler, tp.Name("fn.call"))
	return api.MustBuild(tp.NoAuth(), tp.Types(shapes.Expressions()))
}

// Telestruct is the handler of httpx, called in JSON.
func Telestruct[In, Out any](in *In, call func(In) Out) (Stack, error) {
	args, err := json.Marshal(in)
	if err != nil {
		return Stack{}, err
	}
	want := call(*in)
	s := Stack{Name: "telestruct", Handler: httpx.Handler(Server(call)), Call: telestructCall(args)}
	s.Call.Check = func(answer []byte) error { return sameResult(answer, &want) }
	return s, nil
}

// Socket is the endpoint of wsx, called in JSON.
func Socket[In, Out any](in *In, call func(In) Out) (Stack, error) {
	s, err := Telestruct(in, call)
	s.Handler = wsx.Handler(Server(call))
	return s, err
}

// telestructCall is a call of fn.call, without a check.
func telestructCall(args []byte) loopback.Call {
	return loopback.Call{Path: "/api/telepact", Body: fmt.Appendf(nil, `[{},{"fn.call":%s}]`, args)}
}

// sameResult says how the message differs from one whose result is want.
func sameResult[T any](message []byte, want *T) error {
	var parts []map[string]json.RawMessage
	if err := json.Unmarshal(message, &parts); err != nil {
		return fmt.Errorf("%w in %.200q", err, message)
	}
	if len(parts) != 2 || parts[1]["Ok_"] == nil {
		return fmt.Errorf("the answer is no Ok_: %.200q", message)
	}
	return sameJSON(parts[1]["Ok_"], want)
}
