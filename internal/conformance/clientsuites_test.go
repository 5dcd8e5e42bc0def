package conformance

import (
	"context"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/wire"
)

func shopClient(t *testing.T, k clientKind) *clientDriver {
	t.Helper()
	return newClientDriver(k, shopServer(t, ""))
}

func TestClientDriver(t *testing.T) {
	t.Parallel()
	const bought = `[{}, {"Ok_": {"photo!": "AQI="}}]`
	kinds := map[string]clientKind{
		"JSON":          {pings: 1},
		"binary":        {format: wire.MessagePack, pings: 2},
		"binary packed": {format: wire.MessagePack, pings: 2, packed: true},
		"CBOR":          {format: wire.CBOR, pings: 2},
	}
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := shopClient(t, kind)
			s := &statement{Request: tree(t, `[{"@echo_": true}, {"fn.buy": {"photo!": "AQI="}}]`)}
			for range 3 {
				came, err := d.exchange(t.Context(), s)
				if err != nil || !(comparison{}).equal(tree(t, bought), came) {
					t.Errorf("got %s, error %v", encodeJSON(came), err)
				}
			}
			if isBinary := kind.format != wire.JSON; d.traffic.request.binary != isBinary {
				t.Errorf("the request was binary: %v", d.traffic.request.binary)
			}
			if d.traffic.calls != 1 {
				t.Errorf("%d requests were sent for one statement", d.traffic.calls)
			}
		})
	}
}

// What is wrong is said even when the answer is right.
func TestClientDriverFinds(t *testing.T) {
	t.Parallel()
	binary := clientKind{format: wire.MessagePack, pings: 2}
	tests := []struct {
		name, request string
		kind          clientKind
		change        func(*clientDriver)
		want          string
	}{
		{"cold client", `[{}, {"fn.buy": {}}]`, clientKind{format: wire.MessagePack}, nil, "the request is binary: false"},
		{"another format", `[{}, {"fn.buy": {}}]`, binary, func(d *clientDriver) { d.format = wire.CBOR }, "not in cbor"},
		{"hook", `[{"@ok_": {}, "@assertOnErrorNested_": true}, {"fn.buy": {}}]`, clientKind{}, nil, "the failure hook was not called"},
		{"client without a transport", `[{}, {"fn.buy": {}}]`, clientKind{}, func(d *clientDriver) { d.client = tp.NewClient(nil) }, "no transport"},
		{"client that cannot begin", `[{}, {"fn.buy": {}}]`, binary, func(d *clientDriver) { d.client = tp.NewClient(nil) }, "the first call failed"},
		{"no message", `[{}]`, clientKind{}, nil, "messages only"},
		{"payload that is no object", `[{}, {"fn.buy": 1}]`, clientKind{}, nil, "messages only"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := shopClient(t, tc.kind)
			if tc.change != nil {
				tc.change(d)
			}
			_, err := d.exchange(t.Context(), &statement{Request: tree(t, tc.request)})
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("the error is %v, want %q in it", err, tc.want)
			}
		})
	}
}

// A case may expect that the client fails.
func TestClientFailureExpected(t *testing.T) {
	t.Parallel()
	d := shopClient(t, clientKind{})
	d.client = tp.NewClient(nil)
	s := &statement{Request: tree(t, `[{}, {"fn.buy": {}}]`), Response: tree(t, `[{}, {"ErrorUnknown_": {}}]`)}
	if came, err := d.exchange(t.Context(), s); err != nil || !(comparison{}).equal(s.Response, came) {
		t.Errorf("got %s, error %v", encodeJSON(came), err)
	}
}

func TestUnmarked(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		headers wire.Object
		payload wire.Object
		want    string
		marks   marks
	}{
		{"nothing", object("@a", int64(1)), object(), `[{"@a":1},{"Ok_":{}}]`, marks{}},
		{"binary", object("@bin_", []any{int64(1)}, "@enc_", object(), "@pac_", true, "@a", true), object(), `[{"@a":true},{"Ok_":{}}]`, marks{binary: true}},
		{"bytes", object("@base64_", object()), object("b", []byte("a")), `[{},{"Ok_":{"b":"YQ=="}}]`, marks{base64: true, raw: true}},
		{"no headers", nil, object("b", []byte("a")), `[{},{"Ok_":{"b":"YQ=="}}]`, marks{raw: true}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			came, got := unmarked(&tp.Message{Headers: tc.headers, Target: "Ok_", Payload: tc.payload})
			if text := string(encodeJSON(came)); text != tc.want || got != tc.marks {
				t.Errorf("got %s and %+v, want %s and %+v", text, got, tc.want, tc.marks)
			}
		})
	}
}

func TestCheckMarks(t *testing.T) {
	t.Parallel()
	all := assertion{SkipBinaryCheck: true, SkipFieldIDCheck: true}
	const noBin, noBytes, noBase64 = "no header @bin_", "@base64_: true; it has bytes: false", "@base64_: false; it has bytes: true"
	tests := []struct {
		name  string
		kind  clientKind
		tag   string
		marks marks
		want  string
	}{
		{"JSON", clientKind{}, "Ok_", marks{}, ""},
		{"JSON with bytes", clientKind{}, "Ok_", marks{base64: true, raw: true}, ""},
		{"bytes that were not announced", clientKind{}, "Ok_", marks{raw: true}, noBase64},
		{"bytes that are missing", clientKind{}, "Ok_", marks{base64: true}, noBytes},
		{"binary", clientKind{format: wire.MessagePack}, "Ok_", marks{binary: true, raw: true}, ""},
		{"binary without its header", clientKind{format: wire.MessagePack}, "Ok_", marks{}, noBin},
		{"error in JSON", clientKind{format: wire.MessagePack}, "ErrorA", marks{}, ""},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			err := (&clientDriver{clientKind: tc.kind}).check(all, tc.tag, tc.marks)
			if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
				t.Errorf("the error is %v, want %q", err, tc.want)
			}
		})
	}
}

// Typed clients leave out what typed servers do.
func TestTypedClient(t *testing.T) {
	t.Parallel()
	d, err := clientKind{format: wire.CBOR, pings: 2}.openTyped(twinEnvironment(t), &vectors{Schema: "twin"})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, request, response, want string }{
		{"result", `[{"@ok_": {"value!": {"bytes!": "AQI="}}}, {"fn.test": {}}]`, `[{}, {"Ok_": {}}]`, ""},
		{"docstrings", `[{}, {"fn.api_": {}}]`, `[{}, {"Ok_": {}}]`, reasonDocstrings},
		{"invalid result", `[{"@ok_": {"value!": 1}}, {"fn.test": {}}]`, `[{}, {"ErrorInvalidResponseBody_": {}}]`, reasonInvalid},
	}
	for _, tc := range tests {
		c := &testCase{Statements: []*statement{{Request: tree(t, tc.request), Response: tree(t, tc.response)}}}
		if got := d.(chooser).leavesOut(context.Background(), c); got != tc.want {
			t.Errorf("%s: left out for %q, want %q", tc.name, got, tc.want)
		}
	}
	came, err := d.exchange(t.Context(), &statement{Request: tree(t, tests[0].request)})
	if want := `[{},{"Ok_":{"value!":{"bytes!":"AQI="}}}]`; err != nil || string(encodeJSON(came)) != want {
		t.Errorf("got %s and error %v, want %s", encodeJSON(came), err, want)
	}
	if _, err := (clientKind{}).openTyped(ownEnvironment(), &vectors{Schema: "shop"}); err == nil {
		t.Error("the twin has another schema")
	}
	if _, err := (clientKind{}).open(ownEnvironment(), &vectors{Schema: "wrong"}); err == nil {
		t.Error("there is no schema")
	}
}
