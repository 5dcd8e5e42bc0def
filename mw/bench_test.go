package mw_test

import (
	"context"
	"io"
	"log/slog"
	"net/netip"
	"testing"

	"github.com/rs/zerolog"
	"github.com/telestruct/telestruct/mw"
	"github.com/telestruct/telestruct/tp"
)

// BenchmarkCall is a call with one option each, beside one without any. Recover makes
// the difference that any middleware makes: arguments and results have memory of their
// own then.
func BenchmarkCall(b *testing.B) {
	often := mw.Rate{PerSecond: 1e12, Burst: 1e9}
	http := &tp.Peer{Transport: "http", Addr: netip.MustParseAddrPort("192.0.2.1:1000")}
	for _, bc := range []struct {
		name    string
		peer    *tp.Peer
		options []tp.Option
	}{
		{"Plain", http, nil},
		{"RateLimit/Address", http, []tp.Option{mw.RateLimit(often)}},
		{"RateLimit/Connection", &newConnection("192.0.2.1:1000").peer, []tp.Option{mw.RateLimit(often)}},
		{"RateLimit/Identity", http, []tp.Option{mw.Auth(credentials(), (&lookups{}).find), mw.RateLimit(often, mw.PerIdentity(func(u *user) string { return u.name }))}},
		{"Auth", http, []tp.Option{mw.Auth(credentials(), (&lookups{}).find)}},
		{"Auth/NoLimit", http, []tp.Option{mw.Auth(credentials(), (&lookups{}).find, mw.MaxFailures(0))}},
		{"Logging", http, []tp.Option{mw.Logging(zerolog.New(io.Discard))}},
		{"Logging/BelowLevel", http, []tp.Option{mw.Logging(zerolog.New(io.Discard).Level(zerolog.ErrorLevel))}},
		{"Slog", http, []tp.Option{mw.Slog(slog.New(slog.NewJSONHandler(io.Discard, nil)))}},
		{"Metrics", http, []tp.Option{mw.Metrics(mw.NewPrometheus())}},
		{"Recover", http, []tp.Option{mw.Recover()}},
	} {
		b.Run(bc.name, func(b *testing.B) {
			srv := newServer(b, bc.options...)
			call := &tp.Inbound{Body: []byte(`[{"@auth_":{"Token":{"token":"of ann"}}},{"fn.run":{"how":"x"}}]`), Peer: bc.peer}
			b.ReportAllocs()
			for b.Loop() {
				srv.Serve(context.Background(), call).Release()
			}
		})
	}
}

func BenchmarkPrometheusParallel(b *testing.B) {
	p := mw.NewPrometheus()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			p.Call("fn.run", "Ok_", 1234)
		}
	})
}
