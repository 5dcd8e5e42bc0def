package tp_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/tp"
)

type service struct{ greeting string }

func (s *service) Welcome(_ context.Context, in Greet) (Greeting, error) {
	return Greeting{Message: s.greeting + in.Subject}, nil
}

func echoHandler[T any](_ context.Context, in T) (T, error) { return in, nil }

func TestFunctionsGetTheirNames(t *testing.T) {
	t.Parallel()
	svc := &service{greeting: "Welcome "}
	api := tp.NewAPI("")
	tp.RegisterOn(api, greet)
	tp.RegisterOn(api, svc.Welcome)
	tp.RegisterOn(api, echoHandler[*Greet])
	tp.RegisterOn(api, func(_ context.Context, in Greet) (Greeting, error) { return Greeting{}, nil }, tp.Name("fn.literal"))
	srv := build(t, api)
	tests := []struct{ request, want string }{
		{`[{}, {"fn.greet": {"subject": "a"}}]`, `[{},{"Ok_":{"message":"Hello a!"}}]`},
		{`[{}, {"fn.welcome": {"subject": "b"}}]`, `[{},{"Ok_":{"message":"Welcome b"}}]`},
		{`[{}, {"fn.echo": {"subject": "c"}}]`, `[{},{"Ok_":{"subject":"c"}}]`},
		{`[{}, {"fn.literal": {"subject": "d"}}]`, `[{},{"Ok_":{"message":""}}]`},
	}
	for _, tc := range tests {
		if got := process(t, srv, tc.request); got != tc.want {
			t.Errorf("%s\n got %s\nwant %s", tc.request, got, tc.want)
		}
	}
}

type Wrong struct {
	Limit    int `tp:"limit!"`
	Untagged string
	Bad      string         `tp:"1st"`
	Ch       chan int       `tp:"ch"`
	Keys     map[int]string `tp:"keys"`
}

type Shapeless interface{ shape() }

type Holder struct {
	Shape Shapeless `tp:"shape"`
}

type Plain struct{}

func (Plain) Error() string { return "" }

func wrong(context.Context, Wrong) (Holder, error) { return Holder{}, nil }

func number(context.Context, int) (Empty, error) { return Empty{}, nil }

// TestEveryMistakeAtOnce registers ten different mistakes and wants each of them
// from one Build, with its place.
func TestEveryMistakeAtOnce(t *testing.T) {
	t.Parallel()
	api := tp.NewAPI("")
	tp.RegisterOn(api, wrong)                                                               // five fields, one union
	tp.RegisterOn(api, number)                                                              // not a struct
	tp.RegisterOn(api, func(context.Context, Empty) (Empty, error) { return Empty{}, nil }) // no name
	tp.RegisterOn[Empty, Empty](api, nil, tp.Name("fn.nothing"))                            // nil
	tp.RegisterOn(api, greet, tp.Fails(Plain{}))                                            // not an XError
	tp.RegisterOn(api, greet)                                                               // name taken
	tp.RegisterOn(api, greet, tp.Name("greet"))                                             // bad name
	_, err := api.Build()                                                                   // no auth
	var mistakes *tp.BuildError
	if !errors.As(err, &mistakes) {
		t.Fatalf("err = %v", err)
	}
	wants := []string{
		`Wrong\.Limit \(tp/build_test\.go:\d+\): int cannot be absent; use \*int with tag "limit!"`,
		`Wrong\.Untagged \(tp/build_test\.go:\d+\): `,
		`Wrong\.Bad \(tp/build_test\.go:\d+\): `,
		`Wrong\.Ch \(tp/build_test\.go:\d+\): `,
		`Wrong\.Keys \(tp/build_test\.go:\d+\): `,
		`Holder\.Shape \(tp/build_test\.go:\d+\): .*tp\.UnionOf`,
		`the argument type is int, not a struct`,
		`\(tp/build_test\.go:\d+\): a function literal has no name`,
		`fn\.nothing \(tp/build_test\.go:\d+\): the handler is nil`,
		`Plain.* \(tp/build_test\.go:\d+\): .*Error`,
		`greet \(tp/build_test\.go:\d+\): fn\.greet is taken by tp_test\.greet \(tp/build_test\.go:\d+\)`,
		`greet \(tp/build_test\.go:\d+\): "greet" is not the name of a definition; write "fn\.greet"`,
		`tp\.NoAuth\(\)`,
	}
	for _, want := range wants {
		pattern := regexp.MustCompile(want)
		found := 0
		for _, p := range mistakes.Problems {
			if pattern.MatchString(p.Error()) {
				found++
			}
		}
		if found != 1 {
			t.Errorf("%d problems match %s", found, want)
		}
	}
	if len(mistakes.Problems) != len(wants) {
		t.Errorf("%d problems, want %d", len(mistakes.Problems), len(wants))
	}
	if t.Failed() {
		t.Log(err)
	}
	if !strings.HasPrefix(err.Error(), fmt.Sprintf("tp: the API has %d problems:\n  ", len(wants))) {
		t.Errorf("text begins %.60q", err.Error())
	}
	var one *tp.Problem
	if !errors.As(err, &one) {
		t.Error("errors.As finds no *tp.Problem")
	}
}

func TestMustBuildPanics(t *testing.T) {
	t.Parallel()
	defer func() {
		if _, ok := recover().(*tp.BuildError); !ok {
			t.Error("MustBuild did not panic with a *tp.BuildError")
		}
	}()
	tp.NewAPI("").MustBuild()
}

func TestOptionsWithoutEffect(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		api  *tp.API
		want string
	}{
		{"no functions", tp.NewAPI("Shop"), `tp.NewAPI("Shop") (tp/build_test.go:`},
		{"no functions on a zero API", new(tp.API), `tp.NewAPI("")`},
		{"description of nothing", tp.NewAPI("", tp.Description("A shop.")), "tp.Description (tp/build_test.go:"},
		{"middleware without a handler", tp.NewAPI("", tp.Use(nil, func(tp.Handler) tp.Handler { return nil })), "tp.Use (tp/build_test.go:"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if !strings.HasPrefix(tc.name, "no functions") {
				tp.RegisterOn(tc.api, greet)
			}
			_, err := tc.api.Build(tp.NoAuth(), nil, tp.Options(nil, nil))
			var mistakes *tp.BuildError
			if !errors.As(err, &mistakes) || len(mistakes.Problems) != 1 || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("err = %v, want one problem with %q", err, tc.want)
			}
		})
	}
}

func TestLaterOptionWins(t *testing.T) {
	t.Parallel()
	auth := tp.Auth(tp.UnionOf[Credentials](Token{}), lookUp)
	api := tp.NewAPI("", auth)
	tp.RegisterOn(api, greet)
	open, err := api.Build(tp.NoAuth())
	if err != nil {
		t.Fatal(err)
	}
	if got := process(t, open, `[{}, {"fn.greet": {"subject": "x"}}]`); got != `[{},{"Ok_":{"message":"Hello x!"}}]` {
		t.Errorf("after NoAuth: %s", got)
	}
	closed, err := api.Build(tp.NoAuth(), auth)
	if err != nil {
		t.Fatal(err)
	}
	if got := process(t, closed, `[{}, {"fn.greet": {"subject": "x"}}]`); !strings.Contains(got, "ErrorUnauthenticated_") {
		t.Errorf("after Auth: %s", got)
	}
}
