package httpx

import (
	"net/http"
	"net/netip"

	"github.com/telestruct/telestruct/tp"
)

// inbound is a request as the server gets it, made at once. Handlers may keep the peer,
// and with it the rest.
type inbound struct {
	call tp.Inbound
	peer tp.Peer
}

func newInbound(r *http.Request, body []byte) *inbound {
	in := &inbound{peer: peer(r)}
	in.call = tp.Inbound{Body: body, Peer: &in.peer, Binary: wishedFormat(r.Header["Accept"])}
	return in
}

// release lets go of what others will use again.
func (in *inbound) release() { in.call = tp.Inbound{} }

// peer tells who sent r: the address of the connection, never one that a header
// claims.
func peer(r *http.Request) tp.Peer {
	addr, _ := netip.ParseAddrPort(r.RemoteAddr)
	return tp.Peer{Transport: "http", Addr: addr}
}
