package mock_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/telestruct/telestruct/internal/leaks"

	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/mock"
	"github.com/telestruct/telestruct/tp/tptest"
	"github.com/telestruct/telestruct/wsx"
)

func TestMain(m *testing.M) { leaks.Main(m) }

func TestHTTP(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newShop(t, mock.OnlyStubs(), mock.Report(t))
		site := tptest.Serve(t, httpx.Handler(m.Server))
		transport := httpx.Transport(site.URL("/"), httpx.HTTPClient(site.HTTPClient()))
		stubAndCall(t, m, tp.NewClient(transport, tp.UsesAll(shop())))
	})
}

func TestWebSocket(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newShop(t, mock.OnlyStubs(), mock.Report(t))
		endpoint := wsx.Handler(m.Server)
		defer endpoint.Shutdown(t.Context())
		site := tptest.Serve(t, endpoint)
		transport, err := wsx.Dial(t.Context(), site.SocketURL("/"), &wsx.DialOptions{HTTPClient: site.HTTPClient()})
		if err != nil {
			t.Fatal(err)
		}
		defer transport.Stop(t.Context())
		stubAndCall(t, m, tp.NewClient(transport, tp.UsesAll(shop())))
	})
}

// stubAndCall stubs in this program and calls from outside, and the other way round.
func stubAndCall(t *testing.T, m *mock.Server, remote *tp.Client) {
	t.Helper()
	mock.Stub(m, &Lookup{ID: 1}, receipt())
	if got, err := tp.Call[Receipt](t.Context(), remote, &Lookup{ID: 1}); err != nil || got.ID != 7 {
		t.Errorf("got %+v, %v", got, err)
	}
	mock.Verify(m, &Lookup{ID: 1}, mock.Exactly(1))
	send := func(function string, payload tp.Object) *tp.Message {
		t.Helper()
		answer, err := remote.Exchange(t.Context(), &tp.Message{Target: function, Payload: payload})
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
	call := tp.Member{Key: "fn.lookup", Value: tp.Object{{Key: "id", Value: 2}}}
	stub := tp.Object{call, {Key: "->", Value: tp.Object{{Key: "Ok_", Value: tp.Object{{Key: "id", Value: 9}}}}}}
	if answer := send("fn.createStub_", tp.Object{{Key: "stub", Value: stub}}); answer.Target != "Ok_" {
		t.Fatal(answer)
	}
	if got, err := tp.Call[Receipt](t.Context(), m.Client(), &Lookup{ID: 2}); err != nil || got.ID != 9 {
		t.Errorf("got %+v, %v", got, err)
	}
	if answer := send("fn.verifyNoMoreInteractions_", nil); answer.Target != "ErrorVerificationFailure" {
		t.Error(answer)
	}
	if answer := send("fn.verify_", tp.Object{{Key: "call", Value: tp.Object{call}}}); answer.Target != "Ok_" {
		t.Error(answer)
	}
	if err := mock.NoMoreCalls(m); err != nil {
		t.Error(err)
	}
}

// Everything at once, for the race detector.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	m := newShop(t)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			id := int32(i)
			if err := mock.Stub(m, &Lookup{ID: id}, &Receipt{ID: id, Next: tp.LinkTo(&Order{Payment: Cash{}})}); err != nil {
				t.Error(err)
			}
			for range 20 {
				got, err := tp.Call[Receipt](t.Context(), m.Client(), &Lookup{ID: id})
				if err != nil || got.ID != id {
					t.Errorf("got %+v, %v", got, err)
				}
				if _, err := tp.Call[Receipt](t.Context(), m.Client(), &Lookup{ID: -1}); err != nil {
					t.Error(err)
				}
			}
			m.Seed(int64(i))
			if err := mock.Verify(m, &Lookup{ID: id}, mock.Exactly(20)); err != nil {
				t.Error(err)
			}
			if list, err := mock.CallsOf[Lookup](m); err != nil || len(list) < 40 {
				t.Errorf("got %d calls, %v", len(list), err)
			}
		})
	}
	wg.Wait()
	if err := mock.Verify(m, &Lookup{ID: -1}, mock.Exactly(160)); err != nil {
		t.Error(err)
	}
	if err := mock.NoMoreCalls(m); err != nil {
		t.Error(err)
	}
}

// Observers and middleware see the calls; arguments of other types are failures.
func TestWith(t *testing.T) {
	t.Parallel()
	var functions []string
	see := func(next tp.Handler) tp.Handler {
		return func(ctx context.Context, req *tp.Request) (*tp.Response, error) {
			functions = append(functions, req.Function)
			return next(ctx, req)
		}
	}
	m := newServer(t, mock.Documents(greet), mock.With(tp.Use(see)), mock.With(nil))
	process(t, m, "[{},"+ada+"]")
	process(t, m, `[{},{"fn.clearCalls_":{}}]`)
	if got := fmt.Sprint(functions); got != "[fn.greet fn.clearCalls_]" {
		t.Error(got)
	}
	spoil := func(next tp.Handler) tp.Handler {
		return func(ctx context.Context, req *tp.Request) (*tp.Response, error) {
			req.Args = nil
			return next(ctx, req)
		}
	}
	var failures []string
	note := func(_ context.Context, failure *tp.Error) { failures = append(failures, failure.Cause.Error()) }
	m = newServer(t, mock.Documents(greet), mock.With(tp.Use(spoil), tp.OnFailure(note)))
	process(t, m, "[{},"+ada+"]")
	process(t, m, `[{},{"fn.clearCalls_":{}}]`)
	want := "[middleware passed arguments of type <nil> to fn.greet; want tp.Object middleware passed arguments of type <nil> to fn.clearCalls_; want tp.Object]"
	if got := fmt.Sprint(failures); got != want {
		t.Error(got)
	}
}
