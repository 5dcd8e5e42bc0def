package load

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"testing"
	"time"

	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/mw"
	"github.com/telestruct/telestruct/wsx"
)

// village is a server that well-behaved and hostile clients share. Its limits are those
// of production but for times, which are shorter.
type village struct {
	address  string
	endpoint *wsx.Endpoint
	closes   *closes
	server   *http.Server
	hostile  *http.Client
	ended    chan error
}

func newVillage(t testing.TB) *village {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := newServer(t, nil, mw.RateLimit(mw.Rate{PerSecond: 250, Burst: 50}, mw.AbuseAfter(5)))
	v := &village{address: l.Addr().String(), closes: newCloses(), hostile: &http.Client{Transport: &http.Transport{}}, ended: make(chan error, 1)}
	v.endpoint = wsx.Handler(srv, wsx.Observe(v.closes), wsx.Compression(), wsx.MessageTimeout(2*time.Second),
		wsx.WriteTimeout(time.Second), wsx.Drain(patience, time.Millisecond))
	mux := http.NewServeMux()
	mux.Handle("/ws", v.endpoint)
	mux.Handle("/http", httpx.Handler(srv, httpx.Origins(), httpx.BodyTimeout(2*time.Second),
		httpx.TrustProxies(netip.MustParsePrefix("127.0.0.0/8"))))
	v.server = &http.Server{Handler: mux, ReadHeaderTimeout: patience}
	go func() { v.ended <- v.server.Serve(l) }()
	return v
}

// close ends the village when its clients have gone.
func (v *village) close(t testing.TB) {
	t.Helper()
	v.hostile.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := errors.Join(v.endpoint.Shutdown(ctx), v.server.Shutdown(ctx)); err != nil {
		t.Errorf("the server does not stop: %v", err)
	}
	if err := <-v.ended; !errors.Is(err, http.ErrServerClosed) {
		t.Error(err)
	}
}

// post makes a request of a hostile client, and returns the status of the answer.
func (v *village) post(ctx context.Context, header http.Header, body io.Reader) (status string, response *http.Response, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+v.address+"/http", body)
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

// statusOf reads the status of an answer.
func statusOf(in *bufio.Reader) (string, error) {
	response, err := http.ReadResponse(in, nil)
	if err != nil {
		return "", err
	}
	return strconv.Itoa(response.StatusCode), response.Body.Close()
}
