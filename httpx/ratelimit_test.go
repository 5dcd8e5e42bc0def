package httpx_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/tp"
)

// limited refuses every call, for so many milliseconds.
func limited(t *testing.T, ms int64) *tp.Server {
	t.Helper()
	api := tp.NewAPI("", tp.ErrorSet("errors.RateLimit", &tp.RateLimitError{}), tp.Admit(func(context.Context, *tp.Request) error {
		return &tp.RateLimitError{RetryAfterMs: ms}
	}))
	tp.RegisterOn(api, greet)
	return api.MustBuild(tp.NoAuth())
}

func TestTooManyCalls(t *testing.T) {
	t.Parallel()
	tests := []struct {
		ms   int64
		want string
	}{
		{1, "1"}, {999, "1"}, {1000, "1"}, {1001, "2"}, {60_000, "60"}, {0, "1"}, {-1, "1"}, {math.MaxInt64, "9223372037"},
	}
	for _, tc := range tests {
		w := post(httpx.Handler(limited(t, tc.ms)), call)
		if got := w.Header().Get("Retry-After"); w.Code != 429 || got != tc.want {
			t.Errorf("%d ms: status %d, Retry-After %q; want %s", tc.ms, w.Code, got, tc.want)
		}
	}
	w := post(httpx.Handler(limited(t, 1500)), call)
	const want = `[{},{"ErrorRateLimit":{"retryAfterMs":1500}}]`
	if w.Body.String() != want || w.Header().Get("Content-Type") != "application/json" {
		t.Errorf("got %s as %s, want %s", w.Body, w.Header().Get("Content-Type"), want)
	}
	if w := post(httpx.Handler(server(t)), call); w.Code != 200 || w.Header()["Retry-After"] != nil {
		t.Errorf("a call that is not refused: %d, headers %v", w.Code, w.Header())
	}
}

// The client takes the error as one of the API, whatever the status is.
func TestTooManyCallsOnTheClient(t *testing.T) {
	t.Parallel()
	url := serve(t, httpx.Handler(limited(t, 1500)))
	_, err := tp.Call[Greeting](t.Context(), tp.NewClient(httpx.Transport(url), patient), &Greet{})
	var limit *tp.RateLimitError
	if !errors.As(err, &limit) || limit.RetryAfterMs != 1500 {
		t.Errorf("got %v", err)
	}
}
