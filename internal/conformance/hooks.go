package conformance

import (
	"context"
	"errors"

	"github.com/telestruct/telestruct/tp"
)

// hooks watch what a server tells its owner about one request after the other.
// What they find wrong they keep for [hooks.takeProblem]: in the answer itself,
// a server that gives hooks a copy would hide it.
type hooks struct {
	expected expectation
	called   bool // the failure hook
	wrong    bool // what it was told
	problem  error
}

// expectation is what a request says about the failure that it leads to.
type expectation string

const (
	nothing    expectation = ""
	nested     expectation = "nested"     // caused by errMiddleware
	standalone expectation = "standalone" // without any cause
)

func (h *hooks) options() tp.Option {
	// A hook that panics on a request must not keep the answer from being seen,
	// so the panics come from an observer of their own.
	return tp.Options(tp.Observe(h.observe, panics), tp.OnFailure(h.failed))
}

// observe is told of a request, and of its answer.
func (h *hooks) observe(_ context.Context, o *tp.Observation) (context.Context, func()) {
	h.called, h.wrong, h.expected = false, false, expect(o.Headers)
	return nil, h.answered
}

func expect(headers tp.Object) expectation {
	switch {
	case isTrue(headers, "@assertOnErrorNested_"):
		return nested
	case isTrue(headers, "@assertOnErrorStandalone_"):
		return standalone
	}
	return nothing
}

// failed is the server's failure hook.
func (h *hooks) failed(_ context.Context, failure *tp.Error) {
	h.called = true
	switch h.expected {
	case nested:
		h.wrong = h.wrong || !errors.Is(failure, errMiddleware)
	case standalone:
		h.wrong = h.wrong || errors.Unwrap(failure) != nil
	}
}

func (h *hooks) answered() {
	switch {
	case h.expected == nothing:
	case !h.called:
		h.problem = errors.New("the failure hook was not called")
	case h.wrong:
		h.problem = errors.New("the failure hook did not get a " + string(h.expected) + " error")
	}
}

// panics panics when the request, or its answer, asks for it; the server must
// not mind.
func panics(_ context.Context, o *tp.Observation) (context.Context, func()) {
	if isTrue(o.Headers, "@onRequestError_") {
		panic("the hook was asked to fail")
	}
	return nil, func() {
		if isTrue(o.ResponseHeaders, "@onResponseError_") {
			panic("the hook was asked to fail")
		}
	}
}

// takeProblem returns what was wrong with the last request, once.
func (h *hooks) takeProblem() error {
	problem := h.problem
	h.problem = nil
	return problem
}
