package schema

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func TestParseDir(t *testing.T) {
	t.Parallel()
	fsys := fstest.MapFS{
		"api/b.telepact.yaml": {Data: []byte("- struct.B:\n    a: struct.A\n")},
		"api/a.telepact.json": {Data: []byte(`[{"struct.A": {}}]`)},
		"other.txt":           {},
	}
	s, err := ParseDir(fsys, "api")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"struct.A", "struct.B"}, keysOf(s.Own())); diff != "" {
		t.Errorf("own definitions (-want +got):\n%s", diff)
	}
	if got, want := s.Lookup("struct.B").(*Struct).Fields[0].Origin.String(), "b.telepact.yaml:2:5"; got != want {
		t.Errorf("origin is %s, want %s", got, want)
	}
	docs, err := ReadDir(fsys, "api")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s.Documents(), docs); diff != "" {
		t.Errorf("documents (-schema +directory):\n%s", diff)
	}
}

func TestReadDirFailures(t *testing.T) {
	t.Parallel()
	fsys := fstest.MapFS{
		"d/a.telepact.yaml/x": {},
		"d/b.telepact.json":   {Data: []byte(`{`)}, // the documents are not looked at
		"d/c.telepact.yaml":   {Data: []byte("- a: [\n")},
		"d/d.json":            {},
		"d/e.telepact.yml":    {},
		"d/f.telepact.yaml":   {Data: []byte("a: b\n")},
		"d/g.telepact.yaml":   {Data: []byte("- a\n" + strings.Repeat("#\n", maxYAML))},
	}
	want := []string{
		`a.telepact.yaml:1:1 [] {"DirectoryDisallowed": {}}`,
		`c.telepact.yaml:1:1 [] {"JsonInvalid": {}}`,
		`d.json:1:1 [] {"FileNamePatternInvalid": {"expected": "*.telepact.json|*.telepact.yaml"}}`,
		`e.telepact.yml:1:1 [] {"FileNamePatternInvalid": {"expected": "*.telepact.json|*.telepact.yaml"}}`,
		`f.telepact.yaml:1:1 [] {"JsonInvalid": {}}`,
		`g.telepact.yaml:1:1 [] {"JsonInvalid": {}}`,
	}
	for name, read := range map[string]func() error{
		"ReadDir":  func() error { _, err := ReadDir(fsys, "d"); return err },
		"ParseDir": func() error { _, err := ParseDir(fsys, "d"); return err },
	} {
		if diff := cmp.Diff(want, reports(read())); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestReadDirPassesErrorsOfTheFileSystemOn(t *testing.T) {
	t.Parallel()
	_, err := ParseDir(fstest.MapFS{}, "nowhere")
	if !errors.Is(err, fs.ErrNotExist) || !strings.HasPrefix(err.Error(), "schema: ") {
		t.Errorf("error is %v", err)
	}
}
