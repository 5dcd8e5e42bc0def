package wsx_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/wsx"
)

// subscribed waits until what was subscribed to with the connection is in place.
func (p *peer) subscribed() {
	p.t.Helper()
	p.send(fin|opPing, "")
	p.want(fin|opPong, "")
}

// TestMixedTold: requests are told from other messages by how they begin.
func TestMixedTold(t *testing.T) {
	t.Parallel()
	const (
		typed   = `[{"@topic":"room"},{"struct.Price":{"symbol":"A","cents":1}}]`
		unknown = `[{"@id_":1},{"ErrorInvalidRequestBody_":{"cases":[{"path":["Ok_"],"reason":{"FunctionUnknown":{}}}]}}]`
	)
	tests := []struct {
		name string
		op   byte
		sent string
		want heard
	}{
		{"request", opText, greetAnn, heard{fin | opText, greetedAnn}},
		{"request after white space", opText, " \t\r\n" + greetAnn, heard{fin | opText, greetedAnn}},
		{"request in a binary message", opBinary, greetAnn, heard{fin | opText, greetedAnn}},
		{"request with headers", opText, `[{"@id_":"@topic"},{"fn.greet":{"subject":"Ann"}}]`,
			heard{fin | opText, `[{"@id_":"@topic"},{"Ok_":{"message":"Hello Ann!"}}]`}},
		{"list", opText, `[1,2]`, heard{fin | opText, garbage}},
		{"list alone", opText, `[`, heard{fin | opText, garbage}},
		{"MessagePack of two", opBinary, "\x92\x01\x02", heard{fin | opText, garbage}},
		{"CBOR of two", opBinary, "\x82\x01\x02", heard{fin | opText, garbage}},
		{"text", opText, "hello", heard{fin | opText, "hello"}},
		{"empty text", opText, "", heard{fin | opText, ""}},
		{"white space", opText, " \n", heard{fin | opText, " \n"}},
		{"object", opText, `{"type":"x"}`, heard{fin | opText, `{"type":"x"}`}},
		{"bytes", opBinary, "\x93\x01", heard{fin | opBinary, "\x93\x01"}},
		{"bytes like white space", opBinary, " " + greetAnn, heard{fin | opBinary, " " + greetAnn}},
		{"no bytes", opBinary, "", heard{fin | opBinary, ""}},
		{"value", opText, typed, heard{fin | opText, typed}},
		{"value with the id of somebody's call", opText, `[{"@topic":"room","@id_":1},{"Ok_":{}}]`, heard{fin | opText, unknown}},
		{"value with such an id in disguise", opText, `[{"@topic":"room","\u0040id_":1},{"Ok_":{}}]`, heard{fin | opText, unknown}},
		{"value whose headers cannot be read", opText, `[{"@topic":"room",},{}]`, heard{fin | opText, garbage}},
		{"value with white space", opText, " [ { \"@topic\" : \"room\"},{}]", heard{fin | opText, " [ { \"@topic\" : \"room\"},{}]"}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			srv := wsx.NewServer()
			p := newSite(t, srv.New(wsx.Room(srv.NewTopic("room")), wsx.Calls(build(t)))).dial()
			p.subscribed()
			p.send(fin|tc.op, tc.sent)
			if got := p.hear(); got != tc.want {
				t.Errorf("heard %v, want %v", got, tc.want)
			}
		})
	}
}

// TestMixedUnheard: a feed with calls does with other messages what a feed does.
func TestMixedUnheard(t *testing.T) {
	t.Parallel()
	srv := wsx.NewServer()
	news := srv.NewTopic("news")
	p := newSite(t, srv.New(wsx.Push(news), wsx.Calls(build(t)))).dial()
	p.send(fin|opText, "nobody hears this")
	p.asks(greetAnn, greetedAnn)
	strict := newSite(t, srv.New(wsx.Push(news), wsx.Calls(build(t)), wsx.RefuseMessages())).dial()
	strict.asks(greetAnn, greetedAnn)
	strict.send(fin|opText, "nobody hears this")
	strict.wantClose(wsx.CodePolicy, wsx.ReasonUnheard)
}

// TestCallsAlone: an endpoint for calls answers every message as a request, typed or not.
func TestCallsAlone(t *testing.T) {
	t.Parallel()
	p := newSite(t, wsx.NewServer().Handler(build(t))).dial()
	p.asks("hello", garbage)
	p.send(fin|opText, `[{"@topic":"prices"},{"struct.Price":{}}]`)
	if got := p.hear(); got.op != fin|opText {
		t.Errorf("heard %v, want an answer", got)
	}
}

// desk is an API whose functions reach their callers.
type desk struct {
	srv  *wsx.Server
	news *wsx.Topic
	last atomic.Pointer[wsx.Remote] // who follows
}

type (
	Follow  struct{}
	Tell    struct{ Greet }
	HangUp  struct{}
	Nothing struct{}
)

func newDesk(options ...wsx.ServerOption) *desk {
	srv := wsx.NewServer(options...)
	return &desk{srv: srv, news: srv.NewTopic("news")}
}

func (d *desk) follow(ctx context.Context, _ Follow) (Nothing, error) {
	r := wsx.RemoteOf(ctx)
	d.last.Store(r)
	return Nothing{}, r.Subscribe(d.news)
}

func (d *desk) leave(ctx context.Context, _ Nothing) (Nothing, error) {
	wsx.RemoteOf(ctx).Unsubscribe(d.news)
	return Nothing{}, nil
}

func (d *desk) tell(ctx context.Context, in Tell) (Nothing, error) {
	return Nothing{}, wsx.RemoteOf(ctx).Out().Text(ctx, in.Subject)
}

func (d *desk) hangUp(ctx context.Context, _ HangUp) (Nothing, error) {
	wsx.RemoteOf(ctx).Close(4001, "as asked")
	return Nothing{}, nil
}

// register gives an API the desk's functions.
func (d *desk) register(api *tp.API) {
	tp.RegisterOn(api, d.follow, tp.Name("fn.follow"))
	tp.RegisterOn(api, d.leave, tp.Name("fn.leave"))
	tp.RegisterOn(api, d.tell, tp.Name("fn.tell"))
	tp.RegisterOn(api, d.hangUp, tp.Name("fn.hangUp"))
}

func (d *desk) server(t testing.TB) *tp.Server {
	t.Helper()
	api := tp.NewAPI("desk", tp.NoAuth())
	d.register(api)
	tp.RegisterOn(api, greet)
	srv, err := api.Build()
	if err != nil {
		t.Fatal(err)
	}
	return srv
}

const (
	follow = `[{},{"fn.follow":{}}]`
	leave  = `[{},{"fn.leave":{}}]`
	hangUp = `[{},{"fn.hangUp":{}}]`
	done   = `[{},{"Ok_":{}}]`
)

// TestRemoteOfCallers: a function subscribes its caller, writes to it, and hangs up, on
// whatever endpoint the call came in.
func TestRemoteOfCallers(t *testing.T) {
	t.Parallel()
	modes := []struct {
		name    string
		options func(*desk) []wsx.Option
	}{
		{"calls", func(*desk) []wsx.Option { return nil }},
		{"push", func(d *desk) []wsx.Option { return []wsx.Option{wsx.Push(d.srv.NewTopic("other"))} }},
		{"accept", func(d *desk) []wsx.Option { return []wsx.Option{wsx.Accept(d.srv.NewTopic("other"))} }},
	}
	for _, mode := range modes {
		t.Run(mode.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := newDesk()
				d.serves(t, newSite(t, d.srv.New(append(mode.options(d), wsx.Calls(d.server(t)))...)))
			})
		})
	}
}

// serves makes calls of the functions.
func (d *desk) serves(t *testing.T, s *site) {
	p, other := s.dial(), s.dial()
	p.asks(follow, done)
	p.asks(follow, done) // once is enough
	d.say(t, "one")
	p.want(fin|opText, "one")
	p.send(fin|opText, `[{},{"fn.tell":{"subject":"psst"}}]`)
	p.want(fin|opText, "psst")
	p.want(fin|opText, done)
	p.asks(leave, done)
	d.say(t, "two")
	p.asks(greetAnn, greetedAnn) // two has not come
	p.send(fin|opText, hangUp)
	p.wantClose(4001, "as asked")
	other.asks(greetAnn, greetedAnn)
	synctest.Wait()
	wantGone(t, d.last.Load(), d.news)
}

// say publishes news.
func (d *desk) say(t testing.TB, text string) {
	t.Helper()
	if err := d.news.Text(context.Background(), text); err != nil {
		t.Error(err)
	}
}

// wantGone fails unless a connection is known to have ended.
func wantGone(t *testing.T, r *wsx.Remote, topic *wsx.Topic) {
	t.Helper()
	if err := r.Subscribe(topic); !errors.Is(err, wsx.ErrGone) {
		t.Errorf("Subscribe after the end: %v, want ErrGone", err)
	}
	if err := r.Out().Text(t.Context(), "late"); !errors.Is(err, wsx.ErrGone) {
		t.Errorf("Out after the end: %v, want ErrGone", err)
	}
	r.Unsubscribe(topic)
	r.Close(4000, "late")
}

// TestRemoteOfNobody: calls that came in otherwise have no connection.
func TestRemoteOfNobody(t *testing.T) {
	t.Parallel()
	if r := wsx.RemoteOf(t.Context()); r != nil {
		t.Errorf("a context without a call has %v", r)
	}
	d := newDesk()
	api := tp.NewAPI("", tp.NoAuth())
	tp.RegisterOn(api, func(ctx context.Context, _ Nothing) (Nothing, error) {
		if wsx.RemoteOf(ctx) != nil {
			t.Error("a call in the process has a connection")
		}
		return Nothing{}, d.news.Text(ctx, "called")
	}, tp.Name("fn.call"))
	srv, err := api.Build()
	if err != nil {
		t.Fatal(err)
	}
	reply := srv.Process(t.Context(), []byte(`[{},{"fn.call":{}}]`))
	defer reply.Release()
	if got := string(reply.Bytes); got != done {
		t.Errorf("the answer is %s", got)
	}
}

// TestMixedWithAuth: who may follow the news is for the API to say, call by call.
func TestMixedWithAuth(t *testing.T) {
	t.Parallel()
	d := newDesk()
	api := tp.NewAPI("guarded", tp.Auth(tp.UnionOf[Credentials](Session{}), func(_ context.Context, c Credentials) (*user, error) {
		if s, ok := c.(Session); ok && s.Token != "" {
			return &user{name: s.Token}, nil
		}
		return nil, errors.New("nobody")
	}))
	d.register(api)
	srv, err := api.Build()
	if err != nil {
		t.Fatal(err)
	}
	weather := d.srv.NewTopic("weather")
	p := newSite(t, d.srv.New(wsx.Push(weather), wsx.Calls(srv))).dial()
	p.subscribed()
	p.asks(follow, unauthenticated)
	d.say(t, "for members")
	if err := weather.Text(t.Context(), "for all"); err != nil {
		t.Error(err)
	}
	p.want(fin|opText, "for all")
	p.asks(`[{"@auth_":{"Session":{"token":"ann"}}},{"fn.follow":{}}]`, done)
	d.say(t, "for members")
	p.want(fin|opText, "for members")
}

// TestMixedAuthTimeout: a client that only listens is one that has not said who it is.
func TestMixedAuthTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := wsx.NewServer()
		s := newSite(t, srv.New(wsx.Push(srv.NewTopic("news")), wsx.Calls(guarded(t, 0)), wsx.Credentials(fromHeader)))
		listener, known := s.dial(), s.dial("Token: ann")
		time.Sleep(10 * time.Second)
		listener.wantClose(wsx.CodePolicy, wsx.ReasonAuthTimeout)
		known.asks(who, is("ann"))
	})
}

// TestMixedDrain: a call that runs when the server stops is answered, after what it pushes,
// and only then is the connection closed.
func TestMixedDrain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate()
		srv := wsx.NewServer()
		news := srv.NewTopic("news")
		e := srv.New(wsx.Room(news), wsx.Calls(g.server(t)))
		p := newSite(t, e).dial()
		p.send(fin|opText, request("greet", "running"))
		synctest.Wait()
		result := stopping(e, time.Minute)
		synctest.Wait()
		if err := news.Text(t.Context(), "going"); err != nil {
			t.Error(err)
		}
		p.want(fin|opText, "going")
		p.send(fin|opText, request("greet", "late")) // is not taken any more
		close(g.open)
		p.want(fin|opText, answer("running"))
		p.wantClose(wsx.CodeGoingAway, wsx.ReasonDrained)
		wantResult(t, result, nil)
	})
}

// TestMixedBackPressure: while as many calls run as may, nothing more is read, and pushes
// still come.
func TestMixedBackPressure(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate()
		srv := wsx.NewServer()
		room := srv.NewTopic("room")
		p := newSite(t, srv.New(wsx.Room(room), wsx.Calls(g.server(t)), wsx.MaxInFlight(2))).dial()
		p.send(fin|opText, request("greet", "1"))
		p.send(fin|opText, request("greet", "2"))
		synctest.Wait()
		go p.try(masked(fin|opText, "waits"))
		synctest.Wait()
		if err := room.Text(t.Context(), "push"); err != nil {
			t.Error(err)
		}
		p.want(fin|opText, "push")
		close(g.open)
		got := map[heard]bool{p.hear(): true, p.hear(): true, p.hear(): true}
		want := map[heard]bool{{fin | opText, answer("1")}: true, {fin | opText, answer("2")}: true, {fin | opText, "waits"}: true}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(heard{})); diff != "" {
			t.Errorf("heard (-want +got):\n%s", diff)
		}
	})
}

// TestMixedClients: a client of functions is not confused by what is pushed between its
// answers, in any format, and what is pushed keeps its order.
func TestMixedClients(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		edit    func(*wsx.DialOptions)
		options []tp.ClientOption
	}{
		{"JSON", func(*wsx.DialOptions) {}, nil},
		{"binary", func(o *wsx.DialOptions) {}, []tp.ClientOption{tp.Binary(tp.BinaryAlways), tp.Packed()}},
		{"CBOR", func(o *wsx.DialOptions) { o.AcceptCBOR = true }, []tp.ClientOption{tp.Binary(tp.BinaryAlways)}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk()
			prices := wsx.TopicOf[Price](d.srv.NewTopic("prices"))
			e := d.srv.New(wsx.Push(prices.Topic()), wsx.Calls(d.server(t)), wsx.Compression(), wsx.Queue(1<<20, 1<<30))
			inbox := wsx.NewServer().NewTopic("inbox")
			var got received[int64]
			stop := wsx.TopicOf[Price](inbox).Subscribe(func(p Price, _ wsx.Message) { got.add(p.Cents) })
			defer stop()
			transport := newClientServer(t, e).dial(t, tc.edit, func(o *wsx.DialOptions) { o.Inbox = []*wsx.Topic{inbox} })
			client := tp.NewClient(transport, tc.options...)
			if _, err := tp.Call[Nothing](t.Context(), client, &Follow{}); err != nil {
				t.Fatal(err)
			}
			const pushes, callers, calls = 500, 4, 50
			var all sync.WaitGroup
			all.Go(func() {
				for i := range int64(pushes) {
					if err := prices.Publish(t.Context(), Price{Symbol: "ABC", Cents: i}); err != nil {
						t.Error(err)
					}
				}
			})
			for caller := range callers {
				all.Go(func() {
					for i := range calls {
						subject := fmt.Sprintf("%d of %d", i, caller)
						answer, err := tp.Call[Greeting](t.Context(), client, &Greet{Subject: subject})
						if err != nil || answer.Message != "Hello "+subject+"!" {
							t.Errorf("call %s: %+v, %v", subject, answer, err)
							return
						}
					}
				})
			}
			all.Wait()
			for i, p := range got.await(t, pushes) {
				if p != int64(i) {
					t.Fatalf("push %d is %d", i, p)
				}
			}
			if stats := transport.Stats(); stats.Strays != 0 {
				t.Errorf("%d messages answer no call", stats.Strays)
			}
		})
	}
}

// received collects values that come on some goroutine.
type received[T any] struct {
	mu     sync.Mutex
	values []T
	come   chan struct{} // made by who waits
}

func (r *received[T]) add(v T) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.values = append(r.values, v)
	if r.come != nil {
		close(r.come)
		r.come = nil
	}
}

// await returns the first n values.
func (r *received[T]) await(t testing.TB, n int) []T {
	t.Helper()
	timeout := time.After(time.Minute)
	for {
		r.mu.Lock()
		if len(r.values) >= n {
			defer r.mu.Unlock()
			return r.values[:n]
		}
		r.come = make(chan struct{})
		come, have := r.come, len(r.values)
		r.mu.Unlock()
		select {
		case <-come:
		case <-timeout:
			t.Fatalf("%d of %d have come", have, n)
		}
	}
}
