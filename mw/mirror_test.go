package mw_test

import (
	"bufio"
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/tp/mirror"
	"github.com/telestruct/telestruct/tp/tptest"
	"github.com/telestruct/telestruct/wsx"
)

// tokenOf finds credentials in a request.
func tokenOf(r *http.Request) (any, bool) {
	token := r.Header.Get("Token")
	return Token{token}, token != ""
}

// mirrors are the endpoints for the same models.
type mirrors struct {
	sockets *wsx.Endpoint
	events  *httpx.Events
}

// lamp is a model with one field that ann alone may change.
func lamp(t *testing.T) *mirror.Server {
	t.Helper()
	session := mirror.NewSession()
	if _, err := session.HostValue("Lamp", mirror.Map(map[string]mirror.Value{"on": mirror.Bool(false)}), nil); err != nil {
		t.Fatal(err)
	}
	return mirror.NewServer(session, &mirror.ServerOptions{Authorize: func(identity any, _ mirror.Change) error {
		if u, ok := identity.(*user); !ok || u.name != "ann" {
			return errors.New("only ann may")
		}
		return nil
	}})
}

// What protects the functions of an API protects live models, on sockets and as events: Auth
// itself, and a middleware of the program in front of both.
func TestAuthOfMirrors(t *testing.T) {
	t.Parallel()
	t.Run("Auth", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			srv, models := authServer(t, &lookups{}), lamp(t)
			testMirrors(t, mirrors{
				wsx.Mirror(models, wsx.MirrorAuth(srv), wsx.Credentials(tokenOf)),
				httpx.MirrorEvents(models, httpx.MirrorAuth(srv), httpx.Credentials(tokenOf)),
			}, func(next http.Handler) http.Handler { return next })
		})
	})
	t.Run("middleware", func(t *testing.T) {
		t.Parallel()
		type key struct{}
		all := &lookups{}
		identity := func(r *http.Request) any { return r.Context().Value(key{}) }
		find := func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				credentials, _ := tokenOf(r)
				u, err := all.find(r.Context(), credentials.(Token))
				if err != nil {
					http.Error(w, "who are you?", http.StatusUnauthorized)
					return
				}
				next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), key{}, u)))
			})
		}
		synctest.Test(t, func(t *testing.T) {
			models := lamp(t)
			testMirrors(t, mirrors{
				wsx.Mirror(models, wsx.MirrorIdentity(identity)),
				httpx.MirrorEvents(models, httpx.MirrorIdentity(identity)),
			}, find)
		})
	})
}

func testMirrors(t *testing.T, m mirrors, middleware func(http.Handler) http.Handler) {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/live", middleware(m.sockets))
	mux.Handle("/events", middleware(m.events))
	site := tptest.Serve(t, mux)
	defer func() {
		if err := errors.Join(m.sockets.Shutdown(context.Background()), m.events.Shutdown(context.Background())); err != nil {
			t.Error(err)
		}
	}()
	for _, token := range []string{"", "guess"} {
		if client, err := dialLamp(t, site, token); err == nil || !strings.Contains(err.Error(), "401") {
			t.Errorf("%q: a socket, and %v", token, err)
			_ = client.Close()
		}
		if res := readLamp(t, site, token); res.StatusCode != 401 {
			t.Errorf("%q: status %d for events", token, res.StatusCode)
		}
	}
	ann, err := dialLamp(t, site, "of ann")
	if err != nil {
		t.Fatal(err)
	}
	bob, err := dialLamp(t, site, "of bob")
	if err != nil {
		t.Fatal(err)
	}
	events := bufio.NewReader(readLamp(t, site, "of bob").Body)
	wantLine(t, events, `data: {"id":1,"rev":0,"t":"snapshot","type":"Lamp","value":{"Map":{"on":{"Bool":false}}}}`)
	if err := propose(t, bob); err == nil || !strings.Contains(err.Error(), "only ann may") {
		t.Errorf("bob: %v", err)
	}
	if err := propose(t, ann); err != nil {
		t.Errorf("ann: %v", err)
	}
	wantLine(t, events, "")
	wantLine(t, events, `data: {"id":1,"patch":{"ops":[{"Set":{"path":[{"Key":"on"}],"value":{"Bool":true}}}],"rev":1},"t":"patch"}`)
	if err := errors.Join(ann.Close(), bob.Close()); err != nil {
		t.Error(err)
	}
}

func dialLamp(t *testing.T, site *tptest.Site, token string) (*wsx.MirrorClient, error) {
	t.Helper()
	client, err := wsx.DialMirror(t.Context(), site.SocketURL("/live"), nil, &wsx.DialOptions{HTTPClient: site.HTTPClient(), Header: http.Header{"Token": {token}}})
	if err != nil {
		return nil, err
	}
	return client, client.Await(t.Context(), 1)
}

// readLamp reads events until the test ends.
func readLamp(t *testing.T, site *tptest.Site, token string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, site.URL("/events"), nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Token", token)
	res, err := site.HTTPClient().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	return res
}

// propose proposes to switch the lamp on.
func propose(t *testing.T, c *wsx.MirrorClient) error {
	t.Helper()
	frame, err := c.Client().Propose(1, mirror.Set(mirror.Path{mirror.Key("on")}, mirror.Bool(true)))
	if err != nil {
		t.Fatal(err)
	}
	return c.Settle(t.Context(), 1, frame)
}

func wantLine(t *testing.T, r *bufio.Reader, want string) {
	t.Helper()
	if got, err := r.ReadString('\n'); err != nil || got != want+"\n" {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
}
