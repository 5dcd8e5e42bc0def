package load

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"testing"
	"time"

	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/mw"
	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/wsx"
)

// village is a server that well-behaved and hostile clients share. Its limits are those
// of production but for times: they are longer, and shorter at the paths where it is a time
// that ends an attack.
type village struct {
	address string
	sockets *wsx.Server
	closes  *closes
	server  *http.Server
	hostile *http.Client
	ended   chan error
}

// Paths of the village.
const (
	socketPath   = "/ws"
	unreadPath   = "/unread/ws"
	trickledPath = "/trickled/ws"

	httpPath         = "/http"
	trickledHTTPPath = "/trickled/http"
)

// allowed is how often everybody may call.
var allowed = mw.Rate{PerSecond: 250, Burst: 50}

// newVillage starts a village that takes so many of the calls that hostile clients flood it with.
func newVillage(t testing.TB, floods mw.Rate) *village {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := newServer(t, nil, mw.RateLimit(allowed, mw.AbuseAfter(5), mw.PerFunction(floods, "fn.flood")))
	v := &village{address: l.Addr().String(), sockets: wsx.NewServer(), closes: newCloses(),
		hostile: &http.Client{Transport: &http.Transport{}}, ended: make(chan error, 1)}
	v.server = &http.Server{Handler: v.paths(srv), ReadHeaderTimeout: patience}
	go func() { v.ended <- v.server.Serve(l) }()
	return v
}

func (v *village) paths(srv *tp.Server) http.Handler {
	mux := http.NewServeMux()
	socket := func(path string, message, write time.Duration) {
		mux.Handle(path, v.sockets.New(wsx.Calls(srv), wsx.Observe(v.closes), wsx.Compression(), wsx.MessageTimeout(message),
			wsx.WriteTimeout(write), wsx.Heartbeat(patience+time.Second, patience), wsx.Drain(patience, time.Millisecond)))
	}
	socket(socketPath, patience, patience)
	socket(unreadPath, patience, time.Second)
	socket(trickledPath, 2*time.Second, patience)
	post := func(path string, body time.Duration) {
		mux.Handle(path, httpx.Handler(srv, httpx.Origins(), httpx.BodyTimeout(body), httpx.TrustProxies(netip.MustParsePrefix("127.0.0.0/8"))))
	}
	post(httpPath, patience)
	post(trickledHTTPPath, 2*time.Second)
	return mux
}

// close ends the village when its clients have gone.
func (v *village) close(t testing.TB) {
	t.Helper()
	v.hostile.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := errors.Join(v.sockets.Shutdown(ctx), v.server.Shutdown(ctx)); err != nil {
		t.Errorf("the server does not stop: %v", err)
	}
	if err := <-v.ended; !errors.Is(err, http.ErrServerClosed) {
		t.Error(err)
	}
}

// post makes a request of a hostile client, and returns the status of the answer.
func (v *village) post(ctx context.Context, header http.Header, body io.Reader) (status string, response *http.Response, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+v.address+httpPath, body)
	if err != nil {
		return "", nil, err
	}
	request.Header = header
	if response, err = v.hostile.Do(request); err != nil {
		return "", nil, err
	}
	_, err = io.Copy(io.Discard, response.Body)
	return strconv.Itoa(response.StatusCode), response, errors.Join(err, response.Body.Close())
}

// postRaw makes a request whose head and body are written by a function that goes on while the
// answer is read, and returns its status. Headers are more lines of the head.
func (v *village) postRaw(ctx context.Context, path, headers string, length int, write func(w io.Writer, head []byte)) (status string, err error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", v.address)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience))
	go write(conn, fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: %s\r\n%sContent-Length: %d\r\n\r\n", path, v.address, headers, length))
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return "", err
	}
	return strconv.Itoa(response.StatusCode), response.Body.Close()
}
