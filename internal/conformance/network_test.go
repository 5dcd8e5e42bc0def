package conformance

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/wire"
)

// networks are all of them, by the names that suites have for them.
func networks() map[string]*network {
	return map[string]*network{"http": overHTTP(), "ws": overSockets()}
}

// closed closes the driver when the test ends, which must work.
func closed(t *testing.T, d driver, err error) driver {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.(io.Closer).Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// Servers behind a network are told what they are told in this process, and what their
// hooks find is found.
func TestNetworkServers(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, request, want, problem string }{
		{"headers are updated", `[{"@override": "old", "@ok_": {"left!": 1}}, {"fn.buy": {}}]`, `[{},{"Ok_":{"left!":1}}]`, ""},
		{"@override", `[{"@override": "old"}, {"fn.buy": {}}]`, `[{},{"Ok_":{}}]`, ""},
		{"MessagePack", `[{"@msgpack": true, "@bin_": [0]}, {"fn.sell": {}}]`,
			`[{},{"ErrorParseFailure_":{"reasons":[{"IncompatibleBinaryEncoding":{}}]}}]`, ""},
		{"bytes", `{"$bytes": "/w=="}`, `[{},{"ErrorParseFailure_":{"reasons":[{"ExpectedJsonArrayOfTwoObjects":{}}]}}]`, ""},
		{"hook", `[{"@ok_": {}, "@assertOnErrorNested_": true}, {"fn.buy": {}}]`, `[{},{"Ok_":{}}]`, "the failure hook was not called"},
	}
	for name, n := range networks() {
		d, err := serverKind{network: n}.open(ownEnvironment(), &vectors{Schema: "shop"})
		d = closed(t, d, err)
		for _, tc := range tests {
			came, problem := d.exchange(t.Context(), &statement{Request: tree(t, tc.request)})
			if got := string(encodeJSON(came)); got != tc.want {
				t.Errorf("%s: %s: got %s, want %s", name, tc.name, got, tc.want)
			}
			if (problem == nil) != (tc.problem == "") || problem != nil && !strings.Contains(problem.Error(), tc.problem) {
				t.Errorf("%s: %s: problem %v, want %q", name, tc.name, problem, tc.problem)
			}
		}
	}
}

func TestNetworkClients(t *testing.T) {
	t.Parallel()
	for name, n := range networks() {
		kind := clientKind{format: wire.MessagePack, pings: 2, network: n}
		d, err := kind.open(ownEnvironment(), &vectors{Schema: "shop"})
		d = closed(t, d, err)
		s := &statement{Request: tree(t, `[{"@echo_": true}, {"fn.buy": {"photo!": "AQI="}}]`)}
		came, err := d.exchange(t.Context(), s)
		if want := `[{},{"Ok_":{"photo!":"AQI="}}]`; err != nil || string(encodeJSON(came)) != want {
			t.Errorf("%s: got %s and error %v, want %s", name, encodeJSON(came), err, want)
		}
		if _, err := kind.open(ownEnvironment(), &vectors{Schema: "wrong"}); err == nil {
			t.Errorf("%s: there is no schema", name)
		}
	}
}

// A server that has gone is a problem of the case, not an answer.
func TestNetworkGone(t *testing.T) {
	t.Parallel()
	for name, n := range networks() {
		for kind, connect := range map[string]func(*httptest.Server) (line, error){"plain": n.plain, "client": n.client} {
			r, err := reach(shopServer(t, ""), n, connect)
			if err != nil {
				t.Fatal(err)
			}
			if r.stop != nil {
				if err := r.stop(); err != nil {
					t.Error(err)
				}
			}
			r.server.CloseClientConnections()
			r.server.Close()
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond) // clients connect again
			if answer, err := r.process(ctx, []byte(`[{},{"fn.buy":{}}]`)); err == nil {
				t.Errorf("%s: %s: the answer is %q", name, kind, answer)
			}
			cancel()
			if err := r.line.end(); kind == "client" && err != nil {
				t.Error(err)
			}
		}
	}
}

func TestAlternateOverHTTP(t *testing.T) {
	t.Parallel()
	v := &vectors{Schema: "shop"}
	d, err := serverKind{network: overHTTP()}.open(ownEnvironment(), v)
	d = closed(t, d, err)
	// The alternate server updates no headers, without which the route fails.
	for _, want := range []string{`"Ok_"`, `"ErrorUnknown_"`} {
		came, err := d.exchange(t.Context(), &statement{Request: tree(t, `[{"@toggleAlternateServer_": true}, {"fn.buy": {}}]`)})
		if err != nil || !strings.Contains(string(encodeJSON(came)), want) {
			t.Errorf("got %s and error %v, want %s", encodeJSON(came), err, want)
		}
	}
}

func TestCheckHTTP(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, contentType, answer string
		status                    int
		want                      string
	}{
		{"JSON", "application/json", "[{},{}]", 200, ""},
		{"MessagePack", "application/octet-stream", "\x92\x80\x80", 200, ""},
		{"status", "application/json", "[{},{}]", 400, "status 400"},
		{"type", "text/plain", "[{},{}]", 200, `"text/plain"; want 200 and "application/json"`},
		{"type of binary", "application/json", "\x92\x80\x80", 200, `want 200 and "application/octet-stream"`},
	}
	for _, tc := range tests {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", tc.contentType)
			w.WriteHeader(tc.status)
			_, _ = io.WriteString(w, tc.answer)
		}))
		l, err := plainHTTP(server)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := tp.Transport(l).RoundTrip(t.Context(), nil)
		if string(answer) != tc.answer || (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %q and error %v, want an error with %q", tc.name, answer, err, tc.want)
		}
		server.Close()
	}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	const text, binary = websocket.MessageText, websocket.MessageBinary
	for request, want := range map[string]websocket.MessageType{"[{},{}]": text, "": text, "é": text, "\xff": binary, "\x92\x80\x80": binary} {
		if got := kindOf([]byte(request)); got != want {
			t.Errorf("%q is sent as %v", request, got)
		}
	}
	for _, tc := range []struct {
		kind   websocket.MessageType
		answer string
		isOK   bool
	}{
		{text, "[{},{}]", true},
		{binary, "[{},{}]", false},
		{binary, "\x92\x80\x80", true},
		{text, "\x92\x80\x80", false},
	} {
		if err := checkKind(tc.kind, []byte(tc.answer)); (err == nil) != tc.isOK {
			t.Errorf("%v %q: error %v", tc.kind, tc.answer, err)
		}
	}
}
