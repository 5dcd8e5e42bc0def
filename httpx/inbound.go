package httpx

import (
	"net/http"
	"sync"

	"github.com/telestruct/telestruct/internal/web"
	"github.com/telestruct/telestruct/tp"
)

// inbound is a request as the server gets it. It is pooled: a server keeps nothing of
// it once it has answered, but for the peer.
type inbound struct {
	call    tp.Inbound
	body    buffer
	arrival arrival // of the body
}

var inbounds = sync.Pool{New: func() any { return new(inbound) }}

// open says in Telepact's words what r says in those of HTTP.
func (in *inbound) open(r *http.Request, proxies web.Proxies) {
	in.call.Body = in.body.bytes
	in.call.Peer = &tp.Peer{Transport: "http", Addr: proxies.Address(r)}
	in.call.Binary = wishedFormat(r.Header["Accept"])
}

func (in *inbound) release() {
	in.call = tp.Inbound{}
	in.body.reset()
	inbounds.Put(in)
}
