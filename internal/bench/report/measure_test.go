package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A module that needs what cannot be had is left out; the others are measured.
func TestUnavailableModule(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":        "module example.com/ours\n\ngo 1.26\n",
		"a_test.go":     "package a\n",
		"nested/go.mod": "module example.com/nested\n\ngo 1.26\n\nrequire example.com/missing v1.0.0\n\nreplace example.com/missing => ./missing\n",
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var messages strings.Builder
	built, err := command{dir: dir, messages: &messages}.buildAll(t.Context(),
		[]suite{{name: "peers", module: "nested", pkg: "."}, {name: "ours", module: ".", pkg: "."}}, t.TempDir())
	if err != nil || len(built) != 1 || built[0].suite.name != "ours" {
		t.Errorf("built %v, %v; want ours alone", built, err)
	}
	if !strings.Contains(messages.String(), "without peers, whose modules cannot be had: ") {
		t.Errorf("the messages are\n%s", &messages)
	}
}
