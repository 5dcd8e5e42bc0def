package tp_test

import (
	"context"
	"fmt"
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/tp"
)

type observerKey struct{}

func TestObservers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, request string
		want          []string
	}{
		{"call", `[{"@id_": 7}, {"fn.run": {}}]`, []string{
			"outer fn.run id 7 of 10.0.0.1:1", "inner fn.run id 7 of 10.0.0.1:1", "handler outer",
			"inner Ok_ id 9 sent 7 failure <nil>", "outer Ok_ id 9 sent 7 failure <nil>"}},
		{"refused", `[{}, {"fn.run": {"x": 1}}]`, []string{
			"outer fn.run id <nil> of 10.0.0.1:1", "inner fn.run id <nil> of 10.0.0.1:1",
			"inner ErrorInvalidRequestBody_ id 9 sent <nil> failure <nil>", "outer ErrorInvalidRequestBody_ id 9 sent <nil> failure <nil>"}},
		{"unknown function", `[{}, {"fn.nope": {}}]`, []string{
			"outer  id <nil> of 10.0.0.1:1", "inner  id <nil> of 10.0.0.1:1",
			"inner ErrorInvalidRequestBody_ id 9 sent <nil> failure <nil>", "outer ErrorInvalidRequestBody_ id 9 sent <nil> failure <nil>"}},
		{"no message", `garbage`, []string{
			"outer  id <nil> of 10.0.0.1:1", "inner  id <nil> of 10.0.0.1:1",
			"inner ErrorParseFailure_ id <nil> sent <nil> failure parse", "outer ErrorParseFailure_ id <nil> sent <nil> failure parse"}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			watch := func(name string) tp.Observer {
				return func(ctx context.Context, o *tp.Observation) (context.Context, func()) {
					id, _ := o.Headers.Get("@id_")
					got = append(got, fmt.Sprintf("%s %s id %v of %v", name, o.Function, id, o.Peer.Addr))
					if name == "outer" {
						ctx = context.WithValue(ctx, observerKey{}, name)
					}
					return ctx, func() {
						id, _ := o.ResponseHeaders.Get("@id_")
						sent, _ := o.Headers.Get("@id_")
						var kind any
						if o.Failure != nil {
							kind = o.Failure.Kind
						}
						got = append(got, fmt.Sprintf("%s %s id %v sent %v failure %v", name, o.Tag, id, sent, kind))
					}
				}
			}
			silent := func(context.Context, *tp.Observation) (context.Context, func()) { return nil, nil }
			broken := func(context.Context, *tp.Observation) (context.Context, func()) { panic("observer") }
			breaking := func(ctx context.Context, _ *tp.Observation) (context.Context, func()) {
				return ctx, func() { panic("observer") }
			}
			api := tp.NewAPI("", tp.Observe(watch("outer"), nil, silent, broken, breaking), tp.Observe(watch("inner")))
			tp.RegisterOn(api, func(ctx context.Context, _ Empty) (Empty, error) {
				got = append(got, fmt.Sprintf("handler %v", ctx.Value(observerKey{})))
				return Empty{}, nil
			}, tp.Name("fn.run"))
			build(t, api).Serve(context.Background(), &tp.Inbound{
				Body:          []byte(tc.request),
				UpdateHeaders: func(headers *tp.Object) { headers.Set("@id_", int64(9)) },
				Peer:          &tp.Peer{Transport: "test", Addr: netip.MustParseAddrPort("10.0.0.1:1")},
			})
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("observed (-want +got):\n%s", diff)
			}
		})
	}
}
