// Package loopback measures HTTP handlers over the loopback interface: a real
// listener of net/http, and [Connections] clients that keep their connections and
// send one request after another, as POSTs or, where the handler accepts them, as
// messages of WebSockets.
//
// Clients and server share the machine, so the clients are as cheap as they can be
// made: they write a request that was built once, and look at no more of an answer than
// its status and where it ends. They are the same for every handler.
package loopback

import (
	"errors"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
)

// Connections is how many clients call at the same time.
const Connections = 32

// Measure has the handler answer b.N requests and reports them per second. The first
// answer is checked before measuring, with call.Check; all others must have its status
// and length, headers included. Memory is what both sides allocate, and the clients
// allocate none.
func Measure(b *testing.B, handler http.Handler, call Call) { measure(b, handler, posts(), call) }

// MeasureSocket is as [Measure], with a message to and one from the handler for each
// call, each connection being a WebSocket.
func MeasureSocket(b *testing.B, handler http.Handler, call Call) {
	measure(b, handler, sockets(), call)
}

func measure(b *testing.B, handler http.Handler, p protocol, call Call) {
	address, stop, err := listen(handler)
	if err != nil {
		b.Fatal(err)
	}
	defer stop()
	clients, err := dial(address, p, call, Connections)
	if err != nil {
		b.Fatal(err)
	}
	defer hangUp(clients)
	b.SetBytes(int64(len(call.Body)))
	b.ReportAllocs()
	b.ResetTimer()
	err = spread(clients, b.N)
	b.StopTimer()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "req/s")
}

// listen serves the handler until stop is called, which closes all connections.
func listen(handler http.Handler) (address string, stop func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{Handler: handler}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = server.Serve(l) // ends with ErrServerClosed, or with what the clients report
	}()
	return l.Addr().String(), func() { _ = server.Close(); <-ended }, nil
}

// spread has the clients make n calls in all: whoever is done makes the next one.
func spread(clients []*client, n int) error {
	var begun atomic.Int64
	failures := make([]error, len(clients))
	var wg sync.WaitGroup
	next := func() bool { return begun.Add(1) <= int64(n) }
	for i, c := range clients {
		wg.Go(func() { failures[i] = c.protocol.repeat(c, next) })
	}
	wg.Wait()
	return errors.Join(failures...)
}
