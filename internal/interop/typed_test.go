package interop

import (
	"context"
	"errors"
	"reflect"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/schema"
)

// typedCalls are calls with Go types on the client's side, by name. Each returns
// what is wrong.
func typedCalls() map[string]func(context.Context, *tp.Client) error {
	return map[string]func(context.Context, *tp.Client) error{
		"every field":         typedEcho,
		"declared error":      typedError,
		"error of the API":    typedQuota,
		"unknown error":       typedUnknown,
		"list and link":       typedRows,
		"selection":           typedSelection,
		"headers":             typedHeaders,
		"credentials":         typedCredentials,
		"without credentials": typedStranger,
		"not enough":          typedGuest,
	}
}

// Our client, with the Go types of the server, calls either server.
func TestTypedClient(t *testing.T) {
	t.Parallel()
	srv := server(t)
	t.Run("Go", func(t *testing.T) {
		makeTypedCalls(t, serve(t, srv), append(forms(), ownForms()...))
	})
	t.Run("Python", func(t *testing.T) {
		makeTypedCalls(t, startPythonServer(t, schemaDir(t, srv)), forms())
	})
}

func makeTypedCalls(t *testing.T, url string, in []form) {
	t.Helper()
	for _, f := range in {
		for name, call := range typedCalls() {
			t.Run(f.name+"/"+name, func(t *testing.T) { f.repeat(t, url, call) })
		}
	}
}

// repeat makes a call twice with a client that knows the server's names of fields.
func (f form) repeat(t *testing.T, url string, call func(context.Context, *tp.Client) error) {
	t.Helper()
	options := []tp.ClientOption{tp.Types(shapes()), tp.Binary(f.mode), tp.Timeout(patience)}
	if f.packed {
		options = append(options, tp.Packed())
	}
	wire := watch(t, url, f)
	client := tp.NewClient(wire, options...)
	if _, err := tp.Call[Reversed](t.Context(), client, &Reverse{}); err != nil {
		t.Fatal(err)
	}
	*wire.seen = outcome{}
	for range 2 {
		if err := call(t.Context(), client); err != nil {
			t.Error(err)
		}
	}
	for _, got := range wire.seen.Requests {
		if want := f.requests().String(); got != want {
			t.Errorf("a request went as %s, want %s", got, want)
		}
	}
}

// different is the error of a result that is not what it should be.
func different(want, got any) error {
	if reflect.DeepEqual(want, got) {
		return nil
	}
	return errors.New("result (-want +got):\n" + gocmp.Diff(want, got, gocmp.Exporter(func(reflect.Type) bool { return true })))
}

// full has something in each of its fields.
func full() Everything {
	flag, count, ratio, text, one := true, int64(9007199254740993), 0.1, "ü🌍", int64(1)
	row := Row{ID: 1, Name: "a", Note: &text, Score: &ratio, Place: &Place{1.5, -2}, Tags: []string{"t"}}
	link := tp.LinkTo(&Divide{Dividend: 1, Divisor: 3})
	return Everything{
		Flag: &flag, Count: &count, Ratio: &ratio, Text: &text,
		Data: []byte{0, 255}, Free: map[string]any{"id": []any{int64(1), 2.5, nil, "t", true}},
		NullText: tp.Null[string](), NullCount: tp.Some(int64(-1)), NullData: tp.Some([]byte{1}), NullRow: tp.Some(rowOf(0)),
		Texts: []string{"", "b"}, Gaps: []*int64{nil, &one}, Blobs: [][]byte{{1}, {}}, Grid: [][]int64{{1, 2}, {}},
		RatiosByName: map[string]float64{"id": 1, "x": 0.5},
		BlobsByName:  map[string][]byte{"a": {2}},
		RowsByName:   map[string][]Row{"r": {row, rowOf(7)}},
		NestedByName: map[string]map[string]any{"a": {"b": "c"}},
		Shape:        Group{Shapes: []Shape{Circle{1}, Nothing{}, Group{Shapes: []Shape{}}}},
		Shapes:       []Shape{Rectangle{2, 3}},
		Row:          &row,
		Child:        &Everything{Text: &text},
		Call:         &link,
	}
}

func typedEcho(ctx context.Context, c *tp.Client) error {
	result, err := tp.Call[EchoResult](ctx, c, &Echo{full()})
	if err != nil {
		return err
	}
	return different(full(), result.Value)
}

func typedError(ctx context.Context, c *tp.Client) error {
	_, err := tp.Call[Quotient](ctx, c, &Divide{Dividend: 1.5})
	var divided *DivideByZeroError
	if !errors.As(err, &divided) {
		return err
	}
	return different(&DivideByZeroError{1.5}, divided)
}

func typedQuota(ctx context.Context, c *tp.Client) error {
	_, err := tp.Call[RowPage](ctx, c, &ListRows{Count: maxRows + 1})
	var quota *QuotaError
	if !errors.As(err, &quota) {
		return err
	}
	return different(&QuotaError{maxRows}, quota)
}

func typedUnknown(ctx context.Context, c *tp.Client) error {
	_, err := tp.Call[Failed](ctx, c, &Fail{})
	var unknown *tp.UnknownError
	if !errors.As(err, &unknown) || unknown.CaseID == "" {
		return errors.Join(errors.New("want an unknown error with its case id"), err)
	}
	return nil
}

func typedRows(ctx context.Context, c *tp.Client) error {
	first, err := tp.Call[RowPage](ctx, c, &ListRows{Count: 400})
	if err != nil {
		return err
	}
	if first.Next == nil {
		return errors.New("there is no link to more rows")
	}
	next, err := tp.Follow[RowPage](ctx, c, *first.Next)
	if err != nil {
		return err
	}
	var want []Row
	for id := range int64(800) {
		want = append(want, rowOf(id))
	}
	return different(want, append(first.Rows, next.Rows...))
}

func typedSelection(ctx context.Context, c *tp.Client) error {
	got, err := tp.Call[RowPage](ctx, c, &ListRows{Count: 2}, tp.Select[RowPage]("rows").Of(Row{}, "id", "name"))
	if err != nil {
		return err
	}
	return different(&RowPage{Rows: []Row{{Name: "row 0"}, {ID: 1, Name: "row 1"}}}, got)
}

func typedHeaders(ctx context.Context, c *tp.Client) error {
	sent, got := "ü1", TraceResponse{}
	_, err := tp.Call[Traced](ctx, c, &Trace{}, tp.WithHeaders(TraceRequest{&sent}), tp.ReceiveHeaders(&got))
	if err != nil {
		return err
	}
	return different(TraceResponse{&sent}, got)
}

func typedCredentials(ctx context.Context, c *tp.Client) error {
	got, err := tp.Call[User](ctx, c, &WhoAmI{}, tp.WithAuth(Token{"secret"}))
	if err != nil {
		return err
	}
	return different(&User{Name: "ann"}, got)
}

func typedStranger(ctx context.Context, c *tp.Client) error {
	_, err := tp.Call[User](ctx, c, &WhoAmI{})
	if unauthenticated := new(tp.UnauthenticatedError); !errors.As(err, &unauthenticated) {
		return errors.Join(errors.New("want an unauthenticated error"), err)
	}
	return nil
}

func typedGuest(ctx context.Context, c *tp.Client) error {
	_, err := tp.Call[Removed](ctx, c, &RemoveAll{}, tp.WithAuth(Guest{"bo"}))
	var unauthorized *tp.UnauthorizedError
	if !errors.As(err, &unauthorized) {
		return errors.Join(errors.New("want an unauthorized error"), err)
	}
	return different("guests remove nothing", unauthorized.Message)
}

// The schema that the official server tells is that of the Go types.
func TestToldSchema(t *testing.T) {
	t.Parallel()
	srv := server(t)
	url := startPythonServer(t, schemaDir(t, srv))
	for _, f := range forms() {
		told, err := tp.NewClient(watch(t, url, f), tp.Binary(f.mode), tp.Timeout(patience)).Schema(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, difference := range schema.Compare(srv.Schema(), told, schema.CompareOptions{Docs: true}) {
			t.Errorf("%s: %v", f.name, difference)
		}
	}
}
