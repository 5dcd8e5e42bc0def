package mock_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/tp/mock"
)

// step is a request body and the answer's.
type step struct{ request, want string }

const (
	ok      = `{"Ok_":{}}`
	noMatch = `{"ErrorNoMatchingStub_":{}}`
)

func answer(message string) string { return fmt.Sprintf(`{"Ok_":{"message":%q}}`, message) }

func stubbed(args, message, rest string) step {
	return step{fmt.Sprintf(`{"fn.createStub_":{"stub":{"fn.greet":%s,"->":{"Ok_":{"message":%q}}}%s}}`, args, message, rest), ok}
}

func tooFew(kind string, times, found int, calls string) string {
	return fmt.Sprintf(`{"ErrorVerificationFailure":{"reason":{"TooFewMatchingCalls":{"wanted":{%q:{"times":%d}},"found":%d,"allCalls":[%s]}}}}`,
		kind, times, found, calls)
}

func tooMany(kind string, times, found int, calls string) string {
	return strings.Replace(tooFew(kind, times, found, calls), "TooFew", "TooMany", 1)
}

const (
	ada  = `{"fn.greet":{"subject":"Ada"}}`
	bob  = `{"fn.greet":{"subject":"Bob","loud!":true}}`
	left = `{"fn.leave":{}}`
)

func TestControl(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		steps []step
	}{
		{"newest stub first", []step{
			stubbed(`{}`, "old", ""), {ada, answer("old")}, stubbed(`{"subject":"Ada"}`, "new", ""), {ada, answer("new")}, {bob, answer("old")},
		}},
		{"count", []step{
			stubbed(`{}`, "always", ""), stubbed(`{}`, "twice", `,"count!":2`), stubbed(`{}`, "never", `,"count!":0`),
			{ada, answer("twice")}, {bob, answer("twice")}, {ada, answer("always")}, {ada, answer("always")},
		}},
		{"negative count", []step{stubbed(`{}`, "hi", `,"count!":-7`), {ada, answer("hi")}, {ada, answer("hi")}}},
		{"strict", []step{
			stubbed(`{"subject":"Bob"}`, "hi", `,"strictMatch!":true`), {bob, noMatch}, {`{"fn.greet":{"subject":"Bob"}}`, answer("hi")},
		}},
		{"strict is off", []step{stubbed(`{"subject":"Bob"}`, "hi", `,"strictMatch!":false`), {bob, answer("hi")}}},
		{"elements in any order", []step{
			stubbed(`{"names!":["b","a","a"]}`, "hi", ""),
			{`{"fn.greet":{"subject":"","names!":["a","c","b"]}}`, answer("hi")},
			{`{"fn.greet":{"subject":"","names!":["a","c"]}}`, noMatch}, {ada, noMatch},
		}},
		{"error", []step{
			{`{"fn.createStub_":{"stub":{"fn.greet":{},"->":{"ErrorRude":{"word":"oaf"}}}}}`, ok}, {ada, `{"ErrorRude":{"word":"oaf"}}`},
		}},
		{"made up around a part", []step{
			{`{"fn.createStub_":{"stub":{"fn.greet":{},"->":{"Ok_":{}}}}}`, ok}, {ada, answer("sigma")}, {ada, answer("sigma")}, {ada, answer("kappa")},
			{`{"fn.setRandomSeed_":{"seed":0}}`, ok}, {ada, answer("sigma")},
			{`{"fn.clearStubs_":{}}`, ok}, {ada, noMatch}, {`{"fn.createStub_":{"stub":{"fn.greet":{},"->":{"Ok_":{}}}}}`, ok}, {ada, answer("sigma")},
		}},
		{"verified", []step{
			{`{"fn.verify_":{"call":{"fn.greet":{}}}}`, tooFew("AtLeast", 1, 0, "")},
			{ada, noMatch}, {left, noMatch}, {bob, noMatch},
			{`{"fn.verify_":{"call":{"fn.greet":{}}}}`, ok},
			{`{"fn.verify_":{"call":{"fn.greet":{}},"count!":{"Exact":{"times":2}}}}`, ok},
			{`{"fn.verify_":{"call":{"fn.greet":{}},"count!":{"Exact":{"times":3}}}}`, tooFew("Exact", 3, 2, ada+","+left+","+bob)},
			{`{"fn.verify_":{"call":{"fn.greet":{}},"count!":{"Exact":{"times":1}}}}`, tooMany("Exact", 1, 2, ada+","+left+","+bob)},
			{`{"fn.verify_":{"call":{"fn.greet":{}},"count!":{"AtLeast":{"times":3}}}}`, tooFew("AtLeast", 3, 2, ada+","+left+","+bob)},
			{`{"fn.verify_":{"call":{"fn.greet":{}},"count!":{"AtMost":{"times":1}}}}`, tooMany("AtMost", 1, 2, ada+","+left+","+bob)},
			{`{"fn.verify_":{"call":{"fn.greet":{}},"count!":{"AtMost":{"times":2}}}}`, ok},
			{`{"fn.verify_":{"call":{"fn.greet":{"subject":"Bob"}},"strictMatch!":true}}`, tooFew("AtLeast", 1, 0, ada+","+left+","+bob)},
		}},
		{"verified or not", []step{
			{`{"fn.verifyNoMoreInteractions_":{}}`, ok},
			{ada, noMatch}, {left, noMatch}, {bob, noMatch},
			{`{"fn.verifyNoMoreInteractions_":{}}`, `{"ErrorVerificationFailure":{"additionalUnverifiedCalls":[` + ada + "," + left + "," + bob + `]}}`},
			{`{"fn.verify_":{"call":{"fn.greet":{"subject":"Ada"}},"count!":{"Exact":{"times":0}}}}`, tooMany("Exact", 0, 1, ada+","+left+","+bob)},
			{`{"fn.verifyNoMoreInteractions_":{}}`, `{"ErrorVerificationFailure":{"additionalUnverifiedCalls":[` + left + "," + bob + `]}}`},
			{`{"fn.clearCalls_":{}}`, ok}, {`{"fn.verifyNoMoreInteractions_":{}}`, ok},
			{`{"fn.verify_":{"call":{"fn.leave":{}},"count!":{"AtMost":{"times":0}}}}`, ok},
		}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			m := newServer(t, mock.Documents(greet), mock.OnlyStubs())
			for i, s := range tc.steps {
				if got, want := process(t, m, "[{},"+s.request+"]"), "[{},"+s.want+"]"; got != want {
					t.Errorf("step %d: %s\n got %s\nwant %s", i, s.request, got, want)
				}
			}
		})
	}
}

func TestStubsAreValidated(t *testing.T) {
	t.Parallel()
	m := newServer(t, mock.Documents(greet))
	for _, stub := range []string{
		`{"fn.none":{},"->":{"Ok_":{}}}`,
		`{"fn.greet":{"subject":1},"->":{"Ok_":{}}}`,
		`{"fn.greet":{"none":1},"->":{"Ok_":{}}}`,
		`{"fn.greet":{},"->":{"ErrorNone":{}}}`,
		`{"fn.greet":{},"->":{}}`,
		`{"fn.greet":{}}`,
		`{"->":{"Ok_":{}}}`,
		`{"fn.greet":{},"fn.leave":{},"->":{"Ok_":{}}}`,
		`[]`,
	} {
		got := process(t, m, `[{},{"fn.createStub_":{"stub":`+stub+`}}]`)
		if !strings.HasPrefix(got, `[{},{"ErrorInvalidRequestBody_":`) {
			t.Errorf("%s: got %s", stub, got)
		}
	}
}

// A caller may ask for a random result where the server gives none by itself.
func TestGenerationOnRequest(t *testing.T) {
	t.Parallel()
	m := newServer(t, mock.Documents(greet), mock.OnlyStubs())
	for _, tc := range []step{
		{`[{"@gen_":true},` + ada + `]`, `[{},{"Ok_":{"count!":3178529,"message":"kappa"}}]`},
		{`[{"@gen_":false},` + ada + `]`, `[{},` + noMatch + `]`},
		{`[{"@gen_":1},` + ada + `]`, `[{},` + noMatch + `]`},
	} {
		m.Seed(0)
		if got := process(t, m, tc.request); got != tc.want {
			t.Errorf("%s\n got %s\nwant %s", tc.request, got, tc.want)
		}
	}
}
