package httpx

import (
	"net/http"
	"net/netip"
	"time"

	"github.com/telestruct/telestruct/internal/web"
	"github.com/telestruct/telestruct/tp"
)

// Option configures a [Handler], the routes of [Mount], and [MirrorEvents]. Some say that
// they are for one of them only; the others take no notice of these.
type Option func(*handler)

const (
	// defaultMaxBody is the largest request body unless MaxBody says otherwise.
	defaultMaxBody = 1 << 20
	// defaultBodyTimeout is how long a body takes unless BodyTimeout says otherwise.
	defaultBodyTimeout = 30 * time.Second
)

// newHandler returns a handler with the options; it panics for a nil server.
func newHandler(srv *tp.Server, options []Option) *handler {
	if srv == nil {
		panic("httpx: nil server")
	}
	h := newSettings(options)
	h.srv = srv
	return h
}

// newSettings returns a handler without a server.
func newSettings(options []Option) *handler {
	h := &handler{maxBody: defaultMaxBody, arrivals: arrivals{limit: defaultBodyTimeout}, mirror: mirrorSettings{every: defaultFlush}}
	for _, o := range options {
		if o != nil {
			o(h)
		}
	}
	return h
}

// MaxBody sets how many bytes the body of a request may have, as it is sent and, when
// it was compressed, unpacked. Beyond it the answer is 413. Default 1 MiB; zero or
// less is the default.
func MaxBody(bytes int64) Option {
	return func(h *handler) {
		if bytes <= 0 {
			bytes = defaultMaxBody
		}
		h.maxBody = bytes
	}
}

// BodyTimeout sets how long the body of a request may take to arrive. Beyond it the
// answer is 408, and the connection is closed. It has no effect where the
// [http.Server] has a shorter ReadTimeout. Default 30 s; zero or less is the default.
func BodyTimeout(d time.Duration) Option {
	return func(h *handler) {
		if d <= 0 {
			d = defaultBodyTimeout
		}
		h.arrivals.limit = d
	}
}

// UpdateHeaders lets update change the headers of every request before they are
// checked, with what the HTTP request says (spec section 2.2 step 3): for credentials
// that [Credentials] cannot find, and for headers such as @trace. It runs on the
// request's goroutine, many at a time; a panic answers ErrorUnknown_. Nil changes
// nothing.
//
// As it may turn cookies into credentials, requests from pages of another origin are
// refused: see [Origins].
func UpdateHeaders(update func(r *http.Request, headers *tp.Object)) Option {
	return func(h *handler) { h.update = update }
}

// Origins names the origins whose pages may use the endpoint, besides its own host:
//
//	httpx.Origins("https://app.example.com", "*.example.com")
//
// A pattern is a scheme and a host, or a host for both HTTP and HTTPS, with a port where
// it is not the usual one. With "*." it stands for all hosts below. Origins may be given
// several times. It panics for a pattern that is nothing of this.
//
// Requests that browsers send for pages of other origins are refused with status 403,
// wherever the endpoint has [Credentials], [UpdateHeaders] or Origins: browsers send
// cookies by themselves. A request without an Origin header is none of a page, unless
// Sec-Fetch-Site says so. "null" is foreign. The scheme is not compared with the
// endpoint's own, which a proxy may have taken off. What [CORS] lists may use the
// endpoint as well.
func Origins(patterns ...string) Option {
	return func(h *handler) {
		h.patterns = append(h.patterns, patterns...)
		h.origins = parseOrigins(h.patterns)
		h.guarded = true
	}
}

// InsecureAnyOrigin lets the pages of every origin use the endpoint with the cookies of
// whoever looks at them. Use it only where no credentials come from cookies, or where
// something in front of the server does the work of [Origins].
func InsecureAnyOrigin() Option {
	return func(h *handler) { h.origins = web.AnyOrigin() }
}

func parseOrigins(patterns []string) web.Origins {
	origins, err := web.ParseOrigins(patterns...)
	if err != nil {
		panic("httpx: " + err.Error())
	}
	return origins
}

// TrustProxies names the addresses of proxies in front of the server. When a request
// comes from one of them, the [tp.Peer]'s address is what X-Forwarded-For or Forwarded
// says: the last address in it that is not such a proxy's itself. From anybody else
// these headers count for nothing. Where a request has both, and they do not agree, the
// address is the proxy's.
func TrustProxies(prefixes ...netip.Prefix) Option {
	return func(h *handler) { h.proxies = append(h.proxies, prefixes...) }
}
