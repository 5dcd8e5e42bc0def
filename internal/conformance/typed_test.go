package conformance

import (
	"bytes"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/telestruct/telestruct/internal/conformance/twin"
	"github.com/telestruct/telestruct/tp"
)

// twinEnvironment has the schema that the Go types derive, as a document.
func twinEnvironment(t *testing.T) *environment {
	t.Helper()
	api, err := twin.NewAPI(script, tp.NoAuth())
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := api.MustBuild().Schema().WriteYAML(&text); err != nil {
		t.Fatal(err)
	}
	return &environment{schemas: fstest.MapFS{"twin/twin.telepact.yaml": &fstest.MapFile{Data: text.Bytes()}}}
}

// openTwin opens the typed driver on the schema that the Go types derive.
func openTwin(t *testing.T, alternate string) *typedDriver {
	t.Helper()
	v := &vectors{Schema: "twin"}
	if alternate != "" {
		v.AlternateSchema = []byte(alternate)
	}
	d, err := openTyped(twinEnvironment(t), v)
	if err != nil {
		t.Fatal(err)
	}
	return d.(*typedDriver)
}

func TestTyped(t *testing.T) {
	t.Parallel()
	d := openTwin(t, "")
	tests := []struct{ name, request, want string }{
		{"default", `[{}, {"fn.test": {}}]`, `[{},{"Ok_":{}}]`},
		{"result", `[{"@ok_": {"value!": {"int!": 1, "nullStr!": null, "arrUnion!": [{"One": {}}]}}}, {"fn.test": {}}]`,
			`[{},{"Ok_":{"value!":{"int!":1,"nullStr!":null,"arrUnion!":[{"One":{}}]}}}]`},
		{"bytes", `[{"@ok_": {"value!": {"bytes!": "AQI=", "arrNullBytes!": [null, "AQ=="]}}}, {"fn.test": {}}]`,
			`[{},{"Ok_":{"value!":{"bytes!":"AQI=","arrNullBytes!":[null,"AQ=="]}}}]`},
		{"link", `[{"@ok_": {"follow": {"fn.circularLink2": {"field2": true}}}}, {"fn.circularLink1": {"field1": true}}]`,
			`[{},{"Ok_":{"follow":{"fn.circularLink2":{"field2":true}}}}]`},
		{"selection", `[{"@select_": {"struct.ExStruct": []}, "@ok_": {"value!": {"struct!": {"required": true}, "nullSel!": null}}}, {"fn.test": {}}]`,
			`[{},{"Ok_":{"value!":{"struct!":{},"nullSel!":null}}}]`},
		{"own error", `[{"@result": {"ErrorExample": {"property": "a"}}}, {"fn.test": {}}]`, `[{},{"ErrorExample":{"property":"a"}}]`},
		{"error of every function", `[{"@error": true}, {"fn.example": {"required": true}}]`, `[{},{"ErrorExample2":{"field1":"Boom!"}}]`},
		{"response header", `[{"@responseHeader": {"@out": true}}, {"fn.test": {}}]`, `[{"@out":true},{"Ok_":{}}]`},
		{"wrong response header", `[{"@responseHeader": {"@out": 1}, "@assertOnErrorStandalone_": true}, {"fn.test": {}}]`,
			`[{},{"ErrorInvalidResponseHeaders_":{"cases":[{"path":["@out"],"reason":{"TypeUnexpected":{"actual":{"Number":{}},"expected":{"Boolean":{}}}}}]}}]`},
		{"middleware", `[{"@throwError_": true, "@assertOnErrorNested_": true}, {"fn.test": {}}]`, `[{},{"ErrorUnknown_":{"caseId":"<caseId>"}}]`},
		{"parse failure", `[]`, `[{},{"ErrorParseFailure_":{"reasons":[{"ExpectedJsonArrayOfTwoObjects":{}}]}}]`},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			c := &testCase{Statements: []*statement{{Request: tree(t, tc.request), Response: tree(t, tc.want), Assert: assertion{
				AssertCaseID: strings.Contains(tc.want, "caseId"),
			}}}}
			if reason := d.leavesOut(t.Context(), c); reason != "" {
				t.Fatalf("left out: %s", reason)
			}
			r := &suiteRun{runner: &runner{env: &environment{}}}
			if failure := r.judge(t.Context(), d, c.Statements[0]); failure != "" {
				t.Error(failure)
			}
		})
	}
}

func TestTypedLeavesOut(t *testing.T) {
	t.Parallel()
	d := openTwin(t, "")
	tests := []struct{ name, request, response, want string }{
		{"fn.api_", `[{}, {"fn.api_": {}}]`, `[{}, {"Ok_": {"api": []}}]`, reasonDocstrings},
		{"invalid result", `[{"@ok_": {"value!": {"int!": "a"}}}, {"fn.test": {}}]`, `[{}, {"ErrorInvalidResponseBody_": {"cases": []}}]`, reasonInvalid},
		{"invalid result wanted", `[{"@unsafe_": true, "@ok_": {"a": 1}}, {"fn.test": {}}]`, `[{}, {"Ok_": {"a": 1}}]`, reasonInvalid},
		{"unknown tag", `[{"@result": {"ErrorX": {}}}, {"fn.test": {}}]`, `[{}, {"ErrorInvalidResponseBody_": {"cases": []}}]`, reasonInvalid},
		{"fields that are not selected", `[{"@select_": {"struct.ExStruct": []}, "@ok_": {"value!": {"struct!": {}}}}, {"fn.test": {}}]`,
			`[{}, {"Ok_": {"value!": {"struct!": {}}}}]`, reasonSelection},
		{"valid result that Go refuses", `[{"@ok_": {"value!": {"int!": "a"}}}, {"fn.test": {}}]`, `[{}, {"Ok_": {"value!": {"int!": "a"}}}]`, ""},
		{"invalid request", `[{}, {"fn.test": {"value!": 1}}]`, `[{}, {"ErrorInvalidRequestBody_": {"cases": []}}]`, ""},
		{"unknown function", `[{}, {"fn.none": {}}]`, `[{}, {"ErrorInvalidRequestBody_": {"cases": []}}]`, ""},
		{"failure", `[{"@throw": true}, {"fn.test": {}}]`, `[{}, {"ErrorUnknown_": {"caseId": "a"}}]`, ""},
		{"no message", `[{}]`, `[{}, {"ErrorParseFailure_": {"reasons": []}}]`, ""},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := &testCase{Statements: []*statement{{Request: tree(t, tc.request), Response: tree(t, tc.response)}}}
			if got := d.leavesOut(t.Context(), c); got != tc.want {
				t.Errorf("the reason is %q, want %q", got, tc.want)
			}
		})
	}
}

func TestTypedAlternateServer(t *testing.T) {
	t.Parallel()
	d := openTwin(t, `[{"fn.more": {}, "->": [{"Ok_": {"left": "boolean"}}]}]`)
	for _, step := range []struct{ request, want string }{
		{`[{"@toggleAlternateServer_": true}, {"fn.test": {}}]`, `[{},{"Ok_":{}}]`},
		{`[{"@ok_": {"left": true}}, {"fn.more": {}}]`, `[{},{"Ok_":{"left":true}}]`},
		{`[{"@ok_": {}}, {"fn.test": {}}]`, `[{},{"Ok_":{}}]`},
	} {
		if got, problem := ask(t, d.bytesDriver, step.request); got != step.want || problem != nil {
			t.Errorf("problem %v\n got %s\nwant %s", problem, got, step.want)
		}
	}
}

func TestAnnouncement(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, body, want string }{
		{"error", `{"ErrorX": {"value!": {"bytes!": "AA=="}}}`, `null`},
		{"nothing", `{"Ok_": {}}`, `null`},
		{"text", `{"Ok_": {"value!": {"str!": "AA==", "arrAny!": ["AA=="]}}}`, `null`},
		{"no bytes", `{"Ok_": {"value!": {"nullBytes!": null, "arrBytes!": [], "objNullBytes!": {"a": null}}}}`, `null`},
		{"bytes", `{"Ok_": {"value!": {"bytes!": "", "nullBytes!": "AA==", "int!": 1}}}`,
			`{"Ok_": {"value!": {"bytes!": true, "nullBytes!": true}}}`},
		{"lists and maps", `{"Ok_": {"value!": {"arrNullBytes!": [null, ""], "objBytes!": {"a": ""}}}}`,
			`{"Ok_": {"value!": {"arrNullBytes!": {"*": true}, "objBytes!": {"*": true}}}}`},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := announcement(tree(t, tc.body)); !(comparison{}).equal(tree(t, tc.want), got) {
				t.Errorf("got %s, want %s", encodeJSON(got), tc.want)
			}
		})
	}
}

func TestTypedChecksTheAnnouncement(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{
		`[{}, {"Ok_": {"value!": {"bytes!": "AA=="}}}]`,
		`[{"@base64_": {"Ok_": {"value!": {"bytes!": true}}}}, {"Ok_": {"value!": {"str!": "AA=="}}}]`,
		`[{}]`,
	} {
		d := &typedDriver{bytesDriver: answering(answer)}
		if came, err := d.exchange(t.Context(), &statement{}); err == nil {
			t.Errorf("%s passes as %s", answer, encodeJSON(came))
		}
	}
}
