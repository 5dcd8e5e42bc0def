package mock_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/mock"
)

// Large calls and stubs do not fill the memory.
func TestLargeCallsAndStubs(t *testing.T) {
	t.Parallel()
	m := newServer(t, mock.Documents(greet), mock.OnlyStubs(), mock.With(tp.OnFailure(nil)))
	large := fmt.Sprintf(`{"subject":%q,"names!":["a",%q]}`, strings.Repeat("x", 1<<20), strings.Repeat("y", 1<<20))
	for range 40 {
		if got := process(t, m, `[{},{"fn.greet":`+large+`}]`); got != `[{},`+noMatch+`]` {
			t.Fatal(got)
		}
	}
	if n := len(m.Calls()); n != 31 {
		t.Errorf("%d calls are kept, want 31", n)
	}
	stub := `[{},{"fn.createStub_":{"stub":{"fn.greet":` + large + `,"->":{"Ok_":{"message":"hi"}}},"count!":1}}]`
	for i := range 32 {
		if got := process(t, m, stub); (got == `[{},{"Ok_":{}}]`) != (i < 31) {
			t.Errorf("stub %d: got %s", i, got)
		}
	}
	for range 31 { // makes room
		if got := process(t, m, `[{},{"fn.greet":`+large+`}]`); got != `[{},`+answer("hi")+`]` {
			t.Fatal(got)
		}
	}
	if got := process(t, m, stub); got != `[{},{"Ok_":{}}]` {
		t.Error(got)
	}
}

// Clients can read what failed, however many and large the calls were: the newest are told.
func TestLongAnswers(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name        string
		calls, want int
		names       string
	}{
		{"many", 10_000, 7767, `"a"`},
		{"many of some size", 2000, 932, strings.Repeat(`"a",`, 60) + `"a"`},
		{"few large ones", 5, 2, `"` + strings.Repeat("x", 1_000_000) + `"`},
		{"one beyond", 1, 1, strings.Repeat(`"",`, 90_000) + `""`},
	} {
		m := newServer(t, mock.Documents(greet), mock.OnlyStubs())
		request := `[{},{"fn.greet":{"subject":"","names!":[` + tc.names + `]}}]`
		for range tc.calls {
			process(t, m, request)
		}
		for function, list := range map[string]func(tp.Object) any{
			"fn.verifyNoMoreInteractions_": func(o tp.Object) any { v, _ := o.Get("additionalUnverifiedCalls"); return v },
			"fn.verify_": func(o tp.Object) any {
				reason, _ := o.Get("reason")
				v, _ := reason.(tp.Object)[0].Value.(tp.Object).Get("allCalls")
				return v
			},
		} {
			payload := tp.Object{}
			if function == "fn.verify_" {
				payload.Set("call", tp.Object{{Key: "fn.leave", Value: tp.Object{}}})
			}
			answer, err := m.Client().Exchange(t.Context(), &tp.Message{Target: function, Payload: payload})
			if err != nil {
				t.Fatalf("%s: %s: %v", tc.name, function, err)
			}
			if told, _ := list(answer.Payload).([]any); len(told) != tc.want {
				t.Errorf("%s: %s tells %d calls, want %d", tc.name, function, len(told), tc.want)
			}
		}
	}
}
