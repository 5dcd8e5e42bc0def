package validate_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/tp/validate"
	"github.com/telestruct/telestruct/tp/wire"
)

func prefix(name string) validate.Failure {
	return validate.Failure{
		Path:   wire.Path{name},
		Reason: "RequiredObjectKeyPrefixMissing",
		Data:   wire.Object{{Key: "prefix", Value: "@"}},
	}
}

func TestRequestHeaders(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, fn, headers string
		want              []validate.Failure
	}{
		{"none", "fn.lend", `{}`, nil},
		{"undeclared", "fn.lend", `{"@x": null, "@y": [1, {"a": null}]}`, nil},
		{"declared", "fn.lend", `{"@trace": "a", "@level": 1, "@time_": 5, "@unsafe_": true, "@bin_": [], "@id_": {}}`, nil},
		{"of a response", "fn.lend", `{"@node": 1}`, nil},
		{"in other letters", "fn.lend", `{"@TRACE": 1}`, nil},
		{
			"sorted", "fn.lend", `{"z": 1, "@trace": 2, "a": 3, "@level": null, "@id_": null}`,
			[]validate.Failure{
				unexpected("Null", "Any", "@id_"),
				unexpected("Null", "Integer", "@level"),
				unexpected("Number", "String", "@trace"),
				prefix("a"),
				prefix("z"),
			},
		},
		{"inside a header", "fn.lend", `{"@bin_": [1, "2", 3]}`, []validate.Failure{unexpected("String", "Integer", "@bin_", 1)}},
		{"selection", "fn.lend", `{"@select_": {"->": {"Ok_": ["due"]}}}`, nil},
		{"selection of another function", "fn.check", `{"@select_": {"->": {"Ok_": ["due"]}}}`, []validate.Failure{
			failure("ArrayElementDisallowed", "@select_", "->", "Ok_", 0),
		}},
		{"selection of no function", "", `{"@select_": {"->": {}}}`, []validate.Failure{disallowed("@select_", "->")}},
	}
	s := newLibrary(t)
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			equal(t, tc.want, validate.RequestHeaders(s, s.Function(tc.fn), object(t, tc.headers)))
		})
	}
}

func TestResponseHeaders(t *testing.T) {
	t.Parallel()
	s := newLibrary(t)
	headers := wire.Object{
		{Key: "node", Value: true},
		{Key: "@node", Value: true},
		{Key: "@trace", Value: int64(1)},
		{Key: "@x", Value: struct{}{}},
		{Key: "@y", Value: nil},
		{Key: "@y", Value: nil},
		{Key: "@\xff", Value: "a"},
	}
	before := append(wire.Object(nil), headers...)
	equal(t, []validate.Failure{
		unexpected("Boolean", "String", "@node"),
		unexpected("Unknown", "Any", "@x"),
		disallowed("@y"),
		because("the text is not valid UTF-8", "@\uFFFD"),
		prefix("node"),
	}, validate.ResponseHeaders(s, s.Function("fn.lend"), headers))
	if diff := cmp.Diff(before, headers); diff != "" {
		t.Errorf("the headers were changed:\n%s", diff)
	}
}
