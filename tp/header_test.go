package tp_test

import (
	"context"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/tp"
)

type TraceRequest struct {
	Trace *string  `tp:"@trace"`
	Hops  []string `tp:"@hops"`
	Depth *int     `tp:"@depth"`
}

type TraceResponse struct {
	Trace *string `tp:"@trace"`
	Node  *string `tp:"@node"`
}

func traced(ctx context.Context, _ Empty) (Greeting, error) {
	h, ok := tp.Header[TraceRequest](ctx)
	if !ok {
		return Greeting{Message: "no headers"}, nil
	}
	if err := tp.SetHeader(ctx, TraceResponse{Trace: h.Trace}); err != nil {
		return Greeting{}, err
	}
	if _, raw := tp.Headers(ctx).Get("@raw"); raw {
		if err := tp.SetRawHeader(ctx, "@raw", map[string]any{"n": 1, "list": []string{"a"}}); err != nil {
			return Greeting{}, err
		}
	}
	if _, bad := tp.Headers(ctx).Get("@bad"); bad {
		if err := tp.SetRawHeader(ctx, "@node", true); err != nil {
			return Greeting{}, err
		}
	}
	return Greeting{Message: strings.Join(h.Hops, ",")}, nil
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	api := tp.NewAPI("", tp.HeaderSet[TraceRequest, TraceResponse]("headers.Trace"))
	tp.RegisterOn(api, traced)
	srv := build(t, api)
	tests := []struct{ name, request, want string }{
		{"none", `[{}, {"fn.traced": {}}]`, `[{},{"Ok_":{"message":""}}]`},
		{"some", `[{"@trace": "t", "@hops": ["a", "b"]}, {"fn.traced": {}}]`, `[{"@trace":"t"},{"Ok_":{"message":"a,b"}}]`},
		{"framework's headers win", `[{"@id_": 1, "@trace": "t"}, {"fn.traced": {}}]`, `[{"@trace":"t","@id_":1},{"Ok_":{"message":""}}]`},
		{"raw", `[{"@raw": 2}, {"fn.traced": {}}]`, `[{"@raw":{"list":["a"],"n":1}},{"Ok_":{"message":""}}]`},
		{"invalid request header", `[{"@depth": "x", "@hops": "a"}, {"fn.traced": {}}]`,
			`[{},{"ErrorInvalidRequestHeaders_":{"cases":[` +
				`{"path":["@depth"],"reason":{"TypeUnexpected":{"actual":{"String":{}},"expected":{"Integer":{}}}}},` +
				`{"path":["@hops"],"reason":{"TypeUnexpected":{"actual":{"String":{}},"expected":{"Array":{}}}}}]}}]`},
		{"invalid response header", `[{"@bad": 1, "@trace": "dropped"}, {"fn.traced": {}}]`,
			`[{},{"ErrorInvalidResponseHeaders_":{"cases":[{"path":["@node"],"reason":{"TypeUnexpected":{"actual":{"Boolean":{}},"expected":{"String":{}}}}}]}}]`},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := process(t, srv, tc.request); got != tc.want {
				t.Errorf("\n got %s\nwant %s", got, tc.want)
			}
		})
	}
}

func TestHeadersOutsideOfTheirPlace(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	if _, ok := tp.Header[TraceRequest](ctx); ok || tp.Headers(ctx) != nil {
		t.Error("a context without a call has headers")
	}
	if tp.SetHeader(ctx, TraceResponse{}) == nil || tp.SetRawHeader(ctx, "@x", true) == nil {
		t.Error("headers can be set without a call")
	}
	api := tp.NewAPI("", tp.HeaderSet[TraceRequest, struct{}]("headers.Trace"))
	var kept context.Context
	tp.RegisterOn(api, func(ctx context.Context, _ Empty) (Empty, error) {
		kept = ctx
		if _, ok := tp.Header[TraceResponse](ctx); ok {
			t.Error("an undeclared type was read")
		}
		if tp.SetHeader(ctx, &TraceResponse{}) == nil || tp.SetHeader(ctx, nil) == nil || tp.SetHeader(ctx, 7) == nil {
			t.Error("an undeclared type was set")
		}
		return Empty{}, nil
	}, tp.Name("fn.run"))
	process(t, build(t, api), `[{}, {"fn.run": {}}]`)
	if tp.SetRawHeader(kept, "@late", true) == nil {
		t.Error("a header was set after the call")
	}
}
