package stacks_test

import (
	"bytes"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/internal/bench/shapes"
	"github.com/telestruct/telestruct/internal/bench/stacks"
)

func echo[T any](v T) T { return v }

func TestStacks(t *testing.T) {
	t.Parallel()
	t.Run("tiny", func(t *testing.T) { testStacks(t, shapes.Tiny(), shapes.Greet) })
	t.Run("medium", func(t *testing.T) { testStacks(t, shapes.Medium(), echo) })
	t.Run("large", func(t *testing.T) { testStacks(t, shapes.Large(), echo) })
}

func testStacks[In, Out any](t *testing.T, in *In, call func(In) Out) {
	t.Parallel()
	for _, stack := range []func(*In, func(In) Out) (stacks.Stack, error){stacks.Telestruct[In, Out], stacks.NetHTTP[In, Out]} {
		s, err := stack(in, call)
		if err != nil {
			t.Fatal(err)
		}
		answer := httptest.NewRecorder()
		s.Handler.ServeHTTP(answer, httptest.NewRequest("POST", s.Call.Path, bytes.NewReader(s.Call.Body)))
		if err := s.Call.Check(answer.Body.Bytes()); err != nil || answer.Code != 200 {
			t.Errorf("%s: status %d, %v", s.Name, answer.Code, err)
		}
	}
}

func TestWrongAnswers(t *testing.T) {
	t.Parallel()
	message, err := stacks.Telestruct(shapes.Tiny(), shapes.Greet)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := stacks.NetHTTP(shapes.Tiny(), shapes.Greet)
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		stack        stacks.Stack
		answer, want string
	}{
		{message, `[{},{"Ok_":{"message":"Hello Telepact!"}}]`, ""},
		{message, `[{},{"Ok_":{"message":"Hello!"}}]`, `"Hello!"`},
		{message, `[{},{"ErrorUnknown_":{}}]`, "the answer is no Ok_"},
		{message, `[{}]`, "the answer is no Ok_"},
		{message, `Hello`, "invalid character"},
		{plain, `{"message":"Hello Telepact!","more":1}`, ""},
		{plain, `{}`, "Hello Telepact!"},
		{plain, `[]`, "cannot unmarshal"},
	} {
		err := tc.stack.Call.Check([]byte(tc.answer))
		if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %s: error %v, want one that says %q", tc.stack.Name, tc.answer, err, tc.want)
		}
	}
}
