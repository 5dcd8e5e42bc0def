package interop

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/sample"
)

// randomCalls is how many random values are sent in each form.
const randomCalls = 60

// Random values of every shape come back as they were sent.
func TestRandomValues(t *testing.T) {
	t.Parallel()
	interpreter(t)
	srv := server(t)
	goURL, pythonURL := serve(t, srv), startPythonServer(t, schemaDir(t, srv))
	for _, f := range forms() {
		t.Run("Python client/"+f.name, func(t *testing.T) { echoValues(t, newPythonClient(t, goURL, f), f, srv) })
		t.Run("Python server/"+f.name, func(t *testing.T) { echoValues(t, newGoClient(t, pythonURL, f), f, srv) })
	}
	for _, f := range ownForms() {
		t.Run("Go/"+f.name, func(t *testing.T) { echoValues(t, newGoClient(t, goURL, f), f, srv) })
	}
}

func echoValues(t *testing.T, c client, f form, srv *tp.Server) {
	t.Helper()
	echo := srv.Schema().Function("fn.echo")
	for seed := range int64(randomCalls) {
		g := sample.NewGenerator(srv.Schema(), sample.Options{Seed: seed, MaxLength: 5})
		body := g.Request(echo, sample.Randomize, sample.Blueprint{})
		args, _ := body.Get("fn.echo")
		o := c.exchange(t, request(t, "", text(t, body), f))
		if o.Failure != "" {
			t.Fatalf("seed %d: %s\nthe client failed: %s", seed, text(t, body), o.Failure)
		}
		pair := decoded(t, string(o.Message)).([]any)
		want := map[string]any{"Ok_": decoded(t, text(t, args))}
		if diff := gocmp.Diff(canonical(want), canonical(pair[1])); diff != "" {
			t.Errorf("seed %d: body (-want +got):\n%s", seed, diff)
		}
	}
}
