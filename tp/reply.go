package tp

import "sync"

// Reply is the answer to one request.
type Reply struct {
	// Bytes is the response message. It belongs to the reply: it must not be
	// used after Release.
	Bytes []byte
	// Tag is the tag of the result, such as Ok_ or ErrorUnknown_.
	Tag string
	// Headers are the response headers as they were written, for transports
	// that map some of them to their own. Nil when there are none.
	Headers Object
	// Format is how Bytes are written, for transports that name a content type.
	Format Format

	buffer *buffer // what Bytes is part of; nil once released
}

// buffer is memory for the bytes of one reply at a time.
type buffer struct{ bytes []byte }

var buffers = sync.Pool{New: func() any { return new(buffer) }}

// maxPooledReply is the capacity of the largest buffer that a released reply
// gives back: one huge answer must not hold its memory for ever.
const maxPooledReply = 256 << 10

// Release gives the reply's memory back to the server. Calling it is optional:
// what is not released is left to the garbage collector. Bytes must not be used
// afterwards. Releasing a nil reply, or one a second time, does nothing. A reply
// must not be released by two goroutines at once.
func (r *Reply) Release() {
	if r == nil || r.buffer == nil {
		return
	}
	b := r.buffer
	if b.bytes = b.bytes[:0]; cap(b.bytes) > maxPooledReply {
		b.bytes = nil
	}
	r.Bytes, r.buffer = nil, nil
	buffers.Put(b)
}
