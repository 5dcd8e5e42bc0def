package httpx_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/httpx"
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
