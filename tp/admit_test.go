package tp_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/tp"
)

// ShutError is one that the API declares for all functions.
type ShutError struct {
	Until string `tp:"until"`
}

func (e *ShutError) Error() string { return "closed until " + e.Until }

// admissionAPI asks admit about every request.
func admissionAPI(admit tp.Admission) *tp.API {
	api := tp.NewAPI("", tp.Auth(tp.UnionOf[Credentials](Token{}), lookUp),
		tp.ErrorSet("errors.Shut", &ShutError{}), tp.ErrorSet("errors.RateLimit", &tp.RateLimitError{}), tp.Admit(nil, admit))
	tp.RegisterOn(api, greet)
	tp.RegisterOn(api, greet, tp.Name("fn.open"), tp.Public())
	return api
}

func TestAdmission(t *testing.T) {
	t.Parallel()
	const call, open = `[{"@auth_":{"Token":{"token":"of ann"}}},{"fn.greet":{"subject":"x"}}]`, `[{},{"fn.open":{"subject":"x"}}]`
	refuse := func(err error) tp.Admission {
		return func(context.Context, *tp.Request) error { return err }
	}
	tests := []struct {
		name    string
		admit   tp.Admission
		request string
		want    string
	}{
		{"let in", refuse(nil), call, `[{},{"Ok_":{"message":"Hello x!"}}]`},
		{"declared error", refuse(fmt.Errorf("sorry: %w", &ShutError{"noon"})), open, `[{},{"ErrorShut":{"until":"noon"}}]`},
		{"unauthorized", refuse(tp.Unauthorized("not today")), call, `[{},{"ErrorUnauthorized_":{"message!":"not today"}}]`},
		{"undeclared error", refuse(errors.New("canary")), open, `[{},{"ErrorUnknown_":{"caseId":"…"}}]`},
		{"panic", func(context.Context, *tp.Request) error { panic("canary") }, open, `[{},{"ErrorUnknown_":{"caseId":"…"}}]`},
		{"id and no secret", refuse(&ShutError{"noon"}), `[{"@id_":"a"},{"fn.open":{"subject":"x"}}]`, `[{"@id_":"a"},{"ErrorShut":{"until":"noon"}}]`},
		{"before the arguments are looked at", refuse(&ShutError{"noon"}), `[{},{"fn.open":{"nope":1}}]`, `[{},{"ErrorShut":{"until":"noon"}}]`},
		{"after the message is", refuse(&ShutError{"noon"}), `[{},{"fn.open":{]}]`, notTwoObjects},
		{"after the credentials are", refuse(&ShutError{"noon"}), `[{},{"fn.greet":{"subject":"x"}}]`,
			`[{},{"ErrorUnauthenticated_":{"message!":"Valid authentication is required."}}]`},
		{"standard function", refuse(&ShutError{"noon"}), `[{},{"fn.ping_":{}}]`, `[{},{"ErrorUnknown_":{"caseId":"…"}}]`},
		{"unknown function", refuse(&ShutError{"noon"}), `[{},{"fn.nope":{}}]`,
			`[{},{"ErrorInvalidRequestBody_":{"cases":[{"path":["fn.nope"],"reason":{"FunctionUnknown":{}}}]}}]`},
		{"by identity", func(ctx context.Context, req *tp.Request) error {
			u, _ := tp.Identity[*user](ctx)
			return &ShutError{fmt.Sprintf("%s %s %v %v", u.name, req.Function, req.Args, len(req.Headers))}
		}, call, `[{},{"ErrorShut":{"until":"ann fn.greet <nil> 1"}}]`},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			srv, err := admissionAPI(tc.admit).Build(tp.OnFailure(nil))
			if err != nil {
				t.Fatal(err)
			}
			if got := withoutCase(process(t, srv, tc.request)); got != tc.want {
				t.Errorf("\n got %s\nwant %s", got, tc.want)
			}
		})
	}
}

// withoutCase replaces the random case id of an ErrorUnknown_.
func withoutCase(reply string) string {
	before, after, found := strings.Cut(reply, `"caseId":"`)
	if !found {
		return reply
	}
	_, after, _ = strings.Cut(after, `"`)
	return before + `"caseId":"…"` + after
}

func TestAdmissionsInOrder(t *testing.T) {
	t.Parallel()
	var asked []string
	ask := func(name string, err error) tp.Admission {
		return func(context.Context, *tp.Request) error {
			asked = append(asked, name)
			return err
		}
	}
	api := tp.NewAPI("", tp.NoAuth(), tp.Admit(ask("one", nil)), tp.Admit(ask("two", errors.New("no")), ask("three", nil)), tp.OnFailure(nil))
	tp.RegisterOn(api, greet)
	process(t, build(t, api), `[{},{"fn.greet":{"subject":"x"}}]`)
	if diff := cmp.Diff([]string{"one", "two"}, asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
}

func TestRateLimitError(t *testing.T) {
	t.Parallel()
	limit := func(ms int64) tp.Admission {
		return func(context.Context, *tp.Request) error {
			return fmt.Errorf("limit: %w", &tp.RateLimitError{RetryAfterMs: ms})
		}
	}
	tests := []struct {
		name, request string
		ms            int64
		want          string
		after         time.Duration
	}{
		{"function", `[{},{"fn.open":{"subject":"x"}}]`, 1500, `[{},{"ErrorRateLimit":{"retryAfterMs":1500}}]`, 1500 * time.Millisecond},
		{"no time", `[{},{"fn.open":{"subject":"x"}}]`, 0, `[{},{"ErrorRateLimit":{"retryAfterMs":0}}]`, time.Millisecond},
		{"longer than a duration", `[{},{"fn.open":{"subject":"x"}}]`, 9223372036854775807,
			`[{},{"ErrorRateLimit":{"retryAfterMs":9223372036854775807}}]`, 9223372036854 * time.Millisecond},
		{"standard function", `[{},{"fn.ping_":{}}]`, 7, `[{},{"ErrorUnknown_":{"caseId":"…"}}]`, 7 * time.Millisecond},
		{"not reached", `[{},{"fn.nope":{}}]`, 7, `[{},{"ErrorInvalidRequestBody_":{"cases":[{"path":["fn.nope"],"reason":{"FunctionUnknown":{}}}]}}]`, 0},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			srv := admissionAPI(limit(tc.ms)).MustBuild(tp.OnFailure(nil))
			reply := srv.Process(context.Background(), []byte(tc.request))
			if got := withoutCase(string(reply.Bytes)); got != tc.want || reply.RetryAfter != tc.after {
				t.Errorf("got %s, %v; want %s, %v", got, reply.RetryAfter, tc.want, tc.after)
			}
			reply.Release()
			if next := srv.Process(context.Background(), []byte(`[]`)); next.RetryAfter != 0 {
				t.Errorf("the next reply has %v", next.RetryAfter)
			}
		})
	}
}

func TestAllowUnsafe(t *testing.T) {
	t.Parallel()
	const wrong = `[{},{"ErrorInvalidResponseBody_":{"cases":[{"path":["Ok_","extra"],"reason":{"TypeUnexpected":{"actual":{"Null":{}},"expected":{"Any":{}}}}}]}}]`
	allow := func(yes bool) []tp.Option {
		return []tp.Option{tp.AllowUnsafe(func(_ context.Context, req *tp.Request) bool { return yes && req.Function == "fn.typed" })}
	}
	tests := []struct {
		name, request string
		options       []tp.Option
		want          string
		told          []string
	}{
		{"everyone may", `[{"@unsafe_":true},{"fn.typed":{}}]`, nil, `[{},{"Ok_":{"extra":null}}]`, []string{"Ok_ 1"}},
		{"nil lets everyone", `[{"@unsafe_":true},{"fn.typed":{}}]`, []tp.Option{tp.AllowUnsafe(nil)}, `[{},{"Ok_":{"extra":null}}]`, []string{"Ok_ 1"}},
		{"asked and allowed", `[{"@unsafe_":true},{"fn.typed":{}}]`, allow(true), `[{},{"Ok_":{"extra":null}}]`, []string{"Ok_ 1"}},
		{"asked and denied", `[{"@unsafe_":true},{"fn.typed":{}}]`, allow(false), wrong, []string{"ErrorInvalidResponseBody_ 1"}},
		{"not asked", `[{},{"fn.typed":{}}]`, allow(true), wrong, []string{"ErrorInvalidResponseBody_ 1"}},
		{"said no", `[{"@unsafe_":false},{"fn.typed":{}}]`, allow(true), wrong, []string{"ErrorInvalidResponseBody_ 1"}},
		{"nothing wrong", `[{"@unsafe_":true},{"fn.greet":{"subject":"x"}}]`, allow(true), `[{},{"Ok_":{"message":"Hello x!"}}]`, nil},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			type result struct {
				Extra any `tp:"extra"`
			}
			api := tp.NewAPI("", tp.NoAuth())
			tp.RegisterOn(api, greet)
			tp.RegisterOn(api, func(context.Context, Empty) (*result, error) { return &result{}, nil }, tp.Name("fn.typed"))
			var told []string
			hook := tp.OnFailure(func(_ context.Context, f *tp.Error) {
				told = append(told, fmt.Sprintf("%s %d", f.Tag, len(f.Cases)))
			})
			srv, err := api.Build(append(tc.options, hook)...)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 { // nothing of it is left for the next request
				told = nil
				if got := process(t, srv, tc.request); got != tc.want {
					t.Errorf("\n got %s\nwant %s", got, tc.want)
				}
				if diff := cmp.Diff(tc.told, told); diff != "" {
					t.Errorf("failures (-want +got):\n%s", diff)
				}
			}
		})
	}
}
