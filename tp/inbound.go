package tp

import (
	"context"
	"net/netip"
)

// Inbound is one request as a transport hands it to [Server.Serve].
type Inbound struct {
	// Body is the request message. The server reads it until Serve returns and
	// keeps nothing of it.
	Body []byte
	// Peer is who sent it; nil when the transport does not know.
	Peer *Peer
	// UpdateHeaders, when not nil, may change the request's headers before
	// they are checked: transports put credentials into @auth_ here (spec
	// section 2.2 step 3).
	UpdateHeaders func(headers *Object)
	// Binary is the binary format in which the transport wants what the caller
	// allows to be binary. The zero value is the format of the request, and
	// [MessagePack] for a request in JSON.
	Binary Format
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
