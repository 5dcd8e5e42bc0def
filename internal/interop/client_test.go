package interop

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/wire"
)

// client makes calls in the way of one implementation.
type client interface {
	// exchange sends a request, an array of headers and body in JSON, and returns
	// what became of it.
	exchange(t *testing.T, request string) outcome
}

// outcome is what became of a request.
type outcome struct {
	// Message is the answer; empty when there was a failure.
	Message json.RawMessage `json:"message"`
	// Requests and Responses are the formats of what went over the wire, each
	// json or msgpack.
	Requests  []string `json:"requests"`
	Responses []string `json:"responses"`
	// Table says that the last response had a packed list.
	Table bool `json:"table"`
	// Failure is what the client failed with.
	Failure string `json:"failure"`
}

// goClient is ours.
type goClient struct {
	client *tp.Client
	wire   *watched
}

func newGoClient(t *testing.T, url string, f form) *goClient {
	t.Helper()
	wire := watch(t, url, f)
	return &goClient{tp.NewClient(wire, tp.Types(shapes()), tp.Binary(f.mode), tp.Timeout(patience)), wire}
}

func (c *goClient) exchange(t *testing.T, request string) outcome {
	t.Helper()
	pair := native(t, request).([]any)
	headers, body := pair[0].(tp.Object), pair[1].(tp.Object)
	*c.wire.seen = outcome{}
	answer, err := c.client.Exchange(t.Context(), &tp.Message{
		Headers: headers, Target: body[0].Key, Payload: body[0].Value.(tp.Object),
	})
	o := *c.wire.seen
	if err != nil {
		o.Failure = err.Error()
		return o
	}
	o.Message = json.RawMessage(text(t, []any{answer.Headers, tp.Object{{Key: answer.Target, Value: answer.Payload}}}))
	return o
}

// watched is a transport that remembers how messages were written.
type watched struct {
	tp.Transport
	seen *outcome
}

// watch returns the transport to a server until the test ends.
func watch(t *testing.T, url string, f form) *watched {
	t.Helper()
	connections := &http.Client{Transport: new(http.Transport)}
	t.Cleanup(connections.CloseIdleConnections)
	options := []httpx.TransportOption{httpx.HTTPClient(connections)}
	if f.format == tp.CBOR {
		options = append(options, httpx.AcceptCBOR())
	}
	return &watched{httpx.Transport(url, options...), new(outcome)}
}

// RoundTrip sends a request.
func (w *watched) RoundTrip(ctx context.Context, request []byte) ([]byte, error) {
	w.seen.Requests = append(w.seen.Requests, formatOf(request))
	response, err := w.Transport.RoundTrip(ctx, request)
	w.seen.Responses = append(w.seen.Responses, formatOf(response))
	w.seen.Table = hasTable(response)
	return response, err
}

func formatOf(message []byte) string { return wire.FormatOf(message).String() }

// hasTable reports whether a message has what packed lists begin with.
func hasTable(message []byte) bool {
	return bytes.Contains(message, []byte{0xc7, 0, 17}) || bytes.Contains(message, []byte{0xd9, 0x54, 0x50, 0xf6})
}
