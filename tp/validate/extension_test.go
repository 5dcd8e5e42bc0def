package validate_test

import (
	"testing"

	"github.com/telestruct/telestruct/tp/validate"
	"github.com/telestruct/telestruct/tp/wire"
)

// matches is the failure of an object that should hold one function's key.
func matches(actual int64, keys []any, path ...any) validate.Failure {
	return validate.Failure{Path: path, Reason: "ObjectKeyRegexMatchCountUnexpected", Data: wire.Object{
		{Key: "regex", Value: `^fn\..*$`},
		{Key: "actual", Value: actual},
		{Key: "expected", Value: int64(1)},
		{Key: "keys", Value: keys},
	}}
}

func TestCalls(t *testing.T) {
	t.Parallel()
	runSamples(t, []sampleCase{
		{"whole", `{"call!": {"fn.renew": {"mood": {"Calm": {}}}}}`, nil},
		{"part", `{"call!": {"fn.lend": {"book": {"pages": 3}}}}`, nil},
		{"internal function", `{"call!": {"fn.ping_": {}}}`, nil},
		{"other keys", `{"call!": {"x": 1, "fn.renew": {}, "->": 2}}`, nil},
		{"not an object", `{"call!": []}`, []validate.Failure{unexpected("Array", "Object", "call!")}},
		{"no call", `{"call!": {"b": 1, "a": 2}}`, []validate.Failure{matches(0, []any{"a", "b"}, "call!")}},
		{"two calls", `{"call!": {"fn.renew": 1, "fn.lend": 2, "x": 3}}`, []validate.Failure{
			matches(2, []any{"fn.lend", "fn.renew", "x"}, "call!"),
		}},
		{"line feed in the name", `{"call!": {"fn.a\nb": {}}}`, []validate.Failure{matches(0, []any{"fn.a\nb"}, "call!")}},
		{"unknown function", `{"call!": {"fn.none": {}}}`, []validate.Failure{disallowed("call!", "fn.none")}},
		{"null arguments", `{"call!": {"fn.lend": null}}`, []validate.Failure{unexpected("Null", "Object", "call!", "fn.lend")}},
		{"wrong arguments", `{"call!": {"fn.lend": {"book": {"pages": "3"}, "x": 1}}}`, []validate.Failure{
			unexpected("String", "Integer", "call!", "fn.lend", "book", "pages"),
			disallowed("call!", "fn.lend", "x"),
		}},
	})
}

func TestStubs(t *testing.T) {
	t.Parallel()
	runSamples(t, []sampleCase{
		{"part", `{"stub!": {"fn.lend": {}, "->": {"Ok_": {}}}}`, nil},
		{"applied error", `{"stub!": {"fn.lend": {}, "->": {"ErrorClosed": {}}}}`, nil},
		{"not an object", `{"stub!": 1}`, []validate.Failure{unexpected("Number", "Object", "stub!")}},
		{"no call", `{"stub!": {"->": {"Ok_": {}}}}`, []validate.Failure{matches(0, []any{"->"}, "stub!")}},
		{"unknown function", `{"stub!": {"fn.none": {}, "->": {}}}`, []validate.Failure{disallowed("stub!", "fn.none")}},
		{"no result", `{"stub!": {"fn.lend": {}}}`, []validate.Failure{missing("->", "stub!")}},
		{"null result", `{"stub!": {"fn.lend": {}, "->": null}}`, []validate.Failure{unexpected("Null", "Object", "stub!", "->")}},
		{"empty result", `{"stub!": {"fn.lend": {}, "->": {}}}`, []validate.Failure{size(0, "stub!", "->")}},
		{
			"arguments, then result, then other keys",
			`{"stub!": {"z": 1, "->": {"Ok_": {"due": "x"}}, "a": 2, "fn.lend": {"days!": true}}}`,
			[]validate.Failure{
				unexpected("Boolean", "Integer", "stub!", "fn.lend", "days!"),
				unexpected("String", "Integer", "stub!", "->", "Ok_", "due"),
				disallowed("stub!", "z"),
				disallowed("stub!", "a"),
			},
		},
		{
			"missing keys count again beside a stub",
			`{"stub!": {"fn.lend": {}, "->": {"Ok_": {}}}, "book!": {"title": ""}}`,
			[]validate.Failure{missing("pages", "book!")},
		},
		{"a stub inside a call", `{"call!": {"fn.check": {"sample!": {"stub!": {"fn.lend": {}}}}}}`, nil},
	})
}
