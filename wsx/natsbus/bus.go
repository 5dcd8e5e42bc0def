package natsbus

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/telestruct/telestruct/wsx"
)

// Bus is a [wsx.Bus] on NATS. [New] makes it, and [Bus.Close] ends it. It is safe for
// concurrent use, and several servers of one program may share it.
type Bus struct {
	conn   *nats.Conn
	prefix string
	settings
	queue queue

	up         atomic.Bool  // the connection is there
	maxPayload atomic.Int64 // of it

	statuses chan nats.Status
	watching sync.WaitGroup

	mu            sync.Mutex
	subscriptions map[*subscription]struct{}
	closed        bool
}

var _ wsx.Bus = (*Bus)(nil)

// New returns a bus over a connection, which stays the program's own. All nodes that are
// to hear each other give the same prefix, and nobody else on the NATS servers may: it is
// one or more names with points between them. New panics for a nil connection, and for a
// prefix that subjects cannot have.
func New(conn *nats.Conn, prefix string, options ...Option) *Bus {
	if conn == nil {
		panic("natsbus: nil connection")
	}
	if fault := checkPrefix(prefix); fault != "" {
		panic(fmt.Sprintf("natsbus: the prefix %q %s", prefix, fault))
	}
	b := &Bus{conn: conn, prefix: prefix, settings: newSettings(options), subscriptions: map[*subscription]struct{}{}}
	b.queue.send = b.send
	b.queue.maxMessages, b.queue.maxBytes = b.maxQueued, b.maxQueuedBytes
	b.statuses = conn.StatusChanged()
	b.look()
	b.watching.Go(b.watch)
	return b
}

// A NATS server hangs up on a line of the protocol with more than 4096 bytes. These leave
// room in it for a prefix and two escaped names.
const (
	maxPrefix = 255
	maxName   = 512
)

// checkPrefix says what is wrong with a prefix; empty if nothing is.
func checkPrefix(prefix string) string {
	switch {
	case prefix == "":
		return "is empty"
	case len(prefix) > maxPrefix:
		return fmt.Sprintf("is longer than %d bytes", maxPrefix)
	case strings.HasPrefix(prefix, "$"):
		return "begins with $, as subjects of NATS itself do"
	case strings.HasPrefix(prefix, "."), strings.HasSuffix(prefix, "."), strings.Contains(prefix, ".."):
		return "has an empty part"
	case strings.ContainsAny(prefix, "*>"), strings.ContainsFunc(prefix, func(r rune) bool { return r <= ' ' || r >= 0x7f }):
		return "has something else than visible ASCII, or a wildcard"
	}
	return ""
}

// watch keeps up with the connection, whose own methods wait while a write is stuck.
func (b *Bus) watch() {
	for range b.statuses {
		b.look()
	}
}

func (b *Bus) look() {
	b.maxPayload.Store(b.conn.MaxPayload())
	b.up.Store(b.conn.Status() == nats.CONNECTED)
}

// Publish queues a message to be sent. It waits for nothing. It fails with
// [wsx.ErrBusUnavailable] while the connection is away, when more wait than [Queue] allows
// and after Close, and with [wsx.ErrTooLarge] for what is beyond the limit of the NATS server.
func (b *Bus) Publish(_ context.Context, m *wsx.BusMessage) error {
	if n := max(len(m.To.Node), len(m.To.Topic)); n > maxName {
		return fmt.Errorf("%w: its address has a name of %d bytes, and %d are possible", wsx.ErrTooLarge, n, maxName)
	}
	if most := b.maxPayload.Load(); most > 0 && int64(len(m.Data)+headerSize(m)) > most {
		return fmt.Errorf("%w: %d bytes for %s, and the NATS server takes %d with headers", wsx.ErrTooLarge, len(m.Data), name(m.To), most)
	}
	if !b.up.Load() {
		return fmt.Errorf("%w: there is no connection to NATS", wsx.ErrBusUnavailable)
	}
	return b.queue.put(m)
}

// send hands a message to the connection.
func (b *Bus) send(m *wsx.BusMessage) {
	err := b.conn.PublishMsg(&nats.Msg{Subject: subject(b.prefix, m.To), Header: newHeader(m), Data: m.Data})
	if err != nil {
		b.report(&PublishError{To: m.To, Err: err})
	}
}

// MaxSize returns how many bytes a message may have: some less than what the NATS server
// takes, because that counts headers.
func (b *Bus) MaxSize() int {
	most := b.maxPayload.Load()
	if most <= 0 {
		return 0 // it was never connected
	}
	return max(int(most)-headerRoom, 1)
}

// flushTimeout is how long Flush waits where its context has no end.
const flushTimeout = 10 * time.Second

// Flush waits until the NATS server has what was published before, for at most ten
// seconds if ctx has no end. It fails with the error of ctx, and with
// [wsx.ErrBusUnavailable] when the connection is away.
func (b *Bus) Flush(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, flushTimeout)
		defer cancel()
	}
	if err := b.queue.await(ctx); err != nil {
		return err
	}
	if !b.up.Load() {
		return fmt.Errorf("%w: there is no connection to NATS", wsx.ErrBusUnavailable)
	}
	if err := b.conn.FlushWithContext(ctx); err != nil {
		return fmt.Errorf("natsbus: flush: %w", err)
	}
	return nil
}

// Close ends the subscriptions, sends what waits, and leaves the connection open. Call it
// after the Shutdown of the servers. A second call does nothing.
func (b *Bus) Close() {
	b.mu.Lock()
	first := !b.closed
	b.closed = true
	left := b.subscriptions
	b.subscriptions = nil
	b.mu.Unlock()
	if !first {
		return
	}
	for s := range left {
		s.end()
	}
	b.queue.close()
	ctx, cancel := context.WithTimeout(context.Background(), flushTimeout)
	defer cancel()
	_ = b.queue.await(ctx) // what is still there goes on by itself
	b.conn.RemoveStatusListener(b.statuses)
	b.watching.Wait()
}

// report tells the program of messages that were lost.
func (b *Bus) report(err error) {
	defer func() { _ = recover() }()
	b.onError(err)
}
