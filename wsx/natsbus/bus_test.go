package natsbus_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/telestruct/telestruct/internal/bustest"
	"github.com/telestruct/telestruct/wsx"
	"github.com/telestruct/telestruct/wsx/natsbus"
)

func TestBus(t *testing.T) {
	t.Parallel()
	bustest.Run(t, func(t *testing.T) func() wsx.Bus {
		c := newCluster(t, 0)
		return func() wsx.Bus { return c.join() }
	})
}

func TestNewPanics(t *testing.T) {
	t.Parallel()
	conn := newCluster(t, 0).connect()
	cases := []struct {
		name   string
		conn   *nats.Conn
		prefix string
		want   string
	}{
		{"nil", nil, "x", "natsbus: nil connection"},
		{"empty", conn, "", `natsbus: the prefix "" is empty`},
		{"of NATS", conn, "$SYS", `natsbus: the prefix "$SYS" begins with $, as subjects of NATS itself do`},
		{"wildcard", conn, "a.*", `natsbus: the prefix "a.*" has something else than visible ASCII, or a wildcard`},
		{"space", conn, "a b", `natsbus: the prefix "a b" has something else than visible ASCII, or a wildcard`},
		{"letter", conn, "é", `natsbus: the prefix "é" has something else than visible ASCII, or a wildcard`},
		{"point in front", conn, ".a", `natsbus: the prefix ".a" has an empty part`},
		{"points", conn, "a..b", `natsbus: the prefix "a..b" has an empty part`},
		{"point behind", conn, "a.", `natsbus: the prefix "a." has an empty part`},
		{"long", conn, strings.Repeat("a", 256), `natsbus: the prefix "` + strings.Repeat("a", 256) + `" is longer than 255 bytes`},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			defer func() {
				if got := recover(); got != tc.want {
					t.Errorf("panic = %v, want %s", got, tc.want)
				}
			}()
			natsbus.New(tc.conn, tc.prefix)
		})
	}
}

func TestTooLarge(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 4096)
	bus, other := c.join(), c.join()
	if got := bus.MaxSize(); got != 3072 {
		t.Errorf("MaxSize() = %d, want 3072", got)
	}
	got := make(chan int, 1)
	to := wsx.Address{Topic: "t"}
	if _, err := other.Subscribe(to, func(m *wsx.BusMessage) { got <- len(m.Data) }); err != nil {
		t.Fatal(err)
	}
	err := bus.Publish(t.Context(), &wsx.BusMessage{To: to, Node: "n", Data: make([]byte, 4096)})
	const want = `wsx: the message is too large for the bus: 4096 bytes for topic "t", and the NATS server takes 4096 with headers`
	if !errors.Is(err, wsx.ErrTooLarge) || err.Error() != want {
		t.Errorf("error = %v, want %s", err, want)
	}
	if err := bus.Publish(t.Context(), &wsx.BusMessage{To: to, Node: "n", Data: make([]byte, 3072)}); err != nil {
		t.Fatal(err)
	}
	if n := <-got; n != 3072 {
		t.Errorf("got %d bytes, want 3072", n)
	}
}

func TestUnavailable(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 0)
	bus, other := c.join(), c.join()
	to := wsx.Address{Topic: "t"}
	heard := make(chan string, 100)
	if _, err := other.Subscribe(to, func(m *wsx.BusMessage) { heard <- string(m.Data) }); err != nil {
		t.Fatal(err)
	}
	publish := func(text string) error {
		return bus.Publish(t.Context(), &wsx.BusMessage{To: to, Node: "n", Data: []byte(text)})
	}
	c.stop()
	await(t, "the loss of the server", func() bool { return errors.Is(publish("lost"), wsx.ErrBusUnavailable) })
	if err := bus.Flush(t.Context()); !errors.Is(err, wsx.ErrBusUnavailable) {
		t.Errorf("flush: %v", err)
	}
	// Those who subscribe meanwhile hear what comes later.
	late := make(chan string, 100)
	if _, err := other.Subscribe(to, func(m *wsx.BusMessage) { late <- string(m.Data) }); err != nil {
		t.Fatal(err)
	}
	c.start()
	await(t, "the way back", func() bool { return bus.Flush(t.Context()) == nil && other.Flush(t.Context()) == nil })
	if err := publish("back"); err != nil {
		t.Fatal(err)
	}
	for _, in := range []chan string{heard, late} {
		for text := range in {
			if text == "back" {
				break
			}
		}
	}
}

func TestClose(t *testing.T) {
	t.Parallel()
	conn := newCluster(t, 0).connect()
	bus := natsbus.New(conn, "test")
	stop, err := bus.Subscribe(wsx.Address{Topic: "t"}, func(*wsx.BusMessage) {})
	if err != nil {
		t.Fatal(err)
	}
	bus.Close()
	bus.Close()
	stop()
	if err := bus.Publish(t.Context(), &wsx.BusMessage{To: wsx.Address{Topic: "t"}}); !errors.Is(err, wsx.ErrBusUnavailable) || !errors.Is(err, natsbus.ErrClosed) {
		t.Errorf("publish: %v", err)
	}
	if _, err := bus.Subscribe(wsx.Address{Topic: "t"}, func(*wsx.BusMessage) {}); !errors.Is(err, natsbus.ErrClosed) {
		t.Errorf("subscribe: %v", err)
	}
	if conn.IsClosed() || conn.NumSubscriptions() != 0 {
		t.Errorf("the connection is closed: %t, and has %d subscriptions", conn.IsClosed(), conn.NumSubscriptions())
	}
}

func TestConnectionIsClosed(t *testing.T) {
	t.Parallel()
	conn := newCluster(t, 0).connect()
	bus := natsbus.New(conn, "test")
	defer bus.Close()
	conn.Close()
	await(t, "the end of the connection", func() bool {
		return errors.Is(bus.Publish(t.Context(), &wsx.BusMessage{To: wsx.Address{Topic: "t"}}), wsx.ErrBusUnavailable)
	})
	if _, err := bus.Subscribe(wsx.Address{Topic: "t"}, func(*wsx.BusMessage) {}); !errors.Is(err, natsbus.ErrClosed) || !errors.Is(err, nats.ErrConnectionClosed) {
		t.Errorf("subscribe: %v", err)
	}
	defer func() {
		if got := recover(); got == nil || !strings.Contains(got.(string), "the bus cannot be subscribed to") {
			t.Errorf("panic = %v", got)
		}
	}()
	wsx.NewServer(wsx.WithBus(bus))
}

func TestFlushEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := newCluster(t, 0).join().Flush(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v, want %v", err, context.Canceled)
	}
}

// errorLog collects what a bus reports.
type errorLog struct {
	mu   sync.Mutex
	errs []error
}

func (l *errorLog) add(err error) {
	l.mu.Lock()
	l.errs = append(l.errs, err)
	l.mu.Unlock()
	panic("a hook may panic")
}

func (l *errorLog) all() []error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.errs
}

func TestForeignMessages(t *testing.T) {
	t.Parallel()
	c, log := newCluster(t, 0), new(errorLog)
	bus, conn := c.join(natsbus.OnError(log.add)), c.connect()
	heard := make(chan string, 1)
	if _, err := bus.Subscribe(wsx.Address{Topic: "t"}, func(m *wsx.BusMessage) { heard <- string(m.Data) }); err != nil {
		t.Fatal(err)
	}
	if err := conn.Publish("test.t.t", []byte("no headers")); err != nil {
		t.Fatal(err)
	}
	if err := conn.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := c.join().Publish(t.Context(), &wsx.BusMessage{To: wsx.Address{Topic: "t"}, Node: "n", Data: []byte("ours")}); err != nil {
		t.Fatal(err)
	}
	if text := <-heard; text != "ours" {
		t.Errorf("heard %q", text)
	}
	const want = `natsbus: a message on "test.t.t" was dropped: its Wsx-Kind is neither text nor binary`
	if errs := log.all(); len(errs) != 1 || errs[0].Error() != want {
		t.Errorf("reported %v, want %s", errs, want)
	}
}

func TestSlowReceiver(t *testing.T) {
	t.Parallel()
	c, log := newCluster(t, 0), new(errorLog)
	bus, other := c.join(natsbus.OnError(log.add), natsbus.Pending(10, 0)), c.join()
	to := wsx.Address{Topic: "t"}
	begun, goOn := make(chan struct{}), make(chan struct{})
	var once sync.Once
	last := make(chan string, 100)
	_, err := bus.Subscribe(to, func(m *wsx.BusMessage) {
		once.Do(func() { close(begun) })
		<-goOn
		last <- string(m.Data)
	})
	if err != nil {
		t.Fatal(err)
	}
	publish := func(text string) {
		if err := other.Publish(t.Context(), &wsx.BusMessage{To: to, Node: "n", Data: []byte(text)}); err != nil {
			t.Error(err)
		}
	}
	publish("first")
	<-begun
	for range 29 {
		publish("more")
	}
	if err := errors.Join(other.Flush(t.Context()), bus.Flush(t.Context())); err != nil {
		t.Fatal(err)
	}
	close(goOn)
	await(t, "the report", func() bool { return len(log.all()) > 0 })
	var dropped *natsbus.DroppedError
	if err := log.all()[0]; !errors.As(err, &dropped) || dropped.Of != to || dropped.Messages != 20 {
		t.Errorf("reported %v", err)
	}
	const want = `natsbus: 20 messages for topic "t" were dropped: more came than could be delivered; see Pending`
	if got := dropped.Error(); got != want {
		t.Errorf("error = %s, want %s", got, want)
	}
}

// A server that takes nothing must not hold up those who publish.
func TestQueueIsFull(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 0)
	bus := c.join(natsbus.Queue(0, 8<<20), natsbus.OnError(func(error) {}))
	m := &wsx.BusMessage{To: wsx.Address{Topic: "t"}, Node: "n", Data: make([]byte, 1<<19)}
	begin, full := time.Now(), false
	for range 10_000 {
		if full = errors.Is(bus.Publish(t.Context(), m), wsx.ErrBusUnavailable); full {
			break
		}
	}
	if !full || time.Since(begin) > patience {
		t.Errorf("the queue was full: %t, after %v", full, time.Since(begin))
	}
	await(t, "room", func() bool { return bus.Publish(t.Context(), m) == nil })
	await(t, "all that was sent", func() bool { return bus.Flush(t.Context()) == nil })
}

func TestErrorTexts(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		err  error
		want string
	}{
		{"node", &natsbus.DroppedError{Of: wsx.Address{Node: "n"}, Messages: 2}, `natsbus: 2 messages for node "n" were dropped: more came than could be delivered; see Pending`},
		{"connection", &natsbus.PublishError{To: wsx.Address{Node: "n", Conn: 7}, Err: nats.ErrConnectionClosed}, `natsbus: a message for connection n-7 was not sent: nats: connection closed`},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := tc.err.Error(); got != tc.want {
				t.Errorf("error = %s, want %s", got, tc.want)
			}
		})
	}
}
