package load

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/wsx"
)

// callers are the clients of the load.
type callers struct {
	ledger  *ledger
	last    atomic.Int64 // number of a call
	url     func() string
	dropper *dropper
	// hurried callers give some calls no time.
	hurried bool
	// spoilt callers want an answer to every call.
	spoilt bool

	clients []*wsx.Client
	http    *http.Client
	ended   atomic.Int64 // calls whose context ended
	faults  chan error   // the first few
}

func newCallers(l *ledger, d *dropper, url func() string) *callers {
	return &callers{
		ledger: l, dropper: d, url: url,
		http:   &http.Client{Transport: &http.Transport{DialContext: d.dial}},
		faults: make(chan error, 10),
	}
}

// connect makes the clients.
func (c *callers) connect(t testing.TB) {
	t.Helper()
	for range sockets {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		client, err := wsx.Dial(ctx, c.url(), &wsx.DialOptions{
			HTTPClient:   c.http,
			DialTimeout:  patience,
			WriteTimeout: patience,
			PongTimeout:  patience,
			MinBackoff:   5 * time.Millisecond,
			MaxBackoff:   100 * time.Millisecond,
			BeforeDial: func(_ context.Context, attempt *wsx.DialAttempt) error {
				attempt.URL = c.url()
				return nil
			},
		})
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		c.clients = append(c.clients, client)
	}
}

// run makes calls until ctx ends, but one at least in each place, and waits for those that are
// under way.
func (c *callers) run(ctx context.Context) {
	var wg sync.WaitGroup
	for _, client := range c.clients {
		caller := tp.NewClient(client, tp.Timeout(patience))
		for range inFlight {
			wg.Go(func() {
				for more := true; more; more = ctx.Err() == nil {
					c.call(caller, c.last.Add(1))
				}
			})
		}
	}
	wg.Wait()
}

// stop ends the clients.
func (c *callers) stop(t testing.TB) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for _, client := range c.clients {
		if err := client.Stop(ctx); err != nil {
			t.Errorf("a client does not stop: %v", err)
		}
	}
	c.http.CloseIdleConnections()
}

// call makes one call and notes what came of it.
func (c *callers) call(client *tp.Client, id int64) {
	ctx := context.Background()
	if c.hurried && id%101 == 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Duration(id%2000)*time.Microsecond)
		defer cancel()
	}
	work := workOf(id)
	done, err := tp.Call[Done](ctx, client, work)
	if err != nil {
		c.ledger.tell(id, c.told(id, err))
		return
	}
	if done.ID != id || done.Text != work.Text {
		c.fault(fmt.Errorf("call %d got the answer of call %d, with %d bytes of text instead of %d", id, done.ID, len(done.Text), len(work.Text)))
	}
	c.ledger.tell(id, answered)
}

// told returns what an error tells the caller. Errors of any other type are faults.
func (c *callers) told(id int64, err error) told {
	if errors.Is(err, context.DeadlineExceeded) {
		c.ended.Add(1)
	}
	if c.spoilt {
		c.fault(fmt.Errorf("call %d: %w", id, err))
	}
	lost, ok := errors.AsType[*wsx.CallLostError](err)
	switch {
	case ok && lost.MayHaveRun:
		return mayHaveRun
	case ok:
		return notRun
	case !errors.Is(err, context.DeadlineExceeded):
		c.fault(fmt.Errorf("call %d: %w", id, err))
	}
	return mayHaveRun
}

func (c *callers) fault(err error) {
	select {
	case c.faults <- err:
	default:
	}
}

// report fails the test for faults, and for answers that nobody waits for: each call
// that was given up may leave one.
func (c *callers) report(t testing.TB) {
	t.Helper()
	for len(c.faults) > 0 {
		t.Error(<-c.faults)
	}
	var stats wsx.ClientStats
	for _, client := range c.clients {
		s := client.Stats()
		stats.Connections += s.Connections
		stats.Resent += s.Resent
		stats.Strays += s.Strays
	}
	t.Logf("connections: %d, requests sent again: %d, answers that came too late: %d", stats.Connections, stats.Resent, stats.Strays)
	if stats.Strays > c.ended.Load() {
		t.Errorf("%d answers came that nobody waited for, and %d calls were given up", stats.Strays, c.ended.Load())
	}
}
