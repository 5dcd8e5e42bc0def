package wsx_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/tp/mirror"
	"github.com/telestruct/telestruct/wsx"
)

// What the server sees of a client before there is a WebSocket.
func TestDialMirrorRequest(t *testing.T) {
	t.Parallel()
	const place = "ws://example.com/ws"
	tests := []struct {
		name   string
		url    string
		models *mirror.ClientOptions
		edit   func(*wsx.DialOptions)
		want   string
	}{
		{"defaults", place, nil, func(*wsx.DialOptions) {}, "/ws?codec=json"},
		{"codec", place + "?tenant=a", &mirror.ClientOptions{Codec: mirror.MessagePack()}, func(*wsx.DialOptions) {},
			"/ws?tenant=a&codec=msgpack"},
		{"no CBOR of calls", place, nil, func(o *wsx.DialOptions) { o.AcceptCBOR = true }, "/ws?codec=json"},
		{"subprotocol", place, nil, func(o *wsx.DialOptions) { o.Subprotocols = []string{"mine"} }, "/ws?codec=json mine"},
		{"hook", "no URL at all", nil, func(o *wsx.DialOptions) {
			o.BeforeDial = func(_ context.Context, a *wsx.DialAttempt) error {
				a.URL = place + "?token=t7"
				return nil
			}
		}, "/ws?token=t7&codec=json"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var got string
				s := newClientServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					got = strings.TrimSpace(r.URL.RequestURI() + " " + r.Header.Get("Sec-Websocket-Protocol"))
					w.WriteHeader(http.StatusTeapot)
				}))
				o := s.options()
				tc.edit(o)
				_, err := wsx.DialMirror(t.Context(), tc.url, tc.models, o)
				if dial, ok := errors.AsType[*wsx.DialError](err); !ok || dial.Status != http.StatusTeapot {
					t.Errorf("error = %v, want the status 418", err)
				}
				if got != tc.want {
					t.Errorf("request %q, want %q", got, tc.want)
				}
			})
		})
	}
}

func TestDialMirrorErrors(t *testing.T) {
	t.Parallel()
	const noURL = "this is no URL of a WebSocket, which begins with ws:// or wss://"
	hook := func(context.Context, *wsx.DialAttempt) error { return errors.New("no token") }
	tests := []struct {
		name, url string
		options   *wsx.DialOptions
		want      string
	}{
		{"no URL", "nowhere", nil, "wsx: connect: " + noURL},
		{"no URL, lazy", "nowhere", &wsx.DialOptions{Lazy: true}, "wsx: connect: " + noURL},
		{"broken URL", "ws://user:%s3cret@example.com", nil, "wsx: connect: " + noURL},
		{"hook", clientURL, &wsx.DialOptions{BeforeDial: hook}, "wsx: connect to ws://example.com/ws: wsx.DialOptions.BeforeDial: no token"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := wsx.DialMirror(t.Context(), tc.url, nil, tc.options)
			if _, ok := errors.AsType[*wsx.DialError](err); !ok || err.Error() != tc.want {
				t.Errorf("error = %v, want %s", err, tc.want)
			}
		})
	}
}

// A client that comes back asks for what has happened since.
func TestMirrorClientResumes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newMirrorPeer(t, func(ws *websocket.Conn, n int) {
			switch n {
			case 1:
				mirrorSay(ws, lampOff, `{"t":"snapshot","id":2,"type":"Count","rev":8,"value":{"Int":1}}`)
				_ = ws.Close(1008, "for no reason") // a client of calls would rest now
			case 2:
				mirrorSay(ws, lampOn, lampOn)
				_ = ws.CloseNow()
			}
		})
		var states clientStates
		c := s.mirrors(t, nil, func(o *wsx.DialOptions) { o.OnState = states.add })
		var mu sync.Mutex
		var heard []string
		c.Client().OnChange(func(m mirror.Message) {
			mu.Lock()
			defer mu.Unlock()
			heard = append(heard, fmt.Sprintf("%T", m))
		})
		time.Sleep(time.Minute)
		synctest.Wait()
		if diff := cmp.Diff([]string{"codec=json", `codec=json&since={"1":0,"2":8}`, `codec=json&since={"1":1,"2":8}`}, s.queries()); diff != "" {
			t.Errorf("queries (-want +got):\n%s", diff)
		}
		if got, want := mirrorText(c, 1), `{"Map":{"on":{"Bool":true}}}`; got != want {
			t.Errorf("the mirror has %s, want %s", got, want)
		}
		if got, want := c.Stats(), (wsx.MirrorStats{Connections: 3, Received: 4}); got != want {
			t.Errorf("stats = %+v, want %+v", got, want)
		}
		mu.Lock()
		defer mu.Unlock()
		if n := len(heard); n == 0 || heard[n-1] != "mirror.Change" {
			t.Errorf("listeners heard %v, want a change at last", heard)
		}
		want := []string{
			"connecting", "connected", `disconnected: the server closed the connection with 1008 "for no reason"`,
			"connecting", "connected", `disconnected: failed to get reader: failed to read frame header: unexpected EOF`,
			"connecting", "connected",
		}
		if diff := cmp.Diff(want, states.phases()); diff != "" {
			t.Errorf("states (-want +got):\n%s", diff)
		}
		if got, want := c.State(), (wsx.ClientState{Phase: wsx.ClientConnected}); got != want {
			t.Errorf("state = %+v, want %+v", got, want)
		}
	})
}

// A message beyond the limit closes the connection, whichever of the options has it.
func TestMirrorClientReadLimit(t *testing.T) {
	t.Parallel()
	const small, large = 1 << 10, 1 << 20
	tests := []struct {
		name   string
		models mirror.Limits
		limit  int64
		takes  bool
	}{
		{"defaults", mirror.Limits{}, 0, true},
		{"models", mirror.Limits{Size: small}, 0, false},
		{"connection", mirror.Limits{}, small, false},
		{"both", mirror.Limits{Size: small}, large, false},
		{"both, large", mirror.Limits{Size: large}, large, true},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newMirrorPeer(t, func(ws *websocket.Conn, _ int) {
					mirrorSay(ws, `{"t":"snapshot","id":1,"type":"Text","rev":0,"value":{"Str":"`+strings.Repeat("x", small)+`"}}`)
				})
				c := s.mirrors(t, &mirror.ClientOptions{Limits: tc.models}, func(o *wsx.DialOptions) { o.ReadLimit = tc.limit })
				time.Sleep(time.Minute)
				synctest.Wait()
				if takes := mirrorText(c, 1) != "nothing"; takes != tc.takes {
					t.Errorf("it is taken: %v", takes)
				}
				if stays := c.Stats().Connections == 1; stays != tc.takes {
					t.Errorf("%d connections", c.Stats().Connections)
				}
			})
		})
	}
}

// The revisions of models that do not fit into a URL are left out.
func TestMirrorClientLongURL(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const models, longest = 1000, 8000
		s := newMirrorPeer(t, func(ws *websocket.Conn, n int) {
			if n == 1 {
				for id := range models {
					mirrorSay(ws, fmt.Sprintf(`{"t":"snapshot","id":%d,"type":"Count","rev":7,"value":{"Int":1}}`, id+1))
				}
				_ = ws.CloseNow()
			}
		})
		s.mirrors(t, nil)
		time.Sleep(time.Minute)
		synctest.Wait()
		s.mu.Lock()
		defer s.mu.Unlock()
		if len(s.requests) != 2 {
			t.Fatalf("%d requests", len(s.requests))
		}
		r := s.requests[1]
		const host = "ws://example.com"
		if n := len(r.URL.Query()["codec"]); n != 1 {
			t.Errorf("the URL names %d codecs", n)
		}
		if got := len(host + r.URL.RequestURI()); got > longest || got < longest-len("%22999%22%3A7%2C") {
			t.Errorf("the URL has %d bytes", got)
		}
		q, err := mirror.ParseQuery(r.URL.Query(), nil, mirror.JSON())
		if err != nil {
			t.Fatal(err)
		}
		for id := range uint64(len(q.Since)) {
			if q.Since[id+1] != 7 {
				t.Fatalf("model %d is left out of the first %d", id+1, len(q.Since))
			}
		}
	})
}

// A client whose URL is refused asks without revisions.
func TestMirrorClientRefusedURL(t *testing.T) {
	t.Parallel()
	tests := map[int]bool{http.StatusBadRequest: true, http.StatusRequestURITooLong: true,
		http.StatusRequestHeaderFieldsTooLarge: true, http.StatusServiceUnavailable: false, http.StatusUnauthorized: false}
	for status, isPlain := range tests {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var queries []url.Values
				s := newClientServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					queries = append(queries, r.URL.Query())
					if n := len(queries); n == 2 || n == 3 {
						w.WriteHeader(status)
						return
					}
					ws, err := websocket.Accept(w, r, nil)
					if err != nil {
						t.Error(err)
						return
					}
					mirrorSay(ws, lampOff)
					if len(queries) < 5 {
						_ = ws.CloseNow()
					}
					_ = clientDrain(ws)
				}))
				s.mirrors(t, nil)
				time.Sleep(time.Minute)
				synctest.Wait()
				var got []bool
				for _, q := range queries {
					got = append(got, q.Has("since"))
				}
				if diff := cmp.Diff([]bool{false, true, !isPlain, !isPlain, true}, got); diff != "" {
					t.Errorf("requests with revisions (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// A client with authority proposes what it had, once for each model.
func TestMirrorClientAuthority(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const other = `{"t":"snapshot","id":2,"type":"Count","rev":8,"value":{"Int":%d}}`
		heard := make(chan string, 2)
		s := newMirrorPeer(t, func(ws *websocket.Conn, n int) {
			if n == 1 {
				mirrorSay(ws, lampOff, lampOn, fmt.Sprintf(other, 1))
				_ = ws.CloseNow()
				return
			}
			mirrorSay(ws, lampOff, fmt.Sprintf(other, 2), lampOn)
			heard <- mirrorHear(ws)
			heard <- mirrorHear(ws)
		})
		c := s.mirrors(t, &mirror.ClientOptions{Authority: mirror.ClientAuthority})
		want := []string{proposeOn, `{"id":2,"patch":{"ops":[{"Set":{"path":[],"value":{"Int":1}}}],"rev":0},"t":"patch"}`}
		if diff := cmp.Diff(want, []string{<-heard, <-heard}); diff != "" {
			t.Errorf("proposals (-want +got):\n%s", diff)
		}
		synctest.Wait()
		if got, want := c.Stats(), (wsx.MirrorStats{Connections: 2, Received: 6, Sent: 2}); got != want {
			t.Errorf("stats = %+v, want %+v", got, want)
		}
	})
}
