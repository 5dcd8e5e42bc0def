package mock_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/mock"
)

var newYear = time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)

// receipt is a result with everything that generators would change.
func receipt() *Receipt {
	next := Order{Items: []Item{{SKU: "ink", Count: 2}}, Payment: Cash{}}
	return &Receipt{ID: 7, At: newYear, Extra: map[string]any{"a": []any{int64(1), "b"}}, Next: tp.LinkTo(&next)}
}

func TestStub(t *testing.T) {
	t.Parallel()
	m := newShop(t, mock.Report(t))
	pens := &Order{Items: []Item{{SKU: "pen", Count: 1}}, Payment: Card{Number: "1"}}
	mock.Stub(m, pens, receipt())
	note := "as a gift"
	got, err := tp.Call[Receipt](t.Context(), m.Client(), &Order{
		Items: []Item{{SKU: "ink", Count: 3}, {SKU: "pen", Count: 1}}, Payment: Card{Number: "1"}, Note: &note, Scan: []byte{1},
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(receipt(), got); diff != "" {
		t.Errorf("result (-want +got):\n%s", diff)
	}
	other, err := tp.Call[Receipt](t.Context(), m.Client(), &Order{Items: []Item{{SKU: "pen", Count: 2}}, Payment: Cash{}})
	if err != nil || other.ID == 7 {
		t.Errorf("another order: got %+v, %v; want a random receipt", other, err)
	}
}

func TestStubBytes(t *testing.T) {
	t.Parallel()
	m := newShop(t, mock.Report(t), mock.OnlyStubs())
	mock.Stub(m, &Order{Payment: Cash{}, Scan: []byte{1, 2}}, receipt())
	for _, mode := range []tp.BinaryMode{tp.BinaryOff, tp.BinaryAlways, tp.BinaryAlways} {
		_, err := tp.Call[Receipt](t.Context(), m.Client(tp.Binary(mode)), &Order{Payment: Cash{}, Scan: []byte{1, 2}})
		if err != nil {
			t.Error(err)
		}
		_, err = tp.Call[Receipt](t.Context(), m.Client(tp.Binary(mode)), &Order{Payment: Cash{}, Scan: []byte{1, 3}})
		if !isTag(err, "ErrorNoMatchingStub_") {
			t.Errorf("got %v", err)
		}
	}
}

func isTag(err error, tag string) bool {
	result, ok := errors.AsType[*tp.ResultError](err)
	return ok && result.Tag == tag
}

func TestStubOptions(t *testing.T) {
	t.Parallel()
	lookups := []int32{1, 1, 2, 3}
	cases := []struct {
		name    string
		args    *Lookup
		options []mock.StubOption
		want    []bool // whether each lookup is answered by the stub
	}{
		{"the same", &Lookup{ID: 1}, nil, []bool{true, true, false, false}},
		{"zero", &Lookup{}, nil, []bool{false, false, false, false}},
		{"any", mock.Any[Lookup](), nil, []bool{true, true, true, true}},
		{"once", &Lookup{ID: 1}, []mock.StubOption{mock.Times(1)}, []bool{true, false, false, false}},
		{"no times", &Lookup{ID: 1}, []mock.StubOption{mock.Times(0)}, []bool{false, false, false, false}},
		{"fewer times", &Lookup{ID: 1}, []mock.StubOption{mock.Times(-1)}, []bool{false, false, false, false}},
		{"only none", &Lookup{ID: 1}, []mock.StubOption{mock.Only()}, []bool{true, true, true, true}},
		{"only one", &Lookup{ID: 2}, []mock.StubOption{mock.Only("id"), mock.Strictly(), nil, mock.MatchOption{}}, []bool{false, false, true, false}},
		{"named", &Lookup{ID: 3}, []mock.StubOption{mock.Named("fn.lookup")}, []bool{false, false, false, true}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			m := newShop(t, mock.OnlyStubs(), mock.Report(t))
			mock.Stub(m, tc.args, receipt(), tc.options...)
			var got []bool
			for _, id := range lookups {
				_, err := tp.Call[Receipt](t.Context(), m.Client(), &Lookup{ID: id})
				got = append(got, err == nil)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("answered (-want +got):\n%s", diff)
			}
		})
	}
}

// A nil result is a random one.
func TestStubWithoutResult(t *testing.T) {
	t.Parallel()
	m := newShop(t, mock.OnlyStubs(), mock.Report(t))
	mock.Stub(m, &Lookup{ID: 1}, mock.Any[Receipt]())
	got, err := tp.Call[Receipt](t.Context(), m.Client(), &Lookup{ID: 1})
	if err != nil || got.At.IsZero() || got.Extra != nil {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestStubError(t *testing.T) {
	t.Parallel()
	m := newShop(t, mock.Report(t))
	call := func(err error) error {
		mock.StubError(m, mock.Any[Order](), err)
		_, got := tp.Call[Receipt](t.Context(), m.Client(), &Order{Payment: Cash{}})
		return got
	}
	soldOut, ok := errors.AsType[*SoldOutError](call(&SoldOutError{SKU: "pen"}))
	if !ok || soldOut.SKU != "pen" {
		t.Errorf("got %v", soldOut)
	}
	unknown, ok := errors.AsType[*tp.UnknownError](call(&tp.UnknownError{CaseID: "7"}))
	if !ok || unknown.CaseID != "7" {
		t.Errorf("got %v", unknown)
	}
	again := call(&tp.ResultError{Tag: "ErrorSoldOut", Payload: tp.Object{{Key: "sku", Value: "ink"}}})
	if soldOut, ok = errors.AsType[*SoldOutError](again); !ok || soldOut.SKU != "ink" {
		t.Errorf("got %v", again)
	}
}

// bare has no tags, and is no error of a schema.
type bare struct{ Text string }

func (bare) Error() string { return "bare" }

type Unknown struct {
	ID int `tp:"id"`
}

type NoteError struct {
	Note string `tp:"note"`
}

func (NoteError) Error() string { return "note" }

func TestStubRefuses(t *testing.T) {
	t.Parallel()
	m := newShop(t)
	order := &Order{Payment: Cash{}}
	cases := []struct {
		name string
		err  error
		want string
	}{
		{"a function that there is not", mock.Stub(m, &Unknown{}, &Receipt{}),
			"mock: the schema has no function fn.unknown for a *mock_test.Unknown; say which one it is for with mock.Named, or with tp.Uses in mock.Types"},
		{"arguments of another function", mock.Stub(m, &Unknown{}, receipt(), mock.Named(ordered)),
			`mock: tp: validation failure in fn.placeOrder: fn.placeOrder.id: the key is not allowed here`},
		{"arguments without a value", mock.Stub(m, &Order{}, receipt()),
			`mock: tp: serialization failure in fn.placeOrder: fn.placeOrder.payment: expected Object, found Null`},
		{"a result without a value", mock.Stub(m, order, &Receipt{}),
			`mock: tp: serialization failure in fn.placeOrder: Ok_.next: expected Object, found Null`},
		{"a result of another function", mock.Stub(m, order, &Lookup{ID: 1}),
			`mock: tp: validation failure in fn.placeOrder: Ok_: the required key "at" is missing and 1 more`},
		{"an error of another function", mock.StubError(m, &Lookup{}, &SoldOutError{}),
			"mock: fn.lookup does not answer ErrorSoldOut; it answers Ok_"},
		{"an error that nobody has", mock.StubError(m, order, NoteError{}),
			"mock: fn.placeOrder does not answer ErrorNote; it answers Ok_, ErrorSoldOut"},
		{"an error that is no struct", mock.StubError(m, order, errors.New("boom")), "errors of a schema are structs"},
		{"an error without tags", mock.StubError(m, order, bare{"a"}), "errors of a schema are structs with tagged fields"},
		{"no error", mock.StubError(m, order, nil), "mock: the error of a stub is nil; use mock.Stub for results"},
		{"credentials where there are none", mock.StubError(m, order, &tp.UnauthorizedError{}), "does not answer ErrorUnauthorized_"},
		{"a field that there is not", mock.Stub(m, &Lookup{}, receipt(), mock.Only("name")),
			`mock: mock.Only names "name", which the arguments do not have; they have id`},
		{"a field of no arguments", mock.Stub(m, mock.Any[Lookup](), receipt(), mock.Only("name")), "they have none"},
	}
	for _, tc := range cases {
		if tc.err == nil || !strings.Contains(tc.err.Error(), tc.want) {
			t.Errorf("%s: got %v\nwant %s", tc.name, tc.err, tc.want)
		}
	}
	if _, ok := errors.AsType[*tp.Error](mock.Stub(m, order, &Receipt{})); !ok {
		t.Error("what is not valid is no *tp.Error")
	}
}

// Stubs that would only cost time are refused.
func TestTooManyStubs(t *testing.T) {
	t.Parallel()
	m := newServer(t, mock.Documents(greet), mock.With(tp.OnFailure(nil)))
	add := func() string {
		return process(t, m, `[{},{"fn.createStub_":{"stub":{"fn.leave":{},"->":{"Ok_":{}}}}}]`)
	}
	for range 10_000 {
		if got := add(); got != `[{},{"Ok_":{}}]` {
			t.Fatal(got)
		}
	}
	if got := add(); !strings.Contains(got, "ErrorUnknown_") {
		t.Errorf("one more: got %s", got)
	}
	m.ClearStubs()
	if got := add(); got != `[{},{"Ok_":{}}]` {
		t.Error(got)
	}
}
