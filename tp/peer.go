package tp

import (
	"context"
	"net/netip"
)

// Peer is the other end of a call, as the transport knows it.
type Peer struct {
	// Transport names the transport, such as "http" or "websocket".
	Transport string
	// Addr is the address the request came from; the zero value when unknown.
	Addr netip.AddrPort
	// Connection is what the call came in on, when that lasts longer than the call;
	// nil where every request stands alone, as over HTTP.
	Connection *Connection
}

// PeerOf returns who sent the call that ctx belongs to; nil when the transport
// does not know, and outside of calls.
func PeerOf(ctx context.Context) *Peer {
	if c := callOf(ctx); c != nil {
		return c.peer
	}
	return nil
}
