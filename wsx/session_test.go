package wsx_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/wsx"
)

// Credentials are names; those that begin with "x" are nobody's.
type Credentials interface{ credentials() }

type Session struct {
	Token string `tp:"token"`
}

func (Session) credentials() {}

// user is an identity that ends.
type user struct {
	name    string
	expires time.Time
}

func (u *user) ExpiresAt() time.Time { return u.expires }

// guarded returns a server whose users are known for a time; zero for ever.
func guarded(t testing.TB, lasts time.Duration) *tp.Server {
	t.Helper()
	api := tp.NewAPI("guarded", tp.Auth(tp.UnionOf[Credentials](Session{}), func(_ context.Context, c Credentials) (*user, error) {
		s, ok := c.(Session)
		switch {
		case !ok || s.Token[0] == 'x':
			return nil, errors.New("nobody")
		case lasts == 0:
			return &user{name: s.Token}, nil
		}
		return &user{s.Token, time.Now().Add(lasts)}, nil
	}))
	tp.RegisterOn(api, func(ctx context.Context, _ Greet) (Greeting, error) {
		u, _ := tp.Identity[*user](ctx)
		return Greeting{Message: u.name}, nil
	}, tp.Name("fn.who"))
	tp.RegisterOn(api, greet, tp.Public())
	srv, err := api.Build()
	if err != nil {
		t.Fatal(err)
	}
	return srv
}

const (
	who             = `[{},{"fn.who":{"subject":""}}]`
	unauthenticated = `[{},{"ErrorUnauthenticated_":{"message!":"Valid authentication is required."}}]`
)

func whoAs(token string) string {
	return `[{"@auth_":{"Session":{"token":"` + token + `"}}},{"fn.who":{"subject":""}}]`
}

func is(name string) string { return `[{},{"Ok_":{"message":"` + name + `"}}]` }

// fromHeader takes the credentials from a header.
func fromHeader(r *http.Request) (any, bool) {
	token := r.Header.Get("Token")
	return Session{Token: token}, token != ""
}

func (p *peer) asks(request, want string) {
	p.t.Helper()
	p.send(fin|opText, request)
	p.want(fin|opText, want)
}

func TestCredentials(t *testing.T) {
	t.Parallel()
	s := newSite(t, wsx.Handler(guarded(t, 0), wsx.Credentials(fromHeader)))
	if got := s.refused("Token: xyz").StatusCode; got != http.StatusUnauthorized {
		t.Errorf("status = %d, want 401", got)
	}
	p := s.dial("Token: ann")
	p.asks(who, is("ann"))
	p.asks(whoAs("bob"), is("bob"))
	p.asks(who, is("ann")) // bob spoke for one call
	p.asks(whoAs("xyz"), unauthenticated)
	without := s.dial()
	without.asks(who, unauthenticated)
	without.asks(whoAs("bob"), is("bob"))
	without.asks(who, unauthenticated)
}

func TestKeepCredentials(t *testing.T) {
	t.Parallel()
	p := newSite(t, wsx.Handler(guarded(t, 0), wsx.KeepCredentials())).dial()
	p.asks(who, unauthenticated)
	p.asks(whoAs("ann"), is("ann"))
	p.asks(who, is("ann"))
	p.asks(whoAs("xyz"), unauthenticated)
	p.asks(who, is("ann")) // who was refused changes nothing
	p.asks(whoAs("bob"), is("bob"))
	p.asks(who, is("bob"))
	p.asks(greetAnn, greetedAnn)
}

// TestCredentialsWithoutAuth sees that an API without credentials asks for none.
func TestCredentialsWithoutAuth(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newSite(t, wsx.Handler(build(t), wsx.Credentials(fromHeader))).dial("Token: xyz")
		time.Sleep(11 * time.Second)
		p.asks(greetAnn, greetedAnn)
	})
}

func TestAuthTimeout(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		options []wsx.Option
		calls   func(p *peer)
		lasts   time.Duration // zero for longer than the test waits
	}{
		{"nothing", nil, func(*peer) {}, 10 * time.Second},
		{"refused calls", nil, func(p *peer) { p.asks(whoAs("xyz"), unauthenticated) }, 10 * time.Second},
		{"public calls", nil, func(p *peer) { p.asks(greetAnn, greetedAnn) }, 10 * time.Second},
		{"a call", nil, func(p *peer) { p.asks(whoAs("ann"), is("ann")) }, 0},
		{"upgrade", []wsx.Option{wsx.Credentials(func(*http.Request) (any, bool) { return Session{"ann"}, true })}, func(*peer) {}, 0},
		{"another time", []wsx.Option{wsx.AuthTimeout(time.Second)}, func(*peer) {}, time.Second},
		{"no time", []wsx.Option{wsx.AuthTimeout(0)}, func(*peer) {}, 0},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := newSite(t, wsx.Handler(guarded(t, 0), tc.options...)).dial()
				start := time.Now()
				tc.calls(p)
				if tc.lasts == 0 {
					p.want(fin|opPing, "") // comes after 12 s and more
					return
				}
				p.wantClose(1008, wsx.ReasonAuthTimeout)
				if got := time.Since(start); got != tc.lasts {
					t.Errorf("closed after %v, want %v", got, tc.lasts)
				}
			})
		})
	}
}

func TestExpiry(t *testing.T) {
	t.Parallel()
	const lasts = 7 * time.Second
	tests := []struct {
		name  string
		lines []string
		calls func(p *peer)
		want  time.Duration
	}{
		{"of the upgrade", []string{"Token: ann"}, func(*peer) {}, lasts},
		{"of a call that is kept", nil, func(p *peer) { time.Sleep(time.Second); p.asks(whoAs("ann"), is("ann")) }, time.Second + lasts},
		{"renewed", []string{"Token: ann"}, func(p *peer) {
			time.Sleep(4 * time.Second)
			p.asks(whoAs("ann"), is("ann"))
		}, 4*time.Second + lasts},
		{"not renewed by calls that are refused", []string{"Token: ann"}, func(p *peer) {
			time.Sleep(4 * time.Second)
			p.asks(whoAs("xyz"), unauthenticated)
		}, lasts},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				options := []wsx.Option{wsx.Credentials(fromHeader)}
				if tc.lines == nil {
					options = append(options, wsx.KeepCredentials())
				}
				p := newSite(t, wsx.Handler(guarded(t, lasts), options...)).dial(tc.lines...)
				start := time.Now()
				tc.calls(p)
				p.wantClose(3000, wsx.ReasonExpired)
				if got := time.Since(start); got != tc.want {
					t.Errorf("closed after %v, want %v", got, tc.want)
				}
			})
		})
	}
}

// TestCredentialsPanic sees that a connection that came to nothing holds no place.
func TestCredentialsPanic(t *testing.T) {
	t.Parallel()
	e := wsx.Handler(guarded(t, 0), wsx.MaxConnections(1), wsx.Credentials(func(r *http.Request) (any, bool) {
		if r.Header.Get("Token") == "" {
			panic(http.ErrAbortHandler)
		}
		return Session{"ann"}, true
	}))
	s := newSite(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if p := recover(); p != nil {
				w.WriteHeader(http.StatusInternalServerError)
			}
		}()
		e.ServeHTTP(w, r)
	}))
	for range 2 {
		if got := s.refused().StatusCode; got != http.StatusInternalServerError {
			t.Errorf("status = %d, want 500", got)
		}
	}
	s.dial("Token: ann").asks(who, is("ann"))
}

// TestExpiryOfOneAmongMany has a connection that speaks for several callers: it does not
// end with the credentials of the last one.
func TestExpiryOfOneAmongMany(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const lasts = 7 * time.Second
		p := newSite(t, wsx.Handler(guarded(t, lasts), wsx.Heartbeat(time.Hour, time.Minute))).dial()
		p.asks(whoAs("ann"), is("ann"))
		time.Sleep(2 * lasts)
		p.asks(whoAs("bob"), is("bob"))
	})
}
