package tptest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/telestruct/telestruct/internal/leaks"

	"github.com/telestruct/telestruct/mw"
	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/tptest"
	"github.com/telestruct/telestruct/tp/wire"
)

func TestMain(m *testing.M) { leaks.Main(m) }

type (
	Divide struct {
		Left  float64 `tp:"left"`
		Right float64 `tp:"right"`
	}
	Quotient struct {
		Value float64 `tp:"value"`
	}
	DivideByZeroError struct{}
	WhoAmI            struct{}
	Who               struct {
		Name string `tp:"name"`
	}
	Key interface{ key() }
	Pin struct {
		Code string `tp:"code"`
	}
)

func (*DivideByZeroError) Error() string { return "division by zero" }
func (Pin) key()                         {}

func divide(_ context.Context, in Divide) (Quotient, error) {
	switch {
	case in.Right == 0:
		return Quotient{}, &DivideByZeroError{}
	case in.Right < 0:
		return Quotient{}, errors.New("negative")
	}
	return Quotient{in.Left / in.Right}, nil
}

func whoAmI(ctx context.Context, _ WhoAmI) (Who, error) {
	name, _ := tp.Identity[string](ctx)
	return Who{name}, nil
}

func lookUp(_ context.Context, k Key) (string, error) {
	if k.(Pin).Code != "0000" {
		return "", errors.New("wrong pin")
	}
	return "owner", nil
}

func testAPI() *tp.API {
	api := tp.NewAPI("", tp.Auth(tp.UnionOf[Key](Pin{}), lookUp))
	tp.RegisterOn(api, divide, tp.Public(), tp.Fails(&DivideByZeroError{}))
	tp.RegisterOn(api, whoAmI)
	return api
}

var carriers = map[string]tptest.Carrier{"process": tptest.Process, "http": tptest.HTTP, "websocket": tptest.WebSocket}

func TestService(t *testing.T) {
	t.Parallel()
	for name, carrier := range carriers {
		for _, format := range []tp.Format{wire.JSON, wire.MessagePack, wire.CBOR} {
			t.Run(fmt.Sprint(name, " ", format), func(t *testing.T) {
				t.Parallel()
				s := tptest.New(t, testAPI(), tptest.Over(carrier), tptest.In(format))
				for i := range 3 {
					got := tptest.Call[Quotient](s, &Divide{float64(i), 4})
					if want := float64(i) / 4; got.Value != want {
						t.Errorf("%d divided by 4 is %v, want %v", i, got.Value, want)
					}
				}
				tptest.CallError[*DivideByZeroError](s, &Divide{1, 0})
				tptest.CallError[*tp.UnauthenticatedError](s, &WhoAmI{})
				if failures := s.Failures(); len(failures) > 0 {
					t.Errorf("failures %v, want none", failures)
				}
				tptest.CallError[*tp.UnknownError](s, &Divide{1, -1})
				if failures := s.Failures(); len(failures) != 1 || failures[0].Cause.Error() != "negative" {
					t.Errorf("failures %v, want the handler's", failures)
				}
			})
		}
	}
}

// What was agreed on in the first call is used in the next.
func TestServiceSpeaksBinary(t *testing.T) {
	t.Parallel()
	for _, format := range []tp.Format{wire.JSON, wire.MessagePack, wire.CBOR} {
		var formats []string
		watch := func(ctx context.Context, o *tp.Observation) (context.Context, func()) {
			return ctx, func() {
				_, isBinary := o.ResponseHeaders.Get("@bin_")
				formats = append(formats, fmt.Sprint(isBinary))
			}
		}
		s := tptest.New(t, testAPI(), tptest.In(format), tptest.Build(tp.Observe(watch)))
		tptest.Call[Quotient](s, &Divide{1, 2})
		tptest.Call[Quotient](s, &Divide{1, 2})
		want := fmt.Sprint(format != wire.JSON)
		if got := strings.Join(formats, " "); got != want+" "+want {
			t.Errorf("%v: answers were binary: %s", format, got)
		}
	}
}

func TestServiceKnowsCallers(t *testing.T) {
	t.Parallel()
	for name, carrier := range carriers {
		tests := []struct {
			name   string
			option tptest.Option
			want   string
		}{
			{"fake", tptest.As("eve"), "eve"},
			{"real", tptest.ClientOptions(tp.WithAuth(Pin{"0000"})), "owner"},
		}
		for _, tc := range tests {
			s := tptest.New(t, testAPI(), tptest.Over(carrier), tc.option)
			if got := tptest.Call[Who](s, &WhoAmI{}); got.Name != tc.want {
				t.Errorf("%s over %s: the caller is %q, want %q", tc.name, name, got.Name, tc.want)
			}
		}
	}
}

// fatal is a testing.TB that ends a function where a test would end.
type fatal struct {
	testing.TB
	text string
}

func (f *fatal) Helper()                           {}
func (f *fatal) Fatal(args ...any)                 { f.fail(fmt.Sprint(args...)) }
func (f *fatal) fail(text string)                  { f.text = text; panic(f) }
func (f *fatal) Fatalf(format string, args ...any) { f.fail(fmt.Sprintf(format, args...)) }

// fails runs fn until the test that it is given fails, and returns why.
func fails(t *testing.T, fn func(t testing.TB)) string {
	f := &fatal{TB: t}
	func() {
		defer func() {
			if p := recover(); p != nil && p != any(f) {
				panic(p)
			}
		}()
		fn(f)
	}()
	return f.text
}

func TestServiceFails(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		fn   func(t testing.TB)
		want string
	}{
		{"an API that cannot be built", func(t testing.TB) {
			api := tp.NewAPI("")
			tp.RegisterOn(api, divide)
			tptest.New(t, api)
		}, "nothing says who may call the API"},
		{"no result", func(t testing.TB) {
			tptest.Call[Quotient](tptest.New(t, testAPI()), &Divide{1, 0})
		}, "fn.divide answered ErrorDivideByZero"},
		{"no error", func(t testing.TB) {
			tptest.CallError[*DivideByZeroError](tptest.New(t, testAPI()), &Divide{1, 1})
		}, "the function of tptest_test.Divide answered Ok_, want a *tptest_test.DivideByZeroError"},
		{"another error", func(t testing.TB) {
			tptest.CallError[*tp.UnauthenticatedError](tptest.New(t, testAPI()), &Divide{1, 0})
		}, "want a *tp.UnauthenticatedError"},
	}
	for _, tc := range tests {
		if got := fails(t, tc.fn); !strings.Contains(got, tc.want) {
			t.Errorf("%s: it failed with %q, want %q", tc.name, got, tc.want)
		}
	}
}

func TestLog(t *testing.T) {
	t.Parallel()
	log := tptest.NewLog(t)
	s := tptest.New(t, testAPI(), tptest.Build(mw.Slog(log.Slog())))
	tptest.Call[Quotient](s, &Divide{1, 2})
	if lines := log.Lines(); len(lines) != 1 || !log.Has("fn.divide") || log.Has("time=") || log.Has("fn.whoAmI") {
		t.Errorf("lines %q, want one of fn.divide without a time", lines)
	}
}

// Calls may take longer than those of other clients, whatever carries them.
func TestServiceIsPatient(t *testing.T) {
	t.Parallel()
	api := tp.NewAPI("", tp.NoAuth(), tp.MaxTime(time.Hour))
	tp.RegisterOn(api, func(ctx context.Context, _ WhoAmI) (Who, error) {
		select {
		case <-ctx.Done():
			return Who{}, ctx.Err()
		case <-time.After(time.Minute - time.Second):
			return Who{"a late one"}, nil
		}
	}, tp.Name("fn.whoAmI"))
	for name, carrier := range carriers {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := tptest.New(t, api, tptest.Over(carrier))
				if got := tptest.Call[Who](s, &WhoAmI{}); got.Name != "a late one" {
					t.Errorf("answer %+v", got)
				}
				hasty := tptest.New(t, api, tptest.Over(carrier), tptest.ClientOptions(tp.Timeout(time.Second)))
				if _, err := tp.Call[Who](t.Context(), hasty.Client, &WhoAmI{}); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("error %v, want that the time is over", err)
				}
			})
		})
	}
}

// A thousand calls over a WebSocket take no time in a bubble, and little outside.
func TestThousandCalls(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := tptest.New(t, testAPI(), tptest.Over(tptest.WebSocket), tptest.In(wire.MessagePack))
		began := time.Now()
		for i := range 1000 {
			if got := tptest.Call[Quotient](s, &Divide{float64(i), 2}); got.Value != float64(i)/2 {
				t.Fatalf("%d divided by 2 is %v", i, got.Value)
			}
		}
		if took := time.Since(began); took > 0 {
			t.Errorf("the calls took %v of the bubble's time", took)
		}
	})
}
