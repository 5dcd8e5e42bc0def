package main

import (
	"context"
	"log/slog"

	"github.com/telestruct/telestruct/tp"
)

// TraceRequest are the request headers that the calculator knows.
type TraceRequest struct {
	Trace *string `tp:"@trace" doc:"A name for this call in the calculator's log, up to 64 bytes."`
}

// TraceResponse are the response headers that the calculator sets.
type TraceResponse struct {
	Trace *string `tp:"@trace" doc:"The @trace of the request."`
}

// trace writes one log line for each call and answers with its @trace, so that
// both sides of a call can be found by the same name.
func (s *service) trace(next tp.Handler) tp.Handler {
	return func(ctx context.Context, req *tp.Request) (*tp.Response, error) {
		attrs := []slog.Attr{slog.String("function", req.Function)}
		if u, ok := tp.Identity[*user](ctx); ok {
			attrs = append(attrs, slog.String("user", u.name))
		}
		if headers, _ := tp.Header[TraceRequest](ctx); headers.Trace != nil {
			if err := within(maxName, len(*headers.Trace), "bytes of @trace"); err != nil {
				return nil, err
			}
			if err := tp.SetHeader(ctx, TraceResponse{Trace: headers.Trace}); err != nil {
				return nil, err
			}
			attrs = append(attrs, slog.String("trace", *headers.Trace))
		}
		response, err := next(ctx, req)
		if err != nil {
			attrs = append(attrs, slog.String("error", err.Error()))
		}
		s.log.LogAttrs(ctx, slog.LevelInfo, "call", attrs...)
		return response, err
	}
}
