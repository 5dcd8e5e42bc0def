package load

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/mw"
	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/wsx"
)

// Hostile clients are refused, each in the way that is documented, and the calls of the
// others are answered.
func TestHostile(t *testing.T) {
	packed := zeros(t)
	for transport, connect := range transports() {
		attackAll(t, transport, connect, attacks(packed))
	}
}

func attackAll(t *testing.T, transport string, connect connector, all []attack) {
	t.Helper()
	v := newVillage(t, mw.Rate{PerSecond: 1. / 60, Burst: 50}) // what floods is too fast, however slow everything is
	defer v.close(t)
	neighbours := newNeighbours(t, v, connect)
	defer neighbours.leave(t)
	ctx, cancel := context.WithCancel(t.Context())
	var calls sync.WaitGroup
	calls.Go(func() {
		for ctx.Err() == nil {
			if err := neighbours.call(10); err != nil {
				t.Errorf("%s: %v", transport, err)
			}
		}
	})
	t.Run(transport, func(t *testing.T) {
		for _, a := range all {
			t.Run(a.name, func(t *testing.T) {
				t.Parallel()
				ctx, cancel := context.WithTimeout(ctx, patience)
				defer cancel()
				got, err := a.run(ctx, v)
				if err != nil || !strings.HasPrefix(got, a.want) {
					t.Errorf("refused with %q, %v; want %q", got, err, a.want)
				}
			})
		}
	})
	cancel()
	calls.Wait()
}

// BenchmarkNeighbours measures what hostile clients do to the calls of well-behaved
// ones. Whoever was refused comes back after a second.
func BenchmarkNeighbours(b *testing.B) {
	packed := zeros(b)
	for transport, connect := range transports() {
		b.Run(transport, func(b *testing.B) {
			b.Run("alone", func(b *testing.B) { measureNeighbours(b, connect, nil) })
			b.Run("hostile", func(b *testing.B) { measureNeighbours(b, connect, attacks(packed)) })
		})
	}
}

func measureNeighbours(b *testing.B, connect connector, all []attack) {
	v := newVillage(b, allowed)
	defer v.close(b)
	n := newNeighbours(b, v, connect)
	defer n.leave(b)
	ctx, cancel := context.WithCancel(context.Background())
	var attacking sync.WaitGroup
	for _, a := range all {
		attacking.Go(func() { attackAgain(ctx, v, a) })
	}
	if err := n.call(10); err != nil {
		b.Fatal(err)
	}
	n.forget()
	for b.Loop() {
		if err := n.call(400); err != nil {
			b.Error(err)
		}
	}
	cancel()
	attacking.Wait()
	b.ReportMetric(float64(n.p99()), "p99-ns")
}

func attackAgain(ctx context.Context, v *village, a attack) {
	for ctx.Err() == nil {
		_, _ = a.run(ctx, v)
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
}

// neighbours are well-behaved clients: each makes a call every five milliseconds.
type neighbours struct {
	clients []*tp.Client
	stops   []func() error
	took    [][]time.Duration // by clients
}

const (
	wellBehaved = 16
	pace        = 5 * time.Millisecond
)

// connector connects a client with a number.
type connector func(v *village, number int) (t tp.Transport, stop func() error, err error)

// transports are the ways to call.
func transports() map[string]connector {
	return map[string]connector{"socket": connectSocket, "http": connectHTTP}
}

func connectSocket(v *village, _ int) (tp.Transport, func() error, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	client, err := wsx.Dial(ctx, "ws://"+v.address+socketPath, &wsx.DialOptions{DialTimeout: patience, WriteTimeout: patience, PongTimeout: patience})
	return client, func() error { return client.Stop(context.Background()) }, err
}

func connectHTTP(v *village, number int) (tp.Transport, func() error, error) {
	transport := &http.Transport{}
	client := &http.Client{Transport: from{transport, fmt.Sprintf("198.51.100.%d", number)}}
	stop := func() error { transport.CloseIdleConnections(); return nil }
	return httpx.Transport("http://"+v.address+httpPath, httpx.HTTPClient(client)), stop, nil
}

// from makes requests come from an address, which the village believes.
type from struct {
	http.RoundTripper
	address string
}

func (f from) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("X-Forwarded-For", f.address)
	return f.RoundTripper.RoundTrip(r)
}

func newNeighbours(t testing.TB, v *village, connect connector) *neighbours {
	t.Helper()
	n := &neighbours{took: make([][]time.Duration, wellBehaved)}
	for i := range wellBehaved {
		transport, stop, err := connect(v, i)
		if err != nil {
			t.Fatal(err)
		}
		n.clients = append(n.clients, tp.NewClient(transport, tp.Timeout(patience)))
		n.stops = append(n.stops, stop)
	}
	return n
}

func (n *neighbours) leave(t testing.TB) {
	t.Helper()
	for _, stop := range n.stops {
		if err := stop(); err != nil {
			t.Error(err)
		}
	}
}

// call has each client make so many calls.
func (n *neighbours) call(calls int) error {
	failures := make([]error, len(n.clients))
	var wg sync.WaitGroup
	for i, client := range n.clients {
		wg.Go(func() {
			ticks := time.NewTicker(pace)
			defer ticks.Stop()
			for j := 0; j < calls && failures[i] == nil; j++ {
				<-ticks.C
				start := time.Now()
				_, failures[i] = tp.Call[Done](context.Background(), client, &Work{Text: "hello"})
				n.took[i] = append(n.took[i], time.Since(start))
			}
		})
	}
	wg.Wait()
	return errors.Join(failures...)
}

// forget forgets how long calls took.
func (n *neighbours) forget() { clear(n.took) }

// p99 returns how long the slowest hundredth of calls took at least.
func (n *neighbours) p99() time.Duration {
	all := slices.Sorted(slices.Values(slices.Concat(n.took...)))
	return all[len(all)*99/100]
}
