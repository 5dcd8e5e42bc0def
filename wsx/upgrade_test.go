package wsx_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"testing/synctest"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/wsx"
)

func TestUpgradeRefused(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		options []wsx.Option
		request string
		lines   []string
		want    int
	}{
		{"plain", nil, "", nil, 101},
		{"own origin", nil, "", []string{"Origin: https://example.com"}, 101},
		{"foreign origin", nil, "", []string{"Origin: https://evil.example"}, 403},
		{"null origin", nil, "", []string{"Origin: null"}, 403},
		{"two origins", nil, "", []string{"Origin: https://example.com", "Origin: https://example.com"}, 403},
		{"listed origin", []wsx.Option{wsx.Origins("https://app.example.org")}, "", []string{"Origin: https://app.example.org"}, 101},
		{"listed twice", []wsx.Option{wsx.Origins("app.example.org"), wsx.Origins("*.example.net")}, "", []string{"Origin: https://app.example.org"}, 101},
		{"any origin", []wsx.Option{wsx.InsecureAnyOrigin()}, "", []string{"Origin: https://evil.example"}, 101},
		{"another version", nil, "", []string{"Sec-WebSocket-Version: 12"}, 101}, // the first of two counts
		{"two keys", nil, "", []string{"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="}, 400},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, wsx.Handler(build(t), tc.options...))
			if got := s.refused(tc.lines...).StatusCode; got != tc.want {
				t.Errorf("status = %d, want %d", got, tc.want)
			}
		})
	}
}

func TestNotAnUpgrade(t *testing.T) {
	t.Parallel()
	e := wsx.Handler(build(t))
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodOptions} {
		w := httptest.NewRecorder()
		e.ServeHTTP(w, httptest.NewRequest(method, "/", nil))
		if w.Code != http.StatusUpgradeRequired || w.Header().Get("Upgrade") != "websocket" {
			t.Errorf("%s: status = %d, header %v", method, w.Code, w.Header())
		}
	}
	// A recorder is, like HTTP/2, no connection that could be taken over.
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Upgrade", "WebSocket")
	e.ServeHTTP(w, r)
	if w.Code != http.StatusNotImplemented {
		t.Errorf("status = %d, want 501", w.Code)
	}
}

func TestMaxConnections(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, wsx.Handler(build(t), wsx.MaxConnections(2)))
		first := s.dial()
		s.dial()
		refused := s.refused()
		if refused.StatusCode != 503 || refused.Header.Get("Retry-After") != "5" {
			t.Errorf("status = %d, header %v", refused.StatusCode, refused.Header)
		}
		first.cut()
		synctest.Wait()
		s.dial()
	})
}

// from makes requests come from the address in a header of theirs.
func from(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.RemoteAddr = r.Header.Get("From")
		h.ServeHTTP(w, r)
	})
}

func TestMaxConnectionsPerAddress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, from(wsx.Handler(build(t), wsx.MaxConnectionsPerAddress(1),
			wsx.TrustProxies(netip.MustParsePrefix("10.0.0.0/8")))))
		first := s.dial("From: 192.0.2.1:1000")
		s.dial("From: [2001:db8::1]:1000")
		tests := []struct {
			name  string
			lines []string
			want  int
		}{
			{"same address", []string{"From: 192.0.2.1:1001"}, 429},
			{"mapped", []string{"From: [::ffff:192.0.2.1]:1001"}, 429},
			{"another address", []string{"From: 192.0.2.2:1000"}, 101},
			{"same network", []string{"From: [2001:db8::2]:1000"}, 429},
			{"another network", []string{"From: [2001:db8:0:1::1]:1000"}, 101},
			{"claims another address", []string{"From: 192.0.2.1:1000", "X-Forwarded-For: 192.0.2.3"}, 429},
			{"behind a proxy", []string{"From: 10.0.0.1:1000", "X-Forwarded-For: 192.0.2.1"}, 429},
			{"another behind it", []string{"From: 10.0.0.1:1000", "X-Forwarded-For: 192.0.2.4"}, 101},
		}
		for _, tc := range tests {
			if got := s.refused(tc.lines...).StatusCode; got != tc.want {
				t.Errorf("%s: status = %d, want %d", tc.name, got, tc.want)
			}
		}
		first.cut()
		synctest.Wait()
		s.dial("From: 192.0.2.1:1002")
	})
}

func TestSubprotocols(t *testing.T) {
	t.Parallel()
	const wishesBinary, anns = `[{"@bin_":[]},{"fn.greet":{"subject":"Ann"}}]`, "Ann"
	tests := []struct {
		offered, chosen string
		op              byte
		first           byte // of the answer to a caller who allows binary
	}{
		{"", "", opBinary, 0x92},
		{"telepact.json", "telepact.json", opBinary, 0x92},
		{"telepact.msgpack", "telepact.msgpack", opBinary, 0x92},
		{"telepact.cbor", "telepact.cbor", opBinary, 0x82},
		{"chat, telepact.cbor", "telepact.cbor", opBinary, 0x82},
		{"Telepact.CBOR", "Telepact.CBOR", opBinary, 0x82},
		{"chat", "", opBinary, 0x92},
	}
	for _, tc := range tests {
		t.Run(tc.offered, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, wsx.Handler(build(t)))
			var lines []string
			if tc.offered != "" {
				lines = append(lines, "Sec-WebSocket-Protocol: "+tc.offered)
			}
			response, p := s.ask(lines...)
			defer p.cut()
			if got := response.Header.Get("Sec-WebSocket-Protocol"); got != tc.chosen {
				t.Errorf("protocol = %q, want %q", got, tc.chosen)
			}
			p.send(fin|opText, wishesBinary)
			if got := p.hear(); got.op != fin|tc.op || got.payload[0] != tc.first {
				t.Errorf("heard %v, want op %#x and first byte %#x", got, fin|tc.op, tc.first)
			}
			p.send(fin|opText, greetAnn) // who does not ask for binary gets none
			p.want(fin|opText, greetedAnn)
		})
	}
}

// TestEarlyMessage sends a call before the answer to the upgrade has come.
func TestEarlyMessage(t *testing.T) {
	t.Parallel()
	s := newSite(t, wsx.Handler(build(t)))
	// net/http reads the request in one piece, with what follows it. The end of the lines
	// is a second message.
	p := s.dial("X-Early: 1\r\n\r\n" + string(masked(fin|opText, greetAnn)) + string(masked(fin|opBinary, "1234")[:6]))
	got := map[heard]bool{p.hear(): true, p.hear(): true}
	if !got[heard{fin | opText, greetedAnn}] {
		t.Errorf("heard %v", got)
	}
}

// TestRoute sees that what handlers find in their context is what the route and the
// middleware of the upgrade have left there, however long ago that was.
func TestRoute(t *testing.T) {
	t.Parallel()
	type key struct{}
	api := tp.NewAPI("rooms", tp.NoAuth())
	tp.RegisterOn(api, func(ctx context.Context, _ Greet) (Greeting, error) {
		peer := tp.PeerOf(ctx)
		return Greeting{Message: chi.URLParamFromCtx(ctx, "room") + " " + ctx.Value(key{}).(string) + " " + peer.Transport + " " + peer.Addr.String()}, ctx.Err()
	}, tp.Name("fn.greet"))
	srv, err := api.Build()
	if err != nil {
		t.Fatal(err)
	}
	r := chi.NewRouter()
	r.Use(middleware.RequestID, middleware.Recoverer, middleware.StripSlashes, from, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), key{}, "value")))
		})
	})
	r.Handle("/{room}", wsx.Handler(srv))
	r.Get("/other/{room}", func(http.ResponseWriter, *http.Request) {})
	s := newSite(t, http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		req.URL.Path = req.Header.Get("Path")
		r.ServeHTTP(w, req)
	}))
	p := s.dial("Path: /blue", "From: 192.0.2.1:1000")
	for range 3 {
		s.refused("Path: /other/red", "From: 192.0.2.2:1000") // uses the memory of the route again
	}
	p.send(fin|opText, greetAnn)
	p.want(fin|opText, `[{},{"Ok_":{"message":"blue value websocket 192.0.2.1:1000"}}]`)
}

func TestWrongOptions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		make func()
		want string
	}{
		{"nil server", func() { wsx.Handler(nil) }, "wsx: nil server"},
		{"origin", func() { wsx.Handler(build(t), wsx.Origins("*")) }, "wsx: Origins: "},
		{"heartbeat", func() { wsx.Heartbeat(5, 5) }, "wsx: Heartbeat: the interval 5ns must be longer than the timeout 5ns"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				got, _ := recover().(string)
				if len(got) < len(tc.want) || got[:len(tc.want)] != tc.want {
					t.Errorf("panic = %q, want %q", got, tc.want)
				}
			}()
			tc.make()
		})
	}
}

// TestNils gives options what stands for their defaults.
func TestNils(t *testing.T) {
	t.Parallel()
	s := newSite(t, wsx.Handler(build(t), nil, wsx.Credentials(nil), wsx.AuthTimeout(0), wsx.MaxMessage(0), wsx.MessageTimeout(-1),
		wsx.MaxInFlight(0), wsx.Queue(0, 0), wsx.WriteTimeout(0), wsx.Heartbeat(0, 0), wsx.MaxConnections(0),
		wsx.MaxConnectionsPerAddress(0), wsx.Drain(0, 0), wsx.OnShutdown(nil), wsx.Observe(nil), wsx.OnPanic(nil), wsx.TrustProxies()))
	p := s.dial()
	p.send(fin|opText, greetAnn)
	p.want(fin|opText, greetedAnn)
}
