package tp_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/tp"
)

func TestCredentialsOfTheTransport(t *testing.T) {
	t.Parallel()
	const call, refused = `[{},{"fn.whoAmI":{}}]`, `[{},{"ErrorUnauthenticated_":{"message!":"Valid authentication is required."}}]`
	tree := tp.Object{{Key: "Token", Value: tp.Object{{Key: "token", Value: "of tree"}}}}
	tests := []struct {
		name, request string
		credentials   any
		want          string
	}{
		{"variant", call, Token{"of cookie"}, `[{},{"Ok_":{"message":"cookie"}}]`},
		{"pointer to a variant", call, &Password{"bob", "secret"}, `[{},{"Ok_":{"message":"bob"}}]`},
		{"tree", call, tree, `[{},{"Ok_":{"message":"tree"}}]`},
		{"the message's own go first", `[{"@auth_":{"Token":{"token":"of ann"}}},{"fn.whoAmI":{}}]`, Token{"of cookie"}, `[{},{"Ok_":{"message":"ann"}}]`},
		{"also when they are wrong", `[{"@auth_":{"Token":{"token":"x"}}},{"fn.whoAmI":{}}]`, Token{"of cookie"}, refused},
		{"wrong", call, Token{"x"}, refused},
		{"not of the union", call, 7, refused},
		{"not what the schema says", call, tp.Object{{Key: "Token", Value: tp.Object{}}},
			`[{},{"ErrorInvalidRequestHeaders_":{"cases":[{"path":["@auth_","Token"],"reason":{"RequiredObjectKeyMissing":{"key":"token"}}}]}}]`},
		{"public function", `[{},{"fn.open":{}}]`, Token{"of cookie"}, `[{},{"Ok_":{"message":"nobody"}}]`},
		{"none", call, nil, refused},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			srv := authAPI().MustBuild(tp.OnFailure(nil))
			reply := srv.Serve(context.Background(), &tp.Inbound{Body: []byte(tc.request), Credentials: tc.credentials})
			if got := string(reply.Bytes); got != tc.want {
				t.Errorf("\n got %s\nwant %s", got, tc.want)
			}
		})
	}
}

func TestAuthenticate(t *testing.T) {
	t.Parallel()
	srv := authAPI().MustBuild(tp.OnFailure(nil))
	tests := []struct {
		name        string
		credentials any
		want, fails string
	}{
		{"known", Token{"of ann"}, "ann", ""},
		{"tree", tp.Object{{Key: "Token", Value: tp.Object{{Key: "token", Value: "of bob"}}}}, "bob", ""},
		{"unknown", Token{"x"}, "", errUnknownToken.Error()},
		{"panic", Token{"panic"}, "", "lookup"},
		{"none", nil, "", "there are no credentials"},
		{"not of the union", 7, "", "there are no credentials"},
		{"not what the schema says", tp.Object{{Key: "Nope", Value: tp.Object{}}}, "", "not what the schema says"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			identity, expires, err := srv.Authenticate(context.Background(), &tp.Inbound{Credentials: tc.credentials})
			if tc.fails != "" {
				if err == nil || !strings.Contains(err.Error(), tc.fails) || identity != nil {
					t.Errorf("got %v, %v; want an error that says %q", identity, err, tc.fails)
				}
				return
			}
			if u, _ := identity.(*user); err != nil || u == nil || u.name != tc.want || !expires.IsZero() {
				t.Errorf("got %v, %v, %v; want %s", identity, expires, err, tc.want)
			}
		})
	}
	if _, _, err := greetServer(t).Authenticate(context.Background(), nil); err == nil {
		t.Error("an API without credentials authenticates nothing")
	}
}

func TestCredentialsError(t *testing.T) {
	t.Parallel()
	var hook failures
	srv := authAPI().MustBuild(hook.option())
	srv.Serve(context.Background(), &tp.Inbound{Body: []byte(`[{},{"fn.whoAmI":{}}]`), Credentials: user{"canary"}})
	const want = "the transport's credentials are a tp_test.user, which is no variant of the API's union; return one, or a tp.Object"
	if len(hook.all) != 1 || hook.all[0].Cause.Error() != want {
		t.Fatalf("failures %v, want %q", hook.all, want)
	}
	if _, ok := errors.AsType[*tp.CredentialsError](hook.all[0]); !ok {
		t.Errorf("the cause is a %T", hook.all[0].Cause)
	}
}

func greetServer(t *testing.T) *tp.Server {
	t.Helper()
	api := tp.NewAPI("")
	tp.RegisterOn(api, greet)
	srv := build(t, api)
	if srv.NeedsAuth() || !authAPI().MustBuild().NeedsAuth() {
		t.Error("NeedsAuth is wrong")
	}
	return srv
}

// visit is an identity that ends.
type visit struct{ until time.Time }

func (v visit) ExpiresAt() time.Time { return v.until }

func TestExpiry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		until := time.Now().Add(time.Minute)
		api := tp.NewAPI("", tp.Auth(tp.UnionOf[Credentials](Token{}), func(context.Context, Credentials) (visit, error) {
			return visit{until}, nil
		}))
		tp.RegisterOn(api, whoAmI)
		var told []any
		peer := &tp.Peer{Connection: tp.NewConnection(tp.ConnectionHooks{
			Authenticated: func(credentials any, expires time.Time) { told = append(told, credentials, expires) },
		})}
		var hook failures
		srv := api.MustBuild(hook.option())
		call := &tp.Inbound{Body: []byte(`[{"@auth_":{"Token":{"token":"t"}}},{"fn.whoAmI":{}}]`), Peer: peer}

		if got := srv.Serve(context.Background(), call); got.Tag != "Ok_" {
			t.Errorf("in time: %s", got.Bytes)
		}
		want := []any{tp.Object{{Key: "Token", Value: tp.Object{{Key: "token", Value: "t"}}}}, until}
		if diff := cmp.Diff(want, told); diff != "" {
			t.Errorf("the connection is told (-want +got):\n%s", diff)
		}
		if _, expires, err := srv.Authenticate(context.Background(), &tp.Inbound{Credentials: Token{"t"}}); err != nil || !expires.Equal(until) {
			t.Errorf("Authenticate: %v, %v", expires, err)
		}
		time.Sleep(time.Minute)
		if got := srv.Serve(context.Background(), call); got.Tag != "ErrorUnauthenticated_" {
			t.Errorf("afterwards: %s", got.Bytes)
		}
		if len(hook.all) != 1 || !strings.Contains(hook.all[0].Error(), "expired") || len(told) != 2 {
			t.Errorf("afterwards: failures %v, the connection is told %v", hook.all, told[2:])
		}
	})
}

func TestConnection(t *testing.T) {
	t.Parallel()
	type key struct{}
	c := tp.NewConnection(tp.ConnectionHooks{})
	c.Abuse("nobody listens")
	made := 0
	value := func() any { made++; return made }
	if a, b := c.Value(key{}, value), c.Value(key{}, value); a != 1 || b != 1 {
		t.Errorf("values %v, %v; want the same", a, b)
	}
	if other := tp.NewConnection(tp.ConnectionHooks{}).Value(key{}, value); other != 2 {
		t.Errorf("another connection has %v", other)
	}
	var reasons []string
	c = tp.NewConnection(tp.ConnectionHooks{Abuse: func(reason string) { reasons = append(reasons, reason) }})
	c.Abuse("flood")
	if len(reasons) != 1 || reasons[0] != "flood" {
		t.Errorf("reasons %q", reasons)
	}
}

func TestTimeOfFunctions(t *testing.T) {
	t.Parallel()
	limit := func(ctx context.Context, _ Empty) (Greeting, error) {
		deadline, ok := ctx.Deadline()
		if !ok {
			return Greeting{"none"}, nil
		}
		return Greeting{time.Until(deadline).String()}, nil
	}
	api := tp.NewAPI("", tp.NoAuth(), tp.MaxTime(time.Minute), tp.MaxTime(time.Hour, "fn.long", "fn.longer"), tp.MaxTime(0, "fn.longer"))
	for _, name := range []string{"fn.short", "fn.long", "fn.longer"} {
		tp.RegisterOn(api, limit, tp.Name(name))
	}
	srv := build(t, api)
	synctest.Test(t, func(t *testing.T) {
		for name, want := range map[string]string{"fn.short": "1m0s", "fn.long": "1h0m0s", "fn.longer": "none"} {
			if got := process(t, srv, `[{},{"`+name+`":{}}]`); got != `[{},{"Ok_":{"message":"`+want+`"}}]` {
				t.Errorf("%s: got %s, want %s", name, got, want)
			}
		}
	})
	_, err := api.Build(tp.MaxTime(time.Second, "fn.nope"))
	if want := `tp.MaxTime (tp/credentials_test.go:`; err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), `"fn.nope"`) {
		t.Errorf("err = %v, want one with %s", err, want)
	}
}

func TestPanicErrorKeepsItsStack(t *testing.T) {
	t.Parallel()
	api := tp.NewAPI("", tp.NoAuth(), tp.Use(func(tp.Handler) tp.Handler {
		return func(context.Context, *tp.Request) (*tp.Response, error) {
			return nil, errors.Join(errors.New("caught"), &tp.PanicError{Value: "boom", Stack: []byte("of the panic")})
		}
	}))
	tp.RegisterOn(api, greet)
	var hook failures
	process(t, build(t, api, hook.option()), `[{},{"fn.greet":{"subject":"x"}}]`)
	if len(hook.all) != 1 || string(hook.all[0].Stack) != "of the panic" {
		t.Errorf("failures %+v", hook.all)
	}
}
