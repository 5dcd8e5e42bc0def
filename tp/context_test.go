package tp_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/telestruct/telestruct/tp"
)

// served runs a handler body inside a call with the given parent and message.
func served(t *testing.T, parent context.Context, headers string, body func(ctx context.Context), options ...tp.Option) {
	t.Helper()
	api := tp.NewAPI("")
	ran := false
	tp.RegisterOn(api, func(ctx context.Context, _ Empty) (Empty, error) {
		ran = true
		body(ctx)
		return Empty{}, nil
	}, tp.Name("fn.run"))
	reply := build(t, api, options...).Process(parent, []byte(`[`+headers+`, {"fn.run": {}}]`))
	if !ran {
		t.Fatalf("the handler did not run: %s", reply.Bytes)
	}
}

func TestCallDeadline(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		headers string
		parent  time.Duration // zero: none
		options []tp.Option
		want    time.Duration // zero: no deadline
	}{
		{"default", `{}`, 0, nil, 30 * time.Second},
		{"the caller's is smaller", `{"@time_": 5000}`, 0, nil, 5 * time.Second},
		{"the caller's is larger", `{"@time_": 60000}`, 0, nil, 30 * time.Second},
		{"zero is ignored", `{"@time_": 0}`, 0, nil, 30 * time.Second},
		{"negative is ignored", `{"@time_": -1}`, 0, nil, 30 * time.Second},
		{"huge", `{"@time_": 9223372036854775807}`, 0, []tp.Option{tp.MaxTime(0)}, 9223372036854 * time.Millisecond},
		{"own maximum", `{}`, 0, []tp.Option{tp.MaxTime(time.Second)}, time.Second},
		{"no maximum", `{}`, 0, []tp.Option{tp.MaxTime(0)}, 0},
		{"no maximum but the caller's", `{"@time_": 7}`, 0, []tp.Option{tp.MaxTime(0)}, 7 * time.Millisecond},
		{"the parent's is smaller", `{}`, time.Second, nil, time.Second},
		{"the parent's is larger", `{}`, time.Minute, nil, 30 * time.Second},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				parent, start := context.Background(), time.Now()
				if tc.parent > 0 {
					var cancel context.CancelFunc
					parent, cancel = context.WithTimeout(parent, tc.parent)
					defer cancel()
				}
				served(t, parent, tc.headers, func(ctx context.Context) {
					deadline, ok := ctx.Deadline()
					if ok != (tc.want > 0) || ok && deadline.Sub(start) != tc.want {
						t.Fatalf("deadline in %v (%v), want %v", deadline.Sub(start), ok, tc.want)
					}
					if ctx.Err() != nil {
						t.Fatalf("err at the start: %v", ctx.Err())
					}
					if !ok || tc.want > time.Hour {
						return
					}
					<-ctx.Done()
					if got := time.Since(start); got != tc.want {
						t.Errorf("done after %v, want %v", got, tc.want)
					}
					if !errors.Is(ctx.Err(), context.DeadlineExceeded) {
						t.Errorf("err = %v", ctx.Err())
					}
				}, tc.options...)
			})
		})
	}
}

func TestErrWithoutWaiting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		served(t, context.Background(), `{"@time_": 10}`, func(ctx context.Context) {
			time.Sleep(10 * time.Millisecond)
			if !errors.Is(ctx.Err(), context.DeadlineExceeded) {
				t.Errorf("err = %v", ctx.Err())
			}
		})
	})
}

func TestCallEndsWithItsParent(t *testing.T) {
	t.Parallel()
	for _, waiting := range []bool{false, true} {
		parent, cancel := context.WithCancel(context.Background())
		served(t, parent, `{}`, func(ctx context.Context) {
			if waiting {
				_ = ctx.Done()
			}
			cancel()
			if !errors.Is(ctx.Err(), context.Canceled) {
				t.Errorf("waiting %v: err = %v", waiting, ctx.Err())
			}
			<-ctx.Done()
		})
		cancel()
	}
}

func TestContextEndsWithTheCall(t *testing.T) {
	t.Parallel()
	var early, late, derived context.Context
	served(t, context.Background(), `{}`, func(ctx context.Context) {
		early, late = ctx, ctx
		_ = early.Done()
		var stop context.CancelFunc
		derived, stop = context.WithCancel(ctx)
		t.Cleanup(stop)
	})
	<-derived.Done()
	served(t, context.Background(), `{}`, func(ctx context.Context) { late = ctx })
	for name, ctx := range map[string]context.Context{"waited for": early, "not waited for": late} {
		if !errors.Is(ctx.Err(), context.Canceled) {
			t.Errorf("%s: err = %v", name, ctx.Err())
		}
		<-ctx.Done()
	}
}

type parentKey struct{}

func TestContextKeepsValues(t *testing.T) {
	t.Parallel()
	parent := context.WithValue(context.Background(), parentKey{}, "v")
	served(t, parent, `{}`, func(ctx context.Context) {
		before := ctx.Value(parentKey{})
		_ = ctx.Done()
		if after := ctx.Value(parentKey{}); before != "v" || after != "v" {
			t.Errorf("value %v, then %v", before, after)
		}
	})
}

// Calls one after another share memory; their contexts must not show it.
func TestKeptContexts(t *testing.T) {
	t.Parallel()
	type key struct{}
	var kept []context.Context
	api := tp.NewAPI("")
	tp.RegisterOn(api, func(ctx context.Context, _ Empty) (Empty, error) {
		if err := ctx.Err(); err != nil {
			t.Errorf("call %d began with %v", len(kept), err)
		}
		kept = append(kept, ctx)
		return Empty{}, nil
	}, tp.Name("fn.run"))
	srv := build(t, api)
	headers := []string{`{}`, `{}`, `{"@id_":"a"}`, `{}`, `{"@id_":"b"}`, `{}`}
	peers := make([]tp.Peer, len(headers))
	for i := range headers {
		parent := context.WithValue(t.Context(), key{}, i)
		body := []byte(`[` + headers[i] + `,{"fn.run":{}}]`)
		srv.Serve(parent, &tp.Inbound{Body: body, Peer: &peers[i]}).Release()
	}
	for i, ctx := range kept {
		var id any
		if headers[i] != `{}` {
			id = headers[i][len(`{"@id_":"`) : len(`{"@id_":"`)+1]
		}
		got, _ := tp.Headers(ctx).Get("@id_")
		if ctx.Value(key{}) != i || tp.PeerOf(ctx) != &peers[i] || got != id {
			t.Errorf("the context of call %d is that of %v, with @id_ %v", i, ctx.Value(key{}), got)
		}
		if err := ctx.Err(); !errors.Is(err, context.Canceled) {
			t.Errorf("the context of call %d ended with %v", i, err)
		}
	}
}
