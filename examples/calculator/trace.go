package main

import (
	"context"
	"log/slog"
	"strings"

	"github.com/telestruct/telestruct/tp"
)

// TraceRequest are the request headers that the calculator knows.
type TraceRequest struct {
	Trace *string `tp:"@trace" doc:"A name for this call in the calculator's log, up to 64 bytes. The answer has it too."`
}

// TraceResponse are the response headers that the calculator sets.
type TraceResponse struct {
	Trace *string `tp:"@trace"`
}

// trace writes one log line for each call and answers with its @trace, so that
// both sides of a call can be found by the same name.
func (s *service) trace(next tp.Handler) tp.Handler {
	return func(ctx context.Context, req *tp.Request) (*tp.Response, error) {
		attrs := []slog.Attr{slog.String("function", req.Function)}
		if u, ok := tp.Identity[*user](ctx); ok {
			attrs = append(attrs, slog.String("user", u.name))
		}
		if trace, err := echoTrace(ctx); err != nil {
			return nil, err
		} else if trace != "" {
			attrs = append(attrs, slog.String("trace", trace))
		}
		response, err := next(ctx, req)
		if err != nil {
			attrs = append(attrs, slog.String("error", logged(err)))
		}
		s.log.LogAttrs(ctx, slog.LevelInfo, "call", attrs...)
		return response, err
	}
}

// logged is the beginning of an error's text: callers choose how long the names in
// it are.
func logged(err error) string {
	const longest = 200
	text := err.Error()
	if len(text) <= longest {
		return text
	}
	return strings.ToValidUTF8(text[:longest], "") + "…"
}

// echoTrace puts the request's @trace into the response and returns it, "" when
// there is none.
func echoTrace(ctx context.Context) (string, error) {
	request, _ := tp.Header[TraceRequest](ctx)
	trace := request.Trace
	if trace == nil {
		return "", nil
	}
	if err := within(maxName, len(*trace), "bytes of @trace"); err != nil {
		return "", err
	}
	return *trace, tp.SetHeader(ctx, TraceResponse{Trace: trace})
}
