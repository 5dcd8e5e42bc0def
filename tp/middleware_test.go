package tp_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/tp"
)

func TestMiddleware(t *testing.T) {
	t.Parallel()
	var order []string
	named := func(name string) tp.Middleware {
		return func(next tp.Handler) tp.Handler {
			return func(ctx context.Context, req *tp.Request) (*tp.Response, error) {
				order = append(order, name+" "+req.Function)
				return next(ctx, req)
			}
		}
	}
	shout := func(next tp.Handler) tp.Handler {
		return func(ctx context.Context, req *tp.Request) (*tp.Response, error) {
			if in, ok := req.Args.(*Greet); ok {
				in.Subject = strings.ToUpper(in.Subject)
			}
			res, err := next(ctx, req)
			if err != nil {
				return nil, err
			}
			if out, ok := res.Result.(*Greeting); ok {
				out.Message += "!!"
			}
			res.Headers.Set("@by", []int{1})
			return res, nil
		}
	}
	api := tp.NewAPI("", tp.Use(named("outer"), named("inner")), tp.Use(shout))
	tp.RegisterOn(api, greet)
	srv := build(t, api)
	want := `[{"@by":[1]},{"Ok_":{"message":"Hello WORLD!!!"}}]`
	if got := process(t, srv, `[{}, {"fn.greet": {"subject": "World"}}]`); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	process(t, srv, `[{}, {"fn.greet": {}}]`)
	process(t, srv, `[{}, {"fn.ping_": {}}]`)
	if got := strings.Join(order, "; "); got != "outer fn.greet; inner fn.greet; outer fn.ping_; inner fn.ping_" {
		t.Errorf("middleware ran as %q", got)
	}
}

func TestMiddlewareAnswers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		answer tp.Handler
		want   string
	}{
		{"own result", func(context.Context, *tp.Request) (*tp.Response, error) {
			return &tp.Response{Result: &Greeting{Message: "cached"}}, nil
		}, `[{},{"Ok_":{"message":"cached"}}]`},
		{"declared error", func(context.Context, *tp.Request) (*tp.Response, error) {
			return nil, &QuotaError{Left: 0}
		}, `[{},{"ErrorQuota":{"left":0}}]`},
		{"other type", func(context.Context, *tp.Request) (*tp.Response, error) {
			return &tp.Response{Result: &Empty{}}, nil
		}, "ErrorUnknown_"},
		{"other tag", func(context.Context, *tp.Request) (*tp.Response, error) {
			return &tp.Response{Tag: "ErrorQuota", Result: &Greeting{}}, nil
		}, "ErrorUnknown_"},
		{"nothing", func(context.Context, *tp.Request) (*tp.Response, error) { return nil, nil }, "ErrorUnknown_"},
		{"nil result", func(context.Context, *tp.Request) (*tp.Response, error) {
			return &tp.Response{Result: (*Greeting)(nil)}, nil
		}, "ErrorUnknown_"},
		{"panic", func(context.Context, *tp.Request) (*tp.Response, error) { panic("m") }, "ErrorUnknown_"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var hook failures
			api := tp.NewAPI("", tp.ErrorSet("errors.Quota", &QuotaError{}),
				tp.Use(func(tp.Handler) tp.Handler { return tc.answer }), hook.option())
			tp.RegisterOn(api, greet)
			got := process(t, build(t, api), `[{}, {"fn.greet": {"subject": "x"}}]`)
			if unknown := tc.want == "ErrorUnknown_"; got != tc.want && !(unknown && strings.Contains(got, tc.want) && len(hook.all) == 1) {
				t.Errorf("got %s with %d failures, want %s", got, len(hook.all), tc.want)
			}
		})
	}
}

func TestMiddlewarePassesWrongArguments(t *testing.T) {
	t.Parallel()
	var hook failures
	api := tp.NewAPI("", hook.option(), tp.Use(func(next tp.Handler) tp.Handler {
		return func(ctx context.Context, req *tp.Request) (*tp.Response, error) {
			req.Args = &Empty{}
			return next(ctx, req)
		}
	}))
	tp.RegisterOn(api, greet)
	process(t, build(t, api), `[{}, {"fn.greet": {"subject": "x"}}]`)
	if len(hook.all) != 1 || !strings.Contains(hook.all[0].Error(), "want *tp_test.Greet") {
		t.Errorf("failures = %v", hook.all)
	}
}

func TestMiddlewareThatDoesNotWork(t *testing.T) {
	t.Parallel()
	deny := func(tp.Handler) tp.Handler { panic("never asked") }
	for name, broken := range map[string]tp.Middleware{
		"nil handler": func(tp.Handler) tp.Handler { return nil },
		"panic":       func(tp.Handler) tp.Handler { panic("middleware") },
	} {
		api := tp.NewAPI("", tp.Use(deny, broken))
		tp.RegisterOn(api, greet)
		tp.RegisterOn(api, echo)
		_, err := api.Build(tp.NoAuth())
		var mistakes *tp.BuildError
		if !errors.As(err, &mistakes) || len(mistakes.Problems) != 1 || !strings.Contains(err.Error(), "tp.Use (tp/middleware_test.go:") {
			t.Errorf("%s: err = %v, want one problem", name, err)
		}
	}
}

func TestMiddlewareSeesStandardFunctions(t *testing.T) {
	t.Parallel()
	hidden := func(next tp.Handler) tp.Handler {
		return func(ctx context.Context, req *tp.Request) (*tp.Response, error) {
			if req.Function == "fn.api_" {
				return &tp.Response{Result: tp.Object{{Key: "api", Value: []any{}}}}, nil
			}
			return next(ctx, req)
		}
	}
	for _, tc := range []struct {
		name    string
		options []tp.Option
		want    string
	}{
		{"hidden", []tp.Option{tp.Use(hidden)}, `[{},{"Ok_":{"api":[]}}]`},
		{"passed on", []tp.Option{tp.Use(func(next tp.Handler) tp.Handler { return next })}, ""},
		{"wrong arguments", []tp.Option{tp.OnFailure(nil), tp.Use(func(next tp.Handler) tp.Handler {
			return func(ctx context.Context, _ *tp.Request) (*tp.Response, error) { return next(ctx, &tp.Request{}) }
		})}, "ErrorUnknown_"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			const request = `[{}, {"fn.api_": {}}]`
			got := process(t, build(t, greetAPI(), tc.options...), request)
			if tc.want == "" {
				tc.want = process(t, build(t, greetAPI()), request)
			}
			if !strings.Contains(got, tc.want) {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

// TestMiddlewareCannotChangeTheSchema changes what fn.api_ answers, for one call.
func TestMiddlewareCannotChangeTheSchema(t *testing.T) {
	t.Parallel()
	changes := 1
	api := greetAPI()
	srv := build(t, api, tp.Use(func(next tp.Handler) tp.Handler {
		return func(ctx context.Context, req *tp.Request) (*tp.Response, error) {
			res, err := next(ctx, req)
			if result, ok := res.Result.(tp.Object); ok && req.Function == "fn.api_" && changes > 0 {
				changes--
				first, _ := result.Get("api")
				definition := first.([]any)[0].(tp.Object)
				definition[0].Value = tp.Object{{Key: "changed", Value: true}}
			}
			return res, err
		}
	}))
	const request = `[{}, {"fn.api_": {}}]`
	if got := process(t, srv, request); !strings.Contains(got, "changed") {
		t.Fatalf("middleware changed nothing: %s", got)
	}
	if got, want := process(t, srv, request), process(t, build(t, api), request); got != want {
		t.Errorf("a later call answers %s, want %s", got, want)
	}
}
