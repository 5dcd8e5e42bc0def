package conformance

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/telestruct/telestruct/tp"
)

// network is a way to reach test servers that do not answer in this goroutine: real
// connections over the loopback interface.
type network struct {
	// serve makes the endpoint of a test server. The stop, if any, ends what stays
	// when all clients have gone.
	serve func(*testServer) (endpoint http.Handler, stop func() error)
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

// end closes the connection.
func (l line) end() error {
	if l.close == nil {
		return nil
	}
	return l.close()
}

// reached is a test server with a line to it.
type reached struct {
	*testServer
	server *httptest.Server
	stop   func() error
	line   line
}

// reach serves the test server, and connects to it.
func reach(ts *testServer, n *network, connect func(*httptest.Server) (line, error)) (*reached, error) {
	endpoint, stop := n.serve(ts)
	r := &reached{testServer: ts, server: httptest.NewServer(endpoint), stop: stop}
	l, err := connect(r.server)
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	r.line = l
	return r, nil
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
	err := r.line.end()
	if r.stop != nil {
		err = errors.Join(err, r.stop())
	}
	return err
}

// networkDriver is a driver with what it has to close.
type networkDriver struct {
	driver
	io.Closer
}
