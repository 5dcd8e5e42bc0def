package tp

import (
	"context"
	"net/netip"
	"sync"
)

// Call is one request as a transport hands it to [Server.Serve].
type Call struct {
	// Body is the request message. The server reads it until Serve returns and
	// keeps nothing of it.
	Body []byte
	// Peer is who sent it; nil when the transport does not know.
	Peer *Peer
	// UpdateHeaders, when not nil, may change the request's headers before
	// they are checked: transports put credentials into @auth_ here (spec
	// section 2.2 step 3).
	UpdateHeaders func(headers *Object)
}

// Peer is the other end of a call, as the transport knows it.
type Peer struct {
	// Transport names the transport, such as "http".
	Transport string
	// Addr is the address the request came from; the zero value when unknown.
	Addr netip.AddrPort
}

// PeerOf returns who sent the call that ctx belongs to; nil when the transport
// does not know, and outside of calls.
func PeerOf(ctx context.Context) *Peer {
	if c := callOf(ctx); c != nil {
		return c.peer
	}
	return nil
}

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
