package mw

import (
	"context"
	"log/slog"
	"time"

	"github.com/telestruct/telestruct/tp"
)

// Slog is [Logging] to a *slog.Logger: the same lines with the same fields. Nil is
// [slog.Default], as it is when the option is made.
func Slog(logger *slog.Logger, options ...LogOption) tp.Option {
	if logger == nil {
		logger = slog.Default()
	}
	return newCallLog(slogSink{logger}, options).option()
}

// slogSink writes records to a *slog.Logger.
type slogSink struct{ logger *slog.Logger }

func (s slogSink) enabled(ctx context.Context, level slog.Level) bool {
	return s.logger.Enabled(ctx, level)
}

// write leaves out where in the source it was called, which is here for every line.
func (s slogSink) write(ctx context.Context, r *record) {
	var room [maxAttrs]slog.Attr
	attrs := room[:0]
	for a := range r.attrs() {
		attrs = append(attrs, a)
	}
	line := slog.NewRecord(time.Now(), r.level, r.message, 0)
	line.AddAttrs(attrs...)
	_ = s.logger.Handler().Handle(ctx, line) // as slog has it: a log that fails has nobody to tell
}
