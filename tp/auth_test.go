package tp_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/tp"
)

type Credentials interface{ credentials() }

type Token struct {
	Token string `tp:"token"`
}

type Password struct {
	User     string `tp:"user"`
	Password string `tp:"password"`
}

func (Token) credentials()    {}
func (Password) credentials() {}

type user struct{ name string }

var errUnknownToken = errors.New("token canary is unknown")

func lookUp(_ context.Context, c Credentials) (*user, error) {
	switch c := c.(type) {
	case Token:
		if c.Token == "panic" {
			panic("lookup")
		}
		if name, ok := strings.CutPrefix(c.Token, "of "); ok {
			return &user{name}, nil
		}
	case Password:
		if c.Password == "secret" {
			return &user{c.User}, nil
		}
	}
	return nil, errUnknownToken
}

func whoAmI(ctx context.Context, _ Empty) (Greeting, error) {
	u, ok := tp.Identity[*user](ctx)
	if !ok {
		return Greeting{Message: "nobody"}, nil
	}
	if u.name == "mallory" {
		return Greeting{}, tp.Unauthorized("not you")
	}
	return Greeting{Message: u.name}, nil
}

func authAPI() *tp.API {
	api := tp.NewAPI("", tp.Auth(tp.UnionOf[Credentials](Token{}, Password{}), lookUp))
	tp.RegisterOn(api, whoAmI)
	tp.RegisterOn(api, whoAmI, tp.Name("fn.open"), tp.Public())
	return api
}

func TestAuth(t *testing.T) {
	t.Parallel()
	const refused = `[{},{"ErrorUnauthenticated_":{"message!":"Valid authentication is required."}}]`
	tests := []struct{ name, request, want string }{
		{"token", `[{"@auth_": {"Token": {"token": "of ann"}}}, {"fn.whoAmI": {}}]`, `[{},{"Ok_":{"message":"ann"}}]`},
		{"password", `[{"@auth_": {"Password": {"user": "bob", "password": "secret"}}}, {"fn.whoAmI": {}}]`, `[{},{"Ok_":{"message":"bob"}}]`},
		{"none", `[{}, {"fn.whoAmI": {}}]`, refused},
		{"none, with an id", `[{"@id_": 1}, {"fn.whoAmI": {}}]`, strings.Replace(refused, "{}", `{"@id_":1}`, 1)},
		{"wrong", `[{"@auth_": {"Token": {"token": "x"}}}, {"fn.whoAmI": {}}]`, refused},
		{"panic", `[{"@auth_": {"Token": {"token": "panic"}}}, {"fn.whoAmI": {}}]`, refused},
		{"before the body is looked at", `[{}, {"fn.whoAmI": {"nope": 1}}]`, refused},
		{"after the message is", `[{}, {"fn.whoAmI": {]}]`, notTwoObjects},
		{"malformed", `[{"@auth_": {"Token": {}}}, {"fn.whoAmI": {}}]`,
			`[{},{"ErrorInvalidRequestHeaders_":{"cases":[{"path":["@auth_","Token"],"reason":{"RequiredObjectKeyMissing":{"key":"token"}}}]}}]`},
		{"unauthorized", `[{"@auth_": {"Token": {"token": "of mallory"}}}, {"fn.whoAmI": {}}]`, `[{},{"ErrorUnauthorized_":{"message!":"not you"}}]`},
		{"public", `[{}, {"fn.open": {}}]`, `[{},{"Ok_":{"message":"nobody"}}]`},
		{"public with credentials", `[{"@auth_": {"Token": {"token": "x"}}}, {"fn.open": {}}]`, `[{},{"Ok_":{"message":"nobody"}}]`},
		{"ping", `[{}, {"fn.ping_": {}}]`, `[{},{"Ok_":{}}]`},
		{"unknown function", `[{}, {"fn.nope": {}}]`, `[{},{"ErrorInvalidRequestBody_":{"cases":[{"path":["fn.nope"],"reason":{"FunctionUnknown":{}}}]}}]`},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			srv, err := authAPI().Build()
			if err != nil {
				t.Fatal(err)
			}
			if got := process(t, srv, tc.request); got != tc.want {
				t.Errorf("\n got %s\nwant %s", got, tc.want)
			}
		})
	}
}

func TestAuthFailureReachesTheHook(t *testing.T) {
	t.Parallel()
	var hook failures
	srv, err := authAPI().Build(hook.option())
	if err != nil {
		t.Fatal(err)
	}
	process(t, srv, `[{"@auth_": {"Token": {"token": "x"}}}, {"fn.whoAmI": {}}]`)
	if len(hook.all) != 1 || !errors.Is(hook.all[0], errUnknownToken) || hook.all[0].Tag != "ErrorUnauthenticated_" {
		t.Errorf("failures = %+v", hook.all)
	}
}

func TestTransportMayFillInCredentials(t *testing.T) {
	t.Parallel()
	srv, err := authAPI().Build()
	if err != nil {
		t.Fatal(err)
	}
	for _, token := range []any{
		tp.Object{{Key: "Token", Value: tp.Object{{Key: "token", Value: "of cookie"}}}},
		map[string]any{"Token": map[string]string{"token": "of cookie"}}, // any plain value will do
	} {
		reply := srv.Serve(context.Background(), &tp.Inbound{
			Body:          []byte(`[{}, {"fn.whoAmI": {}}]`),
			UpdateHeaders: func(h *tp.Object) { h.Set("@auth_", token) },
		})
		if want := `[{},{"Ok_":{"message":"cookie"}}]`; string(reply.Bytes) != want {
			t.Errorf("%T: got %s, want %s", token, reply.Bytes, want)
		}
	}
}

func TestBuildRefusesAnOpenAPI(t *testing.T) {
	t.Parallel()
	api := tp.NewAPI("")
	tp.RegisterOn(api, greet)
	_, err := api.Build()
	if err == nil || !strings.Contains(err.Error(), "tp.NoAuth()") {
		t.Errorf("err = %v", err)
	}
}

func TestAuthMistakes(t *testing.T) {
	t.Parallel()
	type other interface{ other() }
	tests := []struct {
		name string
		auth tp.Option
		want string
	}{
		{"nil function", tp.Auth[Credentials, int](tp.UnionOf[Credentials](Token{}), nil), "authenticate is nil"},
		{"another union", tp.Auth(tp.UnionOf[other](), lookUp), "authenticate takes tp_test.Credentials, and the union is of tp_test.other"},
		{"nil function of headers", tp.AuthHeaders(nil), "authenticate is nil"},
		{"no document", tp.AuthHeaders(func(context.Context, tp.Object) (tp.Object, error) { return nil, nil }), "union.Auth_"},
		{"no union", tp.Auth(tp.Union{}, lookUp), "the zero Union describes nothing"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			api := tp.NewAPI("", tc.auth)
			tp.RegisterOn(api, greet)
			_, err := api.Build()
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("err = %v, want %q", err, tc.want)
			}
		})
	}
}

func TestIdentityOutsideOfCalls(t *testing.T) {
	t.Parallel()
	if _, ok := tp.Identity[*user](context.Background()); ok {
		t.Error("a context without a call has an identity")
	}
	if tp.PeerOf(context.Background()) != nil {
		t.Error("a context without a call has a peer")
	}
	ada := tp.WithIdentity(t.Context(), &user{"ada"})
	if got, err := whoAmI(ada, Empty{}); err != nil || got.Message != "ada" {
		t.Errorf("the handler sees %v, %v", got, err)
	}
	if _, ok := tp.Identity[string](ada); ok {
		t.Error("an identity of another type is found")
	}
	// Nobody gets into a call with it.
	srv := authAPI().MustBuild(tp.OnFailure(nil))
	for request, want := range map[string]string{
		`[{}, {"fn.whoAmI": {}}]`: `[{},{"ErrorUnauthenticated_":{"message!":"Valid authentication is required."}}]`,
		`[{"@auth_": {"Token": {"token": "of bob"}}}, {"fn.whoAmI": {}}]`: `[{},{"Ok_":{"message":"bob"}}]`,
		`[{}, {"fn.ping_": {}}]`: `[{},{"Ok_":{}}]`,
	} {
		if got := string(srv.Process(ada, []byte(request)).Bytes); got != want {
			t.Errorf("%s: %s, want %s", request, got, want)
		}
	}
}
