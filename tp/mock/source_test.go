package mock_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/mock"
	"github.com/telestruct/telestruct/tp/schema"
)

func greetDir() fstest.MapFS {
	return fstest.MapFS{"api/greet.telepact.yaml": {Data: greet.Text}}
}

// greetServer is a server of the same schema as the directory.
func greetServer(t testing.TB, options ...tp.Option) *tp.Server {
	t.Helper()
	api := tp.NewAPI("", append(options, tp.SchemaDir(greetDir(), "api"))...)
	for _, name := range []string{"fn.greet", "fn.leave"} {
		tp.RegisterRaw(api, name, func(context.Context, *tp.Request) (*tp.Response, error) { return nil, errors.New("no") })
	}
	srv, err := api.Build(tp.NoAuth())
	if err != nil {
		t.Fatal(err)
	}
	return srv
}

func greetAPI(t testing.TB) *schema.Schema {
	t.Helper()
	s, err := schema.Parse(greet)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSources(t *testing.T) {
	t.Parallel()
	upstream := newServer(t, mock.Documents(greet))
	told, err := tp.NewClient(greetServer(t)).Schema(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	toldByMock, err := upstream.Client().Schema(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name   string
		source mock.Source
	}{
		{"directory", mock.Dir(greetDir(), "api")},
		{"documents", mock.Documents(greet)},
		{"documents with those of mocks", mock.Documents(greet, schema.MockDocument())},
		{"schema", mock.Schema(greetAPI(t))},
		{"schema of a server", mock.Schema(greetServer(t).Schema())},
		{"schema of a mock server", mock.Schema(upstream.Schema())},
		{"schema that a client asked for", mock.Schema(told)},
		{"schema that a client asked a mock server for", mock.Schema(toldByMock)},
		{"running server", mock.Fetch(t.Context(), tp.NewClient(greetServer(t)))},
		{"running mock server", mock.Fetch(t.Context(), upstream.Client())},
	}
	want := process(t, upstream, `[{},{"fn.api_":{}}]`)
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			m := newServer(t, tc.source)
			if got := process(t, m, "[{},"+ada+"]"); got != `[{},{"Ok_":{"count!":3178529,"message":"kappa"}}]` {
				t.Errorf("got %s", got)
			}
			if got := process(t, m, `[{},{"fn.verify_":{"call":`+ada+`}}]`); got != `[{},{"Ok_":{}}]` {
				t.Errorf("got %s", got)
			}
			if diff := cmp.Diff(want, process(t, m, `[{},{"fn.api_":{}}]`)); diff != "" {
				t.Errorf("schema (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSourcesThatAreNone(t *testing.T) {
	t.Parallel()
	broken := schema.Document{Text: []byte(`[{"fn.a": {"b": "none"}, "->": [{"Ok_": {}}]}]`)}
	silent := tp.TransportFunc(func(context.Context, []byte) ([]byte, error) {
		return []byte(`[{},{"ErrorUnknown_":{"caseId":"1"}}]`), nil
	})
	dead := tp.TransportFunc(func(context.Context, []byte) ([]byte, error) { return nil, errors.New("no route to host") })
	strange := tp.TransportFunc(func(context.Context, []byte) ([]byte, error) { return []byte(`[{},{"Ok_":{"api":1}}]`), nil })
	cases := []struct {
		name   string
		source mock.Source
		want   string
	}{
		{"zero", mock.Source{}, "mock: the source is the zero Source"},
		{"no file system", mock.Dir(nil, "api"), "mock: the file system is nil"},
		{"no directory", mock.Dir(greetDir(), "none"), "none"},
		{"no documents", mock.Documents(), "mock: there is no document"},
		{"wrong document", mock.Documents(broken), "none"},
		{"no schema", mock.Schema(nil), "mock: the schema is nil"},
		{"no client", mock.Fetch(t.Context(), nil), "mock: the client is nil"},
		{"no answer", mock.Fetch(t.Context(), tp.NewClient(dead)), "no route to host"},
		{"another answer", mock.Fetch(t.Context(), tp.NewClient(silent)), "mock: the server answered fn.api_ with ErrorUnknown_"},
		{"an answer that is no schema", mock.Fetch(t.Context(), tp.NewClient(strange)), "mock:"},
		{"no API", mock.API(nil), "mock: the API is nil"},
		{"an API with mistakes", mock.API(tp.NewAPI("")), "no function is registered"},
	}
	for _, tc := range cases {
		if _, err := mock.New(tc.source); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v\nwant %s", tc.name, err, tc.want)
		}
	}
	if _, err := mock.New(mock.Documents(broken)); !isA[*schema.ParseError](err) {
		t.Errorf("got %T", errors.Unwrap(err))
	}
	if _, err := mock.New(mock.API(tp.NewAPI(""))); !isA[*tp.BuildError](err) {
		t.Errorf("got %T", errors.Unwrap(err))
	}
}

func isA[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// What Go types refuse, the mock server of their API refuses as well.
func TestRefinedRequests(t *testing.T) {
	t.Parallel()
	const request = `[{},{"fn.lookup":{"id":2147483648}}]`
	const refused = `[{},{"ErrorInvalidRequestBody_":{"cases":[{"path":["fn.lookup","id"],"reason":{"NumberOutOfRange":{}}}]}}]`
	srv, err := shop().Build()
	if err != nil {
		t.Fatal(err)
	}
	for name, source := range map[string]mock.Source{"API": mock.API(shop()), "schema": mock.Schema(srv.Schema())} {
		m := newServer(t, source)
		if got := process(t, m, request); got != refused {
			t.Errorf("%s: got %s", name, got)
		}
		stub := `[{},{"fn.createStub_":{"stub":{"fn.lookup":{},"->":{"Ok_":{"at":"now"}}}}}]`
		if got := process(t, m, stub); !strings.Contains(got, "ExtensionValidationFailed") {
			t.Errorf("%s: got %s", name, got)
		}
	}
}

type Token struct {
	Secret string `tp:"secret"`
}

type Credentials interface{ isCredentials() }

func (Token) isCredentials() {}

// Any valid credentials will do, and there must be some.
func TestAuth(t *testing.T) {
	t.Parallel()
	nobody := func(context.Context, Credentials) (string, error) { return "", errors.New("nobody") }
	api := tp.NewAPI("", tp.Auth(tp.UnionOf[Credentials](Token{}), nobody))
	tp.RegisterOn(api, func(context.Context, *Lookup) (*Lookup, error) { return nil, nil }, tp.Name("fn.lookup"))
	m := newServer(t, mock.API(api), mock.Report(t))
	mock.Stub(m, &Lookup{ID: 1}, &Lookup{ID: 2})
	if _, err := tp.Call[Lookup](t.Context(), m.Client(), &Lookup{ID: 1}); !isTag(err, "ErrorUnauthenticated_") {
		t.Errorf("without credentials: %v", err)
	}
	got, err := tp.Call[Lookup](t.Context(), m.Client(tp.WithAuth(Token{"x"})), &Lookup{ID: 1})
	if err != nil || got.ID != 2 {
		t.Errorf("with credentials: %v, %v", got, err)
	}
	mock.StubError(m, mock.Any[Lookup](), tp.Unauthorized("not you"))
	_, err = tp.Call[Lookup](t.Context(), m.Client(tp.WithAuth(Token{"x"})), &Lookup{ID: 1})
	if denied, ok := errors.AsType[*tp.UnauthorizedError](err); !ok || denied.Message != "not you" {
		t.Errorf("got %v", err)
	}
	mock.StubError(m, mock.Any[Lookup](), &tp.UnauthenticatedError{Message: "who"})
	if _, err = tp.Call[Lookup](t.Context(), m.Client(tp.WithAuth(Token{"x"})), &Lookup{ID: 1}); !isTag(err, "ErrorUnauthenticated_") {
		t.Errorf("got %v", err)
	}
}

// Functions that end with an underscore are the framework's: nothing is made up for others
// than those of mock servers.
func TestFunctionOfTheFramework(t *testing.T) {
	t.Parallel()
	own := schema.Document{Name: "own.telepact.yaml", Text: []byte("- fn.own_: {}\n  ->:\n    - Ok_: {}\n")}
	var failures []string
	note := func(_ context.Context, failure *tp.Error) { failures = append(failures, failure.Cause.Error()) }
	m := newServer(t, mock.Documents(greet, own), mock.With(tp.OnFailure(note)))
	if got := process(t, m, `[{},{"fn.own_":{}}]`); !strings.HasPrefix(got, `[{},{"ErrorUnknown_":`) {
		t.Errorf("got %s", got)
	}
	if diff := cmp.Diff([]string{`fn.own_ is no function that a mock server answers: its name ends with "_"`}, failures); diff != "" {
		t.Errorf("failures (-want +got):\n%s", diff)
	}
	if len(m.Calls()) != 0 {
		t.Error("the call was recorded")
	}
}

func TestTypes(t *testing.T) {
	t.Parallel()
	type question struct {
		Subject string `tp:"subject"`
	}
	m := newServer(t, mock.Documents(greet), mock.Types(tp.Uses[question, Greeting](tp.Name("fn.greet"))), mock.Seed(4), mock.Report(t))
	mock.Stub(m, &question{Subject: "Ada"}, &Greeting{Message: "Hi"})
	got, err := tp.Call[Greeting](t.Context(), m.Client(), &question{Subject: "Ada"})
	if err != nil || got.Message != "Hi" {
		t.Errorf("got %v, %v", got, err)
	}
	if got, err = tp.Call[Greeting](t.Context(), m.Client(), &question{}); err != nil || got.Message != "omicron" {
		t.Errorf("with another seed: got %v, %v", got, err)
	}
}
