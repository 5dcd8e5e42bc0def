package tp_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/tp"
	"pgregory.net/rapid"
)

type Price struct {
	Symbol string            `tp:"symbol"`
	Value  float64           `tp:"value"`
	Note   *string           `tp:"note!"`
	Seal   []byte            `tp:"seal!"`
	By     map[string][]byte `tp:"by!"`
	At     *time.Time        `tp:"at!"`
	Extra  any               `tp:"extra!"`
}

type Event interface{ event() }

type Opened struct {
	Of Price `tp:"of"`
}

type Closed struct {
	Reason string `tp:"reason"`
	Key    []byte `tp:"key!"`
}

func (*Opened) event() {}
func (Closed) event()  {}

func events(topic string) *tp.Published[Event] {
	return tp.Publishes[Event](topic, tp.UnionOf[Event](&Opened{}, Closed{}))
}

func TestPublishedMessages(t *testing.T) {
	t.Parallel()
	prices, news := tp.Publishes[Price]("prices"), events(`news "of" the <day>`)
	tests := []struct {
		name string
		got  func() ([]byte, error)
		want string
	}{
		{"struct", func() ([]byte, error) { return prices.Append(nil, Price{Symbol: "ABC", Value: 1.5}) },
			`[{"@topic":"prices"},{"struct.Price":{"symbol":"ABC","value":1.5}}]`},
		{"appended", func() ([]byte, error) { return prices.Append([]byte("before "), Price{}) },
			`before [{"@topic":"prices"},{"struct.Price":{"symbol":"","value":0}}]`},
		{"bytes", func() ([]byte, error) {
			return prices.Append(nil, Price{Seal: []byte{1, 2}, By: map[string][]byte{"k": {3}}})
		},
			`[{"@topic":"prices","@base64_":{"struct.Price":{"seal!":true,"by!":{"*":true}}}},` +
				`{"struct.Price":{"symbol":"","value":0,"seal!":"AQI=","by!":{"k":"Aw=="}}}]`},
		{"union", func() ([]byte, error) { return news.Append(nil, Closed{Reason: "late"}) },
			`[{"@topic":"news \"of\" the <day>"},{"union.Event":{"Closed":{"reason":"late"}}}]`},
		{"pointer in a union", func() ([]byte, error) { return news.At("n").Append(nil, &Opened{Of: Price{Symbol: "é"}}) },
			`[{"@topic":"n"},{"union.Event":{"Opened":{"of":{"symbol":"é","value":0}}}}]`},
		{"bytes in a union", func() ([]byte, error) { return news.At("n").Append(nil, Closed{Key: []byte{255}}) },
			`[{"@topic":"n","@base64_":{"union.Event":{"Closed":{"key!":true}}}},{"union.Event":{"Closed":{"reason":"","key!":"/w=="}}}]`},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := tc.got()
			if diff := cmp.Diff(tc.want, string(got)); diff != "" || err != nil {
				t.Errorf("error %v, message (-want +got):\n%s", err, diff)
			}
		})
	}
	if got := prices.Definition() + " " + news.Definition() + " " + news.At("n").Topic(); got != "struct.Price union.Event n" {
		t.Errorf("the definitions and topics are %s", got)
	}
}

// panics is a text whose methods panic.
type panics struct{}

func (panics) MarshalText() ([]byte, error) { panic("no text") }
func (panics) UnmarshalText([]byte) error   { panic("no text") }

type Nested struct {
	Next *Nested `tp:"next!"`
}

func TestPublishedValuesAreChecked(t *testing.T) {
	t.Parallel()
	type Panicking struct {
		Text panics `tp:"text"`
	}
	own := &Nested{}
	own.Next = own
	prices, news, nested := tp.Publishes[Price]("prices"), events("news"), tp.Publishes[Nested]("nested")
	tests := []struct {
		name   string
		append func([]byte) ([]byte, error)
		want   string
	}{
		{"NaN", func(b []byte) ([]byte, error) { return prices.Append(b, Price{Value: math.NaN()}) },
			"tp: serialization failure: struct.Price.value: the number is out of range"},
		{"bad UTF-8", func(b []byte) ([]byte, error) { return prices.Append(b, Price{Symbol: "\xff"}) },
			"tp: serialization failure: struct.Price.symbol: "},
		{"garbage in any", func(b []byte) ([]byte, error) { return prices.Append(b, Price{Extra: make(chan int)}) },
			"tp: serialization failure: struct.Price.extra!: "},
		{"bytes beside NaN", func(b []byte) ([]byte, error) { return prices.Append(b, Price{Value: math.Inf(1), Seal: []byte{1}}) },
			"tp: serialization failure: struct.Price.value: the number is out of range"},
		{"nil union", func(b []byte) ([]byte, error) { return news.Append(b, nil) }, "tp: serialization failure: union.Event: "},
		{"nil pointer in a union", func(b []byte) ([]byte, error) { return news.Append(b, (*Opened)(nil)) }, "tp: serialization failure: union.Event"},
		{"itself", func(b []byte) ([]byte, error) { return nested.Append(b, *own) }, "tp: serialization failure: "},
		{"panic", func(b []byte) ([]byte, error) { return tp.Publishes[Panicking]("p").Append(b, Panicking{}) },
			"tp: serialization failure: panic: no text"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := tc.append([]byte("before"))
			var failure *tp.Error
			if !errors.As(err, &failure) || failure.Kind != tp.KindSerialization || !strings.HasPrefix(err.Error(), tc.want) {
				t.Errorf("error %v, want %s", err, tc.want)
			}
			if string(got) != "before" {
				t.Errorf("%q was appended", got)
			}
		})
	}
}

func TestPublishedMessagesAreRead(t *testing.T) {
	t.Parallel()
	prices, news := tp.Publishes[Price]("prices"), events("news")
	price, err := prices.Read([]byte(`[{"@topic":"elsewhere","@more":[{}]},{"struct.Price":{"symbol":"ABC","value":2,"newer":[1],"seal!":"AQI="}}]`))
	if want := (Price{Symbol: "ABC", Value: 2, Seal: []byte{1, 2}}); err != nil || !cmp.Equal(price, want) {
		t.Errorf("got %+v, %v", price, err)
	}
	event, err := news.Read([]byte(` [ {} , {"union.Event": {"Opened": {"of": {"symbol":"S","value":1}, "newer": 1}}} ] `))
	if opened, ok := event.(*Opened); err != nil || !ok || opened.Of.Symbol != "S" {
		t.Errorf("got %+v, %v", event, err)
	}
	tests := []struct{ name, message, want string }{
		{"empty", ``, "tp: serialization failure: "},
		{"text", `hello`, "tp: serialization failure: "},
		{"cut", `[{"@topic":"prices"},{"struct.Price":{"symbol":"ABC","value":2}`, "tp: serialization failure: "},
		{"more", `[{},{"struct.Price":{"symbol":"ABC","value":2}}] []`, "tp: serialization failure: "},
		{"answer", `[{},{"Ok_":{}}]`, `tp: serialization failure: the message is of another type, "Ok_" in place of "struct.Price"`},
		{"other type", `[{},{"union.Event":{"Closed":{"reason":""}}}]`, `tp: serialization failure: the message is of another type, "union.Event"`},
		{"other value", `[{},{"struct.Price":{"symbol":7}}]`, "tp: serialization failure: "},
		{"list", `[{},{"struct.Price":[]}]`, "tp: serialization failure: "},
		{"key twice", `[{},{"struct.Price":{"symbol":"","value":1,"value":2}}]`, "tp: serialization failure: "},
		{"deep", `[{},{"struct.Price":{"symbol":"","value":1,"extra!":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}}]`, "tp: serialization failure: "},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := prices.Read([]byte(tc.message))
			var failure *tp.Error
			if !errors.As(err, &failure) || failure.Kind != tp.KindSerialization || !strings.HasPrefix(err.Error(), tc.want) {
				t.Errorf("error %v, want %s", err, tc.want)
			}
			if !cmp.Equal(got, Price{}) {
				t.Errorf("got %+v with an error", got)
			}
			isOther := strings.Contains(tc.want, "another type")
			if got := errors.Is(err, tp.ErrOtherType); got != isOther {
				t.Errorf("errors.Is(%v, ErrOtherType) = %v", err, got)
			}
		})
	}
}

func TestPublishedOn(t *testing.T) {
	t.Parallel()
	tests := []struct {
		message, topic, definition string
		ok                         bool
	}{
		{`[{"@topic":"prices"},{"struct.Price":{"symbol":`, "prices", "struct.Price", true},
		{`[{"@id_":1,"@topic":"n"},{"union.Event":{}}]`, "n", "union.Event", true},
		{`[{"@topic":1},{"union.Event":{}}]`, "", "", false},
		{`[{},{"Ok_":{}}]`, "", "", false},
		{`{"@topic":"prices"}`, "", "", false},
		{``, "", "", false},
	}
	for _, tc := range tests {
		topic, definition, ok := tp.PublishedOn([]byte(tc.message))
		if topic != tc.topic || definition != tc.definition || ok != tc.ok {
			t.Errorf("%s: got %q, %q, %v", tc.message, topic, definition, ok)
		}
	}
}

// TestPublishedRoundTrip: what is written is read again, and is a message whoever reads it.
func TestPublishedRoundTrip(t *testing.T) {
	t.Parallel()
	prices := tp.Publishes[Price]("prices")
	rapid.Check(t, func(t *rapid.T) {
		p := Price{
			Symbol: rapid.String().Draw(t, "symbol"),
			Value:  rapid.Float64().Draw(t, "value"),
			Seal:   rapid.SliceOfN(rapid.Byte(), 1, 20).Draw(t, "seal"),
			By:     rapid.MapOfN(rapid.String(), rapid.SliceOfN(rapid.Byte(), 1, 5), 1, 5).Draw(t, "by"),
		}
		message, err := prices.Append(nil, p)
		if err != nil {
			t.Fatal(err)
		}
		got, err := prices.Read(message)
		if diff := cmp.Diff(p, got); diff != "" || err != nil {
			t.Errorf("error %v, value (-want +got):\n%s", err, diff)
		}
		if topic, definition, ok := tp.PublishedOn(message); topic != "prices" || definition != "struct.Price" || !ok {
			t.Errorf("the message says %q, %q, %v", topic, definition, ok)
		}
	})
}

// TestPublishedInTheSchema: a type that no function has is told by fn.api_, and with it
// which topic is for it.
func TestPublishedInTheSchema(t *testing.T) {
	t.Parallel()
	prices, news := tp.Publishes[Closed]("prices"), events("news")
	api := tp.NewAPI("Market", prices, prices.At("prices/eu"), tp.Types(tp.UnionOf[Event](&Opened{}, Closed{})))
	tp.RegisterOn(api, greet)
	srv := build(t, api, news)
	answer := process(t, srv, `[{},{"fn.api_":{}}]`)
	for _, part := range []string{
		`"$topics":{"news":["union.Event"],"prices":["struct.Closed"],"prices/eu":["struct.Closed"]}`,
		`"headers.Topic":{},"->":{"@topic":"string"}`,
		`{"struct.Closed":{"reason":"string","key!":"bytes"}}`,
		`{"union.Event":[{"Opened":{"of":"struct.Price"}},{"Closed":{"reason":"string","key!":"bytes"}}]}`,
	} {
		if !strings.Contains(answer, part) {
			t.Errorf("fn.api_ does not tell %s:\n%s", part, answer)
		}
	}
	if got := process(t, srv, `[{},{"fn.greet":{"subject":"b"}}]`); got != `[{},{"Ok_":{"message":"Hello b!"}}]` {
		t.Errorf("a call is answered with %s", got)
	}
	// A document that holds what was derived is no drift.
	var yaml bytes.Buffer
	if err := srv.Schema().WriteYAML(&yaml); err != nil {
		t.Fatal(err)
	}
	build(t, api, news, tp.CheckDir(documents(yaml.String()), "api", tp.CheckDocs()))
}

type Follow struct {
	Symbol string `tp:"symbol"`
}

type Hint struct {
	Next tp.Link[Follow] `tp:"next"`
}

func follow(context.Context, Follow) (Empty, error) { return Empty{}, nil }

func TestPublishedLinks(t *testing.T) {
	t.Parallel()
	hints := tp.Publishes[Hint]("hints")
	message, err := hints.Append(nil, Hint{Next: tp.LinkTo(&Follow{Symbol: "ABC"})})
	if want := `[{"@topic":"hints"},{"struct.Hint":{"next":{"fn.follow":{"symbol":"ABC"}}}}]`; err != nil || string(message) != want {
		t.Errorf("got %s, %v", message, err)
	}
	api := tp.NewAPI("", hints)
	tp.RegisterOn(api, follow)
	build(t, api)

	renamed := tp.NewAPI("", tp.NoAuth(), hints)
	tp.RegisterOn(renamed, follow, tp.Name("fn.watch"))
	wantBuildError(t, renamed, `topic "hints" (tp/published_test.go:`,
		`its link to tp_test.Follow leads to fn.follow, and the function is fn.watch; name the function after its arguments`)
}

func TestPublishedMistakes(t *testing.T) {
	t.Parallel()
	type Choice struct {
		Fields tp.Selection `tp:"fields!"`
	}
	type Unnamed struct {
		Value int
	}
	api := tp.NewAPI("", tp.NoAuth(), tp.Publishes[Choice]("choices"), tp.Publishes[Unnamed]("unnamed"), tp.Publishes[Event]("events"),
		tp.Publishes[Price]("prices").At(""))
	tp.RegisterOn(api, greet)
	wantBuildError(t, api,
		"tp_test.Choice (tp/published_test.go:", "it has a selection, which belongs to a call",
		"tp_test.Unnamed.Value (tp/published_test.go:", "an exported field needs a tag",
		`topic "events" (tp/published_test.go:`, "no union says which types implement tp_test.Event",
		`topic "" (tp/published_test.go:`, "the name is empty")

	unnamed := tp.Publishes[Unnamed]("unnamed")
	if _, err := unnamed.Append(nil, Unnamed{}); err == nil || !strings.Contains(err.Error(), "tp_test.Unnamed.Value") {
		t.Errorf("Append fails with %v", err)
	}
	if _, err := unnamed.Read([]byte(`[{},{"":{}}]`)); err == nil || !strings.Contains(err.Error(), "tp_test.Unnamed.Value") {
		t.Errorf("Read fails with %v", err)
	}
	if _, err := tp.Publishes[Price]("\xff").Append(nil, Price{}); err == nil {
		t.Error("a topic that is not UTF-8 has messages")
	}
	if got := unnamed.Definition(); got != "" {
		t.Errorf("the definition of a mistake is %q", got)
	}
}

// wantBuildError fails unless the API cannot be built, for reasons with these parts.
func wantBuildError(t *testing.T, api *tp.API, parts ...string) {
	t.Helper()
	_, err := api.Build()
	if err == nil {
		t.Fatal("the API was built")
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("no problem says %s:\n%v", part, err)
		}
	}
}

// FuzzPublished: whatever is read can be written, and read again as the same.
func FuzzPublished(f *testing.F) {
	for _, seed := range []string{
		`[{"@topic":"news"},{"union.Event":{"Opened":{"of":{"symbol":"ABC","value":1.5,"at!":"2026-01-02T03:04:05Z"}}}}]`,
		`[{"@topic":"news","@base64_":{"union.Event":{"Closed":{"key!":true}}}},{"union.Event":{"Closed":{"reason":"","key!":"/w=="}}}]`,
		`[{"@topic":"news"},{"union.Event":{"Opened":{"of":{"symbol":"","value":1e300,"extra!":[1,{"a":null}],"more":7}}}}]`,
		`[{},{"Ok_":{}}]`,
	} {
		f.Add([]byte(seed))
	}
	news := events("news")
	f.Fuzz(func(t *testing.T, message []byte) {
		tp.PublishedOn(message)
		first, err := news.Read(message)
		if err != nil {
			checkFuzzedError(t, err)
			return
		}
		written, err := news.Append(nil, first)
		if err != nil {
			t.Fatalf("%s cannot be written again: %v", message, err)
		}
		again, err := news.Read(written)
		if err != nil || fmt.Sprintf("%#v", first) != fmt.Sprintf("%#v", again) && !cmp.Equal(first, again) {
			t.Errorf("%s: read %+v, then %+v, %v", message, first, again, err)
		}
	})
}

func BenchmarkPublished(b *testing.B) {
	prices := tp.Publishes[Price]("prices")
	price := Price{Symbol: "ABC", Value: 12.5}
	message, err := prices.Append(nil, price)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("append", func(b *testing.B) {
		b.ReportAllocs()
		buf := make([]byte, 0, 4096)
		for b.Loop() {
			if _, err := prices.Append(buf, price); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("read", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := prices.Read(message); err != nil {
				b.Fatal(err)
			}
		}
	})
}
