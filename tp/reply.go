package tp

// Reply is the answer to one request.
type Reply struct {
	// Bytes is the response message. It belongs to the server: it must not be
	// used after Release.
	Bytes []byte
	// Tag is the tag of the result, such as Ok_ or ErrorUnknown_.
	Tag string
	// Headers are the response headers as they were written, for transports
	// that map some of them to their own. Nil when there are none.
	Headers Object
	// Format is how Bytes are written, for transports that name a content type.
	Format Format

	owner *exchange // whose memory Bytes is part of
	turn  uint      // of the owner
}

// Release gives the reply's memory back to the server. Calling it is optional:
// what is not released is left to the garbage collector. Bytes must not be used
// afterwards. Releasing the zero reply, or one a second time, or a copy of one, does
// nothing. A reply and its copies must not be released by two goroutines at once.
func (r Reply) Release() {
	if r.owner != nil && r.owner.turn == r.turn {
		r.owner.turn++
		exchanges.Put(r.owner)
	}
}
