package main

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

const document = "api/calculator.telepact.yaml"

// The program must not start when its Go types and the agreed schema differ.
func TestDrift(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, from, to string
		want           []string // parts of the message
	}{
		{"type of a field", "        count: integer", "        count: string",
			[]string{"main.VariablesImported.Count", "integer", "string", document + ":119:9"}},
		{"optional field", "    limit!: integer", "    limit: integer",
			[]string{"main.ReadTape.Limit", "limit!", document + ":"}},
		{"missing error", "    - ErrorOverflow: {}\n", "",
			[]string{"main.OverflowError", "fn.evaluate", document + ":"}},
		{"authentication", "  $authenticated: false\n", "",
			[]string{"fn.login", "$authenticated", document + ":"}},
		{"unreadable", "- fn.logout: {}", "- fn.logout: {",
			[]string{document + ":"}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := newAPI(newService(noon, quiet()), changed(t, tc.from, tc.to)).Build()
			if err == nil {
				t.Fatal("the API was built")
			}
			for _, want := range tc.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q does not say %q", err, want)
				}
			}
		})
	}
}

// changed is the embedded document with one change.
func changed(t *testing.T, from, to string) fs.FS {
	t.Helper()
	text, err := fs.ReadFile(documents, document)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(string(text), from) != 1 {
		t.Fatalf("%q is not once in %s", from, document)
	}
	return fstest.MapFS{document: {Data: []byte(strings.Replace(string(text), from, to, 1))}}
}
