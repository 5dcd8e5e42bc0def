package httpx_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/tp/schema"
)

func TestMount(t *testing.T) {
	t.Parallel()
	srv := server(t)
	below := func(path string) func() http.Handler { // what Mount offers at path, on both routers
		return func() http.Handler {
			mux := http.NewServeMux()
			httpx.Mount(mux, path, srv)
			return mux
		}
	}
	routers := []struct {
		name string
		make func() http.Handler
		path string // of the calls, with the others below
	}{
		{"ServeMux", below("/api/telepact"), "/api/telepact"},
		{"root of a ServeMux", below("/"), "/"},
		{"directory of a ServeMux", below("/api/"), "/api/"},
		{"chi", func() http.Handler {
			r := chi.NewRouter()
			httpx.Mount(r, "/api/telepact", srv)
			return r
		}, "/api/telepact"},
		{"root of a chi router", func() http.Handler {
			r := chi.NewRouter()
			httpx.Mount(r, "/", srv)
			return r
		}, "/"},
		{"route of a chi router", func() http.Handler {
			r := chi.NewRouter()
			r.Route("/{tenant}/api", func(r chi.Router) { httpx.Mount(r, "/", srv) })
			return r
		}, "/acme/api"},
		{"group of a chi router", func() http.Handler {
			r := chi.NewRouter()
			r.Group(func(r chi.Router) { httpx.Mount(r, "/api", srv) })
			return r
		}, "/api"},
		{"mounted chi router", func() http.Handler {
			inner, r := chi.NewRouter(), chi.NewRouter()
			httpx.Mount(inner, "/telepact", srv)
			r.Mount("/api", inner)
			return r
		}, "/api/telepact"},
		{"prefix taken off", func() http.Handler { return http.StripPrefix("/v1", below("/api")()) }, "/v1/api"},
	}
	requests := []struct {
		method, path, body string
		status             int
		contains, allow    string
	}{
		{"POST", "", call, 200, answer, ""},
		{"GET", "", "", 405, "answers POST only", "POST, OPTIONS"},
		{"HEAD", "", "", 405, "", "POST, OPTIONS"},
		{"OPTIONS", "", "", 204, "", "POST, OPTIONS"},
		{"GET", "/schema.yaml", "", 200, "- fn.greet:", ""},
		{"GET", "/schema.json", "", 200, `"fn.greet":`, ""},
		{"HEAD", "/schema.json", "", 200, "", ""},
		{"POST", "/schema.json", "{}", 405, "read with GET", "GET, HEAD, OPTIONS"},
		{"OPTIONS", "/schema.yaml", "", 204, "", "GET, HEAD, OPTIONS"},
		{"GET", "/health", "", 200, "ok\n", ""},
		{"HEAD", "/health", "", 200, "", ""},
		{"DELETE", "/health", "", 405, "read with GET", "GET, HEAD, OPTIONS"},
		{"GET", "/other", "", 404, "", ""},
	}
	for _, router := range routers {
		t.Run(router.name, func(t *testing.T) {
			t.Parallel()
			h := router.make()
			for _, tc := range requests {
				path := router.path
				if tc.path != "" {
					path = strings.TrimSuffix(path, "/") + tc.path
				}
				w := request(h, tc.method, path, tc.body)
				if w.Code != tc.status || !strings.Contains(w.Body.String(), tc.contains) || w.Header().Get("Allow") != tc.allow {
					t.Errorf("%s %s: %d %q, Allow %q; want %d %q, %q", tc.method, path, w.Code, w.Body, w.Header().Get("Allow"), tc.status, tc.contains, tc.allow)
				}
			}
		})
	}
}

// The documents are the schema, and who has them does not get them again.
func TestSchemaDocuments(t *testing.T) {
	t.Parallel()
	srv := server(t)
	mux := http.NewServeMux()
	httpx.Mount(mux, "/api", srv)
	tags := map[string]bool{}
	for name, contentType := range map[string]string{"api.telepact.yaml": "application/yaml", "api.telepact.json": "application/json"} {
		path := "/api/schema" + name[strings.LastIndexByte(name, '.'):]
		w := request(mux, "GET", path, "")
		got, err := schema.Parse(schema.Document{Name: name, Text: w.Body.Bytes()})
		if err != nil {
			t.Fatal(err)
		}
		if differences := schema.Compare(srv.Schema(), got, schema.CompareOptions{Docs: true}); differences != nil {
			t.Errorf("%s: %v", path, differences)
		}
		header := w.Header()
		if header.Get("Content-Type") != contentType || header.Get("Cache-Control") != "no-cache" || header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: headers %v", path, header)
		}
		tag := header.Get("ETag")
		tags[tag] = true
		for match, status := range map[string]int{tag: 304, `"x", ` + tag: 304, "*": 304, `W/"x"`: 200} {
			again := request(mux, "GET", path, "", "If-None-Match", match)
			if again.Code != status || (again.Body.Len() == 0) != (status == 304) {
				t.Errorf("%s, If-None-Match %s: %d %s", path, match, again.Code, again.Body)
			}
		}
	}
	if len(tags) != 2 || tags[""] {
		t.Errorf("tags: %v", tags)
	}
}

func TestNoSchema(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	httpx.Mount(mux, "/api", server(t), httpx.NoSchema())
	for path, status := range map[string]int{"/api/schema.yaml": 404, "/api/schema.json": 404, "/api/health": 200} {
		if w := request(mux, "GET", path, ""); w.Code != status {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	if w := request(mux, "POST", "/api", call); w.Body.String() != answer {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// A server that stops says so, and answers what comes all the same.
func TestHealth(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	routes := httpx.Mount(mux, "/api", server(t))
	if w := request(mux, "GET", "/api/health", ""); w.Code != 200 || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%d, headers %v", w.Code, w.Header())
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := routes.Shutdown(ctx); err != nil {
		t.Error(err)
	}
	if w := request(mux, "GET", "/api/health", ""); w.Code != 503 || w.Body.String() != "stopping\n" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := request(mux, "POST", "/api", call); w.Code != 200 || w.Body.String() != answer {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func ExampleMount() {
	srv := exampleServer()

	r := chi.NewRouter()
	r.Route("/api", func(r chi.Router) {
		httpx.Mount(r, "/telepact", srv, httpx.MaxBody(64<<10))
	})

	ts := httptest.NewServer(r)
	defer ts.Close()
	show(ts.Client().Get(ts.URL + "/api/telepact/health"))
	show(ts.Client().Post(ts.URL+"/api/telepact", "", strings.NewReader(call)))
	// Output:
	// 200 OK: ok
	// 200 OK: [{},{"Ok_":{"message":"Hello World!"}}]
}
