package natsbus_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"sync"

	"github.com/nats-io/nats.go"
	"github.com/telestruct/telestruct/wsx"
	"github.com/telestruct/telestruct/wsx/natsbus"
)

// The other process of TestModes12TwoProcesses is this test binary, with these variables.
const (
	peerVariable = "TELESTRUCT_NATSBUS_PEER" // the address of the NATS server
	nodeVariable = "TELESTRUCT_NATSBUS_NODE" // what the node is called
	fromVariable = "TELESTRUCT_NATSBUS_FROM" // the last message that its predecessor has sent
)

const (
	// each is how many messages either process publishes, and window how many it is
	// ahead of the other at most: functions have room for a few thousand.
	each   = 50_000
	window = 1000
)

// The topics of the two processes.
const (
	loadTopic  = "load"  // counts from 1
	ackTopic   = "acks"  // the node and the number of a message that was heard of it
	helloTopic = "hello" // nodes that listen to all of these
)

// ack is what is said about a message that was heard.
func ack(node string, n int) string { return fmt.Sprintf("%s %d", node, n) }

// tally follows the messages of one publisher.
type tally struct {
	first, last int
	wrong       int // that came twice, too early or too late
	missed      int // that the function was too slow for
}

func (c *tally) hear(n int, m wsx.Message) {
	if c.first == 0 {
		c.first, c.last = n, n-1
	}
	c.missed += m.Missed
	if n != c.last+1 {
		c.wrong++
	}
	c.last = n
}

// count returns how many messages there were.
func (c tally) count() int { return c.last - c.first + 1 }

// ears hear one topic, and tell who waits, for as long as their context lasts.
type ears struct {
	ctx     context.Context
	mu      sync.Mutex
	changed sync.Cond
	heard   map[string]*tally // by node
	texts   map[string]bool
}

func newEars(ctx context.Context) *ears {
	e := &ears{ctx: ctx, heard: map[string]*tally{}, texts: map[string]bool{}}
	e.changed.L = &e.mu
	context.AfterFunc(ctx, func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.changed.Broadcast()
	})
	return e
}

// count counts a message whose text is its number.
func (e *ears) count(m wsx.Message) int {
	n, err := strconv.Atoi(string(m.Data))
	if err != nil {
		n = -1
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.heard[m.From.Node] == nil {
		e.heard[m.From.Node] = new(tally)
	}
	e.heard[m.From.Node].hear(n, m)
	if n%window == 0 || n == 1 { // nobody waits for others
		e.changed.Broadcast()
	}
	return n
}

// note notes what a message says.
func (e *ears) note(m wsx.Message) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.texts[string(m.Data)] = true
	e.changed.Broadcast()
}

// of returns what was heard of a node.
func (e *ears) of(node string) tally {
	e.mu.Lock()
	defer e.mu.Unlock()
	if c := e.heard[node]; c != nil {
		return *c
	}
	return tally{}
}

// await waits until ok reports true, which is called with what was heard locked. It fails
// when there is no more time.
func (e *ears) await(ok func() bool) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	for !ok() {
		if err := e.ctx.Err(); err != nil {
			return fmt.Errorf("waiting for the other process: %w", err)
		}
		e.changed.Wait()
	}
	return nil
}

// awaitText waits for a message that says this, which may have come before.
func (e *ears) awaitText(text string) error {
	return e.await(func() bool { return e.texts[text] })
}

// awaitLast waits for the message of a node with a number.
func (e *ears) awaitLast(node string, n int) error {
	return e.await(func() bool { return e.heard[node] != nil && e.heard[node].last >= n })
}

// runPeer is the other process. It counts on from where its predecessor was killed, and
// acknowledges what it hears.
func runPeer(url string) {
	if err := peer(url, os.Getenv(nodeVariable)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func peer(url, node string) error {
	from, err := strconv.Atoi(os.Getenv(fromVariable))
	if err != nil {
		return err
	}
	conn, err := nats.Connect(url, nats.Timeout(patience))
	if err != nil {
		return err
	}
	defer conn.Close()
	bus := natsbus.New(conn, "test")
	defer bus.Close()
	srv := wsx.NewServer(wsx.WithBus(bus), wsx.NodeName(node))
	load, acks := srv.NewTopic(loadTopic), srv.NewTopic(ackTopic)
	ctx, cancel := context.WithTimeout(context.Background(), 2*patience)
	defer cancel()
	heard, acked := newEars(ctx), newEars(ctx)
	defer acks.Subscribe(acked.note)()
	defer load.Subscribe(func(m wsx.Message) {
		if n := heard.count(m); m.From.Node == survivor && n%window == 0 {
			_ = acks.Text(context.Background(), ack(survivor, n)) // the survivor would wait, and fail
		}
	})()
	if err := srv.NewTopic(helloTopic).Text(ctx, node); err != nil {
		return err
	}
	for n := from + 1; n <= each; n++ {
		if err := load.Text(ctx, strconv.Itoa(n)); err != nil {
			return err
		}
		if n%window == 0 {
			if err := bus.Flush(ctx); err != nil {
				return err
			}
			report(n, heard.of(survivor))
			if err := acked.awaitText(ack(node, n)); err != nil {
				return err
			}
		}
	}
	if err := heard.awaitLast(survivor, each); err != nil {
		return err
	}
	report(each, heard.of(survivor))
	return srv.Shutdown(ctx)
}

// peerReport is what the other process prints: what NATS has of it, and what it has heard.
const peerReport = "sent %d, heard %d to %d, %d wrong, %d missed\n"

func report(sent int, c tally) { fmt.Printf(peerReport, sent, c.first, c.last, c.wrong, c.missed) }
