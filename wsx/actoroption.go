package wsx

import "time"

// actorOptions are the settings of actors.
type actorOptions struct {
	json         map[string]*jsonMessage // by what their type members say
	loginTimeout time.Duration           // 0 for none
	stuckAfter   time.Duration
	cutAfter     time.Duration       // 0 for never
	onError      func(*HandlerError) // nil for the log
	onUnhandled  func(Unhandled)     // nil for the log
}

// defaultStuckAfter is the default of [HandlerLimit].
const defaultStuckAfter = 30 * time.Second

// LoginTimeout sets how long an actor may stay in states of the type that it begins with.
// Then its connection is closed with [CodePolicy] and [ReasonAuthTimeout], so that who does
// not log in does not take up room. A state of another type ends the time, also the one that a
// rule for [Connected] returns. Zero or less, the default: no limit.
func LoginTimeout(d time.Duration) Option {
	return func(s *settings) { s.actors.loginTimeout = d }
}

// HandlerLimit sets how long a handler of an actor may run. One that takes longer than report
// is told to the hook of [OnError], once and as [ErrStuck]; default 30 s. One that takes
// longer than cut has its connection closed with [CodeInternalError], which ends
// [Conn.Context]; zero or less, the default: never. The handler itself cannot be ended.
// It panics when cut is shorter than report.
func HandlerLimit(report, cut time.Duration) Option {
	report, cut = or(report, defaultStuckAfter), max(cut, 0)
	if cut > 0 && cut < report {
		panic("wsx: HandlerLimit: a connection cannot be cut before its handler is reported: make cut longer, or report shorter")
	}
	return func(s *settings) { s.actors.stuckAfter, s.actors.cutAfter = report, cut }
}
