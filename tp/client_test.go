package tp_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/tp"
)

// wiretap is a transport to a server that keeps what goes over it.
type wiretap struct {
	srv    *tp.Server
	binary tp.Format // that the server is asked for

	mu        sync.Mutex
	requests  []string
	responses []string
}

func (w *wiretap) RoundTrip(ctx context.Context, request []byte) ([]byte, error) {
	reply := w.srv.Serve(ctx, &tp.Inbound{Body: request, Binary: w.binary})
	w.mu.Lock()
	defer w.mu.Unlock()
	w.requests = append(w.requests, string(request))
	w.responses = append(w.responses, string(reply.Bytes))
	return reply.Bytes, nil
}

// answering is a transport that answers every request alike.
func answering(response string) tp.Transport {
	return tp.TransportFunc(func(context.Context, []byte) ([]byte, error) { return []byte(response), nil })
}

// speaking are the ways in which a client can talk to a server.
var speaking = []struct {
	name    string
	binary  tp.Format
	options []tp.ClientOption
	second  string // how the second request begins
}{
	{"JSON", tp.JSON, nil, "["},
	{"binary answers", tp.MessagePack, []tp.ClientOption{tp.Binary(tp.BinaryOn)}, "["},
	{"MessagePack", tp.MessagePack, []tp.ClientOption{tp.Binary(tp.BinaryAlways)}, "\x92"},
	{"MessagePack packed", tp.MessagePack, []tp.ClientOption{tp.Binary(tp.BinaryAlways), tp.Packed()}, "\x92"},
	{"CBOR", tp.CBOR, []tp.ClientOption{tp.Binary(tp.BinaryAlways)}, "\x82"},
	{"CBOR packed", tp.CBOR, []tp.ClientOption{tp.Binary(tp.BinaryAlways), tp.Packed()}, "\x82"},
}

func TestCall(t *testing.T) {
	t.Parallel()
	want := &OrderMsg{Order{
		ID: -1 << 63, Note: new("n"), Phone: tp.Some[int8](127),
		Lines:  []Line{{"a", 1.5}, {"b", 2}, {"c", -0.25}},
		Labels: map[string]string{"k": "v"}, Blob: []byte{1, 2}, Extra: []any{int64(1), map[string]any{"a": true}},
	}}
	for _, tc := range speaking {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			tap := &wiretap{srv: build(t, ordersAPI()), binary: tc.binary}
			client := tp.NewClient(tap, tc.options...)
			for range 2 {
				got, err := tp.Call[OrderMsg](t.Context(), client, want, tp.Name("fn.echo"))
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, got, cmp.AllowUnexported(tp.Optional[int8]{})); diff != "" {
					t.Errorf("result differs (-want +got):\n%s", diff)
				}
			}
			if len(tap.requests) != 2 || !strings.HasPrefix(tap.requests[1], tc.second) {
				t.Errorf("requests %q", tap.requests)
			}
		})
	}
}

func TestCallConcurrently(t *testing.T) {
	t.Parallel()
	for _, tc := range speaking {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			client := tp.NewClient(&wiretap{srv: build(t, ordersAPI()), binary: tc.binary}, tc.options...)
			var calls sync.WaitGroup
			for i := range 20 {
				calls.Go(func() {
					got, err := tp.Call[Greeting](t.Context(), client, &Greet{Subject: fmt.Sprint(i)})
					if want := fmt.Sprintf("Hello %d!", i); err != nil || got.Message != want {
						t.Errorf("got %+v, %v; want %s", got, err, want)
					}
				})
			}
			calls.Wait()
		})
	}
}

// The messages of a client that begins to speak binary.
func TestCallMessages(t *testing.T) {
	t.Parallel()
	tap := &wiretap{srv: build(t, ordersAPI())}
	client := tp.NewClient(tap, tp.Binary(tp.BinaryAlways))
	for range 2 {
		if _, err := tp.Call[Greeting](t.Context(), client, &Greet{Subject: "x"}); err != nil {
			t.Fatal(err)
		}
	}
	checksum := fieldsOf(tap.srv).Checksum()
	if want := `[{"@time_":5000,"@bin_":[]},{"fn.greet":{"subject":"x"}}]`; tap.requests[0] != want {
		t.Errorf("first request %s, want %s", tap.requests[0], want)
	}
	if want := string(binary(t, tp.MessagePack, fieldsOf(tap.srv), `[{"@time_":5000},{"fn.greet":{"subject":"x"}}]`)); tap.requests[1] != want {
		t.Errorf("second request %q, want %q for %d", tap.requests[1], want, checksum)
	}
	if strings.Contains(tap.responses[1], "@enc_") {
		t.Errorf("the server told its names twice: %q", tap.responses[1])
	}
}

// Mistakes are found before anything is sent.
func TestCallMistakes(t *testing.T) {
	t.Parallel()
	type Untagged struct{ A int }
	type Pair[T any] struct {
		A T `tp:"a"`
	}
	type Draw struct {
		Shape Shape `tp:"shape"`
	}
	sent := 0
	transport := tp.TransportFunc(func(context.Context, []byte) ([]byte, error) {
		sent++
		return nil, errSecret
	})
	client := tp.NewClient(transport, nil)
	ctx := t.Context()
	call := func(_ any, err error) error { return err }
	tests := []struct {
		name string
		err  error
		want string
	}{
		{"nil arguments", call(tp.Call[Greeting, Greet](ctx, client, nil)),
			"tp: serialization failure in fn.greet: the arguments are nil"},
		{"anonymous", call(tp.Call[Greeting](ctx, client, &struct{}{})),
			`tp: serialization failure: struct {}: an anonymous struct does not say which function takes it; add tp.Name("fn.…")`},
		{"generic", call(tp.Call[Greeting](ctx, client, &Pair[int]{})),
			`tp: serialization failure: tp_test.Pair[int]: a generic type does not say which function takes it; add tp.Name("fn.…")`},
		{"no struct", call(tp.Call[Greeting](ctx, client, new(7))),
			`tp: serialization failure: int: arguments and results are structs; use a struct that has it as a field`},
		{"pointer to a pointer", call(tp.Call[Greeting](ctx, client, new(&Greet{}), tp.Name("fn.greet"))),
			`tp: serialization failure in fn.greet: *tp_test.Greet: a call takes and returns pointers to structs already; use tp_test.Greet`},
		{"pointer to a result", call(tp.Call[*Greeting](ctx, client, &Greet{})),
			`tp: serialization failure: *tp_test.Greeting: a call takes and returns pointers to structs already; use tp_test.Greeting`},
		{"result that is no struct", call(tp.Call[any](ctx, client, &Greet{})),
			`tp: serialization failure: interface {}: arguments and results are structs; use a struct that has it as a field`},
		{"no tag", call(tp.Call[Greeting](ctx, client, &Untagged{})),
			"tp: serialization failure: tp_test.Untagged.A (SITE): an exported field needs a tag; add `tp:\"a\"`, or `tp:\"-\"` to leave it out"},
		{"no tag in the result", call(tp.Call[Untagged](ctx, client, &Greet{})),
			"tp: serialization failure: tp_test.Untagged.A (SITE): an exported field needs a tag; add `tp:\"a\"`, or `tp:\"-\"` to leave it out"},
		{"unknown union", call(tp.Call[Greeting](ctx, client, &Draw{})),
			"tp: serialization failure: tp_test.Draw.Shape (SITE): no union says which types implement tp_test.Shape; give the API, or the client, tp.Types(tp.UnionOf[tp_test.Shape](…))"},
		{"bad name", call(tp.Call[Greeting](ctx, client, &Greet{}, nil, tp.Name("greet"))),
			`tp: serialization failure in greet: greet (SITE): "greet" is not the name of a definition; write "fn.greet"`},
		{"no encoding", call(tp.Call[Greeting](ctx, client, &Greet{Subject: "\xff"})),
			"tp: serialization failure in fn.greet: fn.greet.subject: the text is not valid UTF-8"},
		{"bad header", call(tp.Call[Greeting](ctx, client, &Greet{}, tp.WithHeader("trace", 1))),
			`tp: serialization failure in fn.greet: the name of a header begins with "@", not "trace"`},
		{"header without encoding", call(tp.Call[Greeting](ctx, client, &Greet{}, tp.WithHeader("@trace", make(chan int)))),
			"tp: serialization failure in fn.greet: wire: value at [@trace] cannot be written: "},
		{"headers of no struct", call(tp.Call[Greeting](ctx, client, &Greet{}, tp.WithHeaders(7))),
			"tp: serialization failure in fn.greet: headers are a struct with a field for each, not int"},
		{"headers without tags", call(tp.Call[Greeting](ctx, client, &Greet{}, tp.WithHeaders(Untagged{}))),
			"tp: serialization failure in fn.greet: tp_test.Untagged.A (SITE): "},
		{"credentials of no struct", call(tp.Call[Greeting](ctx, client, &Greet{}, tp.WithAuth("secret"))),
			"tp: serialization failure in fn.greet: credentials are a struct, not string"},
		{"no credentials", call(tp.Call[Greeting](ctx, client, &Greet{}, tp.WithAuth(nil))),
			"tp: serialization failure in fn.greet: credentials are a struct, not <nil>"},
		{"no link", call(tp.Follow[Greeting](ctx, client, tp.Link[Greet]{})),
			"tp: serialization failure in fn.greet: the arguments are nil"},
		{"no message", call(client.Exchange(ctx, nil)), "tp: serialization failure: the message is nil"},
		{"message that is none", call(client.Exchange(ctx, &tp.Message{Target: "\xff"})),
			"tp: serialization failure in \xff: wire: value at [] cannot be written: the target is not valid UTF-8"},
		{"payload that is none", call(client.Exchange(ctx, &tp.Message{Target: "fn.x", Payload: tp.Object{{Key: "a", Value: t}}})),
			"tp: serialization failure in fn.x: wire: value at [a] cannot be written: "},
	}
	for _, tc := range tests {
		var failure *tp.Error
		if !errors.As(tc.err, &failure) || failure.Kind != tp.KindSerialization {
			t.Errorf("%s: got %v", tc.name, tc.err)
			continue
		}
		if got := withoutSites(tc.err.Error()); !strings.HasPrefix(got, tc.want) {
			t.Errorf("%s:\n got %s\nwant %s", tc.name, got, tc.want)
		}
	}
	if sent > 0 {
		t.Errorf("%d requests were sent", sent)
	}
}

// withoutSites replaces the places of this file in a text.
func withoutSites(text string) string {
	for {
		from := strings.Index(text, "(tp/client")
		if from < 0 {
			return text
		}
		to := from + strings.IndexByte(text[from:], ')')
		text = text[:from] + "(SITE" + text[to:]
	}
}

// The mistakes in Go types are problems that can be told apart.
func TestCallProblems(t *testing.T) {
	t.Parallel()
	type Untagged struct{ A, B int }
	client := tp.NewClient(answering(""))
	for range 2 { // the second finds what the first has derived
		_, err := tp.Call[Greeting](t.Context(), client, &Untagged{})
		var problem *tp.Problem
		if !errors.As(err, &problem) || problem.Where != "tp_test.Untagged.A" || problem.Site == "" {
			t.Errorf("got %+v in %v", problem, err)
		}
	}
}

func TestCallNames(t *testing.T) {
	t.Parallel()
	type HTTPStatus struct{}
	type blank struct {
		_ struct{} `tp:"Renamed"`
	}
	type Used struct{}
	client := tp.NewClient(answering(`[{},{"ErrorX":{}}]`), tp.Uses[Used, Empty](tp.Name("fn.other")))
	ctx := t.Context()
	call := func(_ any, err error) error { return err }
	for want, err := range map[string]error{
		"fn.greet":      call(tp.Call[Empty](ctx, client, &Greet{})),
		"fn.httpStatus": call(tp.Call[Empty](ctx, client, &HTTPStatus{})),
		"fn.renamed":    call(tp.Call[Empty](ctx, client, &blank{})),
		"fn.given":      call(tp.Call[Empty](ctx, client, &Greet{}, tp.Name("fn.given"))),
		"fn.other":      call(tp.Call[Empty](ctx, client, &Used{})),
		"fn.third":      call(tp.Call[Empty](ctx, client, &Used{}, tp.Name("fn.third"))),
		"fn.anonymous":  call(tp.Call[Empty](ctx, client, &struct{}{}, tp.Name("fn.anonymous"))),
	} {
		var result *tp.ResultError
		if !errors.As(err, &result) || result.Function != want {
			t.Errorf("%s: got %v", want, err)
		}
	}
}

// What a server says beyond what Go knows is ignored, and what does not fit is
// explained.
func TestCallResults(t *testing.T) {
	t.Parallel()
	fields := fieldsOf(build(t, ordersAPI()))
	const misfit = "tp: serialization failure in fn.greet: "
	tests := []struct{ name, response, want string }{
		{"newer server", `[{"@new":1},{"Ok_":{"more":[{"a":{}}],"message":"m","extra!":null}}]`, "m"},
		{"missing field", `[{},{"Ok_":{}}]`, misfit + `Ok_: the required key "message" is missing`},
		{"wrong field", `[{},{"Ok_":{"message":1,"more":2}}]`, misfit + "Ok_.message: expected String, found Number"},
		{"wrong twice", `[{},{"Ok_":{"message":"a","message":"b"}}]`, misfit + "wire: not a message: "},
		{"no object", `[{},{"Ok_":1}]`, misfit + "wire: not a message: ExpectedJsonArrayOfAnObjectAndAnObjectOfOneObject"},
		{"no result", `[{},{}]`, misfit + "wire: not a message: ExpectedJsonArrayOfAnObjectAndAnObjectOfOneObject"},
		{"two results", `[{},{"Ok_":{"message":"a"},"Ok2":{}}]`, misfit + "wire: not a message: "},
		{"cut off", `[{},{"Ok_":{"message":"a"}}`, misfit + "wire: not a message: ExpectedJsonArrayOfTwoObjects: "},
		{"more", `[{},{"Ok_":{"message":"a"}}] x`, misfit + "wire: not a message: ExpectedJsonArrayOfTwoObjects: "},
		{"nothing", ``, misfit + "wire: not a message: ExpectedJsonArrayOfTwoObjects: "},
		{"text", `<html>`, misfit + "wire: not a message: ExpectedJsonArrayOfTwoObjects: "},
		{"an error", `[{},{"ErrorX":{"message":"a"}}]`, "tp: fn.greet answered ErrorX"},
		{"the request", `[{},{"fn.greet":{}}]`, "tp: the request of fn.greet came back in place of an answer: the URL is not one for calls"},
	}
	for _, tc := range tests {
		for _, f := range []tp.Format{tp.JSON, tp.MessagePack, tp.CBOR} {
			response := tc.response
			if f != tp.JSON {
				if strings.Contains(tc.want, "not a message") {
					continue // cannot be written
				}
				response = string(binary(t, f, fields, response, tp.Member{Key: "@enc_", Value: fields.Header()}))
			}
			got := ""
			greeting, err := tp.Call[Greeting](t.Context(), tp.NewClient(answering(response)), &Greet{})
			if err != nil {
				got = err.Error()
			} else {
				got = greeting.Message
			}
			if !strings.HasPrefix(got, tc.want) {
				t.Errorf("%s in %v:\n got %s\nwant %s", tc.name, f, got, tc.want)
			}
		}
	}
}

func TestCallMisfits(t *testing.T) {
	t.Parallel()
	client := tp.NewClient(answering(`[{},{"Ok_":{"shape":{"Triangle":{}}}}]`), tp.Types(tp.UnionOf[Shape](Circle{}, Square{})))
	_, err := tp.Call[Measure](t.Context(), client, &Greet{})
	var failure *tp.Error
	if !errors.As(err, &failure) || len(failure.Cases) != 1 {
		t.Fatalf("got %v", err)
	}
	if got, want := failure.Cases[0].String(), "Ok_.shape.Triangle: the key is not allowed here"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestCallTransportErrors(t *testing.T) {
	t.Parallel()
	ours := &tp.Error{Kind: tp.KindHandler, Cause: errSecret}
	tests := []struct {
		name      string
		transport tp.Transport
		want      string
		is        error
	}{
		{"fails", tp.TransportFunc(func(context.Context, []byte) ([]byte, error) { return nil, errSecret }),
			"tp: transport failure in fn.greet: password is hunter2", errSecret},
		{"passes ours on", tp.TransportFunc(func(context.Context, []byte) ([]byte, error) { return nil, ours }),
			"tp: handler failure: password is hunter2", ours},
		{"none", nil, "tp: transport failure in fn.greet: the client has no transport", nil},
	}
	for _, tc := range tests {
		_, err := tp.Call[Greeting](t.Context(), tp.NewClient(tc.transport), &Greet{})
		if err == nil || err.Error() != tc.want || tc.is != nil && !errors.Is(err, tc.is) {
			t.Errorf("%s: got %v, want %s", tc.name, err, tc.want)
		}
	}
}

func TestCallTime(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		deadline time.Duration // of the context; 0 is none
		options  []tp.CallOption
		want     int64
		header   string
	}{
		{"default", 0, nil, 5000, "5000"},
		{"option", 0, []tp.CallOption{tp.Timeout(1500 * time.Millisecond)}, 1500, "1500"},
		{"default option", 0, []tp.CallOption{tp.Timeout(time.Second), tp.Timeout(0)}, 5000, "5000"},
		{"deadline", 250 * time.Millisecond, nil, 250, "250"},
		{"later deadline", time.Minute, []tp.CallOption{tp.Timeout(time.Second)}, 60000, "60000"},
		{"near deadline", 300 * time.Microsecond, nil, 1, "1"},
		{"deadline between milliseconds", 1100 * time.Microsecond, nil, 2, "2"},
		{"header", 0, []tp.CallOption{tp.WithHeader("@time_", 70)}, 70, "70"},
		{"long header", 0, []tp.CallOption{tp.WithHeader("@time_", 7000)}, 7000, "7000"},
		{"header and deadline", 20 * time.Millisecond, []tp.CallOption{tp.WithHeader("@time_", 70)}, 70, "70"},
		{"header that is no time", 0, []tp.CallOption{tp.WithHeader("@time_", -7)}, 5000, "-7"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { testCallTime(t, tc.deadline, tc.options, tc.want, tc.header) })
		})
	}
}

func testCallTime(t *testing.T, deadline time.Duration, options []tp.CallOption, want int64, header string) {
	ctx, cancel := t.Context(), func() {}
	if deadline > 0 {
		ctx, cancel = context.WithTimeout(ctx, deadline)
	}
	defer cancel()
	asked := ""
	client := tp.NewClient(tp.TransportFunc(func(ctx context.Context, request []byte) ([]byte, error) {
		asked = string(request)
		<-ctx.Done()
		return nil, ctx.Err()
	}))
	start := time.Now()
	_, err := tp.Call[Greeting](ctx, client, &Greet{}, options...)
	if text := fmt.Sprintf("tp: transport failure in fn.greet: no answer within %d ms: context deadline exceeded", want); err == nil || err.Error() != text {
		t.Errorf("got %v, want %s", err, text)
	}
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v is no context.DeadlineExceeded", err)
	}
	wait := time.Duration(want) * time.Millisecond
	if deadline > 0 {
		wait = min(wait, deadline)
	}
	if took := time.Since(start); took != wait {
		t.Errorf("took %v, want %v", took, wait)
	}
	if text := `[{"@time_":` + header + `},{"fn.greet":{"subject":""}}]`; asked != text {
		t.Errorf("request %s, want %s", asked, text)
	}
}

// A handler that gives up in time answers ErrorUnknown_, which says less than that the
// time was up.
func TestCallGivenUp(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		context func(context.Context) (context.Context, context.CancelFunc)
		want    error
		text    string
	}{
		{"timeout", func(ctx context.Context) (context.Context, context.CancelFunc) { return ctx, func() {} },
			context.DeadlineExceeded, "no answer within 5000 ms: context deadline exceeded: the server answered ErrorUnknown_"},
		{"deadline", func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, 2500*time.Microsecond)
		}, context.DeadlineExceeded, "no answer within 3 ms: context deadline exceeded: the server answered ErrorUnknown_"},
		{"canceled", func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(time.Second, cancel)
			return ctx, cancel
		}, context.Canceled, "context canceled: the server answered ErrorUnknown_"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := tp.NewAPI("", tp.NoAuth(), tp.OnFailure(nil))
				tp.RegisterOn(api, func(ctx context.Context, _ *Greet) (*Greeting, error) {
					<-ctx.Done()
					return nil, ctx.Err()
				}, tp.Name("fn.greet"))
				ctx, cancel := tc.context(t.Context())
				defer cancel()
				_, err := tp.Call[Greeting](ctx, tp.NewClient(api.MustBuild()), &Greet{})
				if want := "tp: transport failure in fn.greet: " + tc.text; !errors.Is(err, tc.want) || err.Error() != want {
					t.Errorf("got %v, want %s", err, want)
				}
			})
		})
	}
}

// A transport may say in its own words that it was stopped.
func TestCallCanceled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	sent := 0
	client := tp.NewClient(tp.TransportFunc(func(context.Context, []byte) ([]byte, error) {
		sent++
		cancel()
		return nil, errSecret
	}))
	for range 2 { // the second has ended before it begins
		_, err := tp.Call[Greeting](ctx, client, &Greet{})
		if !errors.Is(err, context.Canceled) || strings.Contains(err.Error(), " ms") {
			t.Errorf("got %v", err)
		}
	}
	if sent != 1 {
		t.Errorf("%d requests were sent", sent)
	}
}

func TestExchange(t *testing.T) {
	t.Parallel()
	request := &tp.Message{
		Headers: tp.Object{{Key: "@id_", Value: 7}, {Key: "@own", Value: "mine"}},
		Target:  "fn.echo",
		Payload: tp.Object{{Key: "order", Value: map[string]any{
			"id": 1, "buyer": nil, "lines": []any{}, "blob!": []byte{1, 2},
		}}},
	}
	want := tp.Object{{Key: "order", Value: tp.Object{
		{Key: "id", Value: int64(1)}, {Key: "buyer", Value: nil}, {Key: "lines", Value: []any{}}, {Key: "blob!", Value: []byte{1, 2}},
	}}}
	for _, tc := range speaking {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			tap := &wiretap{srv: build(t, ordersAPI()), binary: tc.binary}
			client := tp.NewClient(tap, append(tc.options, tp.WithHeader("@own", "the client's"), tp.WithHeader("@more", "m"))...)
			for range 2 {
				got, err := client.Exchange(t.Context(), request)
				if err != nil {
					t.Fatal(err)
				}
				if id, _ := got.Headers.Get("@id_"); id != int64(7) || got.Target != "Ok_" {
					t.Errorf("got %+v", got)
				}
				if diff := cmp.Diff(want, got.Payload); diff != "" {
					t.Errorf("payload differs (-want +got):\n%s", diff)
				}
			}
			if got := tap.requests[1]; !strings.HasPrefix(got, tc.second) || !strings.Contains(got, "@more") ||
				!strings.Contains(got, "mine") || strings.Contains(got, "the client's") {
				t.Errorf("request %q", got)
			}
		})
	}
	if len(request.Headers) != 2 {
		t.Errorf("the request was changed: %+v", request)
	}
}
