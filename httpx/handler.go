package httpx

import (
	"net/http"
	"strconv"

	"github.com/telestruct/telestruct/tp"
)

// Handler returns the endpoint of a server, to be mounted at one path of any
// router:
//
//	r.Handle("/api/telepact", httpx.Handler(srv))
//
// It answers POST requests; the body is the request message, whatever its
// content type says. Callers who allow binary answers get MessagePack, or CBOR
// when their Accept header says application/cbor. The handler's context is that
// of the HTTP request, so it ends when the client goes away. Other methods get
// 405, a body beyond [MaxBody] gets 413, and a body that breaks off 400. It is
// safe for concurrent use and panics only for a nil server.
func Handler(srv *tp.Server, options ...Option) http.Handler {
	if srv == nil {
		panic("httpx: nil server")
	}
	h := &handler{srv: srv, maxBody: defaultMaxBody}
	for _, o := range options {
		if o != nil {
			o(h)
		}
	}
	return h
}

// Option configures a [Handler].
type Option func(*handler)

// defaultMaxBody is the largest request body unless MaxBody says otherwise.
const defaultMaxBody = 1 << 20

// MaxBody sets how many bytes the body of a request may have. Default 1 MiB; zero
// or less is the default.
func MaxBody(bytes int64) Option {
	return func(h *handler) {
		if bytes <= 0 {
			bytes = defaultMaxBody
		}
		h.maxBody = bytes
	}
}

// UpdateHeaders lets update change the headers of every request before they are
// checked, with what the HTTP request says: it is the place to turn a bearer token
// or a cookie into @auth_ (spec section 2.2 step 3). It runs on the request's
// goroutine, many at a time; a panic answers ErrorUnknown_. Nil changes nothing.
func UpdateHeaders(update func(r *http.Request, headers *tp.Object)) Option {
	return func(h *handler) { h.update = update }
}

type handler struct {
	srv     *tp.Server
	maxBody int64
	update  func(r *http.Request, headers *tp.Object)
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "a Telepact endpoint answers POST only", http.StatusMethodNotAllowed)
		return
	}
	in := inbounds.Get().(*inbound)
	defer in.release()
	if status, reason := in.body.read(w, r, h.maxBody); status != 0 {
		http.Error(w, reason, status)
		return
	}
	in.open(r)
	if h.update != nil {
		in.call.UpdateHeaders = func(headers *tp.Object) { h.update(r, headers) }
	}
	reply := h.srv.Serve(r.Context(), &in.call)
	defer reply.Release()
	setHeaders(w.Header(), &reply)
	_, _ = w.Write(reply.Bytes) // a client that went away has nobody to tell
}

// ownLength is up to how many bytes net/http says by itself how long a reply is: it
// has them all before it sends the first.
const ownLength = 2 << 10

// setHeaders says in HTTP what a reply is.
func setHeaders(header http.Header, reply *tp.Reply) {
	// Set would make a slice for each, and look for the canonical form of the name.
	values := []string{contentType(reply.Format), "nosniff"}
	header["Content-Type"] = values[0:1:1]
	header["X-Content-Type-Options"] = values[1:2:2]
	if n := len(reply.Bytes); n > ownLength {
		header["Content-Length"] = []string{strconv.Itoa(n)}
	}
}
