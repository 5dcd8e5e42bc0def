package main

import (
	"bufio"
	"flag"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// asProgram makes the test binary behave as the program itself.
const asProgram = "GREET_RUN_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

var update = flag.Bool("update", false, "rewrite the golden files")

// program is the command line of greet; it is killed when the test ends.
func program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe, args...)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	return cmd
}

// start runs greet on a free port and returns the URL it says it listens on.
func start(t *testing.T) (url string) {
	t.Helper()
	cmd := program(t, "-addr", "127.0.0.1:0")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Wait() }) // killed by then: the test's context has ended
	line, err := bufio.NewReader(stderr).ReadString('\n')
	_, url, found := strings.Cut(strings.TrimSpace(line), "listening on ")
	if err != nil || !found {
		t.Fatalf("greet says %q (%v), want where it listens", line, err)
	}
	return url
}

func post(t *testing.T, url, body string) (status int, answer string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

func TestCalls(t *testing.T) {
	t.Parallel()
	url := start(t)
	cases := []struct {
		name, request, want string
	}{
		{"good", `[{}, {"fn.greet": {"subject": "Telepact"}}]`,
			`[{},{"Ok_":{"message":"Hello Telepact!"}}]`},
		{"beyond ASCII", `[{}, {"fn.greet": {"subject": "\u4e16界"}}]`,
			`[{},{"Ok_":{"message":"Hello 世界!"}}]`},
		{"id", `[{"@id_": 7}, {"fn.greet": {"subject": "you"}}]`,
			`[{"@id_":7},{"Ok_":{"message":"Hello you!"}}]`},
		{"ping", `[{}, {"fn.ping_": {}}]`,
			`[{},{"Ok_":{}}]`},
		{"wrong type", `[{}, {"fn.greet": {"subject": 42}}]`,
			`[{},{"ErrorInvalidRequestBody_":{"cases":[{"path":["fn.greet","subject"],"reason":{"TypeUnexpected":{"actual":{"Number":{}},"expected":{"String":{}}}}}]}}]`},
		{"null", `[{}, {"fn.greet": {"subject": null}}]`,
			`[{},{"ErrorInvalidRequestBody_":{"cases":[{"path":["fn.greet","subject"],"reason":{"TypeUnexpected":{"actual":{"Null":{}},"expected":{"String":{}}}}}]}}]`},
		{"unknown function", `[{}, {"fn.grete": {"subject": "you"}}]`,
			`[{},{"ErrorInvalidRequestBody_":{"cases":[{"path":["fn.grete"],"reason":{"FunctionUnknown":{}}}]}}]`},
		{"unknown key", `[{}, {"fn.greet": {"subject": "you", "loud": true}}]`,
			`[{},{"ErrorInvalidRequestBody_":{"cases":[{"path":["fn.greet","loud"],"reason":{"ObjectKeyDisallowed":{}}}]}}]`},
		{"missing key", `[{}, {"fn.greet": {}}]`,
			`[{},{"ErrorInvalidRequestBody_":{"cases":[{"path":["fn.greet"],"reason":{"RequiredObjectKeyMissing":{"key":"subject"}}}]}}]`},
		{"misspelt key", `[{}, {"fn.greet": {"subjekt": "you"}}]`,
			`[{},{"ErrorInvalidRequestBody_":{"cases":[{"path":["fn.greet"],"reason":{"RequiredObjectKeyMissing":{"key":"subject"}}},{"path":["fn.greet","subjekt"],"reason":{"ObjectKeyDisallowed":{}}}]}}]`},
		{"bad header", `[{"trace": 1}, {"fn.greet": {"subject": "you"}}]`,
			`[{},{"ErrorInvalidRequestHeaders_":{"cases":[{"path":["trace"],"reason":{"RequiredObjectKeyPrefixMissing":{"prefix":"@"}}}]}}]`},
		{"garbage", `Hello?`,
			`[{},{"ErrorParseFailure_":{"reasons":[{"ExpectedJsonArrayOfTwoObjects":{}}]}}]`},
		{"cut off", `[{}, {"fn.greet": {"subject": "you"`,
			`[{},{"ErrorParseFailure_":{"reasons":[{"ExpectedJsonArrayOfTwoObjects":{}}]}}]`},
		{"nothing to call", `[{}, {}]`,
			`[{},{"ErrorParseFailure_":{"reasons":[{"ExpectedJsonArrayOfAnObjectAndAnObjectOfOneObject":{}}]}}]`},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			status, got := post(t, url, tc.request)
			if status != http.StatusOK {
				t.Errorf("status %d, want 200", status)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSchema(t *testing.T) {
	t.Parallel()
	got, err := program(t, "-schema").Output()
	if err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "greet.telepact.yaml")
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("schema (-want +got); run with -update if it is meant:\n%s", diff)
	}
}
