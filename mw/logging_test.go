package mw_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
	"github.com/telestruct/telestruct/mw"
	"github.com/telestruct/telestruct/tp"
)

// logs are the two ways to log, which write the same.
func logs(out *bytes.Buffer) map[string]func(...mw.LogOption) tp.Option {
	return map[string]func(...mw.LogOption) tp.Option{
		"zerolog": func(o ...mw.LogOption) tp.Option { return mw.Logging(zerolog.New(out), o...) },
		"slog": func(o ...mw.LogOption) tp.Option {
			// As zerolog writes it: level in lower case, the message last and no time.
			handler := slog.NewJSONHandler(out, &slog.HandlerOptions{ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
				switch a.Key {
				case slog.TimeKey:
					return slog.Attr{}
				case slog.LevelKey:
					return slog.String("level", strings.ToLower(a.Value.String()))
				case slog.MessageKey:
					return slog.String("message", a.Value.String())
				}
				return a
			}})
			return mw.Slog(slog.New(handler), o...)
		},
	}
}

// lines returns the lines of a log, as maps of text, with the case id and the stack
// replaced.
func lines(t *testing.T, out *bytes.Buffer) []string {
	t.Helper()
	var all []string
	for line := range strings.Lines(out.String()) {
		var fields map[string]any
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			t.Fatal(err)
		}
		if id, ok := fields["caseId"].(string); ok && caseID.MatchString(id) {
			fields["caseId"] = "CASE"
		}
		if stack, ok := fields["stack"].(string); ok && strings.Contains(stack, "mw_test.run\n\t") {
			fields["stack"] = "STACK"
		}
		text, err := json.Marshal(fields)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(text))
	}
	return all
}

var caseID = regexp.MustCompile(`^[0-9a-f-]{36}$`)

func runAs(how string) string { return fmt.Sprintf(`[{},{"fn.run":{"how":%q}}]`, how) }

func TestLogging(t *testing.T) {
	t.Parallel()
	const peer = `"peer":"192.0.2.1:1000",`
	for _, tc := range []struct {
		name, request string
		options       []mw.LogOption
		want          []string
	}{
		{"result", runAs("x"), nil, []string{
			`{"function":"fn.run","level":"info","message":"telepact call",` + peer + `"tag":"Ok_","tookMs":0,"transport":"http"}`}},
		{"declared error", runAs("quota"), nil, []string{
			`{"function":"fn.run","level":"info","message":"telepact call",` + peer + `"tag":"ErrorQuota","tookMs":0,"transport":"http"}`}},
		{"garbage", "garbage", nil, []string{
			`{"caseId":"CASE","cause":"*wire.ParseError \u003e *wire.SyntaxError","function":"","kind":"parse","level":"warn","message":"telepact call",` + peer + `"tag":"ErrorParseFailure_","tookMs":0,"transport":"http"}`}},
		{"unknown function", `[{},{"fn.injected\nlevel=error":{}}]`, nil, []string{
			`{"function":"","level":"warn","message":"telepact call",` + peer + `"tag":"ErrorInvalidRequestBody_","tookMs":0,"transport":"http"}`}},
		{"arguments", `[{},{"fn.run":{"how":7}}]`, nil, []string{
			`{"function":"fn.run","level":"warn","message":"telepact call",` + peer + `"tag":"ErrorInvalidRequestBody_","tookMs":0,"transport":"http"}`}},
		{"headers", `[{"x":1},{"fn.run":{"how":"x"}}]`, nil, []string{
			`{"function":"fn.run","level":"warn","message":"telepact call",` + peer + `"tag":"ErrorInvalidRequestHeaders_","tookMs":0,"transport":"http"}`}},
		{"undeclared error", runAs("undeclared"), nil, []string{
			`{"caseId":"CASE","cause":"*fmt.wrapError \u003e *errors.errorString","function":"fn.run","kind":"handler","level":"error","message":"telepact call",` + peer + `"tag":"ErrorUnknown_","tookMs":0,"transport":"http"}`}},
		{"undeclared error with its text", runAs("undeclared"), []mw.LogOption{mw.ErrorText(), nil}, []string{
			`{"caseId":"CASE","cause":"*fmt.wrapError \u003e *errors.errorString","error":"tp: handler failure in fn.run: wrapped: undeclared","function":"fn.run","kind":"handler","level":"error","message":"telepact call",` + peer + `"tag":"ErrorUnknown_","tookMs":0,"transport":"http"}`}},
		{"panic", runAs("panic"), nil, []string{
			`{"caseId":"CASE","cause":"*tp.PanicError(string)","function":"fn.run","kind":"handler","level":"error","message":"telepact call panicked","stack":"STACK","tag":"ErrorUnknown_"}`,
			`{"caseId":"CASE","cause":"*tp.PanicError(string)","function":"fn.run","kind":"handler","level":"error","message":"telepact call",` + peer + `"tag":"ErrorUnknown_","tookMs":0,"transport":"http"}`}},
		{"invalid result", runAs("invalid"), nil, []string{
			`{"caseId":"CASE","function":"fn.run","kind":"validation","level":"error","message":"telepact call",` + peer + `"tag":"ErrorInvalidResponseBody_","tookMs":0,"transport":"http"}`}},
		{"time", `[{"@time_":1500},{"fn.run":{"how":"end"}}]`, nil, []string{
			`{"caseId":"CASE","cause":"context.deadlineExceededError","function":"fn.run","kind":"handler","level":"error","message":"telepact call",` + peer + `"tag":"ErrorUnknown_","tookMs":1500,"transport":"http"}`}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			for name, logged := range logs(&out) {
				synctest.Test(t, func(t *testing.T) {
					out.Reset()
					srv := newServer(t, logged(tc.options...))
					overHTTP("192.0.2.1:1000")(srv, tc.request)
					if diff := cmp.Diff(tc.want, lines(t, &out)); diff != "" {
						t.Errorf("%s (-want +got):\n%s", name, diff)
					}
				})
			}
		})
	}
}

// TestLoggingOfOtherCalls is about calls of another kind than over HTTP.
func TestLoggingOfOtherCalls(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		options []tp.Option
		call    func(t *testing.T, srv *tp.Server)
		want    []string
	}{
		{"within the process", nil, func(_ *testing.T, srv *tp.Server) { inProcess(srv, runCall) }, []string{
			`{"function":"fn.run","level":"info","message":"telepact call","tag":"Ok_","tookMs":0}`}},
		{"connection", nil, func(_ *testing.T, srv *tp.Server) { newConnection("192.0.2.1:1000").call(srv, runCall) }, []string{
			`{"function":"fn.run","level":"info","message":"telepact call","peer":"192.0.2.1:1000","tag":"Ok_","tookMs":0,"transport":"websocket"}`}},
		{"unauthorized", []tp.Option{mw.Auth(credentials(), (&lookups{}).find)},
			func(_ *testing.T, srv *tp.Server) {
				inProcess(srv, `[{"@auth_":{"Token":{"token":"of ann"}}},{"fn.run":{"how":"unauthorized"}}]`)
			}, []string{
				`{"function":"fn.run","level":"warn","message":"telepact call","tag":"ErrorUnauthorized_","tookMs":0}`}},
		{"too many", []tp.Option{mw.RateLimit(mw.Rate{PerSecond: 1})}, func(_ *testing.T, srv *tp.Server) {
			c := newConnection("")
			c.call(srv, `garbage`)
			c.call(srv, runCall)
			c.call(srv, `[{},{"fn.ping_":{}}]`)
		}, []string{
			`{"caseId":"CASE","cause":"*wire.ParseError \u003e *wire.SyntaxError","function":"","kind":"parse","level":"warn","message":"telepact call","tag":"ErrorParseFailure_","tookMs":0,"transport":"websocket"}`,
			`{"function":"fn.run","level":"warn","message":"telepact call","tag":"ErrorRateLimit","tookMs":0,"transport":"websocket"}`,
			`{"caseId":"CASE","cause":"*tp.RateLimitError","function":"fn.ping_","kind":"handler","level":"warn","message":"telepact call","tag":"ErrorUnknown_","tookMs":0,"transport":"websocket"}`}},
		{"caller went away", nil, func(_ *testing.T, srv *tp.Server) {
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			srv.Process(ctx, []byte(runAs("end"))).Release()
		}, []string{
			`{"caseId":"CASE","cause":"*errors.errorString","function":"fn.run","kind":"handler","level":"warn","message":"telepact call","tag":"ErrorUnknown_","tookMs":0}`}},
		{"aborted", []tp.Option{mw.Recover(), tp.Use(panicking(http.ErrAbortHandler))}, func(_ *testing.T, srv *tp.Server) { inProcess(srv, runCall) }, []string{
			`{"caseId":"CASE","cause":"*tp.PanicError(*errors.errorString) \u003e *errors.errorString","function":"fn.run","kind":"handler","level":"warn","message":"telepact call","tag":"ErrorUnknown_","tookMs":0}`}},
		{"credentials without a call", []tp.Option{mw.Auth(credentials(), (&lookups{}).find)}, func(t *testing.T, srv *tp.Server) {
			if _, _, err := srv.Authenticate(context.Background(), &tp.Inbound{Credentials: Token{"guess"}}); err == nil {
				t.Error("a guess is accepted")
			}
		}, []string{
			`{"caseId":"CASE","cause":"*errors.errorString","function":"","kind":"handler","level":"warn","message":"telepact connection refused","tag":"ErrorUnauthenticated_"}`}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			for name, logged := range logs(&out) {
				synctest.Test(t, func(t *testing.T) {
					out.Reset()
					tc.call(t, newServer(t, append(tc.options, logged())...))
					if diff := cmp.Diff(tc.want, lines(t, &out)); diff != "" {
						t.Errorf("%s (-want +got):\n%s", name, diff)
					}
				})
			}
		})
	}
}

// panicking is middleware that panics with v.
func panicking(v any) tp.Middleware {
	return func(tp.Handler) tp.Handler {
		return func(context.Context, *tp.Request) (*tp.Response, error) { panic(v) }
	}
}

func TestLoggingOfWhatIsLetThrough(t *testing.T) {
	t.Parallel()
	want := []string{
		`{"breachCount":1,"breaches":["Ok_.items[1]: TypeUnexpected"],"caseId":"CASE","function":"fn.run","kind":"validation","level":"warn","message":"telepact result breaks the schema and was sent","tag":"Ok_"}`,
		`{"caseId":"CASE","function":"fn.run","kind":"validation","level":"info","message":"telepact call","tag":"Ok_","tookMs":0}`,
	}
	var out bytes.Buffer
	for name, logged := range logs(&out) {
		synctest.Test(t, func(t *testing.T) {
			out.Reset()
			inProcess(invalidServer(t, logged(), mw.Unsafe(mw.AllowUnsafe)), `[{"@unsafe_":true},{"fn.run":{}}]`)
			if diff := cmp.Diff(want, lines(t, &out)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		})
	}
}

// TestLoggingLeavesTheHookToLaterOptions gives an API a hook of its own.
func TestLoggingLeavesTheHookToLaterOptions(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	var told []*tp.Error
	srv := newServer(t, mw.Slog(slog.New(slog.NewTextHandler(&out, nil))),
		tp.OnFailure(func(_ context.Context, f *tp.Error) { told = append(told, f) }))
	inProcess(srv, runAs("panic"))
	if len(told) != 1 || strings.Count(out.String(), "\n") != 1 || strings.Contains(out.String(), "stack") {
		t.Errorf("told of %d failures; log:\n%s", len(told), &out)
	}
}

// TestLoggingBelowItsLevel has a log that is not interested.
func TestLoggingBelowItsLevel(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	for name, logged := range map[string]tp.Option{
		"zerolog":     mw.Logging(zerolog.New(&out).Level(zerolog.ErrorLevel)),
		"slog":        mw.Slog(slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelError}))),
		"no logger":   mw.Logging(zerolog.Nop()),
		"zero logger": mw.Logging(zerolog.Logger{}),
	} {
		if got := inProcess(newServer(t, logged), runCall); got != ran || out.Len() > 0 {
			t.Errorf("%s: answer %s, log %s", name, got, &out)
		}
	}
}

type selfWrapping struct{}

func (*selfWrapping) Error() string   { return "round and round" }
func (e *selfWrapping) Unwrap() error { return e }

type panickingError struct{}

func (*panickingError) Error() string { panic("error text") }
func (*panickingError) Unwrap() error { panic("unwrap") }

// TestLoggingOfErrorsThatMisbehave has errors that are no good.
func TestLoggingOfErrorsThatMisbehave(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		err  error
		want string
	}{
		{&selfWrapping{}, strings.TrimSuffix(strings.Repeat("*mw_test.selfWrapping > ", 8), " > ") + " > …"},
		{errors.Join(errUndeclared, &selfWrapping{}, errUndeclared), "*errors.joinError > *errors.errorString > " + strings.Repeat("*mw_test.selfWrapping > ", 6) + "…"},
		{errors.Join(errors.Join(errUndeclared), context.Canceled), "*errors.joinError > *errors.joinError > *errors.errorString > *errors.errorString"},
		{&panickingError{}, "*mw_test.panickingError"},
	} {
		var out bytes.Buffer
		refuse := func(context.Context, Credentials) (*user, error) { return nil, tc.err }
		inProcess(newServer(t, mw.Auth(credentials(), refuse), mw.Slog(slog.New(slog.NewJSONHandler(&out, nil)), mw.ErrorText())),
			`[{"@auth_":{"Token":{"token":"x"}}},{"fn.run":{"how":""}}]`)
		var line struct{ Cause string }
		if err := json.Unmarshal(out.Bytes(), &line); err != nil || line.Cause != tc.want {
			t.Errorf("%T: cause %q (%v), want %q", tc.err, line.Cause, err, tc.want)
		}
	}
}

func TestStackHasNoArguments(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	srv := newServer(t, mw.Logging(zerolog.New(&out)), mw.Recover())
	inProcess(srv, runAs("panic"))
	var line struct{ Stack string }
	if err := json.NewDecoder(&out).Decode(&line); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(line.Stack, "(0x") || strings.Contains(line.Stack, "{0x") || !strings.Contains(line.Stack, "mw_test.run\n\t") {
		t.Errorf("stack:\n%s", line.Stack)
	}
}
