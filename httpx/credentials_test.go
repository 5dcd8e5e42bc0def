package httpx_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/tp"
)

// whoami answers with the token of the caller, and fn.open with none.
func whoami(t testing.TB) *tp.Server {
	t.Helper()
	api := tp.NewAPI("", tp.Auth(tp.UnionOf[credentials](Bearer{}), func(_ context.Context, c credentials) (string, error) {
		return c.(Bearer).Token, nil
	}), tp.OnFailure(func(context.Context, *tp.Error) {}))
	answer := func(ctx context.Context, _ Greet) (Greeting, error) {
		who, _ := tp.Identity[string](ctx)
		return Greeting{Message: who}, nil
	}
	tp.RegisterOn(api, answer, tp.Name("fn.greet"))
	tp.RegisterOn(api, answer, tp.Name("fn.open"), tp.Public())
	return api.MustBuild()
}

const unauthenticated = `[{},{"ErrorUnauthenticated_":{"message!":"Valid authentication is required."}}]`

func fromToken(token string) any { return Bearer{Token: token} }

func greets(who string) string { return `[{},{"Ok_":{"message":"` + who + `"}}]` }

func TestCredentials(t *testing.T) {
	t.Parallel()
	own := strings.Replace(call, "{}", `{"@auth_": {"Bearer": {"token": "own"}}}`, 1)
	public := strings.Replace(call, "fn.greet", "fn.open", 1)
	tests := []struct {
		name, body string
		headers    []string // name, value, …
		want       string
	}{
		{"none", call, nil, unauthenticated},
		{"cookie", call, []string{"Cookie", "session=ann"}, greets("ann")},
		{"cookie among others", call, []string{"Cookie", "a=b; session=ann; c=d"}, greets("ann")},
		{"quoted cookie", call, []string{"Cookie", `session="ann"`}, greets("ann")},
		{"cookie twice", call, []string{"Cookie", "session=ann; session=eve"}, unauthenticated},
		{"cookie twice, alike", call, []string{"Cookie", "session=ann; session=ann"}, unauthenticated},
		{"cookie in two headers", call, []string{"Cookie", "session=ann", "Cookie", "session=eve"}, unauthenticated},
		{"empty cookie", call, []string{"Cookie", "session="}, unauthenticated},
		{"another cookie", call, []string{"Cookie", "Session=ann"}, unauthenticated},
		{"cookie that the program does not take", call, []string{"Cookie", "session=nobody"}, unauthenticated},

		{"bearer", call, []string{"Authorization", "Bearer ann"}, greets("ann")},
		{"bearer in other letters", call, []string{"Authorization", "bEARER ann"}, greets("ann")},
		{"bearer with blanks", call, []string{"Authorization", "Bearer   ann"}, greets("ann")},
		{"all characters of a token", call, []string{"Authorization", "Bearer aZ09-._~+/=="}, greets("aZ09-._~+/==")},
		{"token with a blank", call, []string{"Authorization", "Bearer ann eve"}, unauthenticated},
		{"token with a comma", call, []string{"Authorization", "Bearer ann,eve"}, unauthenticated},
		{"token that goes on behind its end", call, []string{"Authorization", "Bearer ann=a"}, unauthenticated},
		{"token of ends", call, []string{"Authorization", "Bearer =="}, unauthenticated},
		{"no token", call, []string{"Authorization", "Bearer "}, unauthenticated},
		{"scheme alone", call, []string{"Authorization", "Bearer"}, unauthenticated},
		{"another scheme", call, []string{"Authorization", "Basic ann"}, unauthenticated},
		{"no scheme", call, []string{"Authorization", "ann"}, unauthenticated},
		{"two of them", call, []string{"Authorization", "Bearer ann", "Authorization", "Bearer eve"}, unauthenticated},

		{"the first source goes first", call, []string{"Cookie", "session=ann", "Authorization", "Bearer eve"}, greets("ann")},
		{"the first that has something", call, []string{"Cookie", "session=nobody", "Authorization", "Bearer eve"}, greets("eve")},
		{"a function of the program", call, []string{"X-Token", "tom"}, greets("tom")},
		{"the message has its own", own, []string{"Cookie", "session=ann"}, greets("own")},
		{"a function for everybody", public, []string{"Cookie", "session=ann"}, greets("")},
	}
	h := httpx.Handler(whoami(t), httpx.Credentials(
		nil,
		httpx.Cookie("session", func(value string) any {
			if value == "nobody" {
				return nil
			}
			return Bearer{Token: value}
		}),
		httpx.Bearer(fromToken),
		func(r *http.Request) (any, bool) {
			token := r.Header.Get("X-Token")
			return tp.Object{{Key: "Bearer", Value: tp.Object{{Key: "token", Value: token}}}}, token != ""
		},
	))
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := post(h, tc.body, tc.headers...)
			if w.Code != 200 || w.Body.String() != tc.want {
				t.Errorf("%d %s, want %s", w.Code, w.Body, tc.want)
			}
		})
	}
}

// post sends one request with headers, as name and value.
func post(h http.Handler, body string, headers ...string) *httptest.ResponseRecorder {
	return request(h, "POST", "/", body, headers...)
}

func request(h http.Handler, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// What the program does with a request may panic, which ends that call alone.
func TestCredentialsPanic(t *testing.T) {
	t.Parallel()
	h := httpx.Handler(whoami(t), httpx.Credentials(func(*http.Request) (any, bool) { panic("secret") }))
	w := post(h, call)
	if w.Code != 200 || !strings.HasPrefix(w.Body.String(), `[{},{"ErrorUnknown_":`) || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// Pages of another origin do not act for the user whose cookies they bring.
func TestOrigins(t *testing.T) {
	t.Parallel()
	const own, app, evil = "https://example.com", "https://app.example", "https://evil.example"
	var (
		cookie   = httpx.Credentials(httpx.Cookie("session", fromToken))
		bearer   = httpx.Credentials(httpx.Bearer(fromToken))
		update   = httpx.UpdateHeaders(func(*http.Request, *tp.Object) {})
		listed   = httpx.Origins(app, "*.below.example")
		open     = httpx.CORS(httpx.CORSOptions{Origins: []string{"*"}})
		readable = httpx.CORS(httpx.CORSOptions{Origins: []string{app}})
		usable   = httpx.CORS(httpx.CORSOptions{Origins: []string{app}, Credentials: true})
	)
	type options []httpx.Option
	tests := []struct {
		name    string
		options options
		headers []string
		status  int
	}{
		{"no credentials of HTTP", nil, []string{"Origin", evil}, 200},
		{"no page", options{cookie}, nil, 200},
		{"own page", options{cookie}, []string{"Origin", own}, 200},
		{"foreign page", options{cookie}, []string{"Origin", evil}, 403},
		{"foreign page to a handler with bearers", options{bearer}, []string{"Origin", evil}, 403},
		{"foreign page to a handler that updates headers", options{update}, []string{"Origin", evil}, 403},
		{"foreign page, says the browser", options{cookie}, []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"page in a sandbox", options{cookie}, []string{"Origin", "null"}, 403},
		{"listed", options{cookie, listed}, []string{"Origin", app}, 200},
		{"listed below", options{cookie, listed}, []string{"Origin", "https://a.below.example"}, 200},
		{"listed, and a list more", options{cookie, listed, httpx.Origins("https://c.example")}, []string{"Origin", app}, 200},
		{"foreign to a list", options{cookie, listed}, []string{"Origin", evil}, 403},
		{"a list alone", options{listed}, []string{"Origin", evil}, 403},
		{"no list alone", options{httpx.Origins()}, []string{"Origin", evil}, 403},
		{"any", options{cookie, httpx.InsecureAnyOrigin()}, []string{"Origin", evil}, 200},
		{"any, then a list", options{cookie, httpx.InsecureAnyOrigin(), listed}, []string{"Origin", evil}, 403},

		{"allowed to read", options{bearer, readable}, []string{"Origin", app, "Authorization", "Bearer ann"}, 200},
		{"allowed to read, with a cookie", options{bearer, readable}, []string{"Origin", app, "Cookie", "a=b"}, 403},
		{"allowed to read, with a password", options{bearer, readable}, []string{"Origin", app, "Authorization", "Basic YTpi"}, 403},
		{"allowed to act", options{cookie, usable}, []string{"Origin", app, "Cookie", "a=b"}, 200},
		{"not allowed", options{cookie, usable}, []string{"Origin", evil}, 403},
		{"everybody may read", options{cookie, open}, []string{"Origin", evil}, 200},
		{"everybody may read, with a cookie", options{cookie, open}, []string{"Origin", evil, "Cookie", "a=b"}, 403},
		{"two origins", options{cookie, open}, []string{"Origin", evil, "Origin", own}, 403},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := post(httpx.Handler(whoami(t), tc.options...), call, append(tc.headers, "Host", "example.com")...)
			if w.Code != tc.status {
				t.Errorf("%d %s, want %d", w.Code, w.Body, tc.status)
			}
			if closes := w.Header().Get("Connection") == "close"; closes != (tc.status == 403) {
				t.Errorf("closes the connection: %v", closes)
			}
		})
	}
}

// A certificate is sent by the browser as a cookie is.
func TestOriginsWithCertificate(t *testing.T) {
	t.Parallel()
	h := httpx.Handler(whoami(t), httpx.Credentials(httpx.Bearer(fromToken)), httpx.CORS(httpx.CORSOptions{Origins: []string{"*"}}))
	r := httptest.NewRequest("POST", "https://example.com/", strings.NewReader(call))
	r.Header.Set("Origin", "https://app.example")
	r.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{{}}}
	w := httptest.NewRecorder()
	if h.ServeHTTP(w, r); w.Code != 403 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestOptionsThatCannotBe(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		make func()
		want string
	}{
		{"origin", func() { httpx.Handler(server(t), httpx.Origins("https://a.example/path")) },
			`httpx: "https://a.example/path" is no origin; write https://app.example.com, app.example.com or *.example.com`},
		{"origin of CORS", func() { httpx.CORS(httpx.CORSOptions{Origins: []string{"a b"}}) },
			`httpx: "a b" is no origin; write https://app.example.com, app.example.com or *.example.com`},
		{"everybody with credentials", func() { httpx.CORS(httpx.CORSOptions{Origins: []string{"*"}, Credentials: true}) },
			`httpx: CORS: credentials need a list of origins, not "*"`},
		{"nil server", func() { httpx.Handler(nil) }, "httpx: nil server"},
		{"nil server on a router", func() { httpx.Mount(http.NewServeMux(), "/", nil) }, "httpx: nil server"},
		{"path", func() { httpx.Mount(http.NewServeMux(), "api", server(t)) }, `httpx: Mount: the path api does not begin with "/"`},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if got := recover(); got != tc.want {
					t.Errorf("panics with %v, want %s", got, tc.want)
				}
			}()
			tc.make()
		})
	}
}

func TestTrustProxies(t *testing.T) {
	t.Parallel()
	api := tp.NewAPI("")
	tp.RegisterOn(api, func(ctx context.Context, _ Greet) (Greeting, error) {
		return Greeting{Message: tp.PeerOf(ctx).Addr.String()}, nil
	}, tp.Name("fn.greet"))
	srv := api.MustBuild(tp.NoAuth())
	tests := []struct {
		name    string
		options []httpx.Option
		want    string
	}{
		{"nobody", nil, "192.0.2.1:1234"},
		{"another", []httpx.Option{httpx.TrustProxies(netip.MustParsePrefix("10.0.0.0/8"))}, "192.0.2.1:1234"},
		{"it", []httpx.Option{httpx.TrustProxies(netip.MustParsePrefix("192.0.2.0/24"))}, "198.51.100.7:0"},
	}
	for _, tc := range tests {
		w := post(httpx.Handler(srv, tc.options...), call, "X-Forwarded-For", "203.0.113.9, 198.51.100.7")
		if w.Body.String() != greets(tc.want) {
			t.Errorf("%s: got %s, want %s", tc.name, w.Body, tc.want)
		}
	}
}
