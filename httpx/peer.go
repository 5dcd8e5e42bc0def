package httpx

import (
	"net/http"
	"net/netip"

	"github.com/telestruct/telestruct/tp"
)

// peer tells who sent r: the address of the connection, never one that a header
// claims.
func peer(r *http.Request) *tp.Peer {
	addr, _ := netip.ParseAddrPort(r.RemoteAddr)
	return &tp.Peer{Transport: "http", Addr: addr}
}
