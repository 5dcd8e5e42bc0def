package mw

import (
	"iter"
	"log/slog"
	"math"
	"net/netip"
	"strings"
	"time"
)

// record is one line of a log. It holds nothing that a caller or a handler has written,
// but for text.
type record struct {
	message string
	level   slog.Level

	function, tag string
	took          time.Duration // noTime when nothing was timed
	transport     string
	peer          netip.AddrPort

	caseID, kind, cause string
	text                string
	stack               string
	breaches            []string
	count               int // of what was breached
}

const (
	noTime   = time.Duration(-1)
	maxAttrs = 12 // of a record
)

// attrs are the fields of the line, without those that have nothing to say.
func (r *record) attrs() iter.Seq[slog.Attr] {
	return func(yield func(slog.Attr) bool) {
		ok := yield(slog.String("function", r.function)) && yield(slog.String("tag", r.tag))
		if ok && r.took != noTime {
			ok = yield(slog.Float64("tookMs", milliseconds(r.took)))
		}
		ok = ok && text(yield, "transport", r.transport)
		if ok && r.peer.IsValid() {
			ok = yield(slog.String("peer", r.peer.String()))
		}
		ok = ok && text(yield, "caseId", r.caseID) && text(yield, "kind", r.kind) && text(yield, "cause", r.cause) &&
			text(yield, "error", r.text) && text(yield, "stack", r.stack)
		if ok && r.count > 0 {
			_ = yield(slog.Any("breaches", r.breaches)) && yield(slog.Int("breachCount", r.count))
		}
	}
}

func text(yield func(slog.Attr) bool, key, value string) bool {
	return value == "" || yield(slog.String(key, value))
}

// milliseconds is d to the microsecond.
func milliseconds(d time.Duration) float64 {
	return math.Round(float64(d)/float64(time.Microsecond)) / 1000
}

// frames returns a stack without the arguments of its calls, which are printed as
// numbers and can be what a caller sent.
func frames(stack []byte) string {
	var b strings.Builder
	for line := range strings.Lines(string(stack)) {
		line = strings.TrimRight(line, "\n")
		if at := strings.LastIndexByte(line, '('); at > 0 && strings.HasSuffix(line, ")") && !strings.HasPrefix(line, "\t") {
			line = line[:at]
		}
		b.WriteString(line + "\n")
	}
	return b.String()
}
