package mw_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/rs/zerolog"
	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/mw"
	"github.com/telestruct/telestruct/tp"
)

// canary is a secret that nobody may see but those who are meant to.
const canary = "canary-5ec2e7"

// Touchy is a text that does not like to be read.
type Touchy struct{ text string }

func (t *Touchy) UnmarshalText(text []byte) error {
	if string(text) == "panic" {
		panic(canary)
	}
	return errors.New(canary)
}

func (t Touchy) MarshalText() ([]byte, error) {
	if t.text == "panic" {
		panic(canary)
	}
	return nil, errors.New(canary)
}

type Keep struct {
	How    string            `tp:"how"`
	Secret *string           `tp:"secret!"`
	Values map[string]string `tp:"values!"`
	Touchy *Touchy           `tp:"touchy!"`
}

type Kept struct {
	Values map[string]float64 `tp:"values"`
	Touchy *Touchy            `tp:"touchy!"`
}

// keep fails in all ways with the secret in everything.
func keep(ctx context.Context, in *Keep) (*Kept, error) {
	switch in.How {
	case "error":
		return nil, fmt.Errorf("%s: %w", canary, errors.Join(errors.New(canary), http.ErrServerClosed))
	case "panic with text":
		panic(canary)
	case "panic with an error":
		panic(fmt.Errorf("%s", canary))
	case "panic with a declared error":
		panic(&QuotaError{Left: len(canary)})
	case "panic at run time":
		_ = []int{}[len(*in.Secret)]
	case "panic in another function":
		panicIn(*in.Secret, 0x5ec2e7)
	case "declared":
		return nil, fmt.Errorf("%s: %w", canary, &QuotaError{Left: 1})
	case "invalid":
		return &Kept{Values: map[string]float64{canary: math.NaN()}}, nil
	case "text error":
		return &Kept{Touchy: &Touchy{}}, nil
	case "text panic":
		return &Kept{Touchy: &Touchy{"panic"}}, nil
	case "header":
		return &Kept{}, tp.SetRawHeader(ctx, "@kept", canary)
	case "bad header":
		return &Kept{}, tp.SetRawHeader(ctx, canary, 1)
	}
	return &Kept{}, nil
}

//go:noinline
func panicIn(secret string, number int) { panic(fmt.Sprint(secret, number)) }

// spill is an identity and credentials with the secret.
func spill(_ context.Context, c Credentials) (*user, error) {
	token, _ := c.(Token)
	switch token.Token {
	case canary + " panic":
		panic(canary)
	case canary + " bad":
		return nil, errors.New("bad token " + token.Token)
	}
	return &user{name: token.Token}, nil
}

// spy collects what a test must not find the secret in.
type spy struct {
	mu  sync.Mutex
	out bytes.Buffer
}

func (s *spy) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.out.Write(p)
}

// TestCanary is not parallel: it looks at what goes to the default logger as well.
func TestCanary(t *testing.T) {
	s, stderr := &spy{}, slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(s, &slog.HandlerOptions{Level: slog.LevelDebug})))
	defer slog.SetDefault(stderr)
	prometheus := mw.NewPrometheus()
	api := tp.NewAPI("",
		mw.Auth(credentials(), spill, mw.MaxFailures(1000)),
		mw.RateLimit(mw.Rate{PerSecond: 1, Burst: 60}, mw.PerIdentity(func(u *user) string { return u.name })),
		mw.Unsafe(mw.AllowUnsafe),
		mw.Slog(slog.New(slog.NewTextHandler(s, &slog.HandlerOptions{Level: slog.LevelDebug, AddSource: true}))),
		mw.Slog(nil), mw.Logging(zerolog.New(s).Level(zerolog.TraceLevel)),
		mw.Metrics(prometheus), mw.Recover(),
		tp.ErrorSet("errors.Quota", &QuotaError{}),
	)
	tp.RegisterOn(api, keep)
	srv, err := api.Build()
	if err != nil {
		t.Fatal(err)
	}
	bearer := httpx.Handler(srv, httpx.UpdateHeaders(func(r *http.Request, h *tp.Object) {
		if h.Set("@cookie", r.Header.Get("Cookie")); r.Header.Get("Authorization") == "panic" {
			panic(r.Header.Get("Cookie"))
		}
	}))
	for _, tc := range canaries() {
		for way, call := range map[string]caller{
			"process": inProcess, "http": overHTTP("192.0.2.1:1"), "websocket": newConnection("192.0.2.1:1").call,
		} {
			answer := call(srv, tc.request)
			if !strings.Contains(answer, tc.want) || strings.Contains(answer, canary) != tc.echo {
				t.Errorf("%s, %s: answer %s", tc.name, way, answer)
			}
		}
	}
	for _, authorization := range []string{"Bearer " + canary, "panic"} {
		r := httptest.NewRequest("POST", "/"+canary+"?"+canary, strings.NewReader(`[{},{"fn.keep":{"how":""}}]`))
		r.Header.Set("Authorization", authorization)
		r.Header.Set("Cookie", canary)
		w := httptest.NewRecorder()
		if bearer.ServeHTTP(w, r); strings.Contains(w.Body.String(), canary) {
			t.Errorf("answer %s", w.Body)
		}
	}
	for _, credentials := range []any{Token{canary + " bad"}, canary, tp.Object{{Key: canary, Value: canary}}} {
		_, _, err := srv.Authenticate(t.Context(), &tp.Inbound{Credentials: credentials})
		reply := srv.Serve(t.Context(), &tp.Inbound{Credentials: credentials, Body: []byte(`[{},{"fn.keep":{"how":""}}]`)})
		if err == nil || strings.Contains(string(reply.Bytes), canary) && !strings.Contains(string(reply.Bytes), `"path"`) {
			t.Errorf("%T: %v, answer %s", credentials, err, reply.Bytes)
		}
	}
	log := s.out.String()
	for what, text := range map[string]string{"log": log, "metrics": scrape(t, prometheus)} {
		for line := range strings.Lines(text) {
			if strings.Contains(line, canary) || strings.Contains(line, "0x5ec2e7") {
				t.Errorf("the secret is in the %s: %s", what, line)
			}
		}
	}
	if lines := strings.Count(log, "\n"); lines < 2*3*len(canaries()) || !strings.Contains(log, "panicIn") || !strings.Contains(log, "breaks the schema and was sent") {
		t.Errorf("there is not much in the log: %d lines", lines)
	}
}

type canaryCase struct {
	name, request string
	want          string // part of the answer
	echo          bool   // the caller gets its own secret back, as the protocol has it
}

func canaries() []canaryCase {
	cases := []canaryCase{
		{"garbage", canary, "ErrorParseFailure_", false},
		{"broken", `[{"@auth_":{"Token":{"token":"` + canary + `"}}},{"fn.keep":{"secret":"` + canary, "ErrorParseFailure_", false},
		{"unknown function", `[{},{"fn.` + canary + `":{}}]`, "FunctionUnknown", true},
		{"unknown function of another form", `[{},{"` + canary + `\nlevel=INFO":{}}]`, "FunctionUnknown", true},
		{"header name", `[{"` + canary + `":1},{"fn.keep":{"how":""}}]`, "ErrorInvalidRequestHeaders_", true},
		{"undeclared header", `[{"@x":"` + canary + `","@` + canary + `":1},{"fn.keep":{"how":""}}]`, "ErrorUnauthenticated_", false},
		{"select", `[{"@select_":{"` + canary + `":[]}},{"fn.keep":{"how":""}}]`, "ErrorInvalidRequestHeaders_", true},
		{"credentials of another form", `[{"@auth_":{"` + canary + `":{"x":1}}},{"fn.keep":{"how":""}}]`, "ErrorInvalidRequestHeaders_", true},
		{"credentials of another type", `[{"@auth_":"` + canary + `"},{"fn.keep":{"how":""}}]`, "ErrorInvalidRequestHeaders_", false},
		{"bad credentials", `[{"@auth_":{"Token":{"token":"` + canary + ` bad"}}},{"fn.keep":{"how":""}}]`, "ErrorUnauthenticated_", false},
		{"panicking credentials", `[{"@auth_":{"Token":{"token":"` + canary + ` panic"}}},{"fn.keep":{"how":""}}]`, "ErrorUnauthenticated_", false},
		{"id", `[{"@id_":"` + canary + `"},{"fn.ping_":{}}]`, "Ok_", true},
		{"id of garbage", `[{"@id_":"` + canary + `"},{"fn.ping_":}]`, "ErrorParseFailure_", false},
	}
	known := func(name, headers, args, want string, echo bool) {
		request := `[{"@auth_":{"Token":{"token":"` + canary + `"}}` + headers + `},{"fn.keep":{` + args + `}}]`
		cases = append(cases, canaryCase{name, request, want, echo})
	}
	known("arguments of another type", "", `"how":7,"secret":"`+canary+`","secret!":7,"values!":"`+canary+`"`, "ErrorInvalidRequestBody_", false)
	known("arguments of another name", "", `"how":"","`+canary+`":1`, "ErrorInvalidRequestBody_", true)
	known("key of a map", "", `"how":"","values!":{"`+canary+`":1}`, "ErrorInvalidRequestBody_", true)
	// What a type says about a text that it refuses is meant for callers.
	known("text", "", `"how":"","touchy!":"`+canary+`"`, "ErrorInvalidRequestBody_", true)
	known("panicking text", "", `"how":"","touchy!":"panic"`, "ErrorInvalidRequestBody_", false)
	const secret = `","secret!":"` + canary + `","values!":{"` + canary + `":"` + canary + `"}`
	for _, how := range []string{"error", "panic with text", "panic with an error", "panic with a declared error", "panic at run time", "panic in another function"} {
		known(how, `,"@x":"`+canary+`"`, `"how":"`+how+secret, "ErrorUnknown_", false)
	}
	known("fine", "", `"how":"`+secret, "Ok_", false)
	known("declared", "", `"how":"declared`+secret, "ErrorQuota", false)
	known("header", "", `"how":"header`+secret, "Ok_", true)
	known("bad header", "", `"how":"bad header`+secret, "ErrorInvalidResponseHeaders_", true)
	// The keys of a result are in the paths to what is wrong with it.
	known("invalid result", "", `"how":"invalid`+secret, "ErrorInvalidResponseBody_", true)
	known("text error", "", `"how":"text error`+secret, "Error", false)
	known("text panic", "", `"how":"text panic`+secret, "Error", false)
	known("let through", `,"@unsafe_":true`, `"how":"invalid`+secret, "ErrorUnknown_", false)
	known("text let through", `,"@unsafe_":true`, `"how":"text panic`+secret, "", false)
	return cases
}
