package tptest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/tptest"
)

// failures is a testing.TB that keeps the texts of errors.
type failures struct {
	testing.TB
	texts []string
}

func (f *failures) Helper() {}

func (f *failures) Error(args ...any) { f.texts = append(f.texts, fmt.Sprint(args...)) }

func (f *failures) Errorf(format string, args ...any) {
	f.texts = append(f.texts, fmt.Sprintf(format, args...))
}

func TestCompatible(t *testing.T) {
	t.Parallel()
	api := tp.NewAPI("")
	tp.RegisterOn(api, greet)
	srv, err := api.Build(tp.NoAuth())
	if err != nil {
		t.Fatal(err)
	}
	var written strings.Builder
	if err := srv.Schema().WriteYAML(&written); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name     string
		baseline string
		want     []string
	}{
		{"the same", greetYAML, nil},
		{"what the server wrote", written.String(), nil},
		{"a new field", strings.Replace(greetYAML, "subject: string", "from!: string", 1), []string{
			`field-removed: fn.greet field from!: was "string" (api/hi.telepact.yaml:4:5), is no such field (tptest_test.Greet)`,
			`required-field-added: fn.greet field subject: was no such field (api/hi.telepact.yaml:3:3), is "string" (tptest_test.Greet.Subject)`,
		}},
		{"another type", strings.Replace(greetYAML, "message: string", "message: boolean", 1), []string{
			`field-type-changed: fn.greet result tag Ok_ field message: was "boolean" (api/hi.telepact.yaml:7:9), is "string" (tptest_test.Greeting.Message)`,
		}},
		{"no schema", "- fn.greet: 1", []string{
			`the baseline in api: schema: hi.telepact.yaml:1:3: fn.greet is a number, expected an object; list its fields, or write {} for none`,
		}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			f := &failures{TB: t}
			tptest.Compatible(f, srv, documents(tc.baseline), "api")
			if diff := cmp.Diff(tc.want, f.texts); diff != "" {
				t.Errorf("failures (-want +got):\n%s", diff)
			}
		})
	}
}
