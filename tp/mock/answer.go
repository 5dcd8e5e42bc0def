package mock

import (
	"context"
	"errors"
	"fmt"

	"github.com/telestruct/telestruct/tp"
)

// answer is the handler of every function that the schema is about (spec section 18.4).
func (m *Server) answer(_ context.Context, req *tp.Request) (*tp.Response, error) {
	args, ok := req.Args.(tp.Object)
	if !ok {
		return nil, fmt.Errorf("middleware passed arguments of type %T to %s; want tp.Object", req.Args, req.Function)
	}
	asked, _ := req.Headers.Get("@gen_")
	body, err := m.memory.answer(m.Schema().Function(req.Function), args, asked == true)
	if errors.Is(err, errNoStub) {
		return &tp.Response{Tag: "ErrorNoMatchingStub_", Result: tp.Object{}}, nil
	}
	if err != nil {
		return nil, err
	}
	return &tp.Response{Tag: body[0].Key, Result: body[0].Value}, nil
}

// noRoute is the handler of functions of the framework's kind that it does not know.
func noRoute(_ context.Context, req *tp.Request) (*tp.Response, error) {
	return nil, fmt.Errorf("%s is no function that a mock server answers: its name ends with %q", req.Function, "_")
}
