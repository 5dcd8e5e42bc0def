package mw

import (
	"context"
	"log/slog"

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

func (s slogSink) write(ctx context.Context, r *record) {
	if !s.logger.Enabled(ctx, r.level) {
		return
	}
	var room [maxAttrs]slog.Attr
	attrs := room[:0]
	for a := range r.attrs() {
		attrs = append(attrs, a)
	}
	s.logger.LogAttrs(ctx, r.level, r.message, attrs...)
}
