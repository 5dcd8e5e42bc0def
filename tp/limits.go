package tp

import (
	"time"

	"github.com/telestruct/telestruct/tp/wire"
)

// limits are the bounds of one server.
type limits struct {
	wire    wire.Limits
	maxTime time.Duration
	times   map[string]time.Duration // of functions, by wire name
}

// timeOf returns how long a function may take.
func (l *limits) timeOf(function string) time.Duration {
	if t, ok := l.times[function]; ok {
		return t
	}
	return l.maxTime
}

func defaultLimits() limits {
	return limits{wire: wire.CallLimits(), maxTime: 30 * time.Second}
}

// LimitOption is an [Option] of a server, for the requests that it reads, and a
// [ClientOption], for the responses. The zero value changes nothing.
type LimitOption struct{ set func(*wire.Limits) }

func (o LimitOption) apply(s *settings)     { o.change(&s.limits.wire) }
func (o LimitOption) applyClient(c *Client) { o.change(&c.limits) }

func (o LimitOption) change(l *wire.Limits) {
	if o.set != nil {
		o.set(l)
	}
}

// MaxDepth sets how many arrays and objects of a message may be open at once, its
// own included. A deeper request is a parse failure, and a deeper response a failure
// of the call; the same holds for the other limits. Default 64; zero or less is the
// default. The most that validation can follow is 1000; more counts as that.
func MaxDepth(depth int) LimitOption {
	const most = 1000
	return LimitOption{func(l *wire.Limits) { l.Depth = min(depth, most) }}
}

// MaxElements sets how many elements one array, or members one object, of a
// message may have. Default 131072; zero or less is the default.
func MaxElements(elements int) LimitOption {
	return LimitOption{func(l *wire.Limits) { l.Elements = elements }}
}

// MaxExtremes sets how many numbers of extreme size a message may have: they take
// long to convert, see [wire.Limits]. Default 4096; zero or less is the default.
func MaxExtremes(numbers int) LimitOption {
	return LimitOption{func(l *wire.Limits) { l.Extremes = numbers }}
}

// MaxExpansion sets how many bytes of lists, maps and structs a message may become
// in Go for each byte of it, with 256 KiB in addition: {} may be a struct of any
// size. Default 64; zero or less is the default.
func MaxExpansion(factor int) LimitOption {
	return LimitOption{func(l *wire.Limits) { l.Expansion = factor }}
}

// MaxTime sets how long a handler's context lives at most; a positive @time_
// header of the request can only shorten it. Default 30 s; zero or less means no
// bound but the caller's. With the wire names of functions, such as "fn.report", it is
// about these alone, and Build reports names that the API does not have.
func MaxTime(d time.Duration, functions ...string) Option {
	if len(functions) == 0 {
		return optionFunc(func(s *settings) { s.limits.maxTime = d })
	}
	return Options(RequireFunctions("tp.MaxTime", functions...), optionFunc(func(s *settings) {
		if s.limits.times == nil {
			s.limits.times = map[string]time.Duration{}
		}
		for _, name := range functions {
			s.limits.times[name] = d
		}
	}))
}
