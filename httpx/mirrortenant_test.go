package httpx_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/mirror"
)

// userKey is where a middleware leaves who calls.
type userKey struct{}

// signedIn lets nobody pass but those with a token.
func signedIn(next http.Handler) http.Handler {
	token := httpx.Bearer(func(token string) any { return token })
	users := map[string]string{"ada-token": "ada", "bob-token": "bob"}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		credentials, _ := token(r)
		user := users[fmt.Sprint(credentials)]
		if user == "" {
			http.Error(w, "who are you?", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), userKey{}, user)))
	})
}

func user(r *http.Request) (string, error) {
	user, ok := r.Context().Value(userKey{}).(string)
	if !ok {
		return "", errors.New("nobody has signed in")
	}
	return user, nil
}

// Each tenant of a hub sees its own models, and nothing is seen without the middleware.
func TestMirrorEventsTenants(t *testing.T) {
	t.Parallel()
	hub := mirror.NewHub(nil)
	for n, name := range []string{"ada", "bob"} {
		if _, err := hub.Session(name).HostValue("Lamp", level(int64(n)), nil); err != nil {
			t.Fatal(err)
		}
	}
	events := httpx.MirrorEvents(hub, httpx.MirrorTenant(user))
	tests := []struct {
		name, token string
		handler     http.Handler
		want        string
	}{
		{"ada", "ada-token", signedIn(events), "200 " + snapshot(1, 0, 0)},
		{"bob", "bob-token", signedIn(events), "200 " + snapshot(1, 0, 1)},
		{"stranger", "eve-token", signedIn(events), "401 who are you?"},
		{"no token", "", signedIn(events), "401 who are you?"},
		{"no middleware", "ada-token", events, "403 the connection is not allowed"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			cancel() // the stream ends as soon as it has begun
			w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil).WithContext(ctx)
			if tc.token != "" {
				r.Header.Set("Authorization", "Bearer "+tc.token)
			}
			tc.handler.ServeHTTP(w, r)
			if got := fmt.Sprint(w.Code, " ", strings.TrimSpace(w.Body.String())); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

// openings notes what connections begin with.
type openings struct {
	*mirror.Server
	all chan mirror.Opening
}

func (o openings) Open(opening mirror.Opening) *mirror.Conn {
	o.all <- opening
	return o.Server.Open(opening)
}

func TestMirrorEventsIdentity(t *testing.T) {
	t.Parallel()
	of := openings{newLamps(t, 1).server, make(chan mirror.Opening, 1)}
	h := signedIn(httpx.MirrorEvents(of, httpx.MirrorTenant(user),
		httpx.MirrorIdentity(func(r *http.Request) any { return r.Context().Value(userKey{}) })))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := httptest.NewRequest(http.MethodGet, "/", nil).WithContext(ctx)
	r.Header.Set("Authorization", "Bearer bob-token")
	h.ServeHTTP(httptest.NewRecorder(), r)
	if got := <-of.all; got.Identity != "bob" || got.Tenant != "bob" {
		t.Errorf("got %+v", got)
	}
}

// Passes are what tests prove with who they are.
type Passes interface{ pass() }

// DayPass is one that holds for a minute if it is "good".
type DayPass struct {
	Name string `tp:"name"`
}

func (DayPass) pass() {}

// guest is somebody for a time.
type guest struct{ until time.Time }

func (g guest) ExpiresAt() time.Time { return g.until }

// The stream ends with the identity.
func TestMirrorEventsExpire(t *testing.T) {
	t.Parallel()
	server := &http.Server{}
	showLamps(t, 1, server, func(p *pipes, l *lamps) {
		api := tp.NewAPI("", tp.OnFailure(nil), tp.Auth(tp.UnionOf[Passes](DayPass{}), func(_ context.Context, pass Passes) (guest, error) {
			if pass != (DayPass{"good"}) {
				return guest{}, errors.New("no")
			}
			return guest{time.Now().Add(time.Minute)}, nil
		}))
		tp.RegisterOn(api, greet)
		server.Handler = httpx.MirrorEvents(l.server, httpx.MirrorAuth(api.MustBuild()), httpx.MirrorTenant(func(r *http.Request) (string, error) {
			if _, known := tp.Identity[guest](r.Context()); !known {
				return "", errors.New("nobody")
			}
			return "", nil
		}),
			httpx.Credentials(httpx.Bearer(func(token string) any { return DayPass{token} })))
		for _, header := range []string{"Accept: */*", "Authorization: Bearer bad"} {
			r := read(t, p, "", header)
			if r.res.StatusCode != 401 || r.res.Header.Get("Www-Authenticate") != "Bearer" {
				t.Errorf("%s: status %d", header, r.res.StatusCode)
			}
			_ = r.conn.Close()
		}
		start := time.Now()
		r := read(t, p, "", "Authorization: Bearer good")
		defer r.conn.Close()
		r.want(snapshot(1, 0, 0), ":", ":", ":")
		for event := r.next(); event != "EOF"; event = r.next() {
			if event != ":" {
				t.Fatal(event)
			}
		}
		if took := time.Since(start); took != time.Minute {
			t.Errorf("it ended after %v, want 1m", took)
		}
	})
}

func TestMirrorEventsFaults(t *testing.T) {
	t.Parallel()
	nobody := tp.NewAPI("")
	tp.RegisterOn(nobody, greet)
	everybody := nobody.MustBuild(tp.NoAuth())
	credentials := httpx.Credentials(httpx.Bearer(func(token string) any { return DayPass{token} }))
	tests := []struct {
		want    string
		options []httpx.Option
	}{
		{"MirrorAuth checks what Credentials find: give both, or neither", []httpx.Option{credentials}},
		{"MirrorAuth checks what Credentials find: give both, or neither", []httpx.Option{httpx.MirrorAuth(everybody)}},
		{"the API of MirrorAuth knows nobody: build it with Auth, or leave MirrorAuth out", []httpx.Option{credentials, httpx.MirrorAuth(everybody)}},
	}
	for _, tc := range tests {
		t.Run(tc.want, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if got := recover(); got != "httpx: MirrorEvents: "+tc.want {
					t.Errorf("got %v", got)
				}
			}()
			httpx.MirrorEvents(newLamps(t, 1).server, tc.options...)
		})
	}
}
