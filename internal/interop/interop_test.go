package interop

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/internal/leaks"

	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/tp"
)

func TestMain(m *testing.M) { leaks.Main(m) }

// form is how messages are written.
type form struct {
	name   string
	mode   tp.BinaryMode
	format tp.Format // of results
	packed bool      // lists, as tables
}

// forms are those that every implementation has.
func forms() []form {
	return []form{
		{"json", tp.BinaryOff, tp.JSON, false},
		{"binary answers", tp.BinaryOn, tp.MessagePack, false},
		{"binary", tp.BinaryAlways, tp.MessagePack, false},
		{"packed", tp.BinaryAlways, tp.MessagePack, true},
	}
}

// requests is the format of requests, once the server's names of fields are known.
func (f form) requests() tp.Format {
	if f.mode == tp.BinaryAlways {
		return f.format
	}
	return tp.JSON
}

// ownForms are those that we have in addition.
func ownForms() []form {
	return []form{{"cbor", tp.BinaryAlways, tp.CBOR, false}, {"cbor packed", tp.BinaryAlways, tp.CBOR, true}}
}

// The official client calls our server.
func TestPythonClient(t *testing.T) {
	t.Parallel()
	interpreter(t)
	srv := server(t)
	url := serve(t, srv)
	for _, f := range forms() {
		t.Run(f.name, func(t *testing.T) { makeCalls(t, newPythonClient(t, url, f), f, srv) })
	}
}

// Our client calls the official server, which reads the schema that ours writes.
func TestPythonServer(t *testing.T) {
	t.Parallel()
	interpreter(t)
	srv := server(t)
	url := startPythonServer(t, schemaDir(t, srv))
	for _, f := range forms() {
		t.Run(f.name, func(t *testing.T) { makeCalls(t, newGoClient(t, url, f), f, srv) })
	}
}

// The official client calls the official server: they do what is expected of us.
func TestPythonAlone(t *testing.T) {
	t.Parallel()
	interpreter(t)
	srv := server(t)
	url := startPythonServer(t, schemaDir(t, srv))
	for _, f := range forms() {
		t.Run(f.name, func(t *testing.T) { makeCalls(t, newPythonClient(t, url, f), f, srv) })
	}
}

// Our client calls our server.
func TestGoAlone(t *testing.T) {
	t.Parallel()
	srv := server(t)
	url := serve(t, srv)
	for _, f := range append(forms(), ownForms()...) {
		t.Run(f.name, func(t *testing.T) { makeCalls(t, newGoClient(t, url, f), f, srv) })
	}
}

// serve serves srv over HTTP until the test ends.
func serve(t *testing.T, srv *tp.Server) (url string) {
	t.Helper()
	site := httptest.NewServer(httpx.Handler(srv))
	t.Cleanup(site.Close)
	return site.URL
}

func server(t *testing.T) *tp.Server {
	t.Helper()
	srv, err := newAPI().Build()
	if err != nil {
		t.Fatal(err)
	}
	return srv
}

// schemaDir writes the schema of srv into a directory of its own.
func schemaDir(t *testing.T, srv *tp.Server) string {
	t.Helper()
	dir := t.TempDir()
	file, err := os.Create(filepath.Join(dir, "interop.telepact.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := srv.Schema().WriteYAML(file); err != nil {
		t.Fatal(err)
	}
	return dir
}

// makeCalls makes all calls, one after another.
func makeCalls(t *testing.T, c client, f form, srv *tp.Server) {
	t.Helper()
	var schema bytes.Buffer
	if err := srv.Schema().WriteJSON(&schema); err != nil {
		t.Fatal(err)
	}
	makeInOrder(t, c, f, calls(schema.String()))
}

// makeInOrder makes the calls of a list.
func makeInOrder(t *testing.T, c client, f form, list []call) {
	t.Helper()
	if f.format != tp.JSON { // after two calls the client knows the server's names of fields
		for range 2 {
			if o := c.exchange(t, `[{}, {"fn.ping_": {}}]`); o.Failure != "" {
				t.Fatal(o.Failure)
			}
		}
	}
	for _, each := range list {
		t.Run(each.name, func(t *testing.T) { each.make(t, c, f) })
	}
	t.Logf("%s: %d calls", t.Name(), len(list))
}

// make makes one call and checks its answer.
func (each call) make(t *testing.T, c client, f form) {
	t.Helper()
	body := check(t, f, c.exchange(t, request(t, each.headers, each.body, f)), each)
	if each.link == "" {
		return
	}
	result, _ := body["Ok_"].(map[string]any)
	link, err := json.Marshal(result[each.link])
	if err != nil {
		t.Fatal(err)
	}
	check(t, f, c.exchange(t, request(t, "", string(link), f)), call{want: each.wantLinked, table: each.table})
}

// request returns the text of a request; the text of headers may be empty.
func request(t *testing.T, headers, body string, f form) string {
	t.Helper()
	object := decoded(t, cmp.Or(headers, "{}")).(map[string]any)
	if f.packed {
		object["@pac_"] = true
	}
	text, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	return "[" + string(text) + ", " + body + "]"
}

// check compares an answer with that of the call, looks at how it was sent, and
// returns its body.
func check(t *testing.T, f form, o outcome, each call) map[string]any {
	t.Helper()
	if o.Failure != "" {
		t.Fatalf("the client failed: %s", o.Failure)
	}
	pair, _ := decoded(t, string(o.Message)).([]any)
	if len(pair) != 2 {
		t.Fatalf("the answer is no message: %s", o.Message)
	}
	headers, _ := pair[0].(map[string]any)
	body, _ := pair[1].(map[string]any)
	checkForm(t, f, o, headers, body)
	if o.Table && !f.packed || each.table && !o.Table && f.packed {
		t.Errorf("a list came as a table: %v", o.Table)
	}
	wantHeaders := cmp.Or(each.wantHeaders, "{}")
	for _, name := range []string{"@bin_", "@enc_", "@pac_", "@base64_"} {
		delete(headers, name)
	}
	if diff := gocmp.Diff(canonical(decoded(t, wantHeaders)), canonical(headers)); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
	if diff := gocmp.Diff(normal(decoded(t, each.want)), normal(body)); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
	return body
}

// checkForm wants both messages in the form; errors are answered in JSON.
func checkForm(t *testing.T, f form, o outcome, headers, body map[string]any) {
	t.Helper()
	_, ok := body["Ok_"]
	request, response := f.requests().String(), f.format.String()
	if !ok {
		response = "json"
	}
	if !slices.Equal(o.Requests, []string{request}) || !slices.Equal(o.Responses, []string{response}) {
		t.Errorf("requests went as %v, responses as %v; want one %s and one %s", o.Requests, o.Responses, request, response)
	}
	if f.packed && ok && headers["@pac_"] != true {
		t.Errorf("@pac_ is %v; want true", headers["@pac_"])
	}
}

// normal returns a body without what implementations may choose: the random id of
// an unknown error, how docstrings are written, and the order of definitions. The
// two that belong to union.Auth_ are left out, for each has its own docstrings.
func normal(body any) any {
	object, _ := canonical(body).(map[string]any)
	if failure, ok := object["ErrorUnknown_"].(map[string]any); ok {
		if id, _ := failure["caseId"].(string); id != "" {
			failure["caseId"] = "<caseId>"
		}
	}
	result, _ := object["Ok_"].(map[string]any)
	api, ok := result["api"].([]any)
	if !ok {
		return object
	}
	byName := map[string]any{}
	for _, definition := range api {
		fields, _ := definition.(map[string]any)
		name := nameOf(fields)
		if name != "headers.Auth_" && name != "errors.Auth_" {
			byName[name] = definition
		}
	}
	result["api"] = byName
	return object
}

// nameOf returns the key that names a definition, such as fn.echo.
func nameOf(definition map[string]any) string {
	for key := range definition {
		if strings.Contains(key, ".") {
			return key
		}
	}
	return ""
}
