package conformance

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/wire"
)

// network is a way to reach test servers that do not answer in this goroutine: real
// connections over the loopback interface.
type network struct {
	// serve makes the endpoint of a test server.
	serve func(*testServer) http.Handler
	// plain connects to the endpoint without anything of this module, to send
	// requests of any kind.
	plain func(*httptest.Server) (line, error)
	// client connects to it as users of this module do.
	client func(*httptest.Server) (line, error)
}

// line is a connection to a test server.
type line struct {
	tp.Transport
	close func() error // nil for nothing to close
}

func overHTTP() *network {
	return &network{serve: serveHTTP, plain: plainHTTP, client: clientHTTP}
}

// reached is a test server with a line to it.
type reached struct {
	*testServer
	server *httptest.Server
	line   line
}

// reach serves the test server, and connects to it.
func reach(ts *testServer, n *network, connect func(*httptest.Server) (line, error)) (*reached, error) {
	server := httptest.NewServer(n.serve(ts))
	l, err := connect(server)
	if err != nil {
		server.Close()
		return nil, err
	}
	return &reached{testServer: ts, server: server, line: l}, nil
}

// process sends the bytes of a request. The error says why there is no answer, or what
// the server's hooks found wrong: they have ended when an answer comes.
func (r *reached) process(ctx context.Context, request []byte) ([]byte, error) {
	response, err := r.line.RoundTrip(ctx, request)
	return response, errors.Join(err, r.hooks.takeProblem())
}

// Close ends the connection, and then the server.
func (r *reached) Close() error {
	defer r.server.Close()
	if r.line.close == nil {
		return nil
	}
	return r.line.close()
}

// networkDriver is a driver with what it has to close.
type networkDriver struct {
	driver
	io.Closer
}

// serveHTTP chooses between the two servers with every request.
func serveHTTP(ts *testServer) http.Handler {
	replaced := func(_ *http.Request, headers *tp.Object) { override(headers) }
	main, alternate := httpx.Handler(ts.main, httpx.UpdateHeaders(replaced)), httpx.Handler(ts.alternate)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if ts.alternates {
			alternate.ServeHTTP(w, r)
			return
		}
		main.ServeHTTP(w, r)
	})
}

func clientHTTP(server *httptest.Server) (line, error) {
	return line{Transport: httpx.Transport(server.URL, httpx.HTTPClient(server.Client()))}, nil
}

// plainHTTP posts requests, and wants answers that HTTP has nothing against.
func plainHTTP(server *httptest.Server) (line, error) {
	return line{Transport: tp.TransportFunc(func(ctx context.Context, request []byte) ([]byte, error) {
		post, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL, bytes.NewReader(request))
		if err != nil {
			return nil, err
		}
		response, err := server.Client().Do(post)
		if err != nil {
			return nil, err
		}
		defer response.Body.Close()
		answer, err := io.ReadAll(response.Body)
		return answer, errors.Join(err, checkHTTP(response, answer))
	})}, nil
}

// checkHTTP says what is wrong with how HTTP speaks of an answer.
func checkHTTP(response *http.Response, answer []byte) error {
	want := "application/json"
	if wire.FormatOf(answer) == wire.MessagePack {
		want = "application/octet-stream"
	}
	if got := response.Header.Get("Content-Type"); response.StatusCode != http.StatusOK || got != want {
		return fmt.Errorf("the answer has status %d and is %q; want 200 and %q", response.StatusCode, got, want)
	}
	return nil
}
