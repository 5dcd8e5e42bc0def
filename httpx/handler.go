package httpx

import (
	"net/http"
	"strconv"
	"time"

	"github.com/telestruct/telestruct/internal/web"
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
// of the HTTP request, so it ends when the client goes away.
//
// The status is 200 whenever there is a response message, and 429 with Retry-After
// when it says that the caller calls too often. Only what fails in HTTP has another
// status: 403 for a page of a foreign origin ([Origins]), 405 for other methods, 408
// for a body that takes too long ([BodyTimeout]), 413 for one beyond [MaxBody], 415 for
// one in a Content-Encoding that is not gzip or deflate, and 400 for one that breaks
// off. OPTIONS is answered with the methods that there are, and with what [CORS] allows.
// Requests with an Origin header, which are those of browsers, get X-Content-Type-Options.
//
// It is safe for concurrent use and panics only for a nil server.
func Handler(srv *tp.Server, options ...Option) http.Handler {
	return newHandler(srv, options)
}

type handler struct {
	srv         *tp.Server
	maxBody     int64
	arrivals    arrivals
	update      func(r *http.Request, headers *tp.Object)
	credentials web.CredentialSource
	proxies     web.Proxies
	cors        *cors
	hidesSchema bool // of the routes of Mount
	mirror      mirrorSettings

	patterns []string // of origins
	origins  web.Origins
	guarded  bool // whether pages of foreign origins are refused
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.cors.setHeaders(w.Header(), r)
	if r.Method != http.MethodPost {
		h.cors.answerOther(w, r, "a Telepact endpoint answers POST only", http.MethodPost)
		return
	}
	if h.isGuarded() && !h.mayUse(r) {
		refuse(w, "pages of another origin may not use this endpoint; the server can name those that may", http.StatusForbidden)
		return
	}
	in := inbounds.Get().(*inbound)
	defer in.release()
	if !h.receive(in, w, r) {
		return
	}
	in.open(r, h.proxies)
	if h.update != nil || h.credentials != nil {
		in.call.UpdateHeaders = func(headers *tp.Object) { h.updateHeaders(in, r, headers) }
	}
	reply := h.srv.Serve(r.Context(), &in.call)
	defer reply.Release()
	setHeaders(w.Header(), r, &reply)
	if reply.RetryAfter > 0 {
		tellRetry(w, reply.RetryAfter)
	}
	_, _ = w.Write(reply.Bytes) // a client that went away has nobody to tell
}

// updateHeaders runs what the program does with the HTTP request where a panic is
// answered as one of the call.
func (h *handler) updateHeaders(in *inbound, r *http.Request, headers *tp.Object) {
	if h.update != nil {
		h.update(r, headers)
	}
	if h.credentials != nil {
		if credentials, ok := h.credentials(r); ok {
			in.call.Credentials = credentials
		}
	}
}

// ownLength is up to how many bytes net/http says by itself how long a reply is: it
// has them all before it sends the first.
const ownLength = 2 << 10

// setHeaders says in HTTP what a reply is. The values are its own: middleware may change them.
func setHeaders(header http.Header, r *http.Request, reply *tp.Reply) {
	// Set would look for the canonical form of the name.
	header["Content-Type"] = []string{contentType(reply.Format)}
	if r.Header["Origin"] != nil { // every POST of a browser has one, and nobody else guesses types
		header["X-Content-Type-Options"] = []string{"nosniff"}
	}
	if n := len(reply.Bytes); n > ownLength {
		header["Content-Length"] = []string{strconv.Itoa(n)}
	}
}

// tellRetry says in HTTP that the caller calls too often (RFC 6585 section 4). Seconds
// are rounded up, so that it does not come back too early.
func tellRetry(w http.ResponseWriter, after time.Duration) {
	seconds := (after-1)/time.Second + 1
	w.Header().Set("Retry-After", strconv.FormatInt(int64(seconds), 10))
	w.WriteHeader(http.StatusTooManyRequests)
}

// refuse answers a request whose body was not read to its end, and lets go of the
// connection: nobody will read what is still to come.
func refuse(w http.ResponseWriter, reason string, status int) {
	w.Header().Set("Connection", "close")
	http.Error(w, reason, status)
}
