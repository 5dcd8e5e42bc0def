package httpx_test

import (
	"bufio"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/httpx"
)

type use = func(http.Handler) http.Handler

// plain takes a middleware that needs to know nothing.
func plain(m use) func(*chi.Mux, http.Handler) use {
	return func(*chi.Mux, http.Handler) use { return m }
}

const prefix = "/v1" // that StripPrefix takes off

// stock is each middleware that comes with chi, in an order in which all of them can
// stand on one router: those that answer by themselves come last.
var stock = []struct {
	name string
	make func(r *chi.Mux, endpoint http.Handler) use
}{
	{"StripPrefix", plain(middleware.StripPrefix(prefix))},
	{"Recoverer", plain(middleware.Recoverer)},
	{"Logger", plain(middleware.Logger)},
	{"RequestLogger", plain(middleware.RequestLogger(&middleware.DefaultLogFormatter{Logger: log.New(io.Discard, "", 0)}))},
	{"RequestID", plain(middleware.RequestID)},
	//lint:ignore SA1019 programs still have it
	{"RealIP", plain(middleware.RealIP)},
	{"ClientIPFromHeader", plain(middleware.ClientIPFromHeader("X-Real-IP"))},
	{"ClientIPFromXFF", plain(middleware.ClientIPFromXFF("127.0.0.0/8"))},
	{"ClientIPFromXFFTrustedProxies", plain(middleware.ClientIPFromXFFTrustedProxies(1))},
	{"ClientIPFromRemoteAddr", plain(middleware.ClientIPFromRemoteAddr)},
	{"BasicAuth", plain(middleware.BasicAuth("here", map[string]string{"ann": "secret"}))},
	{"Throttle", plain(middleware.Throttle(10))},
	{"ThrottleBacklog", plain(middleware.ThrottleBacklog(10, 10, time.Minute))},
	{"ThrottleWithOpts", plain(middleware.ThrottleWithOpts(middleware.ThrottleOpts{Limit: 10}))},
	{"Timeout", plain(middleware.Timeout(time.Minute))},
	{"RequestSize", plain(middleware.RequestSize(1 << 10))},
	{"AllowContentType", plain(middleware.AllowContentType("application/json"))},
	{"AllowContentEncoding", plain(middleware.AllowContentEncoding("gzip"))},
	{"ContentCharset", plain(middleware.ContentCharset("utf-8"))},
	{"Compress", plain(middleware.Compress(5))},
	{"Compressor.Handler", plain(middleware.NewCompressor(5).Handler)},
	{"NoCache", plain(middleware.NoCache)},
	{"SetHeader", plain(middleware.SetHeader("X-Test", "yes"))},
	{"Deprecation", plain(middleware.Deprecation(time.Now()))},
	{"Sunset", plain(middleware.Sunset(time.Now()))},
	{"WithValue", plain(middleware.WithValue("key", "value"))},
	{"Maybe", plain(middleware.Maybe(middleware.NoCache, func(*http.Request) bool { return true }))},
	{"HeaderRouter.Handler", plain(middleware.RouteHeaders().Route("Accept", "*", middleware.NoCache).Handler)},
	{"CleanPath", plain(middleware.CleanPath)},
	{"StripSlashes", plain(middleware.StripSlashes)},
	{"RedirectSlashes", plain(middleware.RedirectSlashes)},
	{"PathRewrite", plain(middleware.PathRewrite("/none", "/other"))},
	{"URLFormat", plain(middleware.URLFormat)},
	{"GetHead", plain(middleware.GetHead)},
	{"Heartbeat", plain(middleware.Heartbeat("/ping"))},
	{"SupressNotFound", func(r *chi.Mux, _ http.Handler) use { return middleware.SupressNotFound(r) }},
	{"PageRoute", func(_ *chi.Mux, endpoint http.Handler) use { return middleware.PageRoute("/api", endpoint) }},
	{"New", func(_ *chi.Mux, endpoint http.Handler) use { return middleware.New(endpoint) }},
}

// A call works under each of chi's own middlewares, and under all of them together.
func TestUnderChiMiddleware(t *testing.T) {
	t.Parallel()
	endpoint := httpx.Handler(server(t))
	all := chi.NewRouter()
	for _, tc := range stock {
		all.Use(tc.make(all, endpoint))
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := chi.NewRouter()
			r.Use(tc.make(r, endpoint))
			httpx.Mount(r, "/api", server(t))
			path := "/api"
			if tc.name == "StripPrefix" {
				path = prefix + path
			}
			callUnder(t, r, path)
		})
	}
	httpx.Mount(all, "/api", server(t))
	t.Run("all", func(t *testing.T) {
		t.Parallel()
		callUnder(t, all, prefix+"/api")
	})
}

// callUnder makes a small and a large call, each as it is and packed.
func callUnder(t *testing.T, h http.Handler, path string) {
	t.Helper()
	ts := httptest.NewServer(h)
	defer ts.Close()
	defer ts.Client().CloseIdleConnections()
	for _, name := range []string{"World", strings.Repeat("x", 900)} {
		body := strings.Replace(call, "World", name, 1)
		for encoding, body := range map[string]string{"": body, "gzip": packed("gzip", body)} {
			r, err := http.NewRequest("POST", ts.URL+path, strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			r.SetBasicAuth("ann", "secret")
			r.Header.Set("Content-Type", "application/json; charset=utf-8")
			if encoding != "" {
				r.Header.Set("Content-Encoding", encoding)
			}
			res, err := ts.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(res.Body)
			_ = res.Body.Close()
			if want := greets("Hello " + name + "!"); err != nil || res.StatusCode != 200 || string(got) != want {
				t.Errorf("%s: %s: %s, %v", encoding, res.Status, got, err)
			}
		}
	}
}

// Each middleware that chi has is in the list above.
func TestChiHasNoOtherMiddleware(t *testing.T) {
	t.Parallel()
	dir, err := exec.CommandContext(t.Context(), "go", "list", "-f", "{{.Dir}}", "github.com/go-chi/chi/v5/middleware").Output()
	if err != nil {
		t.Fatalf("the source of chi cannot be read: %v", err)
	}
	has := map[string]bool{}
	files, _ := filepath.Glob(filepath.Join(strings.TrimSpace(string(dir)), "*.go"))
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range parsed.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Name.IsExported() && makesHandlers(f) {
				has[receiver(f)+f.Name.Name] = true
			}
		}
	}
	var listed []string
	for _, m := range stock {
		listed = append(listed, m.name)
	}
	slices.Sort(listed)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(has)), listed); diff != "" {
		t.Errorf("the list is not what chi has (-chi +list):\n%s", diff)
	}
}

// makesHandlers reports whether a function is a middleware or returns one.
func makesHandlers(f *ast.FuncDecl) bool {
	if isMiddleware(f.Type) {
		return true
	}
	results := f.Type.Results
	if results == nil || len(results.List) != 1 {
		return false
	}
	result, ok := results.List[0].Type.(*ast.FuncType)
	return ok && isMiddleware(result)
}

func isMiddleware(f *ast.FuncType) bool {
	return f.Results != nil && len(f.Params.List) == 1 && len(f.Results.List) == 1 &&
		isHandler(f.Params.List[0].Type) && isHandler(f.Results.List[0].Type)
}

func isHandler(x ast.Expr) bool {
	selected, ok := x.(*ast.SelectorExpr)
	return ok && selected.Sel.Name == "Handler"
}

func receiver(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return ""
	}
	of := f.Recv.List[0].Type
	if pointer, ok := of.(*ast.StarExpr); ok {
		of = pointer.X
	}
	return of.(*ast.Ident).Name + "."
}

// The time of a body is limited behind middleware as well, which wraps the writer.
func TestBodyTimeoutUnderChiMiddleware(t *testing.T) {
	t.Parallel()
	r := chi.NewRouter()
	r.Use(middleware.RequestLogger(&middleware.DefaultLogFormatter{Logger: log.New(io.Discard, "", 0)}), middleware.Compress(5), middleware.GetHead)
	r.Handle("/", httpx.Handler(server(t)))
	on(t, &http.Server{Handler: r}, func(p *pipes) {
		c := p.dial()
		defer c.Close()
		start := time.Now()
		_, _ = io.WriteString(c, head(100))
		res, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil || res.StatusCode != 408 || time.Since(start) != 30*time.Second {
			t.Errorf("got %+v, %v after %v", res, err, time.Since(start))
		}
	})
}
