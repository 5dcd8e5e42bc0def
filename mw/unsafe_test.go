package mw_test

import (
	"context"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/mw"
	"github.com/telestruct/telestruct/tp"
)

func TestUnsafe(t *testing.T) {
	t.Parallel()
	only := func(_ context.Context, req *tp.Request) bool { return req.Function == "fn.other" }
	for _, tc := range []struct {
		name     string
		options  []tp.Option
		function string
		want     string
	}{
		{"no policy", nil, "fn.run", "Ok_"},
		{"allow", []tp.Option{mw.Unsafe(mw.AllowUnsafe)}, "fn.run", "Ok_"},
		{"deny", []tp.Option{mw.Unsafe(mw.DenyUnsafe)}, "fn.run", "ErrorInvalidResponseBody_"},
		{"nil", []tp.Option{mw.Unsafe(nil)}, "fn.run", "ErrorInvalidResponseBody_"},
		{"per caller, who may", []tp.Option{mw.Unsafe(only)}, "fn.other", "Ok_"},
		{"per caller, who may not", []tp.Option{mw.Unsafe(only)}, "fn.run", "ErrorInvalidResponseBody_"},
		{"the later one", []tp.Option{mw.Unsafe(mw.AllowUnsafe), mw.Unsafe(mw.DenyUnsafe)}, "fn.run", "ErrorInvalidResponseBody_"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			everyWay(t, func(t *testing.T, call caller) {
				srv := invalidServer(t, tc.options...)
				request := strings.Replace(`[{"@unsafe_":true},{"fn.run":{}}]`, "fn.run", tc.function, 1)
				if got := call(srv, request); tagOf(got) != tc.want {
					t.Errorf("got %s, want %s", got, tc.want)
				}
				if got := call(srv, `[{},{"fn.run":{}}]`); tagOf(got) != "ErrorInvalidResponseBody_" {
					t.Errorf("without the header: got %s", got)
				}
			})
		})
	}
}

type Variant interface{ variant() }

type One struct{}

func (One) variant() {}

type Holder struct {
	Items []Variant `tp:"items"`
}

// invalidServer returns a server whose functions answer with a list of nothing.
func invalidServer(t testing.TB, options ...tp.Option) *tp.Server {
	t.Helper()
	api := tp.NewAPI("", append([]tp.Option{tp.NoAuth(), tp.OnFailure(nil), tp.Types(tp.UnionOf[Variant](One{}))}, options...)...)
	invalid := func(context.Context, Empty) (Holder, error) { return Holder{Items: []Variant{One{}, nil}}, nil }
	tp.RegisterOn(api, invalid, tp.Name("fn.run"))
	tp.RegisterOn(api, invalid, tp.Name("fn.other"))
	srv, err := api.Build()
	if err != nil {
		t.Fatal(err)
	}
	return srv
}
