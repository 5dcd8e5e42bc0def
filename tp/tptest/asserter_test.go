package tptest_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/tptest"
)

var orders = schema.Document{Name: "orders.telepact.yaml", Text: []byte(`
- struct.Item:
    sku: string
    scan!: bytes
- fn.order:
    items: [struct.Item]
  ->:
    - Ok_:
        id: integer
        items: [struct.Item]
    - ErrorSoldOut:
        sku: string
`)}

// ordersServer answers orders with their items. One of nothing is sold out.
func ordersServer(t testing.TB) *tp.Server {
	t.Helper()
	api := tp.NewAPI("", tp.SchemaDocuments(orders))
	tp.RegisterRaw(api, "fn.order", func(_ context.Context, req *tp.Request) (*tp.Response, error) {
		items, _ := req.Args.(tp.Object).Get("items")
		if list, _ := items.([]any); len(list) == 0 {
			return &tp.Response{Tag: "ErrorSoldOut", Result: tp.Object{{Key: "sku", Value: "pen"}}}, nil
		}
		return &tp.Response{Result: tp.Object{{Key: "id", Value: 7}, {Key: "items", Value: items}}, Headers: tp.Object{{Key: "@by", Value: "x"}}}, nil
	})
	srv, err := api.Build(tp.NoAuth())
	if err != nil {
		t.Fatal(err)
	}
	return srv
}

func order(items ...any) *tp.Message {
	return &tp.Message{Target: "fn.order", Payload: tp.Object{{Key: "items", Value: items}}}
}

func item(sku string, scan ...byte) tp.Object {
	if scan == nil {
		return tp.Object{{Key: "sku", Value: sku}}
	}
	return tp.Object{{Key: "sku", Value: sku}, {Key: "scan!", Value: scan}}
}

func body(tag string, members ...tp.Member) tp.Object {
	return tp.Object{{Key: tag, Value: append(tp.Object{}, members...)}}
}

func TestAssert(t *testing.T) {
	t.Parallel()
	scanText := tp.Object{{Key: "scan!", Value: "AQI="}}
	cases := []struct {
		name     string
		request  *tp.Message
		expected tp.Object
		want     string // of the error
	}{
		{"nothing", order(item("pen")), nil, ""},
		{"tag", order(item("pen")), body("Ok_"), ""},
		{"error", order(), body("ErrorSoldOut", tp.Member{Key: "sku", Value: "pen"}), ""},
		{"element", order(item("ink"), item("pen")), body("Ok_", tp.Member{Key: "items", Value: []any{item("pen")}}), ""},
		{"Go values", order(item("ink")), body("Ok_", tp.Member{Key: "id", Value: uint8(7)}, tp.Member{Key: "items", Value: []map[string]string{{"sku": "ink"}}}), ""},
		{"bytes", order(item("pen", 1, 2)), body("Ok_", tp.Member{Key: "items", Value: []any{item("pen", 1, 2)}}), ""},
		{"bytes as text", order(item("pen", 1, 2)), body("Ok_", tp.Member{Key: "items", Value: []any{scanText}}), ""},
		{"another tag", order(), body("Ok_"), `tptest: fn.order does not answer as expected:
  want {"Ok_":{}}
  got  {"ErrorSoldOut":{"sku":"pen"}}
  at Ok_: want {}, got nothing`},
		{"another value", order(item("pen")), body("Ok_", tp.Member{Key: "id", Value: 8}, tp.Member{Key: "items", Value: []any{item("ink")}}),
			`tptest: fn.order does not answer as expected:
  want {"Ok_":{"id":8,"items":[{"sku":"ink"}]}}
  got  {"Ok_":{"id":7,"items":[{"sku":"pen"}]}}
  at Ok_.id: want 8, got 7
  at Ok_.items[0].sku: want "ink", got "pen"`},
		{"unknown function", &tp.Message{Target: "fn.none", Payload: tp.Object{}}, body("ErrorInvalidRequestBody_"), ""},
	}
	a := tptest.NewAsserter(tp.NewClient(ordersServer(t)))
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := a.Assert(t.Context(), tc.request, tc.expected)
			if tc.want == "" {
				if err != nil || got == nil {
					t.Errorf("got %v, %v", got, err)
				}
				return
			}
			failed, ok := errors.AsType[*tptest.AssertionError](err)
			if !ok || failed.Response == nil || failed.Function != "fn.order" {
				t.Fatalf("got %v", err)
			}
			if diff := cmp.Diff(tc.want, err.Error()); diff != "" {
				t.Errorf("text (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnticipate(t *testing.T) {
	t.Parallel()
	a := tptest.NewAsserter(tp.NewClient(ordersServer(t)))
	a.Seed(4)
	expected := body("Ok_", tp.Member{Key: "id", Value: 9})
	for range 2 {
		got, err := a.Anticipate(t.Context(), order(item("pen")), expected)
		if err != nil {
			t.Fatal(err)
		}
		want := &tp.Message{Target: "Ok_", Headers: tp.Object{{Key: "@by", Value: "x"}},
			Payload: tp.Object{{Key: "id", Value: int64(9)}, {Key: "items", Value: []any{item("omicron"), item("psi")}}}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("response (-want +got):\n%s", diff)
		}
		a.Seed(4)
	}
	_, err := a.Anticipate(t.Context(), order(), body("ErrorSoldOut"))
	want := "tptest: fn.order answers as expected already:\n  want {\"ErrorSoldOut\":{}}\n  got  {\"ErrorSoldOut\":{\"sku\":\"pen\"}}"
	if _, ok := errors.AsType[*tptest.AssertionError](err); !ok || err.Error() != want {
		t.Errorf("got %v", err)
	}
	if _, err = a.Anticipate(t.Context(), &tp.Message{Target: "fn.none"}, body("Ok_")); err == nil || !strings.Contains(err.Error(), `no function "fn.none"`) {
		t.Errorf("got %v", err)
	}
}

func TestAsserterWithoutServer(t *testing.T) {
	t.Parallel()
	calls := 0
	srv := ordersServer(t)
	transport := tp.TransportFunc(func(ctx context.Context, request []byte) ([]byte, error) {
		if calls++; calls > 1 {
			return nil, errors.New("no route to host")
		}
		return srv.RoundTrip(ctx, request)
	})
	a := tptest.NewAsserter(tp.NewClient(transport))
	for range 2 {
		if _, err := a.Assert(t.Context(), order(), nil); err == nil || !strings.Contains(err.Error(), "no route to host") {
			t.Errorf("got %v", err)
		}
	}
	if _, err := tptest.NewAsserter(tp.NewClient(transport)).Anticipate(t.Context(), order(), nil); err == nil {
		t.Error("no error without a schema")
	}
}

func TestAsserterConcurrently(t *testing.T) {
	t.Parallel()
	a := tptest.NewAsserter(tp.NewClient(ordersServer(t)))
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			a.Seed(int64(i))
			if _, err := a.Assert(t.Context(), order(item("pen")), body("Ok_")); err != nil {
				t.Error(err)
			}
			if _, err := a.Anticipate(t.Context(), order(item("pen")), body("ErrorSoldOut")); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}
