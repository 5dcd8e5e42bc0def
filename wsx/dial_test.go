package wsx_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/wsx"
)

// What the server sees of a client before there is a WebSocket.
func TestDialRequest(t *testing.T) {
	t.Parallel()
	type request struct{ URL, Auth, Token, Subprotocols string }
	tests := []struct {
		name string
		url  string
		edit func(*wsx.DialOptions)
		want request
	}{
		{"defaults", "ws://example.com/ws", func(*wsx.DialOptions) {}, request{URL: "example.com/ws", Subprotocols: "telepact.json"}},
		{"http scheme", "http://example.com/ws?x=1", func(*wsx.DialOptions) {}, request{URL: "example.com/ws?x=1", Subprotocols: "telepact.json"}},
		{"user", "ws://user:pass@example.com", func(*wsx.DialOptions) {},
			request{URL: "example.com/", Auth: "Basic dXNlcjpwYXNz", Subprotocols: "telepact.json"}},
		{"CBOR", "ws://example.com/ws", func(o *wsx.DialOptions) { o.AcceptCBOR = true },
			request{URL: "example.com/ws", Subprotocols: "telepact.cbor"}},
		{"CBOR first", "ws://example.com/ws", func(o *wsx.DialOptions) { o.AcceptCBOR, o.Subprotocols = true, []string{"mine"} },
			request{URL: "example.com/ws", Subprotocols: "telepact.cbor,mine"}},
		{"no subprotocols", "ws://example.com/ws", func(o *wsx.DialOptions) { o.Subprotocols = []string{} }, request{URL: "example.com/ws"}},
		{"own subprotocols", "ws://example.com/ws", func(o *wsx.DialOptions) { o.Subprotocols = []string{"telepact.msgpack", "telepact.json"} },
			request{URL: "example.com/ws", Subprotocols: "telepact.msgpack,telepact.json"}},
		{"header", "ws://example.com/ws", func(o *wsx.DialOptions) { o.Header = http.Header{"Token": {"t7"}} },
			request{URL: "example.com/ws", Token: "t7", Subprotocols: "telepact.json"}},
		{"hook", "no URL at all", func(o *wsx.DialOptions) {
			o.BeforeDial = func(_ context.Context, a *wsx.DialAttempt) error {
				a.URL = "ws://other.example.com/ws"
				a.Header.Set("Token", "fresh")
				return nil
			}
		}, request{URL: "other.example.com/ws", Token: "fresh", Subprotocols: "telepact.json"}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var got request
				s := newClientServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					got = request{r.Host + r.URL.RequestURI(), r.Header.Get("Authorization"), r.Header.Get("Token"),
						r.Header.Get("Sec-Websocket-Protocol")}
					w.WriteHeader(http.StatusTeapot)
				}))
				o := s.options()
				tc.edit(o)
				_, err := wsx.Dial(t.Context(), tc.url, o)
				if dial, ok := errors.AsType[*wsx.DialError](err); !ok || dial.Status != http.StatusTeapot {
					t.Errorf("error = %v, want the status 418", err)
				}
				if diff := cmp.Diff(tc.want, got); diff != "" {
					t.Errorf("request (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// Errors name the place, and nothing of a URL that may be secret.
func TestDialErrors(t *testing.T) {
	t.Parallel()
	const secretURL = "ws://user:s3cret@example.com/ws?token=s3cret#s3cret"
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "/s3cret")
			w.WriteHeader(code)
		}
	}
	fails := func(err error) func(*wsx.DialOptions) {
		return func(o *wsx.DialOptions) {
			o.BeforeDial = func(context.Context, *wsx.DialAttempt) error { return err }
		}
	}
	none := func(*wsx.DialOptions) {}
	tests := []struct {
		name    string
		url     string
		handler http.HandlerFunc // nil for nobody who listens
		edit    func(*wsx.DialOptions)
		want    string
		status  int
	}{
		{"nobody", secretURL, nil, none, "wsx: connect to ws://example.com/ws: nobody listens", 0},
		{"refused", secretURL, status(401), none, "wsx: connect to ws://example.com/ws: refused with status 401 Unauthorized", 401},
		{"redirected", secretURL, status(307), func(o *wsx.DialOptions) {
			o.HTTPClient.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		}, "wsx: connect to ws://example.com/ws: refused with status 307 Temporary Redirect", 307},
		{"no WebSocket", secretURL, status(200), none, "wsx: connect to ws://example.com/ws: refused with status 200 OK", 200},
		{"no handshake", secretURL, status(101), none, `wsx: connect to ws://example.com/ws: failed to WebSocket dial: ` +
			`WebSocket protocol violation: Connection header "" does not contain Upgrade`, 0},
		{"hook", secretURL, nil, fails(errors.New("no token")),
			"wsx: connect to ws://example.com/ws: wsx.DialOptions.BeforeDial: no token", 0},
		{"panic", secretURL, nil, func(o *wsx.DialOptions) {
			o.BeforeDial = func(context.Context, *wsx.DialAttempt) error { panic("oh") }
		}, "wsx: connect to ws://example.com/ws: wsx.DialOptions.BeforeDial: panic: oh", 0},
		{"scheme", "ftp://user:s3cret@example.com/ws?s3cret", nil, none,
			"wsx: connect to ftp://example.com/ws: this is no URL of a WebSocket, which begins with ws:// or wss://", 0},
		{"no host", "ws:///s3cret", nil, none, "wsx: connect: this is no URL of a WebSocket, which begins with ws:// or wss://", 0},
		{"broken port", "ws://user:s3cret/x@example.com", nil, none, "wsx: connect: this is no URL of a WebSocket, which begins with ws:// or wss://", 0},
		{"broken escape", "ws://user:%s3cret@example.com", nil, none, "wsx: connect: this is no URL of a WebSocket, which begins with ws:// or wss://", 0},
		{"broken header", secretURL, nil, func(o *wsx.DialOptions) { o.Header = http.Header{"Token": {"s3cret\n"}} },
			`wsx: connect to ws://example.com/ws: net/http: invalid header field value for "Token"`, 0},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				handler := tc.handler
				s := newClientServer(t, handler)
				s.isDown.Store(handler == nil)
				o := s.options()
				tc.edit(o)
				_, err := wsx.Dial(t.Context(), tc.url, o)
				dial, ok := errors.AsType[*wsx.DialError](err)
				if !ok || err.Error() != tc.want || dial.Status != tc.status {
					t.Errorf("error = %v\nwant    %s", err, tc.want)
				}
				if strings.Contains(err.Error(), "s3cret") {
					t.Error("the error tells a secret")
				}
			})
		})
	}
}

func TestDialTimes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		ctx  time.Duration
		edit func(*wsx.DialOptions)
		want time.Duration
	}{
		{"default", time.Hour, func(*wsx.DialOptions) {}, 10 * time.Second},
		{"option", time.Hour, func(o *wsx.DialOptions) { o.DialTimeout = time.Second }, time.Second},
		{"context", 2 * time.Second, func(*wsx.DialOptions) {}, 2 * time.Second},
		{"client", time.Hour, func(o *wsx.DialOptions) { o.HTTPClient.Timeout = 3 * time.Second }, 3 * time.Second},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newClientServer(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
				o := s.options()
				tc.edit(o)
				ctx, cancel := context.WithTimeout(t.Context(), tc.ctx)
				defer cancel()
				start := time.Now()
				_, err := wsx.Dial(ctx, clientURL, o)
				if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != tc.want {
					t.Errorf("failed after %v with %v, want %v", time.Since(start), err, tc.want)
				}
			})
		})
	}
}

// Each attempt begins with what Dial was given, and is counted.
func TestBeforeDial(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newClientPeer(t, func(ws *websocket.Conn, n int64) {
			if n < 3 {
				_ = ws.CloseNow()
				return
			}
			clientEcho(t, ws)
		})
		var mu sync.Mutex
		var got []wsx.DialAttempt
		header := http.Header{"Token": {"first"}}
		c := s.dial(t, func(o *wsx.DialOptions) {
			o.Header = header
			o.BeforeDial = func(_ context.Context, a *wsx.DialAttempt) error {
				mu.Lock()
				defer mu.Unlock()
				got = append(got, wsx.DialAttempt{URL: a.URL, Header: a.Header.Clone(), Number: a.Number})
				a.URL += "/more"
				a.Header.Set("Token", "another")
				return nil
			}
		})
		time.Sleep(time.Minute)
		clientWant(t.Context(), t, c, "x")
		var want []wsx.DialAttempt
		for n := range 3 {
			want = append(want, wsx.DialAttempt{URL: clientURL, Header: http.Header{"Token": {"first"}}, Number: n + 1})
		}
		mu.Lock()
		defer mu.Unlock()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("attempts (-want +got):\n%s", diff)
		}
		if got := header.Get("Token"); got != "first" {
			t.Errorf("the options' own header has become %q", got)
		}
	})
}

func TestDialLazy(t *testing.T) {
	t.Parallel()
	lazy := &wsx.DialOptions{Lazy: true}
	_, err := wsx.Dial(t.Context(), "nowhere", lazy)
	if _, ok := errors.AsType[*wsx.DialError](err); !ok {
		t.Errorf("error = %v, want a *wsx.DialError", err)
	}
	if diff := cmp.Diff(&wsx.DialOptions{Lazy: true}, lazy, cmp.FilterPath(func(p cmp.Path) bool {
		return p.Last().String() == ".BeforeDial" || p.Last().String() == ".OnState"
	}, cmp.Ignore())); diff != "" {
		t.Errorf("the options have changed (-want +got):\n%s", diff)
	}
}
