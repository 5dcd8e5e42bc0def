package load

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"hash/maphash"
	"io"
	"net/url"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/telestruct/telestruct/tp/mirror"
)

// mirrors are the clients of a plant. They run in a process of their own, so that what the
// server takes can be told from what they take.
//
// The first ones mirror it. If there are others, they only compare what they are sent with what
// the first ones are: many mirrors take more time of processors than their server does, which on
// one machine is time that it lacks.
type mirrors struct {
	address string
	whole   int // how many mirror the plant
	seed    maphash.Seed
	lags    histogram

	frames    atomic.Int64
	bytes     atomic.Int64
	snapshots atomic.Int64 // after the first one of each client
}

// mirrorsReport is what has become of the mirrors.
type mirrorsReport struct {
	Clients   int   `json:"clients"`
	Whole     int   `json:"whole"` // of them, that mirrored the plant
	Equal     int   `json:"equal"` // to the plant in the end, as far as they know
	Frames    int64 `json:"frames"`
	Bytes     int64 `json:"bytes"`
	Snapshots int64 `json:"snapshots"`
	// Lags are those of half of the changes, of all but a hundredth, of all but a thousandth,
	// and of all.
	Lags [4]time.Duration `json:"lags"`
	Seen int64            `json:"seen"` // changes by those that mirror the plant
}

// plantClient is one client.
type plantClient struct {
	*mirror.Client
	*rawSocket
	text   bool
	whole  bool // it mirrors the plant
	buffer []byte
	sum    uint64 // of all that came
	// changes is how many it has seen, if it mirrors the plant.
	changes int64
}

// runMirrors has clients mirror the plant at the address until it is closed. When all of them
// have it, it writes a line; when they have seen that it is closed, it reads the snapshot that
// they should have, and writes the report.
func runMirrors(m *mirrors, clients int, in io.Reader, out io.Writer) error {
	const morePercent = 800 // all of them have a plant each, which would be looked at all the time
	debug.SetGCPercent(morePercent)
	opened, err := m.open(clients)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(out, len(opened)); err != nil {
		return err
	}
	if err := each(opened, len(opened), m.follow); err != nil {
		return err
	}
	var want mirror.Value
	if err := json.NewDecoder(in).Decode(&want); err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(m.report(opened, want))
}

// each calls fn for all clients, so many at a time. It fails with the first of their errors.
func each(clients []*plantClient, atOnce int, fn func(*plantClient) error) error {
	var running sync.WaitGroup
	errs := make([]error, len(clients))
	slots := make(chan struct{}, atOnce)
	for i, c := range clients {
		slots <- struct{}{}
		running.Go(func() {
			errs[i] = fn(c)
			<-slots
		})
	}
	running.Wait()
	return cmp.Or(errs...)
}

// open makes clients that have the plant. Every other one uses MessagePack.
func (m *mirrors) open(n int) ([]*plantClient, error) {
	clients := make([]*plantClient, n)
	for i := range clients {
		codec := mirror.JSON()
		if i%2 == 1 {
			codec = mirror.MessagePack()
		}
		clients[i] = &plantClient{Client: mirror.NewClient(&mirror.ClientOptions{Codec: codec}), text: i%2 == 0, whole: i < max(m.whole, 2)}
	}
	const atOnce = 16
	return clients, each(clients, atOnce, m.connect)
}

func (m *mirrors) connect(c *plantClient) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	codec := "json"
	if !c.text {
		codec = "msgpack"
	}
	socket, status, err := openSocket(ctx, m.address, "/ws?codec="+url.QueryEscape(codec), "")
	if err != nil || socket == nil {
		return fmt.Errorf("the socket was refused with %d: %w", status, err)
	}
	c.rawSocket = socket
	if err := socket.SetWriteDeadline(time.Time{}); err != nil {
		return err
	}
	if err := m.receive(c); err != nil {
		return err
	}
	c.changes = c.plant().changes()
	return nil
}

// plant returns what the client has.
func (c *plantClient) plant() seen {
	s, _ := c.Snapshot(1)
	return seen{s.Value}
}

// receive takes one message from the server.
func (m *mirrors) receive(c *plantClient) error {
	first, err := c.read()
	if err != nil {
		return err
	}
	const some = 31
	c.sum = c.sum*some + maphash.Bytes(m.seed, c.buffer)
	if c.whole {
		_, err = c.Receive(mirror.Frame{Text: first == textFrame, Data: c.buffer})
	}
	return err
}

// read reads a message into the buffer.
func (c *plantClient) read() (first byte, err error) {
	for {
		first, length, err := c.readHeader()
		if err != nil {
			return 0, err
		}
		c.buffer = append(c.buffer[:0], make([]byte, length)...)
		if _, err := io.ReadFull(c.in, c.buffer); err != nil {
			return 0, err
		}
		switch first {
		case textFrame, binaryFrame:
			return first, nil
		case pingFrame:
			if _, err := c.Write(maskedFrame(pongFrame, c.buffer)); err != nil {
				return 0, err
			}
		default:
			return 0, fmt.Errorf("a frame came that begins with %#x: %q", first, c.buffer)
		}
	}
}

// follow receives what comes until the plant is closed.
func (m *mirrors) follow(c *plantClient) error {
	defer c.rawSocket.Close()
	for closed := false; !closed; {
		if err := c.SetReadDeadline(time.Now().Add(patience)); err != nil {
			return err
		}
		if err := m.receive(c); err != nil {
			return err
		}
		m.frames.Add(1)
		m.bytes.Add(int64(len(c.buffer)))
		if bytes.Contains(c.buffer[:min(len(c.buffer), 100)], []byte("snapshot")) {
			m.snapshots.Add(1)
		}
		if closed = bytes.Contains(c.buffer, []byte("closed")); c.whole {
			closed = m.look(c)
		}
	}
	return nil
}

// look measures how old the changes are that have come, and reports whether the plant is closed.
func (m *mirrors) look(c *plantClient) (closed bool) {
	plant := c.plant()
	plant.lags(c.changes, m.lags.add)
	c.changes = plant.changes()
	return plant.closed()
}

func (m *mirrors) report(clients []*plantClient, want mirror.Value) mirrorsReport {
	r := mirrorsReport{
		Clients: len(clients), Frames: m.frames.Load(), Bytes: m.bytes.Load(), Snapshots: m.snapshots.Load(),
		Lags: [...]time.Duration{m.lags.below(.5), m.lags.below(.99), m.lags.below(.999), m.lags.below(1)},
		Seen: m.lags.count(),
	}
	for i, c := range clients {
		like := clients[i%2] // the first two have different codecs
		if c.whole {
			r.Whole++
			like = c
		}
		if c.sum == like.sum && like.plant().Equal(want) {
			r.Equal++
		}
	}
	return r
}

// histogram counts durations, in steps. It is safe for concurrent use.
type histogram struct{ counts [100_000]atomic.Int64 }

const histogramStep = 100 * time.Microsecond

// add counts one. The last step has all that are longer.
func (h *histogram) add(d time.Duration) {
	h.counts[min(max(int(d/histogramStep), 0), len(h.counts)-1)].Add(1)
}

func (h *histogram) count() (n int64) {
	for i := range h.counts {
		n += h.counts[i].Load()
	}
	return n
}

// below returns a duration that the given part of all do not exceed.
func (h *histogram) below(part float64) time.Duration {
	left := int64(part * float64(h.count()))
	for i := range h.counts {
		left -= h.counts[i].Load()
		if left <= 0 {
			return time.Duration(i+1) * histogramStep
		}
	}
	return 0
}
