package natsbus

import (
	"log/slog"
	"sync/atomic"
	"time"
)

// Option configures a [Bus]. Numbers of zero or less mean the default.
type Option func(*settings)

type settings struct {
	maxQueued, maxQueuedBytes   int
	maxPending, maxPendingBytes int
	onError                     func(error)
}

const (
	defaultQueued       = 1 << 16
	defaultQueuedBytes  = 16 << 20
	defaultPending      = 1 << 16
	defaultPendingBytes = 64 << 20
)

func newSettings(options []Option) settings {
	s := settings{
		maxQueued: defaultQueued, maxQueuedBytes: defaultQueuedBytes,
		maxPending: defaultPending, maxPendingBytes: defaultPendingBytes,
		onError: newErrorLog(),
	}
	for _, o := range options {
		if o != nil {
			o(&s)
		}
	}
	return s
}

// Queue sets how many messages, and how many bytes of them, may wait to be sent. Beyond
// it publishing fails with [wsx.ErrBusUnavailable]. Default 65,536 messages and 16 MiB.
func Queue(messages, bytes int) Option {
	return func(s *settings) {
		s.maxQueued, s.maxQueuedBytes = or(messages, defaultQueued), or(bytes, defaultQueuedBytes)
	}
}

// Pending sets how many messages, and how many bytes of them, may have arrived for one
// topic, or for this node, and wait to be given to their subscribers. Those beyond it are
// dropped, which is reported as a [*DroppedError]. Default 65,536 messages and 64 MiB.
func Pending(messages, bytes int) Option {
	return func(s *settings) {
		s.maxPending, s.maxPendingBytes = or(messages, defaultPending), or(bytes, defaultPendingBytes)
	}
}

// OnError sets who is told of messages that were lost: a [*DroppedError], a
// [*PublishError], or the error of a message that is none of ours. It is called on the
// goroutines of the bus, many at once, returns quickly, and may panic without harm. The
// default, and nil, write a record to [log/slog.Default], at most one in a second.
func OnError(hook func(error)) Option {
	return func(s *settings) {
		if s.onError = hook; hook == nil {
			s.onError = newErrorLog()
		}
	}
}

func or(given, standard int) int {
	if given <= 0 {
		return standard
	}
	return given
}

func newErrorLog() func(error) {
	const every = time.Second
	started, next := time.Now(), new(atomic.Int64)
	return func(err error) {
		now := int64(time.Since(started))
		if due := next.Load(); now >= due && next.CompareAndSwap(due, now+int64(every)) {
			slog.Warn("messages were lost on the bus", "error", err)
		}
	}
}
