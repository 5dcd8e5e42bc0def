package mock

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/telestruct/telestruct/tp"
)

// control returns the handler of a control function (spec section 18.2); nil for any
// other function. Their arguments are valid by the schema.
func (m *Server) control(function string) tp.Handler {
	run := map[string]func(args tp.Object) error{
		"fn.createStub_":               m.createStub,
		"fn.verify_":                   m.verify,
		"fn.verifyNoMoreInteractions_": func(tp.Object) error { return m.memory.verifyNoMore() },
		"fn.clearStubs_":               func(tp.Object) error { m.ClearStubs(); return nil },
		"fn.clearCalls_":               func(tp.Object) error { m.ClearCalls(); return nil },
		"fn.setRandomSeed_":            m.setRandomSeed,
	}[function]
	if run == nil {
		return nil
	}
	return func(_ context.Context, req *tp.Request) (*tp.Response, error) {
		args, ok := req.Args.(tp.Object)
		if !ok {
			return nil, fmt.Errorf("middleware passed arguments of type %T to %s; want tp.Object", req.Args, req.Function)
		}
		return controlled(run(args))
	}
}

// controlled returns the answer of a control function.
func controlled(err error) (*tp.Response, error) {
	var failed failure
	switch {
	case err == nil:
		return &tp.Response{Result: tp.Object{}}, nil
	case errors.As(err, &failed):
		return &tp.Response{Tag: "ErrorVerificationFailure", Result: failed.payload()}, nil
	}
	return nil, err
}

// failure is an error that callers of control functions are told.
type failure interface {
	error
	payload() tp.Object
}

func (m *Server) createStub(args tp.Object) error {
	function, matcher, body := target(member(args, "stub"))
	s := &stub{function: function, args: matcher, strict: isStrict(args), left: -1, body: body}
	if count, ok := args.Get("count!"); ok {
		s.left, _ = count.(int64)
	}
	return m.memory.add(s)
}

func (m *Server) verify(args tp.Object) error {
	p := &pattern{strict: isStrict(args)}
	p.function, p.args, _ = target(member(args, "call"))
	wanted := AtLeast(1)
	if criterion := member(args, "count!"); len(criterion) == 1 {
		times, _ := member(criterion, criterion[0].Key).Get("times")
		wanted.kind = countKind(criterion[0].Key)
		wanted.times, _ = times.(int64)
	}
	return m.memory.verify(p, wanted)
}

func (m *Server) setRandomSeed(args tp.Object) error {
	seed, _ := args.Get("seed")
	n, _ := seed.(int64)
	m.Seed(n)
	return nil
}

func isStrict(args tp.Object) bool {
	strict, _ := args.Get("strictMatch!")
	return strict == true
}

// target returns the function and the arguments of an _ext.Call_ or _ext.Stub_, and the
// result of the latter.
func target(object tp.Object) (function string, args, result tp.Object) {
	for _, m := range object {
		value, _ := m.Value.(tp.Object)
		if m.Key == "->" {
			result = value
		} else if strings.HasPrefix(m.Key, "fn.") {
			function, args = m.Key, value
		}
	}
	return function, args, result
}

// member returns the object at key; nil if there is none.
func member(object tp.Object, key string) tp.Object {
	v, _ := object.Get(key)
	member, _ := v.(tp.Object)
	return member
}
