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
		want           string // in the message
	}{
		{"type of a field", "        count: integer", "        count: string",
			`Go has "integer" (main.VariablesImported.Count), ` +
				`the document has "string" (api/calculator.telepact.yaml:119:9)`},
		{"optional field", "    limit!: integer", "    limit: integer",
			`Go has optional "integer" (main.ReadTape.Limit), ` +
				`the document has required "integer" (api/calculator.telepact.yaml:65:5)`},
		{"missing error", "    - ErrorOverflow: {}\n", "",
			`Go has the tag (main.OverflowError), ` +
				`the document has no such tag (api/calculator.telepact.yaml:41:3)`},
		{"authentication", "  $authenticated: false\n", "",
			`Go has false (calculator.(*service).login), ` +
				`the document has true (api/calculator.telepact.yaml:17:3)`},
		{"unknown type", "        save: fn.saveVariable", "        save: fn.keepVariable",
			`api/calculator.telepact.yaml:47:9: fn.evaluate.->.Ok_.save refers to "fn.keepVariable", which is not defined`},
		{"no YAML", "- fn.logout: {}", "- fn.logout: {",
			"api/calculator.telepact.yaml:"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := newAPI(newService(noon, quiet()), changed(t, tc.from, tc.to)).Build()
			if err == nil {
				t.Fatal("the API was built")
			}
			if !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error is %q, want %q in it", err, tc.want)
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
