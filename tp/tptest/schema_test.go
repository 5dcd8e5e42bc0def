package tptest_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/tptest"
)

type Greet struct {
	Subject string `tp:"subject"`
}

type Greeting struct {
	Message string `tp:"message"`
}

func greet(_ context.Context, in Greet) (Greeting, error) {
	return Greeting{Message: "Hello " + in.Subject + "!"}, nil
}

const greetYAML = `
- ///: Says hello to anybody.
  fn.greet:
    subject: string
  ->:
    - Ok_:
        message: string
`

func documents(text string) fstest.MapFS {
	return fstest.MapFS{"api/hi.telepact.yaml": &fstest.MapFile{Data: []byte(text)}}
}

// errorCounter is a testing.TB that counts errors instead of failing.
type errorCounter struct {
	testing.TB
	errors []string
}

func (c *errorCounter) Helper() {}

func (c *errorCounter) Error(args ...any) {
	for _, a := range args {
		if err, ok := a.(error); ok {
			c.errors = append(c.errors, err.Error())
		}
	}
}

func TestSchemaMatches(t *testing.T) {
	t.Parallel()
	api := tp.NewAPI("")
	tp.RegisterOn(api, greet, tp.Doc("Says hello."))
	srv, err := api.Build(tp.NoAuth())
	if err != nil {
		t.Fatal(err)
	}
	tptest.SchemaMatches(t, srv, documents(greetYAML), "api")
	drifted := strings.NewReplacer("subject: string", "subject: number", "message: string", "message: boolean").Replace(greetYAML)
	counter := &errorCounter{TB: t}
	tptest.SchemaMatches(counter, srv, documents(drifted), "api")
	if len(counter.errors) != 2 {
		t.Errorf("errors = %q, want 2", counter.errors)
	}
}
