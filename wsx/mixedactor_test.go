package wsx_test

import (
	"context"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/wsx"
)

// Nudge is what a function posts to the actor of its caller.
type Nudge struct{ Text string }

// nudging returns an API whose functions reach the actor of their caller.
func nudging(t testing.TB) *tp.Server {
	t.Helper()
	api := tp.NewAPI("nudging", tp.NoAuth())
	tp.RegisterOn(api, greet)
	tp.RegisterOn(api, func(ctx context.Context, in Greet) (Nothing, error) {
		return Nothing{}, wsx.RemoteOf(ctx).Post(Nudge{in.Subject})
	}, tp.Name("fn.nudge"))
	tp.RegisterOn(api, func(ctx context.Context, in Greet) (Nothing, error) {
		return Nothing{}, wsx.RemoteOf(ctx).In().Text(ctx, in.Subject)
	}, tp.Name("fn.speak"))
	tp.RegisterOn(api, func(ctx context.Context, _ HangUp) (Nothing, error) {
		wsx.RemoteOf(ctx).Close(4002, "as asked")
		return Nothing{}, nil
	}, tp.Name("fn.hangUp"))
	srv, err := api.Build()
	if err != nil {
		t.Fatal(err)
	}
	return srv
}

// echo is an actor that says what it hears.
func echo() wsx.Option {
	return wsx.Actor(wsx.Start(Guest{}),
		wsx.On(func(c *wsx.Conn, text string, s Guest) (Guest, error) {
			c.Reply("heard " + text)
			return s, nil
		}),
		wsx.On(func(c *wsx.Conn, m Nudge, s Guest) (Guest, error) {
			c.Reply("nudged " + m.Text)
			return s, nil
		}),
	)
}

// hears fails unless the next two messages are these, in any order.
func (p *peer) hears(one, other string) {
	p.t.Helper()
	first, second := p.hear(), p.hear()
	if first.payload == other {
		first, second = second, first
	}
	if first != (heard{fin | opText, one}) || second != (heard{fin | opText, other}) {
		p.t.Fatalf("heard %v and %v, want %q and %q", first, second, one, other)
	}
}

// TestActorAndCalls: requests are answered, and all else is the actor's, which functions
// can reach.
func TestActorAndCalls(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := wsx.NewServer()
		news := srv.NewTopic("news")
		p := newSite(t, srv.New(echo(), wsx.Calls(nudging(t)), wsx.Push(news))).dial()
		p.subscribed()
		p.asks("hello", "heard hello")
		p.asks(greetAnn, greetedAnn)
		p.asks(`{"type":"x"}`, `heard {"type":"x"}`)
		p.asks(`[{"@topic":"news"},{}]`, `heard [{"@topic":"news"},{}]`)
		p.asks(`[1]`, garbage)
		p.send(fin|opText, `[{},{"fn.nudge":{"subject":"ann"}}]`)
		p.hears("nudged ann", done)
		p.send(fin|opText, `[{},{"fn.speak":{"subject":"bob"}}]`)
		p.hears("heard bob", done)
		p.send(fin|opBinary, "\x01") // no rule is for bytes
		if err := news.Text(t.Context(), "news"); err != nil {
			t.Error(err)
		}
		p.want(fin|opText, "news")
		p.asks(greetAnn, greetedAnn)
	})
}

// TestActorAndCallsEnd: the actor learns that a function has closed the connection.
func TestActorAndCallsEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ended := make(chan wsx.Disconnected, 1)
		p := newSite(t, wsx.NewServer().New(wsx.Calls(nudging(t)), wsx.Actor(wsx.Start(Guest{}),
			wsx.On(func(_ *wsx.Conn, m wsx.Disconnected, s Guest) (Guest, error) {
				ended <- m
				return s, nil
			})))).dial()
		p.send(fin|opText, `[{},{"fn.hangUp":{}}]`)
		p.wantClose(4002, "as asked")
		if m := <-ended; m.Code != 4002 || m.Reason != "as asked" || m.Cause != wsx.CauseProgram {
			t.Errorf("the actor hears %+v", m)
		}
	})
}

// TestActorAndCallsRefuse: a request is never a message without a rule.
func TestActorAndCallsRefuse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newSite(t, wsx.NewServer().New(echo(), wsx.Calls(nudging(t)), wsx.RefuseMessages())).dial()
		p.asks(greetAnn, greetedAnn)
		p.send(fin|opBinary, greetAnn)
		p.want(fin|opText, greetedAnn)
		p.send(fin|opBinary, "\x01")
		p.wantClose(wsx.CodePolicy, wsx.ReasonUnheard)
	})
}

// TestActorAndCallsDrain: when the server stops, the actor handles what the last calls have
// posted before the connection is closed.
func TestActorAndCallsDrain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		open := make(chan struct{})
		api := tp.NewAPI("", tp.NoAuth())
		tp.RegisterOn(api, func(ctx context.Context, in Greet) (Nothing, error) {
			<-open
			return Nothing{}, wsx.RemoteOf(ctx).Post(Nudge{in.Subject})
		}, tp.Name("fn.nudge"))
		calls, err := api.Build()
		if err != nil {
			t.Fatal(err)
		}
		e := wsx.NewServer().New(echo(), wsx.Calls(calls))
		p := newSite(t, e).dial()
		p.send(fin|opText, `[{},{"fn.nudge":{"subject":"ann"}}]`)
		synctest.Wait()
		result := stopping(e, time.Minute)
		synctest.Wait()
		p.asks("still there?", "heard still there?")
		close(open)
		p.hears("nudged ann", done)
		p.wantClose(wsx.CodeGoingAway, wsx.ReasonDrained)
		wantResult(t, result, nil)
	})
}

// TestTypedTopicOfActors: handlers publish values as they publish texts.
func TestTypedTopicOfActors(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := wsx.NewServer()
		ticks := tickers(srv.NewTopic("ticks"))
		var failed []error
		p := newSite(t, srv.New(
			wsx.OnError(func(err *wsx.HandlerError) { failed = append(failed, err) }),
			wsx.Actor(wsx.Start(Guest{}),
				wsx.On(func(c *wsx.Conn, text string, s Guest) (Guest, error) {
					c.Subscribe(ticks.Topic())
					ticks.ReplyFrom(c, &Halt{Reason: text})
					ticks.PublishFrom(c, Tick{At: 2})
					return s, nil
				}),
				wsx.On(func(c *wsx.Conn, _ []byte, s Guest) (Guest, error) {
					c.Reply("is not sent")
					ticks.PublishFrom(c, Tick{At: math.NaN()})
					return s, nil
				}),
			))).dial()
		p.asks("lunch", `[{"@topic":"ticks"},{"union.Ticker":{"Halt":{"reason":"lunch"}}}]`)
		p.want(fin|opText, `[{"@topic":"ticks"},{"union.Ticker":{"Tick":{"at":2}}}]`)
		p.send(fin|opBinary, "")
		p.wantClose(wsx.CodeInternalError, "")
		if len(failed) != 1 {
			t.Errorf("the hook got %v", failed)
		}
	})
}
