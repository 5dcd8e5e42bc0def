package mw_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/telestruct/telestruct/mw"
	"github.com/telestruct/telestruct/tp"
)

const (
	goodCall = `[{"@auth_":{"Token":{"token":"of ann"}}},{"fn.who":{}}]`
	badCall  = `[{"@auth_":{"Token":{"token":"guess"}}},{"fn.who":{}}]`
	okAnn    = `[{},{"Ok_":{"how":"ann","number":0}}]`
	refused  = `[{},{"ErrorUnauthenticated_":{"message!":"Valid authentication is required."}}]`
)

func who(ctx context.Context, _ Empty) (Ran, error) {
	if u, ok := mw.Identity[*user](ctx); ok {
		return Ran{How: u.name}, nil
	}
	return Ran{How: "nobody"}, nil
}

func authServer(t testing.TB, l *lookups, options ...mw.AuthOption) *tp.Server {
	t.Helper()
	api := tp.NewAPI("", mw.Auth(credentials(), l.find, options...), tp.OnFailure(nil))
	tp.RegisterOn(api, who)
	tp.RegisterOn(api, who, tp.Name("fn.open"), tp.Public())
	srv, err := api.Build()
	if err != nil {
		t.Fatal(err)
	}
	return srv
}

func TestAuth(t *testing.T) {
	t.Parallel()
	everyWay(t, func(t *testing.T, call caller) {
		srv := authServer(t, &lookups{})
		for _, tc := range []struct{ name, request, want string }{
			{"good", goodCall, okAnn},
			{"bad", badCall, refused},
			{"none", `[{},{"fn.who":{}}]`, refused},
			{"panic", strings.Replace(badCall, "guess", "panic", 1), refused},
			{"public", `[{},{"fn.open":{}}]`, `[{},{"Ok_":{"how":"nobody","number":0}}]`},
		} {
			if got := call(srv, tc.request); got != tc.want {
				t.Errorf("%s: got %s, want %s", tc.name, got, tc.want)
			}
		}
		if !srv.Schema().HasAuth() {
			t.Error("the schema has no union.Auth_")
		}
	})
}

func TestAuthWithoutLookup(t *testing.T) {
	t.Parallel()
	api := tp.NewAPI("", mw.Auth[Credentials, int](credentials(), nil))
	tp.RegisterOn(api, who)
	if _, err := api.Build(); err == nil || !strings.Contains(err.Error(), "tp.Auth[mw_test.Credentials] (mw/auth_test.go:") {
		t.Errorf("err = %v, want the place of mw.Auth", err)
	}
}

// TestFailureLimit has callers guess until nobody looks them up, and waits.
func TestFailureLimit(t *testing.T) {
	t.Parallel()
	const here = "192.0.2.1:1000"
	type step struct {
		from  string // "" for within the process
		call  string
		times int
		wait  time.Duration // before
		asked int           // lookups of the step
		want  string        // the last answer
	}
	for _, tc := range []struct {
		name    string
		options []mw.AuthOption
		steps   []step
	}{
		{"ten, then one every six seconds", nil, []step{
			{here, badCall, 25, 0, 10, refused},
			{here, goodCall, 1, 5900 * time.Millisecond, 0, refused},
			{here, badCall, 3, 101 * time.Millisecond, 1, refused},
			{here, badCall, 25, time.Hour, 10, refused},
		}},
		{"successes do not count", nil, []step{
			{here, goodCall, 100, 0, 100, okAnn},
			{here, badCall, 9, 0, 9, refused},
			{here, goodCall, 100, 0, 100, okAnn},
			{here, badCall, 2, 0, 1, refused},
			{here, goodCall, 1, 0, 0, refused},
			{here, goodCall, 100, 7 * time.Second, 100, okAnn},
		}},
		{"waiting is not prolonged by calls", nil, []step{
			{here, badCall, 10, 0, 10, refused},
			{here, goodCall, 1000, time.Second, 0, refused},
			{here, goodCall, 1, 5100 * time.Millisecond, 1, okAnn},
		}},
		{"calls without credentials do not count", nil, []step{
			{here, `[{},{"fn.who":{}}]`, 50, 0, 0, refused},
			{here, goodCall, 1, 0, 1, okAnn},
		}},
		{"ports do not matter, addresses do", nil, []step{
			{here, badCall, 10, 0, 10, refused},
			{"192.0.2.1:2000", goodCall, 1, 0, 0, refused},
			{"[::ffff:192.0.2.1]:3000", goodCall, 1, 0, 0, refused},
			{"192.0.2.2:1000", goodCall, 1, 0, 1, okAnn},
		}},
		{"64 bits of IPv6", nil, []step{
			{"[2001:db8::1]:1", badCall, 10, 0, 10, refused},
			{"[2001:db8::ffff:1]:1", goodCall, 1, 0, 0, refused},
			{"[2001:db8:0:1::1]:1", goodCall, 1, 0, 1, okAnn},
		}},
		{"not within the process", nil, []step{{"", badCall, 50, 0, 50, refused}}},
		{"a panic counts", nil, []step{{here, strings.Replace(badCall, "guess", "panic", 1), 20, 0, 10, refused}}},
		{"what is no guess", nil, []step{{here, strings.Replace(badCall, "guess", "expired", 1), 50, 0, 50, refused}}},
		{"another number", []mw.AuthOption{mw.MaxFailures(2), nil}, []step{
			{here, badCall, 5, 0, 2, refused},
			{here, badCall, 5, 30 * time.Second, 1, refused},
		}},
		{"no limit", []mw.AuthOption{mw.MaxFailures(0)}, []step{{here, badCall, 50, 0, 50, refused}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var l lookups
				srv := authServer(t, &l, tc.options...)
				for i, s := range tc.steps {
					time.Sleep(s.wait)
					call, before, got := inProcess, l.asked(), ""
					if s.from != "" {
						call = overHTTP(s.from)
					}
					for range s.times {
						got = call(srv, s.call)
					}
					if asked := l.asked() - before; asked != s.asked || got != s.want {
						t.Errorf("step %d: %d lookups, want %d; answer %s", i, asked, s.asked, got)
					}
				}
			})
		})
	}
}

// TestFailureLimitHoldsForManyAtOnce guesses faster than failures are known.
func TestFailureLimitHoldsForManyAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var asked lookups
		slow := func(ctx context.Context, c Credentials) (*user, error) {
			time.Sleep(time.Second)
			return asked.find(ctx, c)
		}
		api := tp.NewAPI("", mw.Auth(credentials(), slow), tp.OnFailure(nil))
		tp.RegisterOn(api, who)
		srv, err := api.Build()
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 70 {
			wg.Go(func() { overHTTP("192.0.2.1:1")(srv, badCall) })
		}
		wg.Wait()
		for _, tc := range []struct {
			wait time.Duration
			want string
		}{{6 * time.Minute, refused}, {6 * time.Second, okAnn}} {
			if time.Sleep(tc.wait); overHTTP("192.0.2.1:1")(srv, goodCall) != tc.want {
				t.Errorf("after %v: answer is not %s", tc.wait, tc.want)
			}
		}
	})
}

func TestFailuresCloseConnections(t *testing.T) {
	t.Parallel()
	const reason = "too many failed authentications"
	for _, tc := range []struct {
		name, addr string
		call       string
		times      int
		want       string
	}{
		{"few", "192.0.2.1:1", badCall, 9, ""},
		{"many", "192.0.2.1:1", badCall, 10, reason},
		{"unknown address", "", badCall, 10, reason},
		{"good ones", "192.0.2.1:1", goodCall, 100, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, srv := newConnection(tc.addr), authServer(t, &lookups{})
				for range tc.times {
					c.call(srv, tc.call)
				}
				if got := c.abused(); got != tc.want {
					t.Errorf("abuse %q, want %q", got, tc.want)
				}
			})
		})
	}
	t.Run("locked by others", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			srv := authServer(t, &lookups{})
			for range 10 {
				overHTTP("192.0.2.1:1")(srv, badCall)
			}
			c := newConnection("192.0.2.1:2")
			if got := c.call(srv, goodCall); got != refused || c.abused() != "" {
				t.Errorf("answer %s, abuse %q", got, c.abused())
			}
		})
	})
}

func TestFailureLimitBeforeThereAreCalls(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var l lookups
		srv := authServer(t, &l)
		call := &tp.Inbound{Credentials: Token{"guess"}, Peer: &tp.Peer{Addr: netip.MustParseAddrPort("192.0.2.1:1")}}
		var err error
		for range 11 {
			_, _, err = srv.Authenticate(context.Background(), call)
		}
		if !errors.Is(err, mw.ErrTooManyFailures) || l.asked() != 10 {
			t.Errorf("err = %v after %d lookups", err, l.asked())
		}
	})
}

func TestUncounted(t *testing.T) {
	t.Parallel()
	if err := mw.Uncounted(errNoUser); !errors.Is(err, errNoUser) || err.Error() != errNoUser.Error() {
		t.Errorf("err = %v", err)
	}
	if err := mw.Uncounted(nil); err != nil {
		t.Errorf("of nil: %v", err)
	}
}

func TestFailureLimitForgets(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var l lookups
		srv := authServer(t, &l, mw.MaxFailureAddresses(160), mw.MaxFailureAddresses(0))
		for range 10 {
			overHTTP("192.0.2.1:1")(srv, badCall)
		}
		for i := range 5000 {
			overHTTP(fmt.Sprintf("10.1.%d.%d:1", i/256, i%256))(srv, badCall)
		}
		if got := overHTTP("192.0.2.1:1")(srv, goodCall); got != okAnn {
			t.Errorf("got %s after many other addresses", got)
		}
	})
}
