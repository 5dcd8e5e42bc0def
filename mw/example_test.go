package mw_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"

	"github.com/rs/zerolog"
	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/mw"
	"github.com/telestruct/telestruct/tp"
)

// Caller is the union of what callers prove with who they are.
type Caller interface{ caller() }

type Session struct {
	Token string `tp:"token"`
}

func (Session) caller() {}

// Account is who calls.
type Account struct{ ID string }

func lookUp(_ context.Context, c Caller) (*Account, error) {
	if session, ok := c.(Session); ok && session.Token == "t-1" {
		return &Account{ID: "ann"}, nil
	}
	return nil, errors.New("no such session")
}

type Transfer struct {
	To     string `tp:"to"`
	Amount int    `tp:"amount"`
}

type Receipt struct {
	Number int `tp:"number"`
}

func transfer(context.Context, *Transfer) (*Receipt, error) { return &Receipt{Number: 7}, nil }

// Everything that a service usually wants, mounted beside its metrics.
func Example() {
	metrics := mw.NewPrometheus()
	api := tp.NewAPI("Bank",
		mw.Auth(tp.UnionOf[Caller](Session{}), lookUp),
		mw.RateLimit(mw.Rate{PerSecond: 100, Burst: 200},
			mw.PerIdentity(func(a *Account) string { return a.ID }),
			mw.PerFunction(mw.Rate{PerSecond: 1, Burst: 5}, "fn.transfer")),
		mw.Unsafe(mw.DenyUnsafe),
		mw.Logging(zerolog.New(os.Stderr).With().Timestamp().Logger()),
		mw.Metrics(metrics),
		mw.Recover(),
	)
	tp.RegisterOn(api, transfer)
	mux := http.NewServeMux()
	mux.Handle("/api/telepact", httpx.Handler(api.MustBuild()))
	mux.Handle("/metrics", metrics)
}

// Who calls is a struct of the program's own.
func ExampleIdentity() {
	api := tp.NewAPI("", mw.Auth(tp.UnionOf[Caller](Session{}), lookUp))
	tp.RegisterOn(api, func(ctx context.Context, in *Transfer) (*Receipt, error) {
		account, _ := mw.Identity[*Account](ctx)
		fmt.Println(account.ID, "pays", in.Amount)
		return &Receipt{Number: 7}, nil
	}, tp.Name("fn.transfer"))
	fmt.Println(inProcess(api.MustBuild(),
		`[{"@auth_": {"Session": {"token": "t-1"}}}, {"fn.transfer": {"to": "bob", "amount": 5}}]`))
	// Output:
	// ann pays 5
	// [{},{"Ok_":{"number":7}}]
}

// Callers learn when to come again.
func ExampleRateLimit() {
	api := tp.NewAPI("", tp.NoAuth(), mw.RateLimit(mw.Rate{PerSecond: 0.001, Burst: 1}))
	tp.RegisterOn(api, transfer)
	srv := api.MustBuild()
	call := overHTTP("192.0.2.1:50000")
	for range 2 {
		fmt.Println(tagOf(call(srv, `[{}, {"fn.transfer": {"to": "bob", "amount": 5}}]`)))
	}
	// Output:
	// Ok_
	// ErrorRateLimit
}

// A policy per caller: those who test may have results that break the schema.
func ExampleUnsafe() {
	testers := func(ctx context.Context, _ *tp.Request) bool {
		account, ok := mw.Identity[*Account](ctx)
		return ok && account.ID == "tester"
	}
	_ = tp.NewAPI("", mw.Auth(tp.UnionOf[Caller](Session{}), lookUp), mw.Unsafe(testers))
}

// Lines have what is needed to find a case again, and nothing that callers sent.
func ExampleSlog() {
	untimed := func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey || a.Key == "tookMs" {
			return slog.Attr{} // to have the same output each time
		}
		return a
	}
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: untimed}))
	api := tp.NewAPI("", tp.NoAuth(), mw.Slog(logger))
	tp.RegisterOn(api, transfer)
	srv := api.MustBuild()
	call := overHTTP("192.0.2.1:50000")
	call(srv, `[{}, {"fn.transfer": {"to": "bob", "amount": 5}}]`)
	call(srv, `[{}, {"fn.transfer": {"to": "bob", "amount": "secret"}}]`)
	call(srv, `[{}, {"fn.madeUp": {}}]`)
	// Output:
	// level=INFO msg="telepact call" function=fn.transfer tag=Ok_ transport=http peer=192.0.2.1:50000
	// level=WARN msg="telepact call" function=fn.transfer tag=ErrorInvalidRequestBody_ transport=http peer=192.0.2.1:50000
	// level=WARN msg="telepact call" function="" tag=ErrorInvalidRequestBody_ transport=http peer=192.0.2.1:50000
}

// A hook for panics beside the log, such as a counter or an alarm.
func ExampleRecover() {
	alarm := func(_ context.Context, req *tp.Request, _ *tp.PanicError) { fmt.Println("alarm:", req.Function) }
	api := tp.NewAPI("", tp.NoAuth(), mw.Recover(alarm), tp.OnFailure(nil))
	tp.RegisterOn(api, func(context.Context, *Transfer) (*Receipt, error) { panic("oh") }, tp.Name("fn.transfer"))
	fmt.Println(tagOf(inProcess(api.MustBuild(), `[{}, {"fn.transfer": {"to": "bob", "amount": 5}}]`)))
	// Output:
	// alarm: fn.transfer
	// ErrorUnknown_
}
