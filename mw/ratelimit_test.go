package mw_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/mw"
	"github.com/telestruct/telestruct/tp"
)

const runCall = `[{},{"fn.run":{"how":"x"}}]`

// limited is the answer of a call that may come again after some milliseconds.
func limited(ms int) string { return fmt.Sprintf(`[{},{"ErrorRateLimit":{"retryAfterMs":%d}}]`, ms) }

const ran = `[{},{"Ok_":{"how":"x","number":1}}]`

// TestRateLimit has a caller call as often as it can.
func TestRateLimit(t *testing.T) {
	t.Parallel()
	type step struct {
		call  string
		times int
		wait  time.Duration // before
		want  string        // the last answer
	}
	other := strings.Replace(runCall, "run", "other", 1)
	for _, tc := range []struct {
		name    string
		options []tp.Option
		steps   []step
	}{
		{"burst, then as they come", []tp.Option{mw.RateLimit(mw.Rate{PerSecond: 10, Burst: 3})}, []step{
			{runCall, 3, 0, ran},
			{runCall, 50, 0, limited(100)},
			{runCall, 1, 99 * time.Millisecond, limited(1)},
			{runCall, 1, time.Millisecond, ran},
			{runCall, 1, 0, limited(100)},
			{runCall, 3, time.Hour, ran},
			{runCall, 1, 0, limited(100)},
		}},
		{"a burst of its own", []tp.Option{mw.RateLimit(mw.Rate{PerSecond: 1.5})}, []step{
			{runCall, 2, 0, ran}, {runCall, 1, 0, limited(667)}}},
		{"seldom", []tp.Option{mw.RateLimit(mw.Rate{PerSecond: 1e-300})}, []step{
			{runCall, 1, 0, ran}, {runCall, 1, 0, limited(365 * 24 * 3600 * 1000)}}},
		{"often", []tp.Option{mw.RateLimit(mw.Rate{PerSecond: 1e300})}, []step{{runCall, 100, 0, ran}}},
		{"none", []tp.Option{mw.RateLimit(mw.Rate{Burst: 1}, nil), mw.RateLimit(mw.Rate{PerSecond: math.Inf(1)}), mw.RateLimit(mw.Rate{PerSecond: math.NaN()})},
			[]step{{runCall, 100, 0, ran}}},
		{"garbage counts", []tp.Option{mw.RateLimit(mw.Rate{PerSecond: 10, Burst: 3})}, []step{
			{`hello`, 3, 0, notMessage}, {runCall, 1, 0, limited(100)}, {`hello`, 1, 0, notMessage}}},
		{"unknown functions count", []tp.Option{mw.RateLimit(mw.Rate{PerSecond: 10, Burst: 3})}, []step{
			{`[{},{"fn.nope":{}}]`, 3, 0, `[{},{"ErrorInvalidRequestBody_":{"cases":[{"path":["fn.nope"],"reason":{"FunctionUnknown":{}}}]}}]`},
			{runCall, 1, 0, limited(100)}}},
		{"arguments are not looked at", []tp.Option{mw.RateLimit(mw.Rate{PerSecond: 10, Burst: 1})}, []step{
			{runCall, 1, 0, ran}, {`[{},{"fn.run":{"how":7}}]`, 1, 0, limited(100)}}},
		{"messages are", []tp.Option{mw.RateLimit(mw.Rate{PerSecond: 10, Burst: 1})}, []step{
			{runCall, 1, 0, ran}, {`[{},{"fn.run":{"how":}}]`, 1, 0, notMessage}}},
		{"per function", []tp.Option{mw.RateLimit(mw.Rate{PerSecond: 10, Burst: 5}, mw.PerFunction(mw.Rate{PerSecond: 1}, "fn.other"))}, []step{
			{other, 1, 0, strings.Replace(ran, "run", "other", 1)},
			{other, 1, 0, limited(1000)},
			{runCall, 3, 0, ran},
			{runCall, 1, 0, limited(100)},
			{other, 1, 200 * time.Millisecond, limited(800)},
		}},
		{"only per function", []tp.Option{mw.RateLimit(mw.Rate{}, mw.PerFunction(mw.Rate{PerSecond: 1}, "fn.other"))}, []step{
			{runCall, 50, 0, ran}, {other, 1, 0, ran}, {other, 1, 0, limited(1000)}}},
		{"taken back per function", []tp.Option{mw.RateLimit(mw.Rate{}, mw.PerFunction(mw.Rate{PerSecond: 1}, "fn.other"), mw.PerFunction(mw.Rate{}, "fn.other"))},
			[]step{{other, 50, 0, ran}}},
		{"two limits", []tp.Option{mw.RateLimit(mw.Rate{PerSecond: 100, Burst: 3}), mw.RateLimit(mw.Rate{PerSecond: 1, Burst: 5})}, []step{
			{runCall, 3, 0, ran},
			{runCall, 1, 0, limited(10)},
			{runCall, 1, time.Second, ran},
			{runCall, 2, 0, limited(1000)},
		}},
		{"declared by hand as well", []tp.Option{
			tp.ErrorSet("errors.Busy", &QuotaBusyError{}), mw.RateLimit(mw.Rate{PerSecond: 1})}, []step{{runCall, 2, 0, limited(1000)}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			for name, call := range map[string]func() caller{
				"http":      func() caller { return overHTTP("192.0.2.1:1000") },
				"websocket": func() caller { return newConnection("").call },
			} {
				t.Run(name, func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						srv, call := newServer(t, tc.options...), call()
						for i, s := range tc.steps {
							time.Sleep(s.wait)
							got := ""
							for range s.times {
								got = call(srv, s.call)
							}
							if got != s.want {
								t.Errorf("step %d: got %s, want %s", i, got, s.want)
							}
						}
					})
				})
			}
		})
	}
}

const notMessage = `[{},{"ErrorParseFailure_":{"reasons":[{"ExpectedJsonArrayOfTwoObjects":{}}]}}]`

type QuotaBusyError struct{}

func (*QuotaBusyError) Error() string { return "busy" }

// TestRateLimitTellsCallersApart drains the bucket of one caller and asks for others.
func TestRateLimitTellsCallersApart(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name       string
		first, two caller
		want       string
	}{
		{"ports", overHTTP("192.0.2.1:1"), overHTTP("192.0.2.1:2"), limited(1000)},
		{"addresses", overHTTP("192.0.2.1:1"), overHTTP("192.0.2.2:1"), ran},
		{"networks of IPv6", overHTTP("[2001:db8::1]:1"), overHTTP("[2001:db8::2]:1"), limited(1000)},
		{"other networks", overHTTP("[2001:db8::1]:1"), overHTTP("[2001:db8:0:1::1]:1"), ran},
		{"unknown addresses", overHTTP("@"), overHTTP(""), limited(1000)},
		{"connections", newConnection("192.0.2.1:1").call, newConnection("192.0.2.1:1").call, ran},
		{"a connection and HTTP", newConnection("192.0.2.1:1").call, overHTTP("192.0.2.1:1"), ran},
		{"within the process", inProcess, inProcess, ran},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv := newServer(t, mw.RateLimit(mw.Rate{PerSecond: 1}))
				tc.first(srv, runCall)
				if got := tc.two(srv, runCall); got != tc.want {
					t.Errorf("got %s, want %s", got, tc.want)
				}
			})
		})
	}
}

// TestRateLimitPerIdentity has callers who are known.
func TestRateLimitPerIdentity(t *testing.T) {
	t.Parallel()
	const (
		ann, bob = "[2001:db8::1]:1", "192.0.2.2:1"
		anns     = goodCall
		open     = `[{},{"fn.open":{}}]`
	)
	bobs, nobodys := strings.Replace(goodCall, "ann", "bob", 1), strings.Replace(goodCall, "ann", "", 1)
	type call struct {
		how           caller
		request, want string
	}
	socket := newConnection("192.0.2.9:1").call
	for _, tc := range []struct {
		name  string
		calls []call
	}{
		{"one behind many addresses", []call{{overHTTP(ann), anns, "Ok_"}, {overHTTP(bob), anns, "ErrorRateLimit"}}},
		{"many behind one address", []call{{overHTTP(ann), anns, "Ok_"}, {overHTTP(ann), bobs, "Ok_"}, {overHTTP(ann), bobs, "ErrorRateLimit"}}},
		{"nobody is an address", []call{{overHTTP(ann), open, "Ok_"}, {overHTTP(ann), open, "ErrorRateLimit"}, {overHTTP(ann), anns, "Ok_"}, {overHTTP(bob), open, "Ok_"}}},
		{"no name is an address", []call{{overHTTP(ann), nobodys, "Ok_"}, {overHTTP(ann), open, "ErrorRateLimit"}}},
		{"garbage is an address", []call{{overHTTP(ann), "garbage", "ErrorParseFailure_"}, {overHTTP(ann), open, "ErrorRateLimit"}, {overHTTP(ann), anns, "Ok_"}}},
		{"a failed one is an address", []call{{overHTTP(ann), badCall, "ErrorUnauthenticated_"}, {overHTTP(ann), open, "ErrorRateLimit"}}},
		{"known within the process", []call{{inProcess, anns, "Ok_"}, {inProcess, anns, "ErrorRateLimit"}, {inProcess, open, "Ok_"}, {inProcess, open, "Ok_"}}},
		{"on connections the connection", []call{{socket, anns, "Ok_"}, {socket, bobs, "ErrorRateLimit"}, {overHTTP(ann), anns, "Ok_"}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := tp.NewAPI("", mw.Auth(credentials(), (&lookups{}).find), tp.OnFailure(nil),
					mw.RateLimit(mw.Rate{PerSecond: 1}, mw.PerIdentity[*user](nil), mw.PerIdentity(func(u *user) string { return u.name })))
				tp.RegisterOn(api, who)
				tp.RegisterOn(api, who, tp.Name("fn.open"), tp.Public())
				srv, err := api.Build()
				if err != nil {
					t.Fatal(err)
				}
				for i, c := range tc.calls {
					if got := tagOf(c.how(srv, c.request)); got != c.want {
						t.Errorf("call %d: got %s, want %s", i, got, c.want)
					}
				}
			})
		})
	}
}

func TestRateLimitClosesConnections(t *testing.T) {
	t.Parallel()
	const reason = "rate limit exceeded"
	for _, tc := range []struct {
		name    string
		options []mw.RateOption
		request string
		times   int
		want    string
	}{
		{"ninety-nine", nil, runCall, 100, ""},
		{"a hundred", nil, runCall, 101, reason},
		{"more", nil, runCall, 150, reason},
		{"garbage", nil, "garbage", 150, reason},
		{"three", []mw.RateOption{mw.AbuseAfter(3)}, runCall, 4, reason},
		{"never", []mw.RateOption{mw.AbuseAfter(0)}, runCall, 1000, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, srv := newConnection("192.0.2.1:1"), newServer(t, mw.RateLimit(mw.Rate{PerSecond: 1}, tc.options...))
				for range tc.times {
					c.call(srv, tc.request)
				}
				if got := c.abused(); got != tc.want {
					t.Errorf("abuse %q, want %q", got, tc.want)
				}
			})
		})
	}
	for name, tc := range map[string]struct {
		every time.Duration // between calls, of which one a second is answered
		want  string
	}{
		"steadily a little too often": {time.Second / 2, ""},
		"steadily four times":         {time.Second / 4, reason},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, srv := newConnection("192.0.2.1:1"), newServer(t, mw.RateLimit(mw.Rate{PerSecond: 1}))
				for range int(10 * time.Minute / tc.every) {
					c.call(srv, runCall)
					time.Sleep(tc.every)
				}
				if got, _, _ := strings.Cut(c.abused(), ";"); got != tc.want {
					t.Errorf("abuse %q, want %q", got, tc.want)
				}
			})
		})
	}
}

func TestRateLimitInTheSchema(t *testing.T) {
	t.Parallel()
	srv := newServer(t, mw.RateLimit(mw.Rate{PerSecond: 1}), mw.RateLimit(mw.Rate{PerSecond: 1}))
	var yaml strings.Builder
	if err := srv.Schema().WriteYAML(&yaml); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"errors.RateLimit", "ErrorRateLimit", `retryAfterMs: "integer"`,
		"What every function answers when its caller calls too often."} {
		if strings.Count(yaml.String(), want) != 1 {
			t.Errorf("the schema does not have %q once:\n%s", want, &yaml)
		}
	}
}

// TestRateLimitOfStandardFunctions calls what has no errors of the API.
func TestRateLimitOfStandardFunctions(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := newServer(t, mw.RateLimit(mw.Rate{PerSecond: 1}))
		overHTTP("192.0.2.1:1")(srv, runCall)
		reply := srv.Serve(context.Background(), &tp.Inbound{Body: []byte(`[{},{"fn.ping_":{}}]`),
			Peer: &newConnectionless("192.0.2.1:2").peer})
		defer reply.Release()
		if reply.Tag != "ErrorUnknown_" || reply.RetryAfter != time.Second {
			t.Errorf("answer %s, retry after %v", reply.Bytes, reply.RetryAfter)
		}
	})
}

// newConnectionless returns one whose peer stands alone.
func newConnectionless(addr string) *connection {
	c := newConnection(addr)
	c.peer.Connection = nil
	return c
}

func TestRateLimitForgets(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := newServer(t, mw.RateLimit(mw.Rate{PerSecond: 1}, mw.MaxCallers(160), mw.MaxCallers(0)))
		overHTTP("192.0.2.1:1")(srv, runCall)
		for i := range 5000 {
			overHTTP(fmt.Sprintf("10.1.%d.%d:1", i/256, i%256))(srv, runCall)
		}
		if got := overHTTP("192.0.2.1:1")(srv, runCall); got != ran {
			t.Errorf("got %s after many other addresses", got)
		}
	})
}

// TestRateLimitAndErrorSet declares errors.RateLimit a second time, by hand.
func TestRateLimitAndErrorSet(t *testing.T) {
	t.Parallel()
	api := tp.NewAPI("", tp.NoAuth(), mw.RateLimit(mw.Rate{PerSecond: 1}), tp.ErrorSet("errors.RateLimit", &tp.RateLimitError{}))
	tp.RegisterOn(api, run)
	_, err := api.Build()
	if _, ok := errors.AsType[*tp.BuildError](err); !ok || !strings.Contains(err.Error(), "errors.RateLimit is taken by") {
		t.Errorf("err = %v", err)
	}
}

func TestRateLimitOfNoFunction(t *testing.T) {
	t.Parallel()
	api := tp.NewAPI("", tp.NoAuth(), mw.RateLimit(mw.Rate{}, mw.PerFunction(mw.Rate{PerSecond: 1}, "fn.run", "fn.nope")))
	tp.RegisterOn(api, run)
	_, err := api.Build()
	mistakes, ok := errors.AsType[*tp.BuildError](err)
	if !ok || len(mistakes.Problems) != 1 || !strings.Contains(err.Error(), `mw.PerFunction (mw/ratelimit_test.go:`) {
		t.Errorf("err = %v", err)
	}
}

// TestRateLimitHasAnHTTPStatus looks at what HTTP says beside the message.
func TestRateLimitHasAnHTTPStatus(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		handler := httpx.Handler(newServer(t, mw.RateLimit(mw.Rate{PerSecond: 0.1})))
		for i, tc := range []struct {
			request    string
			status     int
			retryAfter string
			tag        string
		}{
			{runCall, 200, "", "Ok_"},
			{runCall, 429, "10", "ErrorRateLimit"},
			{`[{},{"fn.ping_":{}}]`, 429, "10", "ErrorUnknown_"},
		} {
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, httptest.NewRequest("POST", "/", strings.NewReader(tc.request)))
			if got := w.Header().Get("Retry-After"); w.Code != tc.status || got != tc.retryAfter || tagOf(w.Body.String()) != tc.tag {
				t.Errorf("request %d: status %d, retry after %q, %s", i, w.Code, got, w.Body)
			}
		}
	})
}
