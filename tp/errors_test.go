package tp_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/tp"
)

type QuotaError struct {
	Left int `tp:"left"`
}

func (e *QuotaError) Error() string { return fmt.Sprintf("%d left", e.Left) }

type ClosedError struct {
	Until *string `tp:"until!"`
}

func (e ClosedError) Error() string { return "closed" }

type Fail struct {
	How string `tp:"how"`
}

type Empty struct{}

var errSecret = errors.New("password is hunter2")

func fail(_ context.Context, in *Fail) (*Empty, error) {
	switch in.How {
	case "pointer":
		return nil, &QuotaError{Left: 3}
	case "value":
		return nil, ClosedError{}
	case "wrapped":
		return nil, fmt.Errorf("deep: %w", errors.Join(errSecret, fmt.Errorf("deeper: %w", &QuotaError{Left: 1})))
	case "nil pointer":
		return nil, (*QuotaError)(nil)
	case "undeclared":
		return nil, errSecret
	case "unauthorized":
		return nil, tp.Unauthorized("no")
	case "panic":
		panic(errSecret)
	case "nothing":
		return nil, nil
	}
	return &Empty{}, nil
}

var caseID = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

func TestErrors(t *testing.T) {
	t.Parallel()
	const unknown = ""
	tests := []struct {
		how, want string
		cause     error
	}{
		{"fine", `[{},{"Ok_":{}}]`, nil},
		{"pointer", `[{},{"ErrorQuota":{"left":3}}]`, nil},
		{"value", `[{},{"ErrorClosed":{}}]`, nil},
		{"wrapped", `[{},{"ErrorQuota":{"left":1}}]`, nil},
		{"undeclared", unknown, errSecret},
		{"panic", unknown, errSecret},
		{"nil pointer", unknown, nil},
		{"nothing", unknown, nil},
		{"unauthorized", unknown, tp.Unauthorized("no")},
	}
	for _, tc := range tests {
		t.Run(tc.how, func(t *testing.T) {
			t.Parallel()
			api := tp.NewAPI("", tp.ErrorSet("errors.Quota", &QuotaError{}))
			tp.RegisterOn(api, fail, tp.Fails(ClosedError{}))
			var hook failures
			srv := build(t, api, hook.option())
			got := process(t, srv, fmt.Sprintf(`[{"@id_": 1}, {"fn.fail": {"how": %q}}]`, tc.how))
			if tc.want != unknown {
				if want := strings.Replace(tc.want, "{}", `{"@id_":1}`, 1); got != want || len(hook.all) > 0 {
					t.Errorf("got %s, %d failures; want %s", got, len(hook.all), want)
				}
				return
			}
			if len(hook.all) != 1 {
				t.Fatalf("the hook got %d failures, want 1", len(hook.all))
			}
			failure := hook.all[0]
			if want := `[{"@id_":1},{"ErrorUnknown_":{"caseId":"` + failure.CaseID + `"}}]`; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
			if !caseID.MatchString(failure.CaseID) || failure.Kind != tp.KindHandler ||
				failure.Function != "fn.fail" || failure.Tag != "ErrorUnknown_" {
				t.Errorf("failure = %+v", failure)
			}
			if tc.cause != nil && tc.cause != errSecret {
				return
			}
			if tc.cause != nil && !errors.Is(failure, tc.cause) {
				t.Errorf("the failure does not hold its cause: %v", failure)
			}
			if isPanic := tc.how == "panic"; isPanic != (failure.Stack != nil) {
				t.Errorf("stack of %d bytes", len(failure.Stack))
			}
		})
	}
}

// TestPanicsAreNoAnswers lets handlers panic with errors that they declare.
func TestPanicsAreNoAnswers(t *testing.T) {
	t.Parallel()
	for name, handler := range map[string]func(context.Context, Empty) (Empty, error){
		"panic": func(context.Context, Empty) (Empty, error) { panic(&QuotaError{Left: 3}) },
		"recovered": func(context.Context, Empty) (Empty, error) {
			return Empty{}, &tp.PanicError{Value: &QuotaError{Left: 3}}
		},
		"not unauthorized": func(context.Context, Empty) (Empty, error) {
			return Empty{}, &tp.PanicError{Value: tp.Unauthorized("no")}
		},
	} {
		var hook failures
		api := tp.NewAPI("", tp.ErrorSet("errors.Quota", &QuotaError{}), hook.option())
		tp.RegisterOn(api, handler, tp.Name("fn.run"))
		got := process(t, build(t, api), `[{}, {"fn.run": {}}]`)
		if !strings.Contains(got, "ErrorUnknown_") || len(hook.all) != 1 {
			t.Errorf("%s: got %s and %d failures, want ErrorUnknown_ and one", name, got, len(hook.all))
		}
	}
}

type Values struct {
	Number float64        `tp:"number"`
	Text   string         `tp:"text"`
	Any    map[string]any `tp:"any"`
}

func TestInvalidResults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		result Values
		want   string
	}{
		{"NaN", Values{Number: math.NaN()}, `{"path":["Ok_","number"],"reason":{"NumberOutOfRange":{}}}`},
		{"infinity", Values{Number: math.Inf(1)}, `{"path":["Ok_","number"],"reason":{"NumberOutOfRange":{}}}`},
		{"bad text", Values{Text: "\xff"}, `{"path":["Ok_","text"],"reason":{"ExtensionValidationFailed":`},
		{"garbage", Values{Any: map[string]any{"k": make(chan int)}}, `{"path":["Ok_","any","k"],"reason":{"TypeUnexpected":{"actual":{"Unknown":{}},"expected":{"Any":{}}}}}`},
		{"null", Values{Any: map[string]any{"k": nil}}, `{"path":["Ok_","any","k"],"reason":{"TypeUnexpected":{"actual":{"Null":{}},"expected":{"Any":{}}}}}`},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			api := tp.NewAPI("")
			tp.RegisterOn(api, func(context.Context, Empty) (Values, error) { return tc.result, nil }, tp.Name("fn.values"))
			var hook failures
			srv := build(t, api, hook.option())
			got := process(t, srv, `[{}, {"fn.values": {}}]`)
			if !strings.HasPrefix(got, `[{},{"ErrorInvalidResponseBody_":{"cases":[`+tc.want) {
				t.Errorf("got %s", got)
			}
			if len(hook.all) != 1 || hook.all[0].Kind != tp.KindValidation || len(hook.all[0].Cases) != 1 || hook.all[0].Cause != nil {
				t.Errorf("failures = %+v", hook.all)
			}
		})
	}
}

func TestUpdateHeadersMayPanic(t *testing.T) {
	t.Parallel()
	var hook failures
	srv := build(t, ordersAPI(), hook.option())
	reply := srv.Serve(context.Background(), &tp.Inbound{
		Body:          []byte(`[{}, {"fn.greet": {"subject": "x"}}]`),
		UpdateHeaders: func(*tp.Object) { panic("transport") },
	})
	if len(hook.all) != 1 || !strings.Contains(string(reply.Bytes), hook.all[0].CaseID) {
		t.Errorf("reply %s, failures %+v", reply.Bytes, hook.all)
	}
}

// TestDefaultHookLogs changes the default logger, so it is not parallel.
func TestDefaultHookLogs(t *testing.T) {
	var log strings.Builder
	previous := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&log, nil)))
	defer slog.SetDefault(previous)
	api := tp.NewAPI("")
	tp.RegisterOn(api, fail, tp.Fails(ClosedError{}))
	srv := build(t, api)
	process(t, srv, `garbage with canary`)
	if log.Len() > 0 {
		t.Errorf("a caller's mistake was logged: %s", &log)
	}
	process(t, srv, `[{"@canary": "canary"}, {"fn.fail": {"how": "nothing"}}]`)
	line := log.String()
	for _, want := range []string{`"function":"fn.fail"`, `"caseId":"`, `"kind":"handler"`, "neither a result nor an error"} {
		if !strings.Contains(line, want) {
			t.Errorf("the record lacks %s: %s", want, line)
		}
	}
	if strings.Contains(line, "canary") {
		t.Errorf("the record holds what the caller sent: %s", line)
	}
}

// TestDefaultHookSaysWhatToDo changes the default logger, so it is not parallel.
func TestDefaultHookSaysWhatToDo(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, tc := range []struct {
		name string
		ctx  context.Context
		err  error
		want string // in the log; empty for no record
	}{
		{"undeclared", context.Background(), fmt.Errorf("in the shop: %w", &QuotaError{}),
			`"fix":"callers are told nothing of tp_test.QuotaError; declare it with tp.Fails"`},
		{"of no interest to callers", context.Background(), errSecret, `"kind":"handler"`},
		{"the caller went away", ctx, fmt.Errorf("reading: %w", context.Canceled), ""},
		{"the caller went away meanwhile", ctx, errSecret, `"kind":"handler"`},
		{"time of its own", context.Background(), context.DeadlineExceeded, `"kind":"handler"`},
	} {
		var log strings.Builder
		previous := slog.Default()
		slog.SetDefault(slog.New(slog.NewJSONHandler(&log, nil)))
		api := tp.NewAPI("")
		tp.RegisterOn(api, func(context.Context, Empty) (Empty, error) { return Empty{}, tc.err }, tp.Name("fn.run"))
		build(t, api).Process(tc.ctx, []byte(`[{}, {"fn.run": {}}]`))
		slog.SetDefault(previous)
		if got := log.String(); !strings.Contains(got, tc.want) || (tc.want == "") != (got == "") {
			t.Errorf("%s: got %q, want %q", tc.name, got, tc.want)
		}
		if strings.Contains(log.String(), "fix") != (tc.name == "undeclared") {
			t.Errorf("%s: got %q", tc.name, log.String())
		}
	}
}

// TestDefaultHookLogsAuthPanics changes the default logger, so it is not parallel.
func TestDefaultHookLogsAuthPanics(t *testing.T) {
	var log strings.Builder
	previous := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&log, nil)))
	defer slog.SetDefault(previous)
	srv, err := authAPI().Build()
	if err != nil {
		t.Fatal(err)
	}
	process(t, srv, `[{"@auth_": {"Token": {"token": "canary"}}}, {"fn.whoAmI": {}}]`)
	if log.Len() > 0 {
		t.Errorf("refused credentials were logged: %s", &log)
	}
	process(t, srv, `[{"@auth_": {"Token": {"token": "panic"}}}, {"fn.whoAmI": {}}]`)
	if !strings.Contains(log.String(), "panic: lookup") {
		t.Errorf("a panic of authentication was not logged: %s", &log)
	}
}

// selfish wraps itself, and textless cannot say what it is.
type selfish struct{}

func (e *selfish) Error() string { return "selfish" }
func (e *selfish) Unwrap() error { return e }

type textless struct{ text *string }

func (e *textless) Error() string { return *e.text }

func TestErrorsThatMisbehave(t *testing.T) {
	t.Parallel()
	wide := errors.Join(errSecret, errSecret)
	for range 40 {
		wide = errors.Join(wide, wide) // 2^40 errors, should anybody look at all of them
	}
	for name, err := range map[string]error{
		"wraps itself":         &selfish{},
		"joined over and over": wide,
		"no text":              &textless{},
		"typed nil":            (*textless)(nil),
		"nil unauthorized":     (*tp.UnauthorizedError)(nil),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var hook failures
			api := tp.NewAPI("", hook.option())
			tp.RegisterOn(api, func(context.Context, Empty) (Empty, error) { return Empty{}, err }, tp.Name("fn.run"), tp.Fails(ClosedError{}))
			got := process(t, build(t, api), `[{}, {"fn.run": {}}]`)
			if len(hook.all) != 1 || !strings.Contains(got, "ErrorUnknown_") {
				t.Fatalf("%d failures, got %s", len(hook.all), got)
			}
			if name != "joined over and over" && !strings.Contains(hook.all[0].Error(), "fn.run") {
				t.Errorf("failure says %q", hook.all[0].Error())
			}
		})
	}
}

func TestLongErrorsAreCutInLogs(t *testing.T) {
	t.Parallel()
	failure := &tp.Error{Kind: tp.KindHandler, Cause: errors.New(strings.Repeat("é", 1<<20))}
	if text := failure.Error(); len(text) > 2100 || !strings.HasSuffix(text, "é…") {
		t.Errorf("%d bytes, ending %q", len(text), text[len(text)-10:])
	}
}

// TestHookPanicIsLogged changes the default logger, so it is not parallel.
func TestHookPanicIsLogged(t *testing.T) {
	var log strings.Builder
	previous := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&log, nil)))
	defer slog.SetDefault(previous)
	api := tp.NewAPI("", tp.OnFailure(func(context.Context, *tp.Error) { panic("hook") }))
	tp.RegisterOn(api, fail, tp.Fails(ClosedError{}))
	got := process(t, build(t, api), `[{}, {"fn.fail": {"how": "undeclared"}}]`)
	_, rest, _ := strings.Cut(got, `"caseId":"`)
	id, _, _ := strings.Cut(rest, `"`)
	if id == "" || !strings.Contains(log.String(), id) || !strings.Contains(log.String(), `"panic":"hook"`) {
		t.Errorf("case %q, log %s", id, &log)
	}
}

// fragile is a text type whose methods panic.
type fragile struct{ text string }

func (f *fragile) UnmarshalText(text []byte) error {
	if string(text) == "panic" {
		panic("canary")
	}
	f.text = string(text)
	return nil
}

func (f fragile) MarshalText() ([]byte, error) {
	if f.text == "out" {
		panic("canary")
	}
	return []byte(f.text), nil
}

func TestTextsThatPanic(t *testing.T) {
	t.Parallel()
	type Text struct {
		Text fragile `tp:"text"`
	}
	for request, tag := range map[string]string{"panic": "ErrorInvalidRequestBody_", "out": "ErrorInvalidResponseBody_"} {
		var hook failures
		api := tp.NewAPI("", hook.option())
		tp.RegisterOn(api, func(_ context.Context, in Text) (Text, error) { return in, nil }, tp.Name("fn.echo"))
		got := process(t, build(t, api), `[{}, {"fn.echo": {"text": "`+request+`"}}]`)
		if !strings.Contains(got, tag) || strings.Contains(got, "canary") {
			t.Errorf("%s: got %s", request, got)
		}
		var panicked *tp.PanicError
		if len(hook.all) == 0 || !errors.As(hook.all[0], &panicked) || panicked.Value != "canary" ||
			hook.all[0].Tag != tag || !strings.Contains(string(hook.all[0].Stack), "fragile") {
			t.Errorf("%s: failures = %v", request, hook.all)
		}
	}
}
