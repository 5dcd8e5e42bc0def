package natsbus_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/telestruct/telestruct/wsx"
	"github.com/telestruct/telestruct/wsx/natsbus"
)

// survivor is the node of the process that lives to the end.
const survivor = "survivor"

// TestModes12TwoProcesses has two processes exchange 100,000 messages on one NATS server.
// One of them is killed in the middle, and goes on as a new process.
func TestModes12TwoProcesses(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
	defer cancel()
	c := newCluster(t, 0)
	bus := c.join()
	srv := wsx.NewServer(wsx.WithBus(bus), wsx.NodeName(survivor))
	defer func() {
		if err := srv.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	p := &pair{t: t, ctx: ctx, cluster: c, load: srv.NewTopic(loadTopic), acks: srv.NewTopic(ackTopic),
		heard: newEars(ctx), acked: newEars(ctx), hello: newEars(ctx), killing: make(chan struct{})}
	defer p.acks.Subscribe(p.acked.note)()
	defer srv.NewTopic(helloTopic).Subscribe(p.hello.note)()
	defer p.load.Subscribe(p.hear)()
	start := time.Now()

	var publishing sync.WaitGroup
	defer publishing.Wait()
	first := p.start("peer-1", 0)
	p.must(p.hello.awaitText("peer-1"))
	publishing.Go(func() { p.publish(1, each/2, "peer-1") })
	p.awaitKilling()
	first.kill()
	p.release("peer-1")
	publishing.Wait()
	p.publish(each/2+1, each*7/10, "")
	p.settle(bus)
	reached := p.heard.of("peer-1")

	second := p.start("peer-2", reached.last)
	p.must(p.hello.awaitText("peer-2"))
	p.publish(each*7/10+1, each, "peer-2")
	second.wait()
	p.must(p.heard.awaitLast("peer-2", each))
	took := time.Since(start)

	p.want(survivor, 1, each)
	p.want("peer-1", 1, reached.last)
	p.want("peer-2", reached.last+1, each)
	if sent := first.last().sent; reached.last < sent {
		t.Errorf("%d messages of the process that was killed have arrived; NATS had %d of them", reached.last, sent)
	}
	first.check("peer-1", 1)
	second.check("peer-2", each*7/10+1)
	if got := second.last().heard.last; got != each {
		t.Errorf("the second process has heard up to %d, want %d", got, each)
	}
	t.Logf("%d messages in %v: %d of the survivor, %d of the process killed, %d of its successor; none lost, repeated or out of order",
		each+each, took.Round(time.Millisecond), each, reached.last, each-reached.last)
	t.Logf("the process killed has heard %d at its last report, its successor %d", first.last().heard.count(), second.last().heard.count())
}

// pair is the process that survives, and what it knows of the other.
type pair struct {
	t                   *testing.T
	ctx                 context.Context
	cluster             *cluster
	load, acks          *wsx.Topic
	heard, acked, hello *ears
	killing             chan struct{} // closed in the middle
}

func (p *pair) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// awaitKilling returns when the first process is to be killed.
func (p *pair) awaitKilling() {
	p.t.Helper()
	select {
	case <-p.killing:
	case <-p.ctx.Done():
		p.t.Fatal("the other process does not get on")
	}
}

// killAt is the message after which the first process is killed: not the last of a window.
const killAt = 20_500

// hear takes a message of the load.
func (p *pair) hear(m wsx.Message) {
	n := p.heard.count(m)
	switch {
	case m.From.Node == survivor:
	case n%window == 0:
		if err := p.acks.Text(context.Background(), ack(m.From.Node, n)); err != nil {
			p.t.Error(err)
		}
	case n == killAt && m.From.Node == "peer-1":
		close(p.killing)
	}
}

// publish publishes messages, a window at a time: it is heard here, and by the other
// process where there is one.
func (p *pair) publish(from, to int, other string) {
	for n := from; n <= to; n++ {
		if err := p.load.Text(context.Background(), strconv.Itoa(n)); err != nil {
			p.t.Error(err)
		}
		if n%window == 0 {
			err := errors.Join(p.heard.awaitLast(survivor, n), p.acked.await(func() bool {
				return other == "" || p.acked.texts[ack(survivor, n)] || p.acked.texts[gone(other)]
			}))
			if err != nil {
				p.t.Error(err)
				return
			}
		}
	}
}

// gone is noted for a process that nobody waits for any more.
func gone(node string) string { return node + " is gone" }

func (p *pair) release(node string) { p.acked.note(wsx.Message{Data: []byte(gone(node))}) }

// settle waits until all that the killed process has sent has been heard.
func (p *pair) settle(bus *natsbus.Bus) {
	p.t.Helper()
	await(p.t, "the end of its connection", func() bool { return p.cluster.server.NumClients() == 1 })
	const marker = "marker"
	err := bus.Publish(p.t.Context(), &wsx.BusMessage{
		To: wsx.Address{Topic: loadTopic}, Node: marker, From: wsx.ID{Node: marker}, Data: []byte("1"),
	})
	if err != nil {
		p.t.Fatal(err)
	}
	p.must(p.heard.awaitLast(marker, 1))
}

// want fails unless all messages of a node were heard, once and in order.
func (p *pair) want(node string, first, last int) {
	p.t.Helper()
	if got, want := p.heard.of(node), (tally{first: first, last: last}); got != want {
		p.t.Errorf("heard of %s: %+v, want %+v", node, got, want)
	}
}

// process is the other process, and what it has printed.
type process struct {
	t       *testing.T
	cmd     *exec.Cmd
	reading sync.WaitGroup

	mu      sync.Mutex
	reports []peerState
}

type peerState struct {
	sent  int
	heard tally
}

func (p *pair) start(node string, from int) *process {
	p.t.Helper()
	cmd := exec.CommandContext(p.ctx, os.Args[0])
	cmd.Env = append(os.Environ(), peerVariable+"="+p.cluster.server.ClientURL(), nodeVariable+"="+node, fmt.Sprintf("%s=%d", fromVariable, from))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	other := &process{t: p.t, cmd: cmd}
	other.reading.Go(func() { other.read(out) })
	return other
}

func (p *process) read(out io.Reader) {
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return // the last line may be cut off
		}
		var s peerState
		if _, err := fmt.Fscanf(strings.NewReader(line), peerReport, &s.sent, &s.heard.first, &s.heard.last, &s.heard.wrong, &s.heard.missed); err != nil {
			p.t.Errorf("%q: %v", line, err)
		}
		p.mu.Lock()
		p.reports = append(p.reports, s)
		p.mu.Unlock()
	}
}

func (p *process) kill() {
	p.t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		p.t.Fatal(err)
	}
	p.reading.Wait()
	_ = p.cmd.Wait() // it was killed
}

func (p *process) wait() {
	p.t.Helper()
	p.reading.Wait()
	if err := p.cmd.Wait(); err != nil {
		p.t.Fatal(err)
	}
}

func (p *process) last() peerState {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.reports) == 0 {
		return peerState{}
	}
	return p.reports[len(p.reports)-1]
}

// check fails unless the process has heard all from some message on, once and in order.
func (p *process) check(name string, first int) {
	p.t.Helper()
	if got := p.last().heard; got.first != first || got.wrong > 0 || got.missed > 0 || got.last < first {
		p.t.Errorf("%s has heard %+v, want all from %d on", name, got, first)
	}
}
