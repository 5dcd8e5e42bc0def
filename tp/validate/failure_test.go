package validate_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/tp/validate"
	"github.com/telestruct/telestruct/tp/wire"
)

func TestFailureCase(t *testing.T) {
	t.Parallel()
	cases := []struct {
		failure validate.Failure
		want    string
	}{
		{validate.Failure{Reason: "NumberOutOfRange"}, `{"path": [], "reason": {"NumberOutOfRange": {}}}`},
		{missing("a", "fn.x", 3), `{"path": ["fn.x", 3], "reason": {"RequiredObjectKeyMissing": {"key": "a"}}}`},
		{unexpected("Null", "Any", "a"), `{"path": ["a"], "reason": {"TypeUnexpected": {"actual": {"Null": {}}, "expected": {"Any": {}}}}}`},
	}
	for _, tc := range cases {
		if diff := cmp.Diff(tree(t, tc.want), any(tc.failure.Case())); diff != "" {
			t.Errorf("%v (-want +got):\n%s", tc.failure, diff)
		}
	}
}

func TestFailureString(t *testing.T) {
	t.Parallel()
	cases := []struct {
		failure validate.Failure
		want    string
	}{
		{unexpected("Null", "Integer", "fn.add", "items!", 3), "fn.add.items![3]: expected Integer, found Null"},
		{failure("NumberOutOfRange", "Ok_", 0, 1), "Ok_[0][1]: the number is out of range"},
		{disallowed("fn.add", "a b"), `fn.add."a b": the key is not allowed here`},
		{disallowed(strings.Repeat("é", 50)), `"` + strings.Repeat("é", 40) + `…": the key is not allowed here`},
		{missing("left"), `(root): the required key "left" is missing`},
		{size(2, "a"), "a: expected 1 key, found 2"},
		{failure("ArrayElementDisallowed", "@select_"), "@select_: the element is not one of the names that may stand here"},
		{matches(0, nil, "a"), `a: expected 1 key matching ^fn\..*$, found 0`},
		{prefix("id"), `id: the name must begin with "@"`},
		{because("time.Time: no", "a"), "a: time.Time: no"},
		{failure("FunctionUnknown", "fn.none"), "fn.none: the schema has no such function"},
		{failure("NewReason", "a"), "a: NewReason"},
		{validate.Failure{Reason: "TypeUnexpected"}, "(root): expected ?, found ?"},
		{validate.Failure{Reason: "TypeUnexpected", Data: wire.Object{{Key: "actual", Value: wire.Object{}}}}, "(root): expected ?, found ?"},
	}
	for _, tc := range cases {
		if got := tc.failure.String(); got != tc.want {
			t.Errorf("got  %s\nwant %s", got, tc.want)
		}
	}
}
