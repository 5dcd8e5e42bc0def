package httpx

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/telestruct/telestruct/tp"
)

// Router is what [Mount] needs of a router: a chi router and an [http.ServeMux] have
// it.
type Router interface {
	Handle(pattern string, handler http.Handler)
}

// Mount puts what a server offers on a router, below a path such as "/api/telepact":
//
//	/api/telepact              calls: see Handler
//	/api/telepact/schema.yaml  the schema, for GET
//	/api/telepact/schema.json  the same in JSON
//	/api/telepact/health       "ok", for GET; status 503 once the server stops
//
// In a router of its own the path is "/" and the others are right below it. The path
// is the router's: a prefix that was taken off before does not count. The schema has
// an ETag, so that who has it need not read it again. [NoSchema] leaves it out. The
// options are those of [Handler].
//
// The result tells the health that the server stops: give it to [Serve] or [Shutdown].
// Mount panics for a nil server, and for a path that does not begin with a slash.
func Mount(router Router, path string, srv *tp.Server, options ...Option) *Routes {
	if !strings.HasPrefix(path, "/") {
		panic("httpx: Mount: the path " + path + ` does not begin with "/"`)
	}
	h := newHandler(srv, options)
	routes := &Routes{}
	below := strings.TrimSuffix(path, "/")
	router.Handle(exactly(router, path), h)
	router.Handle(below+"/health", &reading{h.cors, routes.health})
	if !h.hidesSchema {
		router.Handle(below+"/schema.yaml", &reading{h.cors, newDocument("application/yaml", srv.Schema().WriteYAML).serve})
		router.Handle(below+"/schema.json", &reading{h.cors, newDocument("application/json", srv.Schema().WriteJSON).serve})
	}
	return routes
}

// NoSchema leaves the documents of the schema out of [Mount]'s routes. Callers can still
// ask fn.api_ for it. It has no effect on [Handler].
func NoSchema() Option { return func(h *handler) { h.hidesSchema = true } }

// exactly returns the pattern of one path. A path that ends in a slash is all below it
// to the multiplexer of net/http.
func exactly(router Router, path string) string {
	if _, isMux := router.(*http.ServeMux); isMux && strings.HasSuffix(path, "/") {
		return path + "{$}"
	}
	return path
}

// Routes is what [Mount] has put on a router. It is safe for concurrent use.
type Routes struct {
	stopping atomic.Bool
}

// Stopping makes health answer 503 from now on, so that whoever asks it sends no more
// calls. Those that come are answered all the same.
func (r *Routes) Stopping() { r.stopping.Store(true) }

// Shutdown is [Routes.Stopping]. It never fails; calls in flight are waited for by
// [http.Server.Shutdown].
func (r *Routes) Shutdown(context.Context) error {
	r.Stopping()
	return nil
}

func (r *Routes) health(w http.ResponseWriter, _ *http.Request) {
	header := w.Header()
	header.Set("Content-Type", "text/plain; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	text := "ok\n"
	if r.stopping.Load() {
		text = "stopping\n"
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_, _ = w.Write([]byte(text))
}

// reading is a route for GET and HEAD.
type reading struct {
	cors  *cors
	serve http.HandlerFunc
}

func (g *reading) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.cors.setHeaders(w.Header(), r)
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		g.cors.answerOther(w, r, "this is to be read with GET", http.MethodGet, http.MethodHead)
		return
	}
	g.serve(w, r)
}
