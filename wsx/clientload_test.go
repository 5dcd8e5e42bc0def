package wsx_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/wsx"
)

// clientRuns counts how often each call has run on a server.
type clientRuns struct {
	mu   sync.Mutex
	runs map[string]int
}

func (r *clientRuns) add(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.runs[name]++
}

func (r *clientRuns) of(name string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.runs[name]
}

// serve answers calls as they finish, and ends the connection after some of them.
func (r *clientRuns) serve(t *testing.T, ws *websocket.Conn) {
	var running sync.WaitGroup
	defer running.Wait()
	for range rand.N(60) {
		request, ok := clientRead(t, ws)
		if !ok {
			return
		}
		running.Go(func() {
			r.add(request.name)
			if rand.N(2) == 0 {
				time.Sleep(rand.N(time.Millisecond))
			}
			clientAnswer(ws, request)
		})
	}
	switch rand.N(4) {
	case 0: // cut
	case 1:
		running.Wait()
		_ = ws.Close(wsx.CodeGoingAway, wsx.ReasonDrained)
	case 2:
		_ = ws.Close(wsx.CodeGoingAway, wsx.ReasonStopped)
	case 3:
		_ = ws.Close(wsx.CodePolicy, "abuse")
	}
}

// Both sides drop connections at random, while many calls are made. Each has one end: its
// own answer after it has run once, or an error that is right about whether it has.
func TestClientLoad(t *testing.T) {
	t.Parallel()
	const clients, callers, calls = 4, 16, 60
	runs := clientRuns{runs: map[string]int{}}
	s := newClientPeer(t, func(ws *websocket.Conn, _ int64) { runs.serve(t, ws) })
	var answered, lost, notRun atomic.Int64
	var load sync.WaitGroup
	for i := range clients {
		c := s.dial(t, func(o *wsx.DialOptions) {
			o.MinBackoff, o.MaxBackoff, o.MaxInFlight = time.Millisecond, 4*time.Millisecond, callers/2
			o.HTTPClient.Transport = &clientDropper{base: o.HTTPClient.Transport}
		})
		for j := range callers {
			load.Go(func() {
				for k := range calls {
					name := fmt.Sprint(i, j, k)
					answer, err := c.RoundTrip(t.Context(), []byte(clientCall(name)))
					failure, isLost := errors.AsType[*wsx.CallLostError](err)
					switch ran := runs.of(name); {
					case err == nil && string(answer) == clientResult(name) && ran == 1:
						answered.Add(1)
					case isLost && failure.MayHaveRun && ran <= 1:
						lost.Add(1)
					case isLost && !failure.MayHaveRun && ran == 0:
						notRun.Add(1)
					default:
						t.Errorf("call %s: got %q, %v, and it has run %d times", name, answer, err, ran)
					}
				}
			})
		}
	}
	load.Wait()
	t.Logf("%d answered, %d lost, %d not run, over %d connections", answered.Load(), lost.Load(), notRun.Load(), s.dials.Load())
	if answered.Load() == 0 || lost.Load() == 0 {
		t.Error("the load met no drops, or nothing else")
	}
	runs.mu.Lock() // calls that were lost may still run
	defer runs.mu.Unlock()
	for name, ran := range runs.runs {
		if ran > 1 {
			t.Errorf("call %s has run %d times", name, ran)
		}
	}
}

// clientDropper makes connections that the client's side cuts after some time.
type clientDropper struct{ base http.RoundTripper }

func (d *clientDropper) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := d.base.RoundTrip(r)
	if err == nil && response.StatusCode == http.StatusSwitchingProtocols {
		conn := &clientFrail{ReadWriteCloser: response.Body.(io.ReadWriteCloser)}
		conn.left.Store(rand.Int64N(300))
		response.Body = conn
	}
	return response, err
}

// clientFrail is a connection that ends after so many reads and writes, some of which it
// does in part.
type clientFrail struct {
	io.ReadWriteCloser
	left atomic.Int64
}

func (c *clientFrail) Read(b []byte) (int, error) {
	if c.left.Add(-1) < 0 {
		return 0, errors.Join(net.ErrClosed, c.Close())
	}
	return c.ReadWriteCloser.Read(b)
}

func (c *clientFrail) Write(b []byte) (int, error) {
	if c.left.Add(-1) < 0 {
		n, _ := c.ReadWriteCloser.Write(b[:rand.N(len(b))])
		return n, errors.Join(net.ErrClosed, c.Close())
	}
	return c.ReadWriteCloser.Write(b)
}

// Servers take turns under load: each is drained, and the next one takes over. No call is
// lost, and none is made twice.
func TestClientRollingStop(t *testing.T) {
	t.Parallel()
	const callers, rounds, each = 32, 5, 160
	runs := clientRuns{runs: map[string]int{}}
	type turn struct {
		*wsx.Endpoint
		calls atomic.Int64
		over  chan struct{} // closed when each calls were made
	}
	begin := func() *turn {
		now := &turn{over: make(chan struct{})}
		api := tp.NewAPI("Rolling")
		tp.RegisterOn(api, func(_ context.Context, in *ClientGreet) (*ClientLine, error) {
			runs.add(in.Subject)
			if now.calls.Add(1) == each {
				close(now.over)
			}
			time.Sleep(rand.N(2 * time.Millisecond))
			return &ClientLine{Text: in.Subject}, nil
		}, tp.Name("fn.roll"))
		now.Endpoint = wsx.Handler(api.MustBuild(tp.NoAuth()), wsx.Drain(time.Minute, time.Millisecond))
		return now
	}
	var current atomic.Pointer[turn]
	current.Store(begin())
	s := newClientServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { current.Load().ServeHTTP(w, r) }))
	transport := s.dial(t, func(o *wsx.DialOptions) { o.MinBackoff, o.MaxBackoff = time.Millisecond, 4*time.Millisecond })
	client := tp.NewClient(transport)
	ctx, stop := context.WithCancel(t.Context())
	var load sync.WaitGroup
	for i := range callers {
		load.Go(func() {
			for k := 0; ctx.Err() == nil; k++ {
				name := fmt.Sprint(i, " ", k)
				line, err := tp.Call[ClientLine](t.Context(), client, &ClientGreet{Subject: name}, tp.Name("fn.roll"))
				if ran := runs.of(name); err != nil || line.Text != name || ran != 1 {
					t.Errorf("call %s: got %v, %v, and it has run %d times", name, line, err, ran)
				}
			}
		})
	}
	for range rounds {
		old := current.Load()
		<-old.over
		current.Store(begin())
		if err := old.Shutdown(t.Context()); err != nil {
			t.Errorf("shutdown: %v", err)
		}
	}
	stop()
	load.Wait()
	t.Logf("%d calls, %+v", len(runs.runs), transport.Stats())
	if got := transport.Stats().Connections; got < rounds {
		t.Errorf("%d connections, want one for each of %d servers", got, rounds)
	}
}

// Both sides drop connections at random, while many publish and call. No message gets to a
// server twice or out of order, and the client knows what has become of each.
func TestClientTopicLoad(t *testing.T) {
	t.Parallel()
	const publishers, messages = 8, 400
	got := make([][]int, publishers) // by publisher
	var mu sync.Mutex
	s := newClientPeer(t, func(ws *websocket.Conn, _ int64) {
		for range rand.N(200) {
			_, data, err := ws.Read(context.Background())
			if err != nil {
				return
			}
			clientWrite(ws, "thanks")
			var publisher, message int
			if _, err := fmt.Sscanf(string(data), "%d %d", &publisher, &message); err != nil {
				clientWrite(ws, "%s", data) // a call, which its own request may answer
				continue
			}
			mu.Lock()
			got[publisher] = append(got[publisher], message)
			mu.Unlock()
		}
	})
	topics := newClientTopics(t)
	c := s.dial(t, topics.use, func(o *wsx.DialOptions) {
		o.MinBackoff, o.MaxBackoff = time.Millisecond, 4*time.Millisecond
		o.HTTPClient.Transport = &clientDropper{base: o.HTTPClient.Transport}
	})
	var load sync.WaitGroup
	for i := range publishers {
		load.Go(func() {
			for k := range messages {
				topics.say(t, fmt.Sprint(i, " ", k))
				if k%4 == 0 {
					_, _ = c.RoundTrip(t.Context(), []byte(clientCall("x")))
				}
			}
		})
	}
	load.Wait()
	if err := c.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	arrived := 0
	mu.Lock()
	defer mu.Unlock()
	for i, numbers := range got {
		arrived += len(numbers)
		for k := 1; k < len(numbers); k++ {
			if numbers[k] <= numbers[k-1] {
				t.Errorf("publisher %d: %d arrived after %d", i, numbers[k], numbers[k-1])
			}
		}
	}
	stats := c.Stats()
	t.Logf("%d of %d messages arrived, %+v", arrived, publishers*messages, stats)
	if stats.Sent+stats.Dropped != publishers*messages || int64(arrived) > stats.Sent || arrived < publishers*messages/8 {
		t.Errorf("%d of %d messages arrived: the numbers of %+v cannot be", arrived, publishers*messages, stats)
	}
	if stats.Connections < 5 || stats.Received == 0 {
		t.Errorf("the load met no drops: %+v", stats)
	}
}
