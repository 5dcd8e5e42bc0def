package wsx_test

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/wsx"
)

// gate is a function that lets calls in one by one, as the test says.
type gate struct {
	open    chan struct{}
	entered chan string
}

func newGate() *gate { return &gate{open: make(chan struct{}), entered: make(chan string, 1000)} }

func (g *gate) greet(ctx context.Context, in Greet) (Greeting, error) {
	g.entered <- in.Subject
	select {
	case <-g.open:
		return Greeting{Message: in.Subject}, nil
	case <-ctx.Done():
		return Greeting{Message: "given up"}, nil
	}
}

func (g *gate) server(t testing.TB, options ...tp.Option) *tp.Server {
	t.Helper()
	api := tp.NewAPI("gate", tp.NoAuth())
	tp.RegisterOn(api, g.greet)
	tp.RegisterOn(api, greet, tp.Name("fn.greetNow"))
	srv, err := api.Build(options...)
	if err != nil {
		t.Fatal(err)
	}
	return srv
}

func request(fn, subject string) string {
	return fmt.Sprintf(`[{"@id_":%q},{"fn.%s":{"subject":%q}}]`, subject, fn, subject)
}

func answer(subject string) string {
	return fmt.Sprintf(`[{"@id_":%q},{"Ok_":{"message":%q}}]`, subject, subject)
}

func TestCall(t *testing.T) {
	t.Parallel()
	p := newSite(t, wsx.Handler(build(t))).dial()
	for range 3 {
		p.send(fin|opText, greetAnn)
		p.want(fin|opText, greetedAnn)
	}
	long := strings.Repeat("a", 100_000)
	p.send(fin|opText, `[{},{"fn.greet":{"subject":"`+long+`"}}]`)
	p.want(fin|opText, `[{},{"Ok_":{"message":"Hello `+long+`!"}}]`)
	p.send(fin|opText, `[{"@id_":7},{"fn.nothing":{}}]`)
	if got := p.hear().payload; !strings.Contains(got, `"@id_":7`) || !strings.Contains(got, "FunctionUnknown") {
		t.Errorf("heard %s", got)
	}
	p.send(fin|opClose, closing(1000, "bye"))
	p.want(fin|opClose, closing(1000, ""))
	p.wantEnd()
}

func TestAnswersAsTheyFinish(t *testing.T) {
	t.Parallel()
	g := newGate()
	p := newSite(t, wsx.Handler(g.server(t))).dial()
	p.send(fin|opText, request("greet", "slow"))
	p.send(fin|opText, request("greetNow", "fast"))
	p.want(fin|opText, `[{"@id_":"fast"},{"Ok_":{"message":"Hello fast!"}}]`)
	close(g.open)
	p.want(fin|opText, answer("slow"))
}

// TestMaxInFlight sees that nothing is read while as many calls run as may, not even a
// ping, and that it goes on when one has ended.
func TestMaxInFlight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate()
		p := newSite(t, wsx.Handler(g.server(t), wsx.MaxInFlight(2))).dial()
		p.send(fin|opText, request("greet", "a"))
		p.send(fin|opText, request("greet", "b"))
		sent := make(chan struct{})
		go func() {
			defer close(sent)
			p.send(fin|opText, request("greet", "c"))
			p.send(fin|opText, request("greet", "d"))
		}()
		synctest.Wait()
		if got := len(g.entered); got != 2 {
			t.Errorf("%d calls run, want 2", got)
		}
		select {
		case <-sent:
			t.Error("two more calls were read")
		default:
		}
		for range 4 {
			g.open <- struct{}{}
			p.hear()
			synctest.Wait()
		}
		<-sent
		if got := len(g.entered); got != 4 {
			t.Errorf("%d calls ran, want 4", got)
		}
	})
}

// TestEveryCallAnswered has many calls in flight on many connections, with answers that
// are small and large.
func TestEveryCallAnswered(t *testing.T) {
	t.Parallel()
	const connections, each = 8, 200
	s := newSite(t, wsx.Handler(build(t), wsx.Queue(4, 10_000), unpinged()))
	var all sync.WaitGroup
	for range connections {
		p := s.dial()
		all.Go(func() {
			for i := range each {
				p.send(fin|opText, fmt.Sprintf(`[{"@id_":%d},{"fn.greet":{"subject":"%s"}}]`, i, strings.Repeat("x", i*50)))
			}
		})
		all.Go(func() {
			missing := map[float64]bool{}
			for i := range each {
				missing[float64(i)] = true
			}
			for range each {
				var message []map[string]any
				if err := json.Unmarshal([]byte(p.hear().payload), &message); err != nil {
					t.Error(err)
					return
				}
				id := message[0]["@id_"].(float64)
				text := message[1]["Ok_"].(map[string]any)["message"].(string)
				if !missing[id] || len(text) != int(id)*50+len("Hello !") {
					t.Errorf("answer %v has %d bytes, or came before", id, len(text))
				}
				delete(missing, id)
			}
		})
	}
	all.Wait()
}

// TestCallsEndWithTheConnection sees that the context of a call ends when its caller has
// gone, and that the connection is not over before its calls are.
func TestCallsEndWithTheConnection(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate()
		seen := &ledger{}
		p := newSite(t, wsx.Handler(g.server(t), wsx.Observe(seen))).dial()
		p.send(fin|opText, request("greet", "a"))
		synctest.Wait()
		if got := seen.closedCodes(); len(got) != 0 {
			t.Errorf("closed with %v while a call runs", got)
		}
		p.cut()
		synctest.Wait()
		if got := fmt.Sprint(seen.closedCodes()); got != "[1006]" {
			t.Errorf("closed with %v, want [1006]", got)
		}
	})
}

// TestPeer sees that all calls of a connection name the same one, and keep what they
// keep with it.
// TestGoexit has a handler that ends its goroutine, as those do in which a test fails.
func TestGoexit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := tp.NewAPI("gone", tp.NoAuth())
		tp.RegisterOn(api, func(context.Context, Greet) (Greeting, error) {
			runtime.Goexit()
			return Greeting{}, nil
		}, tp.Name("fn.gone"))
		srv, err := api.Build()
		if err != nil {
			t.Fatal(err)
		}
		e := wsx.Handler(srv)
		p := newSite(t, e).dial()
		p.send(fin|opText, `[{},{"fn.gone":{"subject":""}}]`)
		p.wantClose(1011, "")
		shut(t, e) // nothing is waited for
	})
}

func TestPeer(t *testing.T) {
	t.Parallel()
	type key struct{}
	api := tp.NewAPI("count", tp.NoAuth())
	tp.RegisterOn(api, func(ctx context.Context, _ Greet) (Greeting, error) {
		count := tp.PeerOf(ctx).Connection.Value(key{}, func() any { return new(int) }).(*int)
		*count++
		return Greeting{Message: fmt.Sprint(*count)}, nil
	}, tp.Name("fn.greet"))
	srv, err := api.Build()
	if err != nil {
		t.Fatal(err)
	}
	s := newSite(t, wsx.Handler(srv))
	p, other := s.dial(), s.dial()
	for _, want := range []string{"1", "2", "3"} {
		p.send(fin|opText, greetAnn)
		p.want(fin|opText, `[{},{"Ok_":{"message":"`+want+`"}}]`)
	}
	other.send(fin|opText, greetAnn)
	other.want(fin|opText, `[{},{"Ok_":{"message":"1"}}]`)
}

func TestAbuse(t *testing.T) {
	t.Parallel()
	api := tp.NewAPI("abuse", tp.NoAuth())
	tp.RegisterOn(api, func(ctx context.Context, in Greet) (Greeting, error) {
		tp.PeerOf(ctx).Connection.Abuse(in.Subject)
		return Greeting{}, nil
	}, tp.Name("fn.greet"))
	srv, err := api.Build()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, reason, want string }{
		{"words", "rate limit exceeded", "rate limit exceeded"},
		{"none", "", ""},
		{"too many", strings.Repeat("ä", 100), strings.Repeat("ä", 61)},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := newSite(t, wsx.Handler(srv)).dial()
			p.send(fin|opText, `[{},{"fn.greet":{"subject":"`+tc.reason+`"}}]`)
			p.wantClose(1008, tc.want)
		})
	}
}

// TestBinary calls in both binary formats, with the encodings of a first answer.
func TestBinary(t *testing.T) {
	t.Parallel()
	s := newSite(t, wsx.Handler(build(t)))
	p := s.dial()
	p.send(fin|opText, `[{"@bin_":[]},{"fn.greet":{"subject":"Ann"}}]`)
	first := p.hear()
	if first.op != fin|opBinary || first.payload[0] != 0x92 {
		t.Fatalf("heard %v, want MessagePack", first)
	}
	p.send(fin|opBinary, first.payload) // an answer is no request
	if got := p.hear(); got.op != fin|opText {
		t.Errorf("heard %v, want a text", got)
	}
}

// TestMessagesAreNotMixed sees that a message does not change while its call runs.
func TestMessagesAreNotMixed(t *testing.T) {
	t.Parallel()
	g := newGate()
	p := newSite(t, wsx.Handler(g.server(t))).dial()
	const n = 50
	for i := range n {
		p.send(fin|opText, request("greet", fmt.Sprint("caller", i)))
	}
	close(g.open)
	missing := map[string]bool{}
	for i := range n {
		missing[answer(fmt.Sprint("caller", i))] = true
	}
	for range n {
		delete(missing, p.hear().payload)
	}
	if len(missing) > 0 {
		t.Errorf("no answer like %v", missing)
	}
}
