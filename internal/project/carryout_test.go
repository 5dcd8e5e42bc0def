package project

import (
	"strings"
	"testing"
	"testing/fstest"
)

// Pages with a made-up server; each row's problems are parts of what is said.
func TestCarryOut(t *testing.T) {
	t.Parallel()
	const server = "```sh\ngo run ./internal/project/testdata/server\n```\n"
	cases := []struct {
		name, page string
		want       []string
	}{
		{"call", server + "```sh\ncurl -d '{}' localhost:8000/api\n```\n```json\n[\"POST\", \"/api\", \"{}\", \"application/x-www-form-urlencoded\"]\n```\n", nil},
		{"several calls", server + "```sh\ncurl -sS localhost:8000/a\ncurl -H 'Content-Type: application/json' -d '[]' http://localhost:8000/b\n```\n" +
			"```json\n[\"POST\", \"/b\", \"[]\", \"application/json\"]\n```\n", nil},
		{"another answer", server + "```sh\ncurl -X PUT localhost:8000/api\n```\n```json\n[]\n```\n", []string{"a.md:8 shows another output"}},
		{"failing call", server + "```sh\ncurl localhost:8000/missing\n```\n", []string{"a.md:5: curl localhost:8000/missing: status 404"}},
		{"failing call shown", server + "```sh\ncurl localhost:8000/missing\n```\n```text\n404 page not found\n```\n", nil},
		{"unknown flag", server + "```sh\ncurl -u me localhost:8000/a\n```\n", []string{"does not know curl's -u"}},
		{"no server", "```sh\ncurl localhost:8000/api\n```\n", []string{"no server was started"}},
		{"server that ends", "```sh\ngo run ./internal/project/testdata/server -schema\ncurl localhost:8000/a\n```\n",
			[]string{"the server ended", "refused"}},
		{"program", "```sh\ngo run ./internal/project/testdata/server -schema\n```\n```yaml\n- fn.echo: {}\n```\n", nil},
		{"program with another output", "```sh\ngo run ./internal/project/testdata/server -schema\n```\n```yaml\n- fn.other: {}\n```\n",
			[]string{"a.md:5 shows another output"}},
		{"no such program", "```sh\ngo run ./examples/nothing\n```\n", []string{"directory not found"}},
		{"get", "```sh\ngo get " + modulePath + "@latest\ngo install " + modulePath + "/cmd/telestruct@latest\n```\n", nil},
		{"get another", "```sh\ngo get example.com/x\n```\n", []string{"example.com/x is not of " + modulePath}},
		{"step of CI", "```sh\ngo test ./...\nbash .ci/run\n```\n", nil},
		{"nothing checks it", "```sh\nmake all\n```\n", []string{"a.md:2: make all: no line of .ci/run"}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			page, err := blocks("a.md", tc.page)
			if err != nil {
				t.Fatal(err)
			}
			list, err := commands(page)
			if err != nil {
				t.Fatal(err)
			}
			got := carryOut(t, list)
			if len(got) != len(tc.want) {
				t.Fatalf("problems %q, want %d", got, len(tc.want))
			}
			for i, want := range tc.want {
				if !strings.Contains(got[i], want) {
					t.Errorf("problem %q does not say %q", got[i], want)
				}
			}
		})
	}
}

func TestInCI(t *testing.T) {
	t.Parallel()
	fsys := fstest.MapFS{".ci/run": {Data: []byte("step go vet ./...\n")}}
	if err := inCI(fsys, "go vet ./..."); err != nil {
		t.Error(err)
	}
	if err := inCI(fsys, "go vet ."); err == nil {
		t.Error("part of a command counts as the command")
	}
	if err := inCI(fstest.MapFS{}, "go vet ./..."); err == nil {
		t.Error("no script, no error")
	}
}
