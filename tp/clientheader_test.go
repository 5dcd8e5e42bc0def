package tp_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/tp"
)

func TestClientHeaders(t *testing.T) {
	t.Parallel()
	api := tp.NewAPI("", tp.HeaderSet[TraceRequest, TraceResponse]("headers.Trace"))
	tp.RegisterOn(api, traced)
	tap := &wiretap{srv: build(t, api)}
	client := tp.NewClient(tap, tp.WithHeader("@hops", []string{"default"}), tp.WithHeader("@more", 1))
	var (
		all   tp.Object
		trace TraceResponse
	)
	got, err := tp.Call[Greeting](t.Context(), client, &Empty{}, tp.Name("fn.traced"), tp.WithID("7"),
		tp.WithHeaders(TraceRequest{Trace: new("t"), Hops: []string{"a", "b"}}),
		tp.ReceiveHeaders(&all), tp.ReceiveHeaders(&trace))
	if err != nil || got.Message != "a,b" {
		t.Fatalf("got %+v, %v", got, err)
	}
	if want := `[{"@hops":["a","b"],"@more":1,"@id_":"7","@trace":"t","@time_":5000},{"fn.traced":{}}]`; tap.requests[0] != want {
		t.Errorf("request %s, want %s", tap.requests[0], want)
	}
	if diff := cmp.Diff(tp.Object{{Key: "@trace", Value: "t"}, {Key: "@id_", Value: "7"}}, all); diff != "" {
		t.Errorf("headers differ (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(TraceResponse{Trace: new("t")}, trace); diff != "" {
		t.Errorf("typed headers differ (-want +got):\n%s", diff)
	}
	// The options of one call are not those of the next.
	if _, err := tp.Call[Greeting](t.Context(), client, &Empty{}, tp.Name("fn.traced")); err != nil {
		t.Fatal(err)
	}
	if want := `[{"@hops":["default"],"@more":1,"@time_":5000},{"fn.traced":{}}]`; tap.requests[1] != want {
		t.Errorf("next request %s, want %s", tap.requests[1], want)
	}
}

func TestReceiveHeaders(t *testing.T) {
	t.Parallel()
	type none struct{ A int }
	client := tp.NewClient(answering(`[{"@node": true, "@trace": "t"}, {"ErrorX": {}}]`))
	call := func(o tp.CallOption) error {
		_, err := tp.Call[Empty](t.Context(), client, &Greet{}, o)
		return err
	}
	var (
		all    tp.Object
		wrong  TraceResponse
		no     none
		number int
		result *tp.ResultError
	)
	if err := call(tp.ReceiveHeaders(&all)); !errors.As(err, &result) || len(all) != 2 || !cmp.Equal(all, result.Headers) {
		t.Errorf("an error's headers: got %v, %+v", err, all)
	}
	for want, err := range map[string]error{
		"tp: serialization failure in fn.greet: the response's headers do not fit tp_test.TraceResponse":     call(tp.ReceiveHeaders(&wrong)),
		"tp: serialization failure in fn.greet: headers are a struct with a field for each, not int":         call(tp.ReceiveHeaders(&number)),
		"tp: serialization failure in fn.greet: tp.ReceiveHeaders needs a place for a tp_test.TraceResponse": call(tp.ReceiveHeaders[TraceResponse](nil)),
		"tp: serialization failure in fn.greet: tp_test.none.A":                                              call(tp.ReceiveHeaders(&no)),
	} {
		var failure *tp.Error
		if !errors.As(err, &failure) || failure.Kind != tp.KindSerialization {
			t.Errorf("got %v, want %s", err, want)
			continue
		}
		if got := err.Error(); !strings.HasPrefix(got, want) {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if wrong.Trace != nil {
		t.Errorf("a part was stored: %+v", wrong)
	}
}

// Mistakes in structs of headers are placed where the call is, not where the framework
// is compiled into it.
func TestHeaderMistakesPlace(t *testing.T) {
	t.Parallel()
	client := tp.NewClient(tp.TransportFunc(func(context.Context, []byte) ([]byte, error) {
		return []byte(`[{},{"Ok_":{"message":""}}]`), nil
	}))
	_, sent := tp.Call[Greeting](t.Context(), client, &Greet{}, tp.WithHeaders(struct{ A int }{}))
	_, received := tp.Call[Greeting](t.Context(), client, &Greet{}, tp.ReceiveHeaders(new(struct{ B int })))
	for _, err := range []error{sent, received} {
		if err == nil || !strings.Contains(err.Error(), " (tp/clientheader_test.go:") {
			t.Errorf("got %v", err)
		}
	}
}

func TestWithAuth(t *testing.T) {
	t.Parallel()
	srv := authAPI().MustBuild(tp.OnFailure(nil))
	client := tp.NewClient(srv, tp.WithAuth(Token{Token: "of ann"}))
	tests := []struct {
		options []tp.CallOption
		want    string
	}{
		{nil, "ann"},
		{[]tp.CallOption{tp.WithAuth(&Password{User: "bob", Password: "secret"})}, "bob"},
	}
	for _, tc := range tests {
		got, err := tp.Call[Greeting](t.Context(), client, &Empty{}, append(tc.options, tp.Name("fn.whoAmI"))...)
		if err != nil || got.Message != tc.want {
			t.Errorf("got %+v, %v; want %s", got, err, tc.want)
		}
	}
	_, err := tp.Call[Greeting](t.Context(), tp.NewClient(srv), &Empty{}, tp.Name("fn.whoAmI"))
	var unauthenticated *tp.UnauthenticatedError
	if !errors.As(err, &unauthenticated) || unauthenticated.Message != "Valid authentication is required." {
		t.Errorf("got %v", err)
	}
	_, err = tp.Call[Greeting](t.Context(), client, &Empty{}, tp.Name("fn.whoAmI"), tp.WithAuth(Token{Token: "of mallory"}))
	var unauthorized *tp.UnauthorizedError
	if !errors.As(err, &unauthorized) || unauthorized.Message != "not you" {
		t.Errorf("got %v", err)
	}
	// Exchange has the client's credentials as well.
	answer, err := client.Exchange(t.Context(), &tp.Message{Target: "fn.whoAmI"})
	if err != nil || answer.Target != "Ok_" {
		t.Errorf("got %+v, %v", answer, err)
	}
}
