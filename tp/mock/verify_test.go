package mock_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/mock"
)

// place makes some calls, of which the mock server knows three.
func place(t testing.TB, m *mock.Server) {
	t.Helper()
	client := m.Client()
	for _, o := range []*Order{
		{Items: []Item{{SKU: "pen", Count: 1}, {SKU: "ink", Count: 2}}, Payment: Card{Number: "1"}},
		{Items: []Item{{SKU: "ink", Count: 3}}, Payment: Cash{}, Tags: []string{"urgent"}},
	} {
		if _, err := tp.Call[Receipt](t.Context(), client, o); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := tp.Call[Receipt](t.Context(), client, &Lookup{ID: 5}); err != nil {
		t.Fatal(err)
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	ink := &Order{Items: []Item{{SKU: "ink", Count: 3}}, Payment: Cash{}}
	cases := []struct {
		name    string
		args    *Order
		options []mock.VerifyOption
		want    string // of the error
	}{
		{"at least once", ink, nil, ""},
		{"any", mock.Any[Order](), []mock.VerifyOption{mock.Exactly(2)}, ""},
		{"at most", mock.Any[Order](), []mock.VerifyOption{mock.AtMost(2), nil}, ""},
		{"the last count counts", ink, []mock.VerifyOption{mock.Never(), mock.AtLeast(1)}, ""},
		{"one field", &Order{Payment: Card{Number: "1"}}, []mock.VerifyOption{mock.Only("payment"), mock.Exactly(1)}, ""},
		{"strictly, one more field", ink, []mock.VerifyOption{mock.Strictly()},
			`want at least 1 call of fn.placeOrder with exactly {"items":[{"sku":"ink","count":3}],"payment":{"Cash":{}}}, found 0
call 2 comes nearest:
  tags!: want nothing, got ["urgent"]
all calls, * those that match:
  1. fn.placeOrder {"items":[{"sku":"pen","count":1},{"sku":"ink","count":2}],"payment":{"Card":{"number":"1"}}}
  2. fn.placeOrder {"items":[{"sku":"ink","count":3}],"payment":{"Cash":{}},"tags!":["urgent"]}
  3. fn.lookup {"id":5}`},
		{"too few", ink, []mock.VerifyOption{mock.AtLeast(2)},
			`want at least 2 calls of fn.placeOrder with {"items":[{"sku":"ink","count":3}],"payment":{"Cash":{}}}, found 1
call 1 comes nearest:
  items[1].count: want 3, got 2
  payment.Cash: want {}, got nothing
all calls, * those that match:
  1. fn.placeOrder {"items":[{"sku":"pen","count":1},{"sku":"ink","count":2}],"payment":{"Card":{"number":"1"}}}
* 2. fn.placeOrder {"items":[{"sku":"ink","count":3}],"payment":{"Cash":{}},"tags!":["urgent"]}
  3. fn.lookup {"id":5}`},
		{"too many", mock.Any[Order](), []mock.VerifyOption{mock.AtMost(1)},
			`want at most 1 call of fn.placeOrder with {}, found 2
all calls, * those that match:
* 1. fn.placeOrder {"items":[{"sku":"pen","count":1},{"sku":"ink","count":2}],"payment":{"Card":{"number":"1"}}}
* 2. fn.placeOrder {"items":[{"sku":"ink","count":3}],"payment":{"Cash":{}},"tags!":["urgent"]}
  3. fn.lookup {"id":5}`},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			m := newShop(t)
			place(t, m)
			err := mock.Verify(m, tc.args, tc.options...)
			if tc.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if _, ok := errors.AsType[*mock.VerificationError](err); !ok {
				t.Fatalf("got %v", err)
			}
			if diff := cmp.Diff("mock: "+tc.want, err.Error()); diff != "" {
				t.Errorf("text (-want +got):\n%s", diff)
			}
		})
	}
}

func TestVerifyWithoutCalls(t *testing.T) {
	t.Parallel()
	m := newShop(t)
	want := `mock: want exactly 2 calls of fn.lookup with {"id":1}, found 0; nothing was called at all`
	if err := mock.Verify(m, &Lookup{ID: 1}, mock.Exactly(2)); err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
	if err := mock.Verify(m, &Unknown{}); err == nil || !strings.Contains(err.Error(), "no function fn.unknown") {
		t.Errorf("got %v", err)
	}
}

func TestNoMoreCalls(t *testing.T) {
	t.Parallel()
	m := newShop(t)
	place(t, m)
	mock.Verify(m, mock.Any[Order](), mock.Never()) // fails, and verifies them all the same
	err := mock.NoMoreCalls(m)
	if want := "mock: 1 call that nothing verified:\n  1. fn.lookup {\"id\":5}"; err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
	unverified, ok := errors.AsType[*mock.UnverifiedError](err)
	if want := []mock.Call{{Function: "fn.lookup", Args: tp.Object{{Key: "id", Value: int64(5)}}}}; !ok || !cmp.Equal(want, unverified.Calls) {
		t.Errorf("got %+v", unverified)
	}
	if err := mock.Verify(m, &Lookup{ID: 5}); err != nil {
		t.Error(err)
	}
	if err := mock.NoMoreCalls(m); err != nil {
		t.Error(err)
	}
}

func TestCalls(t *testing.T) {
	t.Parallel()
	m := newShop(t, mock.Report(t))
	place(t, m)
	mock.Verify(m, &Lookup{ID: 5})
	var got []string
	for _, c := range m.Calls() {
		got = append(got, fmt.Sprint(c.Function, c.Verified))
	}
	if diff := cmp.Diff([]string{"fn.placeOrderfalse", "fn.placeOrderfalse", "fn.lookuptrue"}, got); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	orders, _ := mock.CallsOf[Order](m)
	if len(orders) != 2 || orders[1].Payment != (Cash{}) || !cmp.Equal(orders[1].Tags, []string{"urgent"}) {
		t.Errorf("got %+v", orders)
	}
	lookups, _ := mock.CallsOf[Lookup](m, mock.Named("fn.lookup"))
	if diff := cmp.Diff([]*Lookup{{ID: 5}}, lookups); diff != "" {
		t.Errorf("lookups (-want +got):\n%s", diff)
	}
	m.ClearCalls()
	if len(m.Calls()) != 0 {
		t.Error("calls are not forgotten")
	}
}

func TestCallsOfRefuses(t *testing.T) {
	t.Parallel()
	m := newServer(t, mock.Documents(greet))
	process(t, m, "[{},"+bob+"]")
	type greetAll struct {
		Names []string `tp:"names!"`
	}
	if _, err := mock.CallsOf[greetAll](m, mock.Named("fn.greet")); err == nil || !strings.Contains(err.Error(), "fn.greet.subject: the key is not allowed here and 1 more") {
		t.Errorf("got %v", err)
	}
	if _, err := mock.CallsOf[Unknown](m); err == nil {
		t.Error("calls of a function that there is not")
	}
}

func TestRemember(t *testing.T) {
	t.Parallel()
	m := newServer(t, mock.Documents(greet), mock.Remember(2), mock.Remember(0))
	for _, body := range []string{ada, left, ada, bob} {
		process(t, m, "[{},"+body+"]")
	}
	err := mock.Verify(m, mock.Any[struct{}](), mock.Named("fn.leave"))
	want := `mock: want at least 1 call of fn.leave with {}, found 0
all calls, * those that match:
  1. fn.greet {"subject":"Ada"}
  2. fn.greet {"subject":"Bob","loud!":true}
and before them 2 calls that the server forgot; see mock.Remember`
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

// Long texts are cut.
func TestManyCalls(t *testing.T) {
	t.Parallel()
	m := newServer(t, mock.Documents(greet))
	for range 25 {
		process(t, m, `[{},{"fn.greet":{"subject":"`+strings.Repeat("x", 1000)+`"}}]`)
	}
	lines := strings.Split(mock.NoMoreCalls(m).Error(), "\n")
	if len(lines) != 22 || lines[21] != "  and 5 calls more" || len(lines[20]) > 350 || !strings.HasSuffix(lines[20], "…") {
		t.Errorf("%d lines, the last ones\n%s", len(lines), strings.Join(lines[20:], "\n"))
	}
}

// recorder is a reporter that keeps what it is told.
type recorder struct{ lines []string }

func (*recorder) Helper() {}
func (r *recorder) Errorf(format string, args ...any) {
	r.lines = append(r.lines, fmt.Sprintf(format, args...))
}

func TestReport(t *testing.T) {
	t.Parallel()
	r := new(recorder)
	m := newShop(t, mock.Report(r), mock.Report(nil))
	mock.Stub(m, &Lookup{ID: 1}, &Receipt{})
	mock.StubError(m, &Lookup{ID: 1}, &SoldOutError{})
	mock.Verify(m, &Lookup{ID: 1}, mock.AtMost(3))
	mock.Verify(m, &Lookup{ID: 1})
	mock.NoMoreCalls(m)
	if _, err := mock.CallsOf[Unknown](m); err == nil {
		t.Error("calls of a function that there is not")
	}
	if len(r.lines) != 4 || !strings.HasPrefix(r.lines[2], "mock: want at least 1 call of fn.lookup") {
		t.Errorf("got %q", r.lines)
	}
}
