package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/telestruct/telestruct/internal/leaks"

	"github.com/telestruct/telestruct/tp"
)

func TestMain(m *testing.M) { leaks.Main(m) }

func build(t *testing.T) *tp.Server {
	t.Helper()
	failures := tp.OnFailure(func(_ context.Context, failure *tp.Error) { t.Error(failure) })
	srv, err := newAPI(&survey{}, documents).Build(failures)
	if err != nil {
		t.Fatal(err)
	}
	return srv
}

// start serves a survey of its own and returns a function that calls it.
func start(t *testing.T) func(body string) string {
	t.Helper()
	server := httptest.NewServer(newRouter(build(t)))
	t.Cleanup(server.Close)
	return func(body string) string {
		t.Helper()
		res, err := server.Client().Post(server.URL+"/api/telepact", "application/json", strings.NewReader("[{}, "+body+"]"))
		if err != nil {
			t.Error(err)
			return ""
		}
		defer res.Body.Close()
		answer, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK {
			t.Errorf("status %s, %v", res.Status, err)
		}
		return string(answer)
	}
}

// One survey, called from the first row to the last.
func TestSurvey(t *testing.T) {
	t.Parallel()
	call := start(t)
	for _, tc := range []struct{ body, want string }{
		{`{"fn.summarize": {}}`, `[{},{"Ok_":{"answers":0,"remarks":[]}}]`},
		{`{"fn.answer": {"answers": {"pace": {"Right": {}}, "liked!": ["the cake"]}}}`, `[{},{"Ok_":{"number":1}}]`},
		{`{"fn.answer": {"answers": {"pace": {"Fast": {}}, "remark!": "Slower!"}}}`, `[{},{"Ok_":{"number":2}}]`},
		{`{"fn.answer": {"answers": {"pace": {"Lazy": {}}}}}`,
			`[{},{"ErrorInvalidRequestBody_":{"cases":[{"path":["fn.answer","answers","pace","Lazy"],"reason":{"ObjectKeyDisallowed":{}}}]}}]`},
		{`{"fn.answer": {"answers": {}}}`,
			`[{},{"ErrorInvalidRequestBody_":{"cases":[{"path":["fn.answer","answers"],"reason":{"RequiredObjectKeyMissing":{"key":"pace"}}}]}}]`},
		{`{"fn.summarize": {}}`, `[{},{"Ok_":{"answers":2,"remarks":["Slower!"]}}]`},
	} {
		if got := call(tc.body); got != tc.want {
			t.Errorf("%s\n got %s\nwant %s", tc.body, got, tc.want)
		}
	}
}

func TestSurveyIsBounded(t *testing.T) {
	t.Parallel()
	call := start(t)
	var callers sync.WaitGroup
	for range 10 {
		callers.Go(func() {
			for range maxAnswers / 10 {
				call(`{"fn.answer": {"answers": {"pace": {"Slow": {}}}}}`)
			}
		})
	}
	callers.Wait()
	want := fmt.Sprintf(`[{},{"ErrorSurveyFull":{"limit":%d}}]`, maxAnswers)
	if got := call(`{"fn.answer": {"answers": {"pace": {"Slow": {}}}}}`); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// The document can grow without the program.
func TestNewQuestion(t *testing.T) {
	t.Parallel()
	srv, err := newAPI(&survey{}, changed(t, "    remark!: string\n", "    remark!: string\n    again: boolean\n")).Build()
	if err != nil {
		t.Fatal(err)
	}
	reply := srv.Process(t.Context(), []byte(`[{}, {"fn.answer": {"answers": {"pace": {"Slow": {}}, "again": true}}}]`))
	if got, want := string(reply.Bytes), `[{},{"Ok_":{"number":1}}]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// What Build says when the document and the program do not fit.
func TestBuildFails(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, from, to string
		want           string // in the message
	}{
		{"type of a field", "        remarks: [string]", "        remarks: string",
			`Go has ["string"] (main.Summary.Remarks), the document has "string" (api/survey.telepact.yaml:34:9)`},
		{"function that nobody registered", "- fn.summarize: {}", "- fn.summary: {}",
			"api/survey.telepact.yaml:30:3: fn.summary is defined here, and nobody registered it; " +
				"register it with tp.RegisterRaw or tp.RegisterOn, or remove the definition"},
		{"function that no document defines", "- fn.answer:", "- fn.reply:",
			": no document defines the function; define it in a document of tp.SchemaDir"},
		{"unknown type", "    pace: union.Pace", "    pace: union.Speed", `"union.Speed"`},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := newAPI(&survey{}, changed(t, tc.from, tc.to)).Build()
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error is %v, want %q in it", err, tc.want)
			}
		})
	}
}

// changed is the embedded document with one change.
func changed(t *testing.T, from, to string) fs.FS {
	t.Helper()
	const document = "api/survey.telepact.yaml"
	text, err := fs.ReadFile(documents, document)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(string(text), from) != 1 {
		t.Fatalf("%q is not once in %s", from, document)
	}
	return fstest.MapFS{document: {Data: []byte(strings.Replace(string(text), from, to, 1))}}
}
