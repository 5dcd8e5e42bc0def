package httpx

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/telestruct/telestruct/internal/web"
)

// CORSOptions says what pages of other origins may do.
type CORSOptions struct {
	// Origins are the patterns of [Origins], or "*" alone for every page. None lets no
	// page in.
	Origins []string
	// Credentials lets browsers send cookies, and lets these pages act for whoever they
	// belong to. It needs a list of origins. Default false.
	Credentials bool
	// Headers are the request headers that pages may set besides Authorization,
	// Content-Encoding and Content-Type.
	Headers []string
	// MaxAge is how long browsers need not ask again. Default one hour, which browsers
	// may shorten; less than zero makes them ask every time.
	MaxAge time.Duration
}

// CORS lets pages of other origins read the answers, as browsers ask for it (the Fetch
// standard's CORS protocol). The handler, and each route of [Mount], answers OPTIONS by
// itself, so that it has to be mounted for all methods. Do not put another CORS
// middleware in front of it.
//
// It panics for a pattern that is none, and for credentials with "*".
func CORS(options CORSOptions) Option {
	c := newCORS(options)
	return func(h *handler) { h.cors = c }
}

// cors is nil for an endpoint of its own host's pages. It does not change.
type cors struct {
	origins     web.Origins
	all         bool
	credentials bool
	headers     string
	maxAge      string
}

const defaultMaxAge = time.Hour

func newCORS(o CORSOptions) *cors {
	c := &cors{all: slices.Contains(o.Origins, "*"), credentials: o.Credentials}
	switch {
	case c.all && c.credentials:
		panic(`httpx: CORS: credentials need a list of origins, not "*"`)
	case c.all:
		c.origins = web.AnyOrigin()
	default:
		c.origins = parseOrigins(o.Origins)
	}
	c.headers = strings.Join(append([]string{"Authorization", "Content-Encoding", "Content-Type"}, o.Headers...), ", ")
	age := max(o.MaxAge, 0)
	if o.MaxAge == 0 {
		age = defaultMaxAge
	}
	c.maxAge = strconv.FormatInt(int64(age/time.Second), 10)
	return c
}

// lists reports whether the page that a request comes from is one that was named.
func (c *cors) lists(r *http.Request) bool {
	origin := r.Header["Origin"]
	return c != nil && len(origin) == 1 && c.origins.Lists(origin[0])
}

// setHeaders says whether the page may read the answer, whatever it will be.
func (c *cors) setHeaders(header http.Header, r *http.Request) {
	if c == nil {
		return
	}
	if !c.all {
		header.Add("Vary", "Origin") // also for those who may not, or a cache would tell them so
	}
	if !c.lists(r) {
		return
	}
	header.Set("Access-Control-Allow-Origin", "*")
	if !c.all {
		header.Set("Access-Control-Allow-Origin", r.Header["Origin"][0])
	}
	if c.credentials {
		header.Set("Access-Control-Allow-Credentials", "true")
	}
	header.Set("Access-Control-Expose-Headers", "Retry-After")
}

// answerOther answers a request with a method that the endpoint does not serve: OPTIONS,
// also as browsers ask ahead of a request, or one that is not allowed.
func (c *cors) answerOther(w http.ResponseWriter, r *http.Request, reason string, methods ...string) {
	allowed := strings.Join(append(methods, http.MethodOptions), ", ")
	w.Header().Set("Allow", allowed)
	if r.Method != http.MethodOptions {
		http.Error(w, reason, http.StatusMethodNotAllowed)
		return
	}
	if r.Header["Access-Control-Request-Method"] != nil && c.lists(r) {
		w.Header().Del("Access-Control-Expose-Headers") // is for answers
		w.Header().Set("Access-Control-Allow-Methods", strings.Join(methods, ", "))
		w.Header().Set("Access-Control-Allow-Headers", c.headers)
		w.Header().Set("Access-Control-Max-Age", c.maxAge)
	}
	w.WriteHeader(http.StatusNoContent)
}
