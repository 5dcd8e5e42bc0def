package mock_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/mock"
	"github.com/telestruct/telestruct/tp/schema"
)

// shop is an API of Go types that accept less than their schema types.

type Item struct {
	SKU   string `tp:"sku"`
	Count uint8  `tp:"count"`
}

type Payment interface{ isPayment() }

type Card struct {
	Number string `tp:"number"`
}

type Cash struct{}

func (Card) isPayment() {}
func (Cash) isPayment() {}

type Order struct {
	Items   []Item   `tp:"items"`
	Payment Payment  `tp:"payment"`
	Note    *string  `tp:"note!"`
	Tags    []string `tp:"tags!"`
	Scan    []byte   `tp:"scan!"`
}

// State is an enumeration: nobody guesses its texts.
type State int

const Paid State = 1

func (s State) MarshalText() ([]byte, error) {
	if s != Paid {
		return nil, fmt.Errorf("no state %d", s)
	}
	return []byte("paid"), nil
}

func (s *State) UnmarshalText(text []byte) error {
	if string(text) != "paid" {
		return fmt.Errorf("no state %q", text)
	}
	*s = Paid
	return nil
}

type Receipt struct {
	ID    int32          `tp:"id"`
	State *State         `tp:"state!"`
	At    time.Time      `tp:"at"`
	Extra map[string]any `tp:"extra!"`
	Next  tp.Link[Order] `tp:"next"`
	Paid  Payment        `tp:"paid!"`
}

type SoldOutError struct {
	SKU string `tp:"sku"`
}

func (e *SoldOutError) Error() string { return "sold out: " + e.SKU }

type Lookup struct {
	ID int32 `tp:"id"`
}

func placeOrder(context.Context, *Order) (*Receipt, error) { panic("a mock calls no handler") }

func lookup(context.Context, Lookup) (Receipt, error) { panic("a mock calls no handler") }

// ordered is the name that a call would not guess from its arguments.
const ordered = "fn.placeOrder"

func shop() *tp.API {
	api := tp.NewAPI("Shop", tp.NoAuth(), tp.Types(tp.UnionOf[Payment](Card{}, Cash{})))
	tp.RegisterOn(api, placeOrder, tp.Fails(&SoldOutError{}))
	tp.RegisterOn(api, lookup)
	return api
}

func newShop(t testing.TB, options ...mock.Option) *mock.Server {
	t.Helper()
	return newServer(t, mock.API(shop()), options...)
}

func newServer(t testing.TB, source mock.Source, options ...mock.Option) *mock.Server {
	t.Helper()
	m, err := mock.New(source, options...)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// greet is a schema without Go types.
var greet = schema.Document{Name: "greet.telepact.yaml", Text: []byte(`
- fn.greet:
    subject: string
    loud!: boolean
    names!: [string]
  ->:
    - Ok_:
        message: string
        count!: integer
    - ErrorRude:
        word: string
- fn.leave: {}
  ->:
    - Ok_: {}
`)}

// process sends a request in JSON and returns the answer.
func process(t testing.TB, m *mock.Server, request string) string {
	t.Helper()
	reply := m.Process(t.Context(), []byte(request))
	defer reply.Release()
	return string(reply.Bytes)
}
