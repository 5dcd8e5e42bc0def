package interop

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http/httptest"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/wsx"
)

// Quote is what the topic of quotes is for: no function has one.
type Quote struct {
	Symbol string  `tp:"symbol"`
	Value  float64 `tp:"value"`
	Seal   []byte  `tp:"seal!"`
}

// Follow asks for quotes, and for some at once.
type Follow struct {
	Quotes int64 `tp:"quotes"`
}

// Following is how many were sent.
type Following struct {
	Sent int64 `tp:"sent"`
}

// quotes is a server with a topic and a function that subscribes its caller.
type quotes struct {
	typed  *wsx.TypedTopic[Quote]
	shapes *wsx.TypedTopic[Shape]
}

func (q *quotes) follow(ctx context.Context, in Follow) (Following, error) {
	for _, topic := range []*wsx.Topic{q.typed.Topic(), q.shapes.Topic()} {
		if err := wsx.RemoteOf(ctx).Subscribe(topic); err != nil {
			return Following{}, err
		}
	}
	for i := range in.Quotes {
		if err := q.typed.Publish(ctx, Quote{Symbol: "ABC", Value: float64(i) + 0.5, Seal: []byte{byte(i), 255}}); err != nil {
			return Following{}, err
		}
	}
	return Following{Sent: in.Quotes}, q.shapes.Publish(ctx, Circle{Radius: 2})
}

// startQuotes serves quotes until the test ends, and returns the address.
func startQuotes(t *testing.T) (address string) {
	t.Helper()
	srv := wsx.NewServer()
	q := &quotes{
		typed:  wsx.TopicOf[Quote](srv.NewTopic("quotes")),
		shapes: wsx.TopicOf[Shape](srv.NewTopic("shapes/all"), shapes()),
	}
	api := tp.NewAPI("Quotes", tp.NoAuth(), q.typed, q.shapes)
	tp.RegisterOn(api, q.follow, tp.Name("fn.follow"))
	built, err := api.Build()
	if err != nil {
		t.Fatal(err)
	}
	site := httptest.NewServer(srv.New(wsx.Calls(built), wsx.Push(srv.NewTopic("nothing"))))
	t.Cleanup(func() {
		site.Close()
		if err := srv.Shutdown(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return strings.TrimPrefix(site.URL, "http://")
}

// TestPythonSocket: the official client calls over a socket on which values of topics come
// as well. It knows their types from the schema, which its library reads.
func TestPythonSocket(t *testing.T) {
	t.Parallel()
	interpreter(t)
	for _, results := range []string{"json", "msgpack"} {
		t.Run(results, func(t *testing.T) {
			t.Parallel()
			p := start(t, "websocket.py", startQuotes(t), results)
			for _, n := range []int{1, 0, 3} {
				if _, err := io.WriteString(p.input, fmt.Sprintf("[{}, {\"fn.follow\": {\"quotes\": %d}}]\n", n)); err != nil {
					t.Fatal(err)
				}
				var got struct {
					Message []map[string]any
					Pushes  []push
				}
				if err := json.Unmarshal([]byte(p.line(t)), &got); err != nil {
					t.Fatal(err)
				}
				if diff := gocmp.Diff(map[string]any{"Ok_": map[string]any{"sent": float64(n)}}, got.Message[1]); diff != "" {
					t.Errorf("the answer (-want +got):\n%s", diff)
				}
				if diff := gocmp.Diff(wantPushes(n), got.Pushes); diff != "" {
					t.Errorf("the pushes (-want +got):\n%s", diff)
				}
			}
		})
	}
}

// push is what the program says of a message of a topic.
type push struct {
	Message [2]map[string]any
	Known   bool
}

// wantPushes returns what a call for n quotes makes come.
func wantPushes(n int) []push {
	var want []push
	for i := range n {
		seal := map[string]any{"$bytes": []string{"AP8=", "Af8=", "Av8="}[i]}
		want = append(want, push{Known: true, Message: [2]map[string]any{
			{"@topic": "quotes", "@base64_": map[string]any{"struct.Quote": map[string]any{"seal!": true}}},
			{"struct.Quote": map[string]any{"symbol": "ABC", "value": float64(i) + 0.5, "seal!": seal}},
		}})
	}
	return append(want, push{Known: true, Message: [2]map[string]any{
		{"@topic": "shapes/all"},
		{"union.Shape": map[string]any{"Circle": map[string]any{"radius": 2.0}}},
	}})
}
