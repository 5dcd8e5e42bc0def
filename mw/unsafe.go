package mw

import (
	"context"

	"github.com/telestruct/telestruct/tp"
)

// UnsafePolicy decides whether a request with the header @unsafe_ gets its result
// although it breaks the schema. The context has the caller's [Identity] and
// [tp.PeerOf]; the arguments of the request are not known yet. It runs on the request's
// goroutine, many at a time; a panic answers ErrorUnknown_.
type UnsafePolicy func(ctx context.Context, req *tp.Request) bool

// AllowUnsafe is the [UnsafePolicy] that lets everyone have results as they are. It is
// what an API without [Unsafe] does, as the protocol has it (spec section 3.1).
func AllowUnsafe(context.Context, *tp.Request) bool { return true }

// DenyUnsafe is the [UnsafePolicy] that checks every result.
func DenyUnsafe(context.Context, *tp.Request) bool { return false }

// Unsafe sets who may have results that break the schema. Where the policy says no, the
// header @unsafe_ has no effect and the result is checked as ever. What was let through
// is told to the failure hook, and [Logging] and [Slog] write a line about it. Of two
// policies the later one holds; nil is [DenyUnsafe].
func Unsafe(policy UnsafePolicy) tp.Option {
	if policy == nil {
		policy = DenyUnsafe
	}
	return tp.AllowUnsafe(policy)
}
