package tptest

import (
	"bytes"
	"log/slog"
	"strings"
	"sync"
	"testing"
)

// Log keeps what a program logs, and shows it with the test. It is an [io.Writer] that takes
// one record at a time, as the handlers of log/slog and loggers of zerolog write them. It is
// safe for concurrent use, also when the test has ended: what comes then is dropped.
type Log struct {
	t     testing.TB
	mu    sync.Mutex
	lines []string
	ended bool
}

// NewLog returns a log without any lines.
func NewLog(t testing.TB) *Log {
	l := &Log{t: t}
	t.Cleanup(func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.ended = true
	})
	return l
}

// Slog returns a logger that writes all levels to the log as text, without the time.
func (l *Log) Slog() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{
		Level: slog.LevelDebug - 100,
		ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
			if len(groups) == 0 && a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		},
	}))
}

// Write adds what is in b. It never fails.
func (l *Log) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.ended {
		line := string(bytes.TrimRight(b, "\n"))
		l.lines = append(l.lines, line)
		l.t.Log(line)
	}
	return len(b), nil
}

// Lines returns what was logged, in order.
func (l *Log) Lines() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string(nil), l.lines...)
}

// Has reports whether a text was logged, in any line.
func (l *Log) Has(text string) bool {
	for _, line := range l.Lines() {
		if strings.Contains(line, text) {
			return true
		}
	}
	return false
}
