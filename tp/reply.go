package tp

import "time"

// Reply is the answer to one request.
type Reply struct {
	// Bytes is the response message. It belongs to the server: it must not be
	// used after Release.
	Bytes []byte
	// Tag is the tag of the result, such as Ok_ or ErrorUnknown_.
	Tag string
	// Headers are the response headers as they were written, for transports
	// that map some of them to their own. They must not be changed. Nil when there
	// are none.
	Headers Object
	// Format is how Bytes are written, for transports that name a content type.
	Format Format
	// RetryAfter is how long the caller should wait before it calls again, when it was
	// answered that it calls too often ([RateLimitError]); zero otherwise.
	RetryAfter time.Duration

	owner *exchange // whose memory Bytes is part of
	turn  uint64    // of the owner
}

// Release gives the reply's memory back to the server. Calling it is optional:
// what is not released is left to the garbage collector. Bytes must not be used
// afterwards. Releasing the zero reply, or one a second time, or a copy of one, does
// nothing, whatever goroutine does it and when.
func (r Reply) Release() {
	// Others may have the owner since a release before, and release replies of theirs.
	if r.owner != nil && r.owner.turn.CompareAndSwap(r.turn, r.turn+1) {
		exchanges.Put(r.owner)
	}
}
