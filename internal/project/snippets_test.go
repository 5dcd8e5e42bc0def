package project

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// Each go block of the documentation is one of two things: a file that
// compiles (a package clause may be left out, imports may not), or an excerpt
// of a file of this module, named by a comment before the block:
//
//	<!-- from examples/greet/main.go -->
//
// A js block is always an excerpt, of a file that a browser tests, and a py block one of a
// program that a test runs.
func TestSnippets(t *testing.T) {
	t.Parallel()
	shown, err := pages(repository(t))
	if err != nil {
		t.Fatal(err)
	}
	var programs []block
	for _, page := range shown {
		for _, b := range page {
			switch {
			case languages[b.Lang] == "":
			case b.From != "", b.Lang != "go":
				report(t, wrongExcerpt(repository(t), b), nil)
			default:
				programs = append(programs, b)
			}
		}
	}
	report(t, wrongPrograms(t, programs), nil)
}

// languages are those of excerpts, by the word at the beginning of their blocks, which is
// the ending of their files as well.
var languages = map[string]string{"go": "Go", "js": "JavaScript", "py": "Python"}

// wrongExcerpt checks that the block's lines stand together in its file.
// Indentation and empty lines may differ.
func wrongExcerpt(fsys fs.FS, b block) []string {
	if path.Ext(b.From) != "."+b.Lang || matches("testdata/...", b.From) || strings.Contains(b.From, "/testdata/") {
		return []string{fmt.Sprintf("%s: %q is not a %s file of this module", b.At(), b.From, languages[b.Lang])}
	}
	text, err := fs.ReadFile(fsys, b.From)
	if err != nil {
		return []string{fmt.Sprintf("%s: %v", b.At(), err)}
	}
	if !strings.Contains(flat(string(text)), flat(b.Text)) {
		return []string{fmt.Sprintf("%s: the excerpt does not stand in %s", b.At(), b.From)}
	}
	return nil
}

// flat drops indentation and empty lines, keeping line boundaries.
func flat(text string) string {
	out := "\n"
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			out += line + "\n"
		}
	}
	return out
}

// wrongPrograms compiles the blocks as packages of this module, which exist
// only in an overlay. Positions in messages are those of the pages.
func wrongPrograms(t *testing.T, programs []block) []string {
	t.Helper()
	if len(programs) == 0 {
		return nil
	}
	var problems []string
	overlay := map[string]string{}
	overlayFile := filepath.Join(t.TempDir(), "overlay.json")
	// Asking for export data compiles without linking.
	args := []string{"list", "-export", "-overlay", overlayFile}
	for i, b := range programs {
		if strings.Contains(b.Text, modulePath+"/internal/") {
			problems = append(problems, b.At()+": users cannot import internal packages")
		}
		file := filepath.Join(t.TempDir(), "snippet.go")
		if err := os.WriteFile(file, []byte(source(b)), 0o644); err != nil {
			t.Fatal(err)
		}
		dir := fmt.Sprintf("internal/project/snippet%d", i)
		overlay[filepath.Join(root(t), filepath.FromSlash(dir), "snippet.go")] = file
		args = append(args, "./"+dir)
	}
	text, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(overlayFile, text, 0o644); err != nil {
		t.Fatal(err)
	}
	list := exec.CommandContext(t.Context(), "go", args...)
	list.Dir = root(t)
	if out, err := list.CombinedOutput(); err != nil {
		problems = append(problems, fmt.Sprintf("snippets do not compile: %v\n%s", err, out))
	}
	return problems
}

// source makes a file of a block. The line directive stands where it keeps the
// line numbers.
func source(b block) string {
	head := ""
	if !hasPackageClause(b.Text) {
		head = "package snippet\n"
	}
	return fmt.Sprintf("%s//line %s:%d\n%s", head, b.Page, b.Line, b.Text)
}

func hasPackageClause(text string) bool {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimSpace(line), "package ") {
			return true
		}
	}
	return false
}

func TestWrongExcerpt(t *testing.T) {
	t.Parallel()
	fsys := fstest.MapFS{"examples/a/main.go": {Data: []byte("package main\n\nfunc main() {\n\tone()\n\n\ttwo()\n}\n")}}
	cases := []struct {
		name, from, text string
		want             []string
	}{
		{"verbatim", "examples/a/main.go", "func main() {\n\tone()\n\n\ttwo()\n}\n", nil},
		{"indentation and empty lines", "examples/a/main.go", "one()\ntwo()\n", nil},
		{"part of a line", "examples/a/main.go", "main() {\n", []string{"README.md:3: the excerpt does not stand in examples/a/main.go"}},
		{"gap", "examples/a/main.go", "func main() {\n}\n", []string{"README.md:3: the excerpt does not stand in examples/a/main.go"}},
		{"no file", "examples/b/main.go", "one()\n", []string{"README.md:3: open examples/b/main.go: file does not exist"}},
		{"not compiled", "tp/testdata/a.go", "one()\n", []string{`README.md:3: "tp/testdata/a.go" is not a Go file of this module`}},
		{"not Go", "README.md", "one()\n", []string{`README.md:3: "README.md" is not a Go file of this module`}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := wrongExcerpt(fsys, block{Page: "README.md", Line: 3, Lang: "go", From: tc.from, Text: tc.text})
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWrongPrograms(t *testing.T) {
	t.Parallel()
	const imports = "import \"" + modulePath + "/tp/wire\"\n\n"
	cases := []struct {
		name, text string
		want       []string // parts of the problems
	}{
		{"program", "package main\n\nfunc main() {}\n", nil},
		{"declarations", imports + "var o wire.Object\n", nil},
		{"statement", "x := 1\n", []string{"docs/a.md:7"}},
		{"type error", imports + "\nvar o wire.Object = 1\n", []string{"docs/a.md:10"}},
		{"missing import", "var o wire.Object\n", []string{"undefined: wire"}},
		{"internal package", "import _ \"" + modulePath + "/internal/mem\"\n", []string{"docs/a.md:7: users cannot import internal packages"}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := wrongPrograms(t, []block{
				{Page: "docs/good.md", Line: 1, Text: "type Good struct{}\n"},
				{Page: "docs/a.md", Line: 7, Text: tc.text},
			})
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
