package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOptions(t *testing.T) {
	t.Parallel()
	cases := []struct {
		args  string
		want  options
		fault string
	}{
		{"", options{rounds: 21, benchtime: "100ms"}, ""},
		{"-rounds 3 -benchtime 10x -match Process/json", options{rounds: 3, benchtime: "10x", match: "Process/json"}, ""},
		{"-write docs/performance.md", options{rounds: 21, benchtime: "100ms", write: "docs/performance.md"}, ""},
		{"-rounds 0", options{}, "-rounds is 0; want 1 at least"},
		{"-match Process -write a.md", options{}, "leave out -match"},
		{"Process", options{}, `unexpected argument "Process"`},
		{"-fast", options{}, "not defined: -fast"},
	}
	for _, tc := range cases {
		got, err := parseOptions(strings.Fields(tc.args), io.Discard)
		switch {
		case tc.fault != "":
			if err == nil || !strings.Contains(err.Error(), tc.fault) {
				t.Errorf("%q: error %v, want one that says %q", tc.args, err, tc.fault)
			}
		case err != nil || got != tc.want:
			t.Errorf("%q: got %+v, %v; want %+v", tc.args, got, err, tc.want)
		}
	}
}

func TestWritePage(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "page.md")
	if err := os.WriteFile(file, []byte("# A\n<!-- measured -->\nold\n<!-- end of measured -->\nend\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := writePage(file, "new\n"); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(file)
	if want := "# A\n<!-- measured -->\nnew\n<!-- end of measured -->\nend\n"; err != nil || string(got) != want {
		t.Errorf("the page is %q, %v; want %q", got, err, want)
	}
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := writePage(file, "new\n"); err == nil || !strings.Contains(err.Error(), "page.md: page: nothing stands between") {
		t.Errorf("error %v, want one that names what is missing", err)
	}
}

// TestRun builds a suite and measures a part of it.
func TestRun(t *testing.T) {
	t.Parallel()
	var out, messages strings.Builder
	args := []string{"-rounds", "2", "-benchtime", "1x", "-match", "Select"}
	if err := run(t.Context(), args, command{dir: "../../..", messages: &messages}, &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"medians of 2 rounds.", "### Selected fields", "| large | "} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, &out)
		}
	}
	if want := "building codecs\nround 1 of 2\nround 2 of 2\n"; messages.String() != want {
		t.Errorf("the messages are\n%swant\n%s", &messages, want)
	}
}

func TestRunFails(t *testing.T) {
	t.Parallel()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for _, tc := range []struct {
		name string
		ctx  context.Context
		dir  string
		args string
		want string
	}{
		{"flags", t.Context(), "../../..", "-rounds -1", "-rounds is -1"},
		{"pattern", t.Context(), "../../..", "-match Nothing", "no table has a benchmark"},
		{"not the root", t.Context(), ".", "-match Select", "directory not found"},
		{"interrupted", ended, "../../..", "-match Select", "context canceled"},
	} {
		err := run(tc.ctx, strings.Fields(tc.args), command{dir: tc.dir, messages: io.Discard}, io.Discard)
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: error %v, want one that says %q", tc.name, err, tc.want)
		}
	}
}
