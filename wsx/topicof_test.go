package wsx_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/wsx"
)

type Ticker interface{ ticker() }

type Tick struct {
	At float64 `tp:"at"`
}

type Halt struct {
	Reason string `tp:"reason"`
}

func (Tick) ticker()  {}
func (*Halt) ticker() {}

func tickers(t *wsx.Topic) *wsx.TypedTopic[Ticker] {
	return wsx.TopicOf[Ticker](t, tp.UnionOf[Ticker](Tick{}, &Halt{}))
}

func TestTypedTopic(t *testing.T) {
	t.Parallel()
	srv := wsx.NewServer()
	prices := wsx.TopicOf[Price](srv.NewTopic("prices"))
	ticks := tickers(srv.NewTopic("ticks"))
	p := newSite(t, srv.New(wsx.Push(prices.Topic(), ticks.Topic()))).dial()
	p.send(fin|opPing, "") // subscribed when it is answered
	p.want(fin|opPong, "")
	for _, err := range []error{
		prices.Publish(t.Context(), Price{Symbol: "ABC", Cents: 1250}),
		ticks.Publish(t.Context(), Tick{At: 1.5}),
		ticks.Publish(t.Context(), &Halt{Reason: "lunch"}),
		ticks.At(prices.Topic()).Publish(t.Context(), Tick{}),
	} {
		if err != nil {
			t.Error(err)
		}
	}
	p.want(fin|opText, `[{"@topic":"prices"},{"struct.Price":{"symbol":"ABC","cents":1250}}]`)
	p.want(fin|opText, `[{"@topic":"ticks"},{"union.Ticker":{"Tick":{"at":1.5}}}]`)
	p.want(fin|opText, `[{"@topic":"ticks"},{"union.Ticker":{"Halt":{"reason":"lunch"}}}]`)
	p.want(fin|opText, `[{"@topic":"prices"},{"union.Ticker":{"Tick":{"at":0}}}]`)
}

// TestTypedTopicRefuses: what is no value is told to who publishes it, and to nobody else.
func TestTypedTopicRefuses(t *testing.T) {
	t.Parallel()
	srv := wsx.NewServer()
	ticks := tickers(srv.NewTopic("ticks"))
	stop := ticks.Topic().Subscribe(func(m wsx.Message) { t.Errorf("%s was published", m.Data) })
	defer stop()
	for _, tc := range []struct {
		value Ticker
		want  string
	}{
		{nil, `wsx: publish to topic "ticks": tp: serialization failure: union.Ticker: `},
		{Tick{At: math.NaN()}, `wsx: publish to topic "ticks": tp: serialization failure: union.Ticker.Tick.at: the number is out of range`},
		{(*Halt)(nil), `wsx: publish to topic "ticks": tp: serialization failure: union.Ticker`},
	} {
		err := ticks.Publish(t.Context(), tc.value)
		var failure *tp.Error
		if !errors.As(err, &failure) || !strings.HasPrefix(err.Error(), tc.want) {
			t.Errorf("%v: error %v, want %s", tc.value, err, tc.want)
		}
		if m, err := ticks.Message(tc.value); err == nil || m.Data != nil {
			t.Errorf("%v: message %s, %v", tc.value, m.Data, err)
		}
	}
	type Untagged struct{ Value int }
	untagged := wsx.TopicOf[Untagged](ticks.Topic())
	if err := untagged.Publish(t.Context(), Untagged{}); err == nil || !strings.Contains(err.Error(), "Untagged.Value (wsx/topicof_test.go:") {
		t.Errorf("a type with a mistake is published: %v", err)
	}
	wantPanic(t, "wsx: nil topic", func() { wsx.TopicOf[Price](nil) })
	wantPanic(t, "wsx: nil topic", func() { ticks.At(nil) })
	wantPanic(t, "wsx: Subscribe: nil function", func() { ticks.Subscribe(nil) })
}

// wantPanic fails unless f panics with text.
func wantPanic(t *testing.T, text string, f func()) {
	t.Helper()
	defer func() {
		if got := recover(); got != text {
			t.Errorf("panic %v, want %q", got, text)
		}
	}()
	f()
}

// TestTypedSubscribe: a function gets the values of its type in their order, and is not
// called for anything else.
func TestTypedSubscribe(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var got, unreadable []string
		note := func(list *[]string, format string, args ...any) {
			mu.Lock()
			defer mu.Unlock()
			*list = append(*list, fmt.Sprintf(format, args...))
		}
		srv := wsx.NewServer(wsx.NodeName("n"), wsx.OnUnreadable(func(m wsx.Message, err error) {
			var failure *tp.Error
			note(&unreadable, "%s %v", m.Data, errors.As(err, &failure))
		}))
		topic := srv.NewTopic("mixed")
		prices, ticks := wsx.TopicOf[Price](topic), tickers(topic)
		stop := prices.Subscribe(func(p Price, m wsx.Message) {
			note(&got, "%s %d %s %v %s", p.Symbol, p.Cents, m.Topic, m.From, m.Kind)
		})
		ctx := t.Context()
		for _, err := range []error{
			prices.Publish(ctx, Price{"A", 1}),
			ticks.Publish(ctx, Tick{}),
			topic.Text(ctx, "hello"),
			topic.Binary(ctx, []byte{0x92, 1}),
			topic.Text(ctx, `[{},{"struct.Price":{"symbol":"A","cents":"1"}}]`),
			topic.Text(ctx, `[{},{"struct.Price":{"symbol":"B","cents":2,"newer":[{}]}}]`),
		} {
			if err != nil {
				t.Error(err)
			}
		}
		synctest.Wait()
		stop()
		if err := prices.Publish(ctx, Price{"C", 3}); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		if diff := cmp.Diff([]string{"A 1 mixed n-0 text", "B 2 mixed n-0 text"}, got); diff != "" {
			t.Errorf("values (-want +got):\n%s", diff)
		}
		want := []string{"hello true", "\x92\x01 true", `[{},{"struct.Price":{"symbol":"A","cents":"1"}}] true`}
		if diff := cmp.Diff(want, unreadable); diff != "" {
			t.Errorf("unreadable (-want +got):\n%s", diff)
		}
	})
}

// TestTypedMessage: a message of a topic goes to one client as it goes to all.
func TestTypedMessage(t *testing.T) {
	t.Parallel()
	srv := wsx.NewServer()
	prices := wsx.TopicOf[Price](srv.NewTopic("prices"))
	api := tp.NewAPI("Market", tp.NoAuth(), prices)
	tp.RegisterOn(api, func(ctx context.Context, in Watch) (Watching, error) {
		m, err := prices.Message(Price{Symbol: in.Symbol, Cents: 7})
		if err != nil {
			return Watching{}, err
		}
		return Watching{}, wsx.RemoteOf(ctx).Out().Publish(ctx, m)
	}, tp.Name("fn.watch"))
	calls, err := api.Build()
	if err != nil {
		t.Fatal(err)
	}
	p := newSite(t, srv.Handler(calls)).dial()
	p.asks(`[{},{"fn.watch":{"symbol":"ABC"}}]`, `[{"@topic":"prices"},{"struct.Price":{"symbol":"ABC","cents":7}}]`)
	p.want(fin|opText, `[{},{"Ok_":{}}]`)

	m, err := prices.Message(Price{"D", 4})
	if err != nil || m.Kind != wsx.Text || m.Topic != "prices" {
		t.Errorf("message %+v, %v", m, err)
	}
	if got, err := prices.Read(m); err != nil || got != (Price{"D", 4}) {
		t.Errorf("read %+v, %v", got, err)
	}
}

// TestTypedTopicInAnAPI: clients learn from fn.api_ what they will receive, and mistakes are
// reported where the API is built.
func TestTypedTopicInAnAPI(t *testing.T) {
	t.Parallel()
	srv := wsx.NewServer()
	prices := wsx.TopicOf[Price](srv.NewTopic("prices"))
	room := prices.At(srv.NewTopic("prices/eu"))
	p := newSite(t, srv.Handler(build(t, prices, room, tickers(srv.NewTopic("ticks"))))).dial()
	p.send(fin|opText, `[{},{"fn.api_":{}}]`)
	told := p.hear().payload
	for _, part := range []string{
		`"$topics":{"prices":["struct.Price"],"prices/eu":["struct.Price"],"ticks":["union.Ticker"]}`,
		`{"struct.Price":{"symbol":"string","cents":"integer"}}`,
		`{"union.Ticker":[{"Tick":{"at":"number"}},{"Halt":{"reason":"string"}}]}`,
	} {
		if !strings.Contains(told, part) {
			t.Errorf("fn.api_ does not tell %s:\n%s", part, told)
		}
	}
	type Wrong struct {
		Limit int `tp:"limit!"`
	}
	api := tp.NewAPI("test", tp.NoAuth(), wsx.TopicOf[Wrong](srv.NewTopic("wrong")))
	tp.RegisterOn(api, greet)
	_, err := api.Build()
	if err == nil || !strings.Contains(err.Error(), `wsx_test.Wrong.Limit (wsx/topicof_test.go:`) {
		t.Errorf("Build fails with %v", err)
	}
}

// TestTypedTopicBetweenNodes: functions get values on every node, as they were published.
func TestTypedTopicBetweenNodes(t *testing.T) {
	t.Parallel()
	bus := wsx.MemoryBus()
	here, there := wsx.NewServer(wsx.WithBus(bus), wsx.NodeName("here")), wsx.NewServer(wsx.WithBus(bus), wsx.NodeName("there"))
	var local, remote received[string]
	note := func(to *received[string]) func(Price, wsx.Message) {
		return func(p Price, m wsx.Message) { to.add(fmt.Sprintf("%s %d from %v", p.Symbol, p.Cents, m.From)) }
	}
	prices := wsx.TopicOf[Price](here.NewTopic("prices"))
	defer prices.Subscribe(note(&local))()
	defer wsx.TopicOf[Price](there.NewTopic("prices")).Subscribe(note(&remote))()
	if err := prices.Publish(t.Context(), Price{"ABC", 5}); err != nil {
		t.Fatal(err)
	}
	for _, r := range []*received[string]{&local, &remote} {
		if diff := cmp.Diff([]string{"ABC 5 from here-0"}, r.await(t, 1)); diff != "" {
			t.Errorf("values (-want +got):\n%s", diff)
		}
	}
	for _, s := range []*wsx.Server{here, there} {
		shut(t, s)
	}
}
