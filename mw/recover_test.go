package mw_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/mw"
	"github.com/telestruct/telestruct/tp"
)

func TestRecover(t *testing.T) {
	t.Parallel()
	wraps := &QuotaError{Left: 1}
	for _, tc := range []struct {
		name  string
		value any
		told  []any // what the function that is told gets
		seen  bool  // by outer middleware, as an error
	}{
		{"text", "value", []any{"value"}, true},
		{"an error", errUndeclared, []any{errUndeclared}, true},
		{"a declared error", wraps, []any{wraps}, true},
		{"what cannot be compared", []int(nil), nil, true},
		{"abort", http.ErrAbortHandler, nil, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			everyWay(t, func(t *testing.T, call caller) {
				var told []any
				var seen error
				var failure *tp.Error
				outer := func(next tp.Handler) tp.Handler {
					return func(ctx context.Context, req *tp.Request) (*tp.Response, error) {
						res, err := next(ctx, req)
						seen = err
						return res, err
					}
				}
				srv := newServer(t, tp.Use(outer), mw.Recover(nil, func(_ context.Context, req *tp.Request, p *tp.PanicError) {
					if _, ok := p.Value.([]int); !ok {
						told = append(told, p.Value)
					}
					if req.Function != "fn.run" || !bytes.Contains(p.Stack, []byte("panicking")) {
						t.Errorf("told of %s with stack %s", req.Function, p.Stack)
					}
				}), tp.Use(panicking(tc.value)), tp.OnFailure(func(_ context.Context, f *tp.Error) { failure = f }))
				if got := call(srv, runCall); tagOf(got) != "ErrorUnknown_" {
					t.Errorf("got %s", got)
				}
				if len(told) != len(tc.told) || len(told) > 0 && told[0] != tc.told[0] {
					t.Errorf("told of %v, want %v", told, tc.told)
				}
				if _, isPanic := errors.AsType[*tp.PanicError](seen); isPanic != tc.seen {
					t.Errorf("outer middleware sees %v", seen)
				}
				if failure == nil || !bytes.Contains(failure.Stack, []byte("panicking")) {
					t.Errorf("failure = %+v", failure)
				}
			})
		})
	}
}

// TestRecoverSeesInnerMiddlewareOnly panics outside of it.
func TestRecoverSeesInnerMiddlewareOnly(t *testing.T) {
	t.Parallel()
	told := 0
	srv := newServer(t, tp.Use(panicking("outer")), mw.Recover(func(context.Context, *tp.Request, *tp.PanicError) { told++ }))
	if got := inProcess(srv, runCall); !strings.Contains(got, "ErrorUnknown_") || told != 0 {
		t.Errorf("got %s, told %d times", got, told)
	}
}

func TestRecoverPassesResults(t *testing.T) {
	t.Parallel()
	if got := inProcess(newServer(t, mw.Recover()), runCall); got != ran {
		t.Errorf("got %s, want %s", got, ran)
	}
}

// TestRecoverIsToldAndPanics has a function that panics itself.
func TestRecoverIsToldAndPanics(t *testing.T) {
	t.Parallel()
	var failure *tp.Error
	srv := newServer(t, mw.Recover(func(context.Context, *tp.Request, *tp.PanicError) { panic("second") }),
		tp.OnFailure(func(_ context.Context, f *tp.Error) { failure = f }))
	if got := inProcess(srv, runAs("panic")); tagOf(got) != "ErrorUnknown_" || failure == nil || failure.Cause.Error() != "panic: second" {
		t.Errorf("got %s, failure %v", got, failure)
	}
}
