package mw

import (
	"context"
	"log/slog"

	"github.com/rs/zerolog"
	"github.com/telestruct/telestruct/tp"
)

// Logging writes one line for each request to a zerolog.Logger, when it has been
// answered: the function, the tag of the answer, how long it took, who called, and for
// failures the case id that the caller knows, the kind, and the Go types of the cause.
//
//	{"level":"info","function":"fn.greet","tag":"Ok_","tookMs":0.042,"transport":"http","peer":"192.0.2.1:51000","message":"telepact call"}
//
// Nothing that a caller or a handler has written gets into the log: no payload, no
// header, no credentials, and no text of an error, which may hold any of these, unless
// [ErrorText] says so. Requests for functions that do not exist, and what is no message
// at all, have the function "".
//
// The level is info for results and for errors that the API declares; warn for what the
// framework refuses: messages, headers and arguments that are not valid, credentials,
// calls that are too many, callers that went away; and error for what is the server's
// own fault: ErrorUnknown_ and results that break the schema.
//
// Logging also sets [tp.OnFailure], whose default writes the text of errors. Its hook
// writes a line for the stack of each panic, without the panic's text and without
// arguments; for each result that was sent although it breaks the schema, see [Unsafe],
// with up to ten paths and reasons; and for each connection whose credentials were refused
// before there was a call. Keys of maps are a star in paths. An
// OnFailure given later takes the hook's place, and so does another log.
func Logging(logger zerolog.Logger, options ...LogOption) tp.Option {
	return newCallLog(zerologSink{logger}, options).option()
}

// LogOption configures [Logging] and [Slog].
type LogOption func(*callLog)

// ErrorText has the text of errors and panics logged as well: of whatever handlers
// return and do not declare, of what lookup functions refuse credentials with, and of
// what is wrong with messages that cannot be read. Such texts can hold what callers sent.
func ErrorText() LogOption {
	return func(l *callLog) { l.errorText = true }
}

// zerologSink writes records to a zerolog.Logger.
type zerologSink struct{ logger zerolog.Logger }

func (s zerologSink) enabled(_ context.Context, level slog.Level) bool {
	return max(s.logger.GetLevel(), zerolog.GlobalLevel()) <= zerologLevel(level)
}

func (s zerologSink) write(ctx context.Context, r *record) {
	e := s.logger.WithLevel(zerologLevel(r.level)).Ctx(ctx)
	for a := range r.attrs() {
		switch a.Value.Kind() {
		case slog.KindFloat64:
			e = e.Float64(a.Key, a.Value.Float64())
		case slog.KindInt64:
			e = e.Int64(a.Key, a.Value.Int64())
		case slog.KindAny:
			lines, _ := a.Value.Any().([]string)
			e = e.Strs(a.Key, lines)
		default:
			e = e.Str(a.Key, a.Value.String())
		}
	}
	e.Msg(r.message)
}

func zerologLevel(level slog.Level) zerolog.Level {
	switch level {
	case slog.LevelError:
		return zerolog.ErrorLevel
	case slog.LevelWarn:
		return zerolog.WarnLevel
	}
	return zerolog.InfoLevel
}
