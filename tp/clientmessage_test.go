package tp_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/wire"
)

// shapes is a client without a server.
func shapes() *tp.Client { return tp.NewClient(nil, tp.UsesAll(drawingAPI()), tp.UsesAll(pagesAPI())) }

// picking has what is not looked at before it is sent, and bytes.
type picking struct {
	Pick tp.Selection `tp:"pick!"`
	Raw  []byte       `tp:"raw!"`
}

type shaped struct {
	Shape Shape   `tp:"shape"`
	Size  float64 `tp:"size"`
}

func message(target string, payload ...tp.Member) *tp.Message {
	if payload == nil {
		return &tp.Message{Target: target, Payload: tp.Object{}}
	}
	return &tp.Message{Target: target, Payload: payload}
}

func TestRequestMessage(t *testing.T) {
	t.Parallel()
	circle := tp.Object{{Key: "Circle", Value: tp.Object{{Key: "radius", Value: 1.0}}}}
	cases := []struct {
		name    string
		args    any
		options []tp.CallOption
		want    *tp.Message
		err     string
	}{
		{"struct", Greet{"Ada"}, nil, message("fn.greet", tp.Member{Key: "subject", Value: "Ada"}), ""},
		{"pointer", &Greet{"Ada"}, nil, message("fn.greet", tp.Member{Key: "subject", Value: "Ada"}), ""},
		{"nil", (*Greet)(nil), nil, &tp.Message{Target: "fn.greet"}, ""},
		{"name", &Greet{}, []tp.CallOption{tp.Name("fn.other")}, message("fn.other", tp.Member{Key: "subject", Value: ""}), ""},
		{"used name", &Page{Number: 2}, nil, message("fn.page", tp.Member{Key: "number", Value: int64(2)}), ""},
		{"union", &shaped{Shape: Circle{1}}, nil, message("fn.shaped", tp.Member{Key: "shape", Value: circle}, tp.Member{Key: "size", Value: 0.0}), ""},
		{"selection and bytes", &picking{Pick: tp.Selection{"struct.X": []any{"a"}}, Raw: []byte{1}}, nil,
			message("fn.picking", tp.Member{Key: "pick!", Value: tp.Object{{Key: "struct.X", Value: []any{"a"}}}}, tp.Member{Key: "raw!", Value: []byte{1}}), ""},
		{"nil union", &shaped{}, nil, nil, "fn.shaped.shape: expected Object, found Null"},
		{"no number", &shaped{Shape: Circle{1}, Size: math.NaN()}, nil, nil, "fn.shaped.size: the number is out of range"},
		{"nothing", nil, nil, nil, "the arguments are nil"},
		{"no struct", 1, nil, nil, "arguments and results are structs"},
		{"no name", &struct{}{}, nil, nil, "does not say which function takes it"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := shapes().RequestMessage(tc.args, tc.options...)
			checkMessage(t, got, err, tc.want, tc.err)
		})
	}
}

func checkMessage(t *testing.T, got *tp.Message, err error, want *tp.Message, wantErr string) {
	t.Helper()
	if wantErr == "" && err != nil || wantErr != "" && (err == nil || !strings.Contains(err.Error(), wantErr)) {
		t.Errorf("error %v, want %q", err, wantErr)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("message (-want +got):\n%s", diff)
	}
}

func TestResponseMessage(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		result any
		want   *tp.Message
		err    string
	}{
		{"struct", Greeting{"Hi"}, message("Ok_", tp.Member{Key: "message", Value: "Hi"}), ""},
		{"pointer", &Empty{}, message("Ok_"), ""},
		{"error", &QuotaError{3}, message("ErrorQuota", tp.Member{Key: "left", Value: int64(3)}), ""},
		{"error by value", ClosedError{}, message("ErrorClosed"), ""},
		{"answer of a server", &tp.ResultError{Tag: "ErrorX", Payload: tp.Object{}}, message("ErrorX"), ""},
		{"unknown", &tp.UnknownError{CaseID: "7"}, message("ErrorUnknown_", tp.Member{Key: "caseId", Value: "7"}), ""},
		{"unauthenticated", &tp.UnauthenticatedError{Message: "who"}, message("ErrorUnauthenticated_", tp.Member{Key: "message!", Value: "who"}), ""},
		{"unauthorized", tp.Unauthorized("no"), message("ErrorUnauthorized_", tp.Member{Key: "message!", Value: "no"}), ""},
		{"nil union", &shaped{}, nil, "Ok_.shape: expected Object, found Null"},
		{"nil", (*Greeting)(nil), nil, "the result is a nil *tp_test.Greeting"},
		{"nothing", nil, nil, "the arguments are nil"},
		{"no struct", 1, nil, "arguments and results are structs"},
		{"nil error", (*QuotaError)(nil), nil, "errors of a schema are structs"},
		{"no error of a schema", errSecret, nil, "errors of a schema are structs"},
		{"error that is no struct", stringError("x"), nil, "errors of a schema are structs"},
		{"error without tags", &untaggedError{}, nil, "errors of a schema are structs with tagged fields"},
		{"error with no number", &ratioError{math.NaN()}, nil, "holds a value that no message has"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := shapes().ResponseMessage(tc.result)
			checkMessage(t, got, err, tc.want, tc.err)
			if err != nil && strings.Contains(err.Error(), "fn.") {
				t.Errorf("%v names a function", err)
			}
		})
	}
}

type ratioError struct {
	Ratio float64 `tp:"ratio"`
}

func (*ratioError) Error() string { return "ratio" }

func TestReadRequest(t *testing.T) {
	t.Parallel()
	client := shapes()
	in := &shaped{Shape: Circle{1}, Size: 2}
	m, err := client.RequestMessage(in)
	if err != nil {
		t.Fatal(err)
	}
	var out shaped
	if err := client.ReadRequest(m, &out); err != nil || !cmp.Equal(*in, out) {
		t.Errorf("got %+v, %v", out, err)
	}
	kept := shaped{Size: 9}
	cases := []struct {
		name string
		m    *tp.Message
		into any
		want string
	}{
		{"no message", nil, &kept, "the message is nil"},
		{"a field that there is not", message("fn.shaped", tp.Member{Key: "other", Value: 1}), &kept, `fn.shaped: the required key "shape" is missing and 2 more`},
		{"no pointer", m, kept, "tp_test.shaped is no pointer to a struct that the arguments could be stored in"},
		{"nil pointer", m, (*shaped)(nil), "is no pointer to a struct"},
		{"nothing", m, nil, "the arguments are nil"},
		{"no struct", m, new(int), "arguments and results are structs"},
	}
	for _, tc := range cases {
		err := client.ReadRequest(tc.m, tc.into)
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want %q", tc.name, err, tc.want)
		}
		if _, ok := errors.AsType[*tp.Error](err); !ok {
			t.Errorf("%s: got a %T", tc.name, err)
		}
	}
	if kept.Size != 9 {
		t.Error("what could not be read was changed")
	}
}

// UsesAll tells a client what the API knows.
func TestUsesAll(t *testing.T) {
	t.Parallel()
	api := drawingAPI()
	hello := func(context.Context, *Greet) (*Greeting, error) { return &Greeting{"hello"}, nil }
	bye := func(context.Context, Greet) (*Greeting, error) { return &Greeting{"bye"}, nil }
	tp.RegisterOn(api, func(context.Context, *Empty) (*Greeting, error) { return &Greeting{"empty"}, nil }, tp.Name("fn.strange"))
	tp.RegisterOn(api, hello, tp.Name("fn.hello"))
	tp.RegisterOn(api, bye, tp.Name("fn.bye"))
	client := tp.NewClient(build(t, api), tp.UsesAll(api), tp.UsesAll(nil))
	if got, err := tp.Call[Greeting](t.Context(), client, &Empty{}); err != nil || got.Message != "empty" {
		t.Errorf("by its name: got %v, %v", got, err)
	}
	if got, err := tp.Call[Drawing](t.Context(), client, &Draw{}); err != nil || len(got.Shapes) != 2 {
		t.Errorf("with a union: got %v, %v", got, err)
	}
	if got, err := tp.Call[Greeting](t.Context(), client, &Greet{}); err == nil {
		t.Errorf("one of two functions: got %v", got)
	}
	if got, err := tp.Call[Greeting](t.Context(), client, &Greet{}, tp.Name("fn.bye")); err != nil || got.Message != "bye" {
		t.Errorf("one of two functions, by name: got %v, %v", got, err)
	}
	if err := client.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// The types of a schema refuse the same in a server that is made of it.
func TestSchemaOf(t *testing.T) {
	t.Parallel()
	first := shopAPI(shopYAML)
	tp.RegisterOn(first, sellTyped, tp.Name("fn.sell"), tp.Fails(&SoldOutError{}))
	tp.RegisterOn(first, greet)
	s := build(t, first).Schema()
	second := tp.NewAPI("", tp.SchemaOf(s))
	tp.RegisterRaw(second, "fn.sell", sell)
	tp.RegisterRaw(second, "fn.greet", func(context.Context, *tp.Request) (*tp.Response, error) {
		return &tp.Response{Result: wire.Object{{Key: "message", Value: "raw"}}}, nil
	})
	srv := build(t, second)
	want := `[{},{"ErrorInvalidRequestBody_":{"cases":[{"path":["fn.sell","item","sizes!",0],"reason":{"NumberOutOfRange":{}}}]}}]`
	if got := process(t, srv, `[{}, {"fn.sell": {"item": {"name": "a", "sizes!": [32768]}}}]`); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	if got := process(t, srv, `[{}, {"fn.greet": {"subject": "x"}}]`); got != `[{},{"Ok_":{"message":"raw"}}]` {
		t.Error(got)
	}
	const api = `[{},{"fn.api_":{"includeInternal!":true}}]`
	if diff := cmp.Diff(process(t, build(t, first), api), process(t, srv, api)); diff != "" {
		t.Errorf("schema (-want +got):\n%s", diff)
	}
	if _, err := tp.NewAPI("", tp.SchemaOf(nil)).Build(tp.NoAuth()); err == nil || !strings.Contains(err.Error(), "tp.SchemaOf") {
		t.Errorf("got %v", err)
	}
}

// Functions of documents may be the framework's, but for those of every server.
func TestRawFunctionsOfTheFramework(t *testing.T) {
	t.Parallel()
	documents := tp.SchemaDir(shopDocuments("- fn.own_: {}\n  ->:\n    - Ok_: {}\n"), "shop")
	for name, want := range map[string]string{"fn.own_": "", "fn.ping_": "the framework's: fn.ping_", "fn.api_": "the framework's: fn.api_", "own": `"own" is not the name`} {
		api := tp.NewAPI("", documents)
		tp.RegisterRaw(api, "fn.own_", sell)
		if name != "fn.own_" {
			tp.RegisterRaw(api, name, sell)
		}
		_, err := api.Build(tp.NoAuth())
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: got %v, want %q", name, err, want)
		}
	}
}
