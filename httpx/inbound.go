package httpx

import (
	"net/http"
	"net/netip"
	"sync"

	"github.com/telestruct/telestruct/tp"
)

// inbound is a request as the server gets it. It is pooled: a server keeps nothing of
// it once it has answered, but for the peer.
type inbound struct {
	call tp.Inbound
	body buffer
}

var inbounds = sync.Pool{New: func() any { return new(inbound) }}

// open says in Telepact's words what r says in those of HTTP.
func (in *inbound) open(r *http.Request) {
	in.call.Body = in.body.bytes
	in.call.Peer = peer(r)
	in.call.Binary = wishedFormat(r.Header["Accept"])
}

func (in *inbound) release() {
	in.call = tp.Inbound{}
	in.body.reset()
	inbounds.Put(in)
}

// peer tells who sent r: the address of the connection, never one that a header
// claims.
func peer(r *http.Request) *tp.Peer {
	addr, _ := netip.ParseAddrPort(r.RemoteAddr)
	return &tp.Peer{Transport: "http", Addr: addr}
}
