package httpx_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/internal/leaks"
	"github.com/telestruct/telestruct/tp"
)

func TestMain(m *testing.M) { leaks.Main(m) }

type Greet struct {
	Subject string `tp:"subject"`
}

type Greeting struct {
	Message string `tp:"message"`
}

func greet(_ context.Context, in *Greet) (*Greeting, error) {
	return &Greeting{Message: "Hello " + in.Subject + "!"}, nil
}

func server(t testing.TB) *tp.Server {
	t.Helper()
	api := tp.NewAPI("")
	tp.RegisterOn(api, greet)
	return api.MustBuild(tp.NoAuth())
}

const (
	call   = `[{}, {"fn.greet": {"subject": "World"}}]`
	answer = `[{},{"Ok_":{"message":"Hello World!"}}]`
)

// unknownLength hides how long a body is, as a chunked request does.
type unknownLength struct{ io.Reader }

func TestHandler(t *testing.T) {
	t.Parallel()
	const parseFailure = `[{},{"ErrorParseFailure_":{"reasons":[{"ExpectedJsonArrayOfTwoObjects":{}}]}}]`
	long := `[{}, {"fn.greet": {"subject": "` + strings.Repeat("x", 1<<20) + `"}}]`
	half := `[{}, {"fn.greet": {"subject": "` + strings.Repeat("x", 1<<19) + `"}}]`
	halfAnswer := `[{},{"Ok_":{"message":"Hello ` + strings.Repeat("x", 1<<19) + `!"}}]`
	exact := call + strings.Repeat(" ", 100-len(call))
	tests := []struct {
		name    string
		method  string
		body    io.Reader
		options []httpx.Option
		status  int
		want    string
	}{
		{"call", "POST", strings.NewReader(call), nil, 200, answer},
		{"unknown length", "POST", unknownLength{strings.NewReader(call)}, nil, 200, answer},
		{"byte by byte", "POST", iotest.OneByteReader(strings.NewReader(call)), nil, 200, answer},
		{"large", "POST", strings.NewReader(half), nil, 200, halfAnswer},
		{"large of unknown length", "POST", unknownLength{strings.NewReader(half)}, nil, 200, halfAnswer},
		{"empty", "POST", http.NoBody, nil, 200, parseFailure},
		{"garbage", "POST", strings.NewReader("hello"), nil, 200, parseFailure},
		{"too large", "POST", strings.NewReader(long), nil, 413, "a request body has at most 1048576 bytes here\n"},
		{"too large of unknown length", "POST", unknownLength{strings.NewReader(long)}, nil, 413, "a request body has at most 1048576 bytes here\n"},
		{"exactly the own limit", "POST", strings.NewReader(exact), []httpx.Option{httpx.MaxBody(100)}, 200, answer},
		{"beyond the own limit", "POST", strings.NewReader(exact + " "), []httpx.Option{httpx.MaxBody(100)}, 413, "a request body has at most 100 bytes here\n"},
		{"no limit to speak of", "POST", strings.NewReader(half), []httpx.Option{httpx.MaxBody(math.MaxInt64)}, 200, halfAnswer},
		{"default limit", "POST", strings.NewReader(half), []httpx.Option{httpx.MaxBody(1), httpx.MaxBody(0), nil}, 200, halfAnswer},
		{"limit of a handler around this one", "POST", http.MaxBytesReader(nil, io.NopCloser(strings.NewReader(call)), 7), nil, 413, "a request body has at most 7 bytes here\n"},
		{"breaks off", "POST", io.MultiReader(strings.NewReader(call), iotest.ErrReader(errors.New("gone"))), nil, 400, "the request body could not be read to its end\n"},
		{"get", "GET", http.NoBody, nil, 405, "a Telepact endpoint answers POST only\n"},
		{"head", "HEAD", http.NoBody, nil, 405, "a Telepact endpoint answers POST only\n"},
		{"put", "PUT", strings.NewReader(call), nil, 405, "a Telepact endpoint answers POST only\n"},
		{"options", "OPTIONS", http.NoBody, nil, 204, ""},
	}
	srv := server(t)
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := httptest.NewRecorder()
			httpx.Handler(srv, tc.options...).ServeHTTP(w, httptest.NewRequest(tc.method, "/", tc.body))
			if w.Code != tc.status || w.Body.String() != tc.want {
				t.Errorf("%d %.200q, want %d %.200q", w.Code, w.Body, tc.status, tc.want)
			}
			if allow := w.Header().Get("Allow"); (allow == "POST, OPTIONS") != (tc.method != "POST") {
				t.Errorf("Allow: %q", allow)
			}
			if kind := w.Header().Get("Content-Type"); tc.status == 200 && kind != "application/json" {
				t.Errorf("Content-Type: %q", kind)
			}
		})
	}
}

func TestContentTypeNeverRefuses(t *testing.T) {
	t.Parallel()
	h := httpx.Handler(server(t))
	for _, kind := range []string{"", "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "no/such;;thing"} {
		r := httptest.NewRequest("POST", "/", strings.NewReader(call))
		r.Header.Set("Content-Type", kind)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != 200 || w.Body.String() != answer {
			t.Errorf("content type %q: %d %s", kind, w.Code, w.Body)
		}
	}
}

func TestOnAChiRouter(t *testing.T) {
	t.Parallel()
	r := chi.NewRouter()
	r.Use(middleware.RequestID, middleware.Recoverer, middleware.Compress(5))
	r.Get("/health", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") })
	r.Handle("/api/telepact", httpx.Handler(server(t)))
	ts := httptest.NewServer(r)
	defer ts.Close()
	defer ts.Client().CloseIdleConnections()
	res, err := ts.Client().Post(ts.URL+"/api/telepact", "", strings.NewReader(call))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, err := io.ReadAll(res.Body); err != nil || string(body) != answer {
		t.Errorf("got %s, %v", body, err)
	}
	other, err := ts.Client().Get(ts.URL + "/health")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Body.Close()
	if body, _ := io.ReadAll(other.Body); string(body) != "ok" {
		t.Errorf("the route beside answers %s", body)
	}
}

func TestRequestContextReachesTheHandler(t *testing.T) {
	t.Parallel()
	api := tp.NewAPI("")
	var got error
	started := make(chan struct{})
	tp.RegisterOn(api, func(ctx context.Context, _ Greet) (Greeting, error) {
		if peer := tp.PeerOf(ctx); peer.Transport != "http" || peer.Addr.String() != "192.0.2.1:1234" {
			t.Errorf("peer = %+v", peer)
		}
		close(started)
		<-ctx.Done()
		got = ctx.Err()
		return Greeting{}, nil
	}, tp.Name("fn.greet"))
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-started
		cancel()
	}()
	r := httptest.NewRequestWithContext(ctx, "POST", "/", strings.NewReader(call))
	httpx.Handler(api.MustBuild(tp.NoAuth())).ServeHTTP(httptest.NewRecorder(), r)
	if !errors.Is(got, context.Canceled) {
		t.Errorf("the handler's context ended with %v", got)
	}
}

type Bearer struct {
	Token string `tp:"token"`
}

type credentials interface{ credentials() }

func (Bearer) credentials() {}

func TestUpdateHeaders(t *testing.T) {
	t.Parallel()
	api := tp.NewAPI("", tp.Auth(tp.UnionOf[credentials](Bearer{}), func(_ context.Context, c credentials) (string, error) {
		return c.(Bearer).Token, nil
	}))
	tp.RegisterOn(api, func(ctx context.Context, _ Greet) (Greeting, error) {
		who, _ := tp.Identity[string](ctx)
		return Greeting{Message: who}, nil
	}, tp.Name("fn.greet"))
	h := httpx.Handler(api.MustBuild(), httpx.UpdateHeaders(func(r *http.Request, headers *tp.Object) {
		token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if _, sent := headers.Get("@auth_"); ok && !sent {
			headers.Set("@auth_", tp.Object{{Key: "Bearer", Value: tp.Object{{Key: "token", Value: token}}}})
		}
	}))
	const refused = `[{},{"ErrorUnauthenticated_":{"message!":"Valid authentication is required."}}]`
	own := strings.Replace(call, "{}", `{"@auth_": {"Bearer": {"token": "own"}}}`, 1)
	tests := []struct{ name, header, body, want string }{
		{"from HTTP", "Bearer ann", call, `[{},{"Ok_":{"message":"ann"}}]`},
		{"none", "", call, refused},
		{"another scheme", "Basic ann", call, refused},
		{"from the message", "Bearer ann", own, `[{},{"Ok_":{"message":"own"}}]`},
	}
	for _, tc := range tests {
		r := httptest.NewRequest("POST", "/", strings.NewReader(tc.body))
		r.Header.Set("Authorization", tc.header)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Body.String() != tc.want {
			t.Errorf("%s: got %s, want %s", tc.name, w.Body, tc.want)
		}
	}
}

func FuzzHandler(f *testing.F) {
	for _, seed := range []string{call, `[{"@id_":1},{"fn.ping_":{}}]`, `[{}, {"fn.greet": {}}]`, "", "[", "\xff", `[{},{"a":{}}]`} {
		f.Add([]byte(seed))
	}
	h := httpx.Handler(server(f))
	f.Fuzz(func(t *testing.T, body []byte) {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("POST", "/", bytes.NewReader(body)))
		if w.Code != 200 || !bytes.HasPrefix(w.Body.Bytes(), []byte("[{")) {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
}

// A handler around this one may unpack the body and leave the length that was declared
// for what was packed.
func TestDeclaredLengthIsNotBelieved(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest("POST", "/", strings.NewReader(strings.Repeat(" ", 1<<20)+call))
	r.ContentLength = 100
	w := httptest.NewRecorder()
	httpx.Handler(server(t)).ServeHTTP(w, r)
	if w.Code != 413 || w.Header().Get("Connection") != "close" {
		t.Errorf("%d %.200q, headers %v", w.Code, w.Body, w.Header())
	}
}

// Clients learn how long a reply is, whoever says so.
func TestContentLength(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(httpx.Handler(server(t)))
	defer s.Close()
	for _, size := range []int{1, 1 << 10, 2<<10 - len(`[{},{"Ok_":{"message":"Hello !"}}]`), 2 << 10, 4 << 10, 1 << 16} {
		request := strings.Replace(call, `"World"`, `"`+strings.Repeat("x", size)+`"`, 1)
		response, err := s.Client().Post(s.URL, "application/json", strings.NewReader(request))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil || response.ContentLength != int64(len(body)) || len(body) < size {
			t.Errorf("%d bytes: Content-Length %d, %v", len(body), response.ContentLength, err)
		}
	}
}

// Browsers are told not to guess what an answer is; nobody else is.
func TestNoSniff(t *testing.T) {
	t.Parallel()
	h := httpx.Handler(server(t))
	for origin, want := range map[string]string{"": "", "https://example.com": "nosniff", "null": "nosniff"} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("POST", "/", strings.NewReader(call))
		if origin != "" {
			r.Header.Set("Origin", origin)
		}
		h.ServeHTTP(w, r)
		if got := w.Header().Get("X-Content-Type-Options"); w.Code != http.StatusOK || got != want {
			t.Errorf("origin %q: status %d, X-Content-Type-Options %q, want %q", origin, w.Code, got, want)
		}
	}
}

// What middleware does to the headers of a reply is not seen in the next.
func TestRepliesShareNoHeaders(t *testing.T) {
	t.Parallel()
	api := tp.NewAPI("")
	tp.RegisterOn(api, func(context.Context, struct{}) (struct{}, error) { return struct{}{}, nil }, tp.Name("fn.wait"))
	h := httpx.Handler(api.MustBuild(tp.NoAuth()))
	for range 2 {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("POST", "/", strings.NewReader(`[{},{"fn.ping_":{}}]`))
		r.Header.Set("Origin", "https://example.com")
		h.ServeHTTP(w, r)
		for name, want := range map[string]string{"Content-Type": "application/json", "X-Content-Type-Options": "nosniff"} {
			values := w.Header()[name]
			if len(values) != 1 || values[0] != want {
				t.Fatalf("%s is %q, want %q", name, values, want)
			}
			values[0] = "changed"
		}
	}
}
