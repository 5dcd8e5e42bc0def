package mw

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/telestruct/telestruct/tp"
)

// callLog is what one [Logging] or [Slog] says.
type callLog struct {
	sink      sink
	errorText bool
}

// sink is where records go.
type sink interface {
	enabled(ctx context.Context, level slog.Level) bool
	write(ctx context.Context, r *record)
}

func newCallLog(s sink, options []LogOption) *callLog {
	l := &callLog{sink: s}
	for _, o := range options {
		if o != nil {
			o(l)
		}
	}
	return l
}

func (l *callLog) option() tp.Option {
	return tp.Options(tp.Observe(l.observe), tp.OnFailure(l.failed))
}

// observe writes the line of a request.
func (l *callLog) observe(ctx context.Context, o *tp.Observation) (context.Context, func()) {
	start := time.Now()
	return nil, func() {
		level := levelOf(ctx, o.Tag, o.Failure)
		if !l.sink.enabled(ctx, level) {
			return
		}
		r := record{message: "telepact call", level: level, took: time.Since(start)}
		r.function, r.tag = o.Function, o.Tag
		if o.Peer != nil {
			r.transport, r.peer = o.Peer.Transport, o.Peer.Addr
		}
		l.explain(&r, o.Failure)
		l.sink.write(ctx, &r)
	}
}

// failed writes what the lines of requests have no room for.
func (l *callLog) failed(ctx context.Context, f *tp.Error) {
	r := record{level: slog.LevelError, took: noTime}
	r.function, r.tag = f.Function, f.Tag
	switch {
	case isLetThrough(f):
		r.message, r.level = "telepact result breaks the schema and was sent", slog.LevelWarn
		r.breaches, r.count = f.Places(), len(f.Cases)
	case f.Stack != nil && !isAbort(f):
		r.message, r.stack = "telepact call panicked", frames(f.Stack)
	case f.Function == "" && f.Tag == "ErrorUnauthenticated_":
		r.message, r.level = "telepact connection refused", slog.LevelWarn
	default:
		return
	}
	if l.sink.enabled(ctx, r.level) {
		l.explain(&r, f)
		l.sink.write(ctx, &r)
	}
}

// explain adds what is known about a failure; nil for none.
func (l *callLog) explain(r *record, f *tp.Error) {
	if f == nil {
		return
	}
	r.caseID, r.kind, r.cause = f.CaseID, string(f.Kind), types(f.Cause)
	if l.errorText {
		r.text = f.Error()
	}
}

// isLetThrough reports whether a failure is a result that was sent all the same.
func isLetThrough(f *tp.Error) bool {
	switch f.Tag {
	case "ErrorInvalidResponseHeaders_", "ErrorInvalidResponseBody_":
		return false
	}
	return f.Kind == tp.KindValidation && len(f.Cases) > 0
}

// levelOf says how much of a concern an answer is.
func levelOf(ctx context.Context, tag string, f *tp.Error) slog.Level {
	switch tag {
	case "ErrorUnknown_":
		if isCallers(ctx, f) {
			return slog.LevelWarn
		}
		return slog.LevelError
	case "ErrorInvalidResponseHeaders_", "ErrorInvalidResponseBody_":
		return slog.LevelError
	case "ErrorParseFailure_", "ErrorInvalidRequestHeaders_", "ErrorInvalidRequestBody_",
		"ErrorUnauthenticated_", "ErrorUnauthorized_", "ErrorRateLimit":
		if f != nil && f.Stack != nil {
			return slog.LevelError
		}
		return slog.LevelWarn
	}
	return slog.LevelInfo
}

// isCallers reports whether an unknown error is the caller's doing: there were too many
// calls, or nobody waits for the answer.
func isCallers(ctx context.Context, f *tp.Error) bool {
	if f == nil || isAbort(f) {
		return f != nil
	}
	isGone := ctx.Err() == context.Canceled
	return f.Stack == nil && anyOf(f.Cause, func(err error) bool {
		_, isLimit := err.(*tp.RateLimitError)
		return isLimit || isGone && err == context.Canceled
	})
}

// isAbort reports whether a handler panicked to say that nobody wants the answer.
func isAbort(f *tp.Error) bool {
	return anyOf(f.Cause, func(err error) bool { return err == http.ErrAbortHandler })
}
