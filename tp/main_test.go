package tp_test

import (
	"context"
	"testing"

	"github.com/telestruct/telestruct/internal/leaks"
	"github.com/telestruct/telestruct/tp"
)

func TestMain(m *testing.M) { leaks.Main(m) }

// build returns the server of an API without credentials.
func build(t testing.TB, api *tp.API, options ...tp.Option) *tp.Server {
	t.Helper()
	srv, err := api.Build(append([]tp.Option{tp.NoAuth()}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	return srv
}

// process returns the reply to one message as text.
func process(t testing.TB, srv *tp.Server, message string) string {
	t.Helper()
	reply := srv.Process(context.Background(), []byte(message))
	defer reply.Release()
	return string(reply.Bytes)
}

// failures collects what the failure hook gets.
type failures struct{ all []*tp.Error }

func (f *failures) option() tp.Option {
	return tp.OnFailure(func(_ context.Context, e *tp.Error) { f.all = append(f.all, e) })
}

type Greet struct {
	Subject string `tp:"subject"`
}

type Greeting struct {
	Message string `tp:"message"`
}

func greet(_ context.Context, in *Greet) (*Greeting, error) {
	return &Greeting{Message: "Hello " + in.Subject + "!"}, nil
}
