package schema

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares got with a file in testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", file, diff)
	}
}

// mustParse makes a schema of one JSON document.
func mustParse(t *testing.T, text string) *Schema {
	t.Helper()
	s, err := Parse(Document{Text: []byte(text)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// reports lists the failures in err as "document:row:col path reason", the last
// two in JSON.
func reports(err error) []string {
	var parse *ParseError
	if !errors.As(err, &parse) {
		if err == nil {
			return nil
		}
		return []string{err.Error()}
	}
	lines := make([]string, len(parse.Failures))
	for i, f := range parse.Failures {
		reason, _ := f.Tree().Get("reason")
		lines[i] = fmt.Sprintf("%s:%d:%d %s %s", f.Document, f.Location.Row, f.Location.Col,
			inline(f.Path.Tree(), quoteJSON), inline(reason, quoteJSON))
	}
	return lines
}

// keysOf returns the schema keys of definitions.
func keysOf[D Definition](definitions []D) []string {
	keys := make([]string, len(definitions))
	for i, def := range definitions {
		keys[i] = def.Common().Key
	}
	return keys
}

func namesOfTags(tags []*Tag) []string {
	names := make([]string, len(tags))
	for i, tag := range tags {
		names[i] = tag.Name
	}
	return names
}

// parseYAML makes a schema of one YAML document.
func parseYAML(t *testing.T, text string) *Schema {
	t.Helper()
	s, err := Parse(Document{"a.telepact.yaml", []byte(text)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// replaceOnce returns text with from, which it holds once, replaced by to.
func replaceOnce(t *testing.T, text, from, to string) string {
	t.Helper()
	if strings.Count(text, from) != 1 {
		t.Fatalf("%q is in the text %d times", from, strings.Count(text, from))
	}
	return strings.Replace(text, from, to, 1)
}
