package loopback

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Feed sends the same messages to all who connect to it.
type Feed struct {
	// Handler makes WebSockets of requests.
	Handler http.Handler
	// Connected returns how many there are that get what is published.
	Connected func() int
	// Publish sends a message to all of them.
	Publish func(message []byte) error
}

const (
	// fanoutConnections is how many connections [MeasureFanout] opens.
	fanoutConnections = 1000
	// fanoutMessage is how many bytes a message of it has.
	fanoutMessage = 128
)

// MeasureFanout opens 1,000 WebSockets, and has the feed publish messages of 128 bytes to
// them, so many at once; the next ones follow when everybody has these. It reports how many
// were delivered per second. Every connection must get every message once, in their order.
func MeasureFanout(b *testing.B, feed Feed, atOnce int) {
	address, stop, err := listen(feed.Handler)
	if err != nil {
		b.Fatal(err)
	}
	defer stop()
	a, err := newAudience(address, fanoutConnections)
	if err != nil {
		b.Fatal(err)
	}
	defer a.leave()
	if err := a.await(feed.Connected); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := a.hear(feed, atOnce); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*float64(atOnce*fanoutConnections)/b.Elapsed().Seconds(), "deliveries/s")
}

// audience is clients who only listen.
type audience struct {
	clients  []*client
	sent     uint64
	missing  atomic.Int64 // how many messages are under way to somebody
	complete chan error   // nil when none are any more
	leaving  atomic.Bool
	readers  sync.WaitGroup
}

// newAudience connects n clients.
func newAudience(address string, n int) (*audience, error) {
	a := &audience{complete: make(chan error, n+1)}
	for range n {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			a.leave()
			return nil, err
		}
		c := &client{conn: conn, in: bufio.NewReaderSize(conn, 4<<10)}
		a.clients = append(a.clients, c)
		err = errors.Join(conn.SetDeadline(time.Now().Add(patience)), upgrade(c, address, "/"))
		if err != nil {
			a.leave()
			return nil, err
		}
		a.readers.Go(func() { a.read(c) })
	}
	return a, nil
}

// await waits until the feed knows all.
func (a *audience) await(connected func() int) error {
	for until := time.Now().Add(patience); connected() < len(a.clients); {
		if time.Now().After(until) {
			return fmt.Errorf("loopback: %d of %d connections were made", connected(), len(a.clients))
		}
		time.Sleep(time.Millisecond)
	}
	return nil
}

// hear returns when everybody has n more messages.
func (a *audience) hear(feed Feed, n int) error {
	a.missing.Store(int64(n * len(a.clients)))
	message := make([]byte, fanoutMessage)
	for range n {
		a.sent++
		binary.BigEndian.PutUint64(message, a.sent)
		if err := feed.Publish(message); err != nil {
			return err
		}
	}
	return <-a.complete
}

// read counts the messages of one client until it leaves.
func (a *audience) read(c *client) {
	e := newEar(c, func(messages int) {
		if a.missing.Add(-int64(messages)) == 0 {
			a.complete <- nil
		}
	})
	if err := drain(c.conn, make([]byte, drainMemory), e.take); !a.leaving.Load() {
		a.complete <- err
	}
}

// isMessage fails for all but one message.
func isMessage(body []byte, number uint64) error {
	switch {
	case len(body) != fanoutMessage:
		return fmt.Errorf("loopback: a message of %d bytes, want %d", len(body), fanoutMessage)
	case binary.BigEndian.Uint64(body) != number:
		return fmt.Errorf("loopback: message %d came where %d was due", binary.BigEndian.Uint64(body), number)
	}
	return nil
}

func (a *audience) leave() {
	a.leaving.Store(true)
	hangUp(a.clients)
	a.readers.Wait()
}
