package interop

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/tp"
)

// newerServer returns a server with one function more, and so with other names of
// fields than that of newAPI alone.
func newerServer(t *testing.T) *tp.Server {
	t.Helper()
	api := newAPI()
	tp.RegisterOn(api, func(context.Context, *struct{}) (*Newest, error) { return &Newest{}, nil }, tp.Name("fn.newest"), tp.Public())
	srv, err := api.Build()
	if err != nil {
		t.Fatal(err)
	}
	return srv
}

// Newest is what only the newer server answers.
type Newest struct {
	Newness int64 `tp:"newness"`
}

// A client that speaks binary gets over a server that has changed: it is refused
// once, goes on in JSON, and is back to binary before long.
func TestRotation(t *testing.T) {
	t.Parallel()
	interpreter(t)
	older, newer := server(t), newerServer(t)
	inBinary := form{mode: tp.BinaryAlways, format: tp.MessagePack}
	t.Run("Python client", func(t *testing.T) {
		var serving atomic.Pointer[tp.Server]
		serving.Store(older)
		site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			httpx.Handler(serving.Load()).ServeHTTP(w, r)
		}))
		t.Cleanup(site.Close)
		rotate(t, newPythonClient(t, site.URL, inBinary), func() { serving.Store(newer) })
	})
	t.Run("Python server", func(t *testing.T) {
		c := newGoClient(t, startPythonServer(t, schemaDir(t, older)), inBinary)
		newerURL := startPythonServer(t, schemaDir(t, newer))
		rotate(t, c, func() { c.wire.Transport = watch(t, newerURL, inBinary).Transport })
	})
}

// rotate makes calls before and after the server changes.
func rotate(t *testing.T, c client, change func()) {
	t.Helper()
	reverse := func() outcome {
		t.Helper()
		o := c.exchange(t, `[{}, {"fn.reverse": {"text": "ab"}}]`)
		if o.Failure != "" {
			t.Fatal(o.Failure)
		}
		if pair := native(t, string(o.Message)).([]any); text(t, pair[1]) != `{"Ok_":{"text":"ba"}}` {
			t.Fatalf("the answer is %s", o.Message)
		}
		return o
	}
	reverse()
	if o := reverse(); !slices.Equal(o.Requests, []string{"msgpack"}) {
		t.Fatalf("requests went as %v before the change", o.Requests)
	}
	change()
	o := reverse()
	if !slices.Equal(o.Requests, []string{"msgpack", "json"}) || !slices.Equal(o.Responses, []string{"json", "msgpack"}) {
		t.Errorf("after the change requests went as %v, responses as %v", o.Requests, o.Responses)
	}
	const enough = 8 // calls, after which both clients have forgotten the older names
	for range enough {
		o = reverse()
	}
	if !slices.Equal(o.Requests, []string{"msgpack"}) {
		t.Errorf("requests go as %v for good", o.Requests)
	}
}
