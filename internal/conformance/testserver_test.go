package conformance

import (
	"os"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/tp"
)

// ownEnvironment is what testdata holds.
func ownEnvironment() *environment {
	return &environment{schemas: os.DirFS("testdata/schema"), standard: standardNames{"fn.ping_", "union.Type_"}}
}

func shopServer(t *testing.T, alternate string) *testServer {
	t.Helper()
	v := &vectors{Schema: "shop"}
	if alternate != "" {
		v.AlternateSchema = []byte(alternate)
	}
	ts, err := newTestServer(ownEnvironment(), v, rawAPI, tp.NoAuth())
	if err != nil {
		t.Fatal(err)
	}
	return ts
}

// ask sends a request and returns the answer, in which a case id is masked.
func ask(t *testing.T, process bytesDriver, request string) (answer string, problem error) {
	t.Helper()
	came, problem := process.exchange(t.Context(), &statement{Request: tree(t, request)})
	if _, tag, _ := parts(came); tag == "ErrorUnknown_" {
		masked, err := standardNames(nil).mask(came, assertion{AssertCaseID: true})
		if err != nil {
			t.Fatal(err)
		}
		came = masked
	}
	return string(encodeJSON(came)), problem
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	const unknown = `[{},{"ErrorUnknown_":{"caseId":"<caseId>"}}]`
	tests := []struct{ name, request, want string }{
		{"nothing", `[{}, {"fn.buy": {}}]`, `[{},{"Ok_":{}}]`},
		{"client's @override is replaced", `[{"@override": "old"}, {"fn.buy": {}}]`, `[{},{"Ok_":{}}]`},
		{"@ok_", `[{"@ok_": {"left!": 1}}, {"fn.buy": {}}]`, `[{},{"Ok_":{"left!":1}}]`},
		{"@ok_ with text for bytes", `[{"@ok_": {"photo!": "AQI="}}, {"fn.buy": {}}]`, `[{},{"Ok_":{"photo!":"AQI="}}]`},
		{"@ok_ that is no object", `[{"@ok_": null}, {"fn.buy": {}}]`,
			`[{},{"ErrorInvalidResponseBody_":{"cases":[{"path":["Ok_"],"reason":{"TypeUnexpected":{"actual":{"Null":{}},"expected":{"Object":{}}}}}]}}]`},
		{"@result", `[{"@result": {"ErrorSoldOut": {"since": 1}}}, {"fn.buy": {}}]`, `[{},{"ErrorSoldOut":{"since":1}}]`},
		{"@result without a tag", `[{"@result": {}}, {"fn.buy": {}}]`, unknown},
		{"@ok_ before @result", `[{"@result": {"ErrorSoldOut": {"since": 1}}, "@ok_": {}}, {"fn.buy": {}}]`, `[{},{"Ok_":{}}]`},
		{"@result before @throw", `[{"@throw": true, "@result": {"Ok_": {}}}, {"fn.buy": {}}]`, `[{},{"Ok_":{}}]`},
		{"@throw", `[{"@throw": false, "@error": true}, {"fn.buy": {}}]`, unknown},
		{"@error", `[{"@error": false}, {"fn.buy": {}}]`, `[{},{"ErrorExample2":{"field1":"Boom!"}}]`},
		{"@echo_", `[{"@echo_": true, "@responseHeader": {"@trace": "a"}}, {"fn.buy": {"photo!": "AQI="}}]`,
			`[{"@base64_":{"Ok_":{"photo!":true}}},{"Ok_":{"photo!":"AQI="}}]`},
		{"@echo_ that is not true", `[{"@echo_": 1, "@ok_": {"left!": 2}}, {"fn.buy": {}}]`, `[{},{"Ok_":{"left!":2}}]`},
		{"response headers", `[{"@responseHeader": {"@trace": "b", "@other": 1}}, {"fn.buy": {}}]`, `[{"@trace":"b","@other":1},{"Ok_":{}}]`},
		{"hook that panics on the request", `[{"@onRequestError_": true}, {"fn.buy": {}}]`, `[{},{"Ok_":{}}]`},
		{"hook that panics on the answer", `[{"@onResponseError_": true}, {"fn.buy": {}}]`, `[{"@onResponseError_":true},{"Ok_":{}}]`},
		{"middleware", `[{"@throwError_": true}, {"fn.buy": {}}]`, unknown},
		{"unknown function", `[{}, {"fn.sell": {}}]`,
			`[{},{"ErrorInvalidRequestBody_":{"cases":[{"path":["fn.sell"],"reason":{"FunctionUnknown":{}}}]}}]`},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, problem := ask(t, shopServer(t, "").process, tc.request)
			if got != tc.want || problem != nil {
				t.Errorf("problem %v\n got %s\nwant %s", problem, got, tc.want)
			}
		})
	}
}

func TestHooks(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, request, want string }{
		{"nothing expected", `[{"@throw": true}, {"fn.buy": {}}]`, ""},
		{"nested", `[{"@throwError_": true, "@assertOnErrorNested_": true}, {"fn.buy": {}}]`, ""},
		{"nested, hook panics", `[{"@onRequestError_": true, "@throwError_": true, "@assertOnErrorNested_": true}, {"fn.buy": {}}]`, ""},
		{"nested, another cause", `[{"@throw": true, "@assertOnErrorNested_": true}, {"fn.buy": {}}]`, "did not get a nested error"},
		{"nested, no failure", `[{"@assertOnErrorNested_": true, "@onRequestError_": true}, {"fn.buy": {}}]`, "was not called"},
		{"standalone", `[{"@ok_": {"left!": "x"}, "@assertOnErrorStandalone_": true}, {"fn.buy": {}}]`, ""},
		{"standalone, caused", `[{"@throw": true, "@assertOnErrorStandalone_": true}, {"fn.buy": {}}]`, "did not get a standalone error"},
		{"standalone, no failure", `[{"@assertOnErrorStandalone_": true}, {"fn.buy": {}}]`, "was not called"},
		{"nested before standalone", `[{"@throwError_": true, "@assertOnErrorNested_": true, "@assertOnErrorStandalone_": true}, {"fn.buy": {}}]`, ""},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			ts := shopServer(t, "")
			for range 2 { // what one request leads to does not matter to the next
				_, problem := ask(t, ts.process, tc.request)
				if (problem == nil) != (tc.want == "") || problem != nil && !strings.Contains(problem.Error(), tc.want) {
					t.Errorf("the problem is %v, want %q", problem, tc.want)
				}
				if _, problem := ask(t, ts.process, `[{}, {"fn.buy": {}}]`); problem != nil {
					t.Errorf("the next request has the problem %v", problem)
				}
			}
		})
	}
}

func TestAlternateServer(t *testing.T) {
	t.Parallel()
	const toggle = `[{"@toggleAlternateServer_": true, "@ok_": {}, "@assertOnErrorNested_": false}, {"fn.buy": {}}]`
	steps := []struct{ request, want string }{
		{`[{}, {"fn.more": {}}]`, `[{},{"ErrorInvalidRequestBody_":{"cases":[{"path":["fn.more"],"reason":{"FunctionUnknown":{}}}]}}]`},
		{toggle, `[{},{"Ok_":{}}]`},
		{`[{"@ok_": {"left": true}}, {"fn.more": {}}]`, `[{},{"Ok_":{"left":true}}]`},
		// Headers are not updated, and hooks do not exist.
		{`[{"@override": "new", "@assertOnErrorStandalone_": true}, {"fn.buy": {}}]`, `[{},{"Ok_":{}}]`},
		{`[{}, {"fn.buy": {}}]`,
			`[{},{"ErrorInvalidResponseBody_":{"cases":[{"path":["ErrorUnknown_"],"reason":{"RequiredObjectKeyMissing":{"key":"caseId"}}}]}}]`},
		{toggle, `[{},{"Ok_":{}}]`},
		{`[{}, {"fn.buy": {}}]`, `[{},{"Ok_":{}}]`},
	}
	ts := shopServer(t, `[{"fn.more": {}, "->": [{"Ok_": {"left": "boolean"}}]}]`)
	for i, step := range steps {
		if got, problem := ask(t, ts.process, step.request); got != step.want || problem != nil {
			t.Fatalf("step %d: problem %v\n got %s\nwant %s", i, problem, got, step.want)
		}
	}
}

func TestAlternateSchemaByDefault(t *testing.T) {
	t.Parallel()
	ts := shopServer(t, "")
	if ts.main.Schema().Lookup("struct.BackwardsCompatibleChange") != nil {
		t.Error("the main server has the change")
	}
	if ts.alternate.Schema().Lookup("struct.BackwardsCompatibleChange") == nil {
		t.Error("the alternate server does not have the change")
	}
}

func TestAuth(t *testing.T) {
	t.Parallel()
	const unauthenticated = `[{},{"ErrorUnauthenticated_":{"message!":"Valid authentication is required."}}]`
	tests := []struct{ name, request, want string }{
		{"ok", `[{"@auth_": {"Token": {"token": "ok"}}}, {"fn.buy": {}}]`, `[{},{"Ok_":{}}]`},
		{"unauthorized", `[{"@auth_": {"Token": {"token": "unauthorized"}}}, {"fn.buy": {}}]`, `[{},{"ErrorUnauthorized_":{"message!":"a"}}]`},
		{"empty", `[{"@auth_": {"Token": {"token": ""}}, "@error": true}, {"fn.buy": {}}]`,
			`[{},{"ErrorInvalidResponseBody_":{"cases":[{"path":["ErrorExample2"],"reason":{"ObjectKeyDisallowed":{}}}]}}]`},
		{"anything else", `[{"@auth_": {"Token": {"token": "x"}}}, {"fn.buy": {}}]`, unauthenticated},
		{"nothing", `[{}, {"fn.buy": {}}]`, unauthenticated},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d, err := serverKind{auth: true}.open(ownEnvironment(), &vectors{Schema: "guarded"})
			if err != nil {
				t.Fatal(err)
			}
			if got, problem := ask(t, d.(bytesDriver), tc.request); got != tc.want || problem != nil {
				t.Errorf("problem %v\n got %s\nwant %s", problem, got, tc.want)
			}
		})
	}
}

func TestServersThatCannotBe(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		open func(*environment, *vectors) (driver, error)
		file *vectors
		want string
	}{
		{"auth without credentials", serverKind{auth: true}.open, &vectors{Schema: "shop"}, "tp.Auth"},
		{"no schema", serverKind{}.open, &vectors{Schema: "wrong"}, "notes.txt"},
		{"a name twice", serverKind{}.open, &vectors{Schema: "crowded"}, "fn.buy"},
		{"alternate that is no schema", serverKind{}.open, &vectors{Schema: "shop", AlternateSchema: []byte("{}")}, "backwardsCompatibleChange"},
		{"schema server of another schema", openSchemaServer, &vectors{Schema: "shop"}, "fn.validateSchema"},
		{"twin of another schema", openTyped, &vectors{Schema: "shop"}, "fn.buy"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d, err := tc.open(ownEnvironment(), tc.file)
			if err == nil || d != nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("driver %v, error %v; want %q in it", d, err, tc.want)
			}
		})
	}
}
