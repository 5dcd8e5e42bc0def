package mw_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"github.com/telestruct/telestruct/mw"
	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/wsx"
)

// TestAbuseOfSockets calls over a real WebSocket until it is closed.
func TestAbuseOfSockets(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		options []tp.Option
		request string
		answers map[string]int // at least, by tag
		reason  string
	}{
		{"calls", []tp.Option{mw.RateLimit(mw.Rate{PerSecond: 1e-3, Burst: 5}, mw.AbuseAfter(20))}, runCall,
			map[string]int{"Ok_": 1, "ErrorRateLimit": 1}, "rate limit exceeded"},
		{"garbage", []tp.Option{mw.RateLimit(mw.Rate{PerSecond: 1e-3, Burst: 5}, mw.AbuseAfter(20))}, `garbage`,
			map[string]int{"ErrorParseFailure_": 1}, "rate limit exceeded"},
		{"guesses", []tp.Option{mw.Auth(credentials(), (&lookups{}).find)}, strings.Replace(badCall, "who", "run", 1),
			map[string]int{"ErrorUnauthenticated_": 1}, "too many failed authentications"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			metrics := mw.NewPrometheus()
			endpoint := wsx.Handler(newServer(t, append(tc.options, mw.Metrics(metrics))...), wsx.Observe(metrics))
			web := httptest.NewServer(endpoint)
			defer web.Close()
			ctx := t.Context()
			socket, _, err := websocket.Dial(ctx, web.URL, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = socket.CloseNow() }()
			answers, end := flood(ctx, socket, tc.request)
			for tag, least := range tc.answers {
				if answers[tag] < least {
					t.Errorf("%d answers %s, want %d at least", answers[tag], tag, least)
				}
			}
			if websocket.CloseStatus(end) != websocket.StatusPolicyViolation || !strings.Contains(end.Error(), tc.reason) {
				t.Errorf("the socket ended with %v", end)
			}
			if err := endpoint.Shutdown(ctx); err != nil {
				t.Error(err)
			}
			for _, want := range []string{"telepact_connections 0\n", "telepact_connections_opened_total 1\n", "telepact_connections_broken_total 0\n"} {
				if got := scrape(t, metrics); !strings.Contains(got, want) {
					t.Errorf("there is no %q in:\n%s", want, got)
				}
			}
		})
	}
}

// flood sends the same request again and again, whatever is answered, until the socket
// ends. It returns how many answers there were of each tag, and how it ended.
func flood(ctx context.Context, socket *websocket.Conn, request string) (answers map[string]int, end error) {
	over := make(chan struct{})
	go func() {
		defer close(over)
		for socket.Write(ctx, websocket.MessageText, []byte(request)) == nil {
		}
	}()
	answers = map[string]int{}
	for {
		_, answer, err := socket.Read(ctx)
		if err != nil {
			<-over
			return answers, err
		}
		answers[tagOf(string(answer))]++
	}
}
