package tp

import (
	"time"

	"github.com/telestruct/telestruct/tp/wire"
)

// limits are the bounds of one server.
type limits struct {
	wire    wire.Limits
	maxTime time.Duration
}

func defaultLimits() limits {
	return limits{wire: wire.CallLimits(), maxTime: 30 * time.Second}
}

// MaxDepth sets how many arrays and objects of a request may be open at once,
// the message's own included. A deeper request is a parse failure. Default 64; zero or
// less is the default. The most that validation can follow is 1000; more counts as
// that.
func MaxDepth(depth int) Option {
	const most = 1000
	return optionFunc(func(s *settings) { s.limits.wire.Depth = min(depth, most) })
}

// MaxElements sets how many elements one array, or members one object, of a
// request may have. A larger request is a parse failure. Default 131072; zero or
// less is the default.
func MaxElements(elements int) Option {
	return optionFunc(func(s *settings) { s.limits.wire.Elements = elements })
}

// MaxExtremes sets how many numbers of extreme size a request may have: they take
// long to convert, see [wire.Limits]. A request with more is a parse failure.
// Default 4096; zero or less is the default.
func MaxExtremes(numbers int) Option {
	return optionFunc(func(s *settings) { s.limits.wire.Extremes = numbers })
}

// MaxExpansion sets how many bytes of lists, maps and structs a request may become
// in Go for each byte of it, with 256 KiB in addition: {} may be a struct of any
// size. A request that would take more is a parse failure. Default 64; zero or less
// is the default.
func MaxExpansion(factor int) Option {
	return optionFunc(func(s *settings) { s.limits.wire.Expansion = factor })
}

// MaxTime sets how long a handler's context lives at most; a positive @time_
// header of the request can only shorten it. Default 30 s; zero or less means no
// bound but the caller's.
func MaxTime(d time.Duration) Option {
	return optionFunc(func(s *settings) { s.limits.maxTime = d })
}
