package mock_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"testing/fstest"
	"time"

	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/mock"
)

// Greet and Greeting are fn.greet as its callers see it.
type Greet struct {
	Subject string `tp:"subject"`
}

type Greeting struct {
	Message string `tp:"message"`
}

type RudeError struct {
	Word string `tp:"word"`
}

func (e *RudeError) Error() string { return "do not say " + e.Word }

// files hold the API that the program calls.
var files = fstest.MapFS{"api/greet.telepact.yaml": {Data: []byte(`
- fn.greet:
    subject: string
  ->:
    - Ok_:
        message: string
    - ErrorRude:
        word: string
`)}}

func Example() {
	m, err := mock.New(mock.Dir(files, "api"))
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := mock.Stub(m, &Greet{Subject: "Ada"}, &Greeting{Message: "Hi Ada"}); err != nil {
		fmt.Println(err)
		return
	}

	ctx, client := context.Background(), m.Client()
	for _, subject := range []string{"Ada", "Bob"} { // the program under test
		greeting, err := tp.Call[Greeting](ctx, client, &Greet{Subject: subject})
		fmt.Println(greeting.Message, err)
	}

	fmt.Println(mock.Verify(m, &Greet{Subject: "Ada"}, mock.Exactly(1)))
	fmt.Println(mock.Verify(m, &Greet{Subject: "Eve"}))
	// Output:
	// Hi Ada <nil>
	// sigma <nil>
	// <nil>
	// mock: want at least 1 call of fn.greet with {"subject":"Eve"}, found 0
	// call 1 comes nearest:
	//   subject: want "Eve", got "Ada"
	// all calls, * those that match:
	//   1. fn.greet {"subject":"Ada"}
	//   2. fn.greet {"subject":"Bob"}
}

func ExampleStubError() {
	m, err := mock.New(mock.Dir(files, "api"))
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := mock.StubError(m, mock.Any[Greet](), &RudeError{Word: "oaf"}, mock.Times(1)); err != nil {
		fmt.Println(err)
		return
	}
	_, err = tp.Call[Greeting](context.Background(), m.Client(), &Greet{Subject: "you oaf"})
	var rude *RudeError
	fmt.Println(errors.As(err, &rude), rude)
	// Output: true do not say oaf
}

// The mock server of an API of the program knows its Go types and refuses what they refuse.
func ExampleAPI() {
	api := tp.NewAPI("Shop", tp.NoAuth(), tp.Types(tp.UnionOf[Payment](Card{}, Cash{})))
	tp.RegisterOn(api, placeOrder, tp.Fails(&SoldOutError{}))
	m, err := mock.New(mock.API(api))
	if err != nil {
		fmt.Println(err)
		return
	}
	order := &Order{Items: []Item{{SKU: "pen", Count: 1}}, Payment: Cash{}}
	if err := mock.StubError(m, order, &SoldOutError{SKU: "pen"}); err != nil {
		fmt.Println(err)
		return
	}
	_, err = tp.Call[Receipt](context.Background(), m.Client(), order)
	fmt.Println(err)
	// Output: tp: fn.placeOrder answered ErrorSoldOut
}

// Programs in any language stub and verify with the functions of the server itself.
func ExampleServer() {
	m, err := mock.New(mock.Dir(files, "api"))
	if err != nil {
		fmt.Println(err)
		return
	}
	ts := httptest.NewServer(httpx.Handler(m.Server))
	defer ts.Close()

	client := tp.NewClient(httpx.Transport(ts.URL, httpx.HTTPClient(ts.Client())), tp.Timeout(time.Minute))
	stub := tp.Object{
		{Key: "fn.greet", Value: tp.Object{}},
		{Key: "->", Value: tp.Object{{Key: "Ok_", Value: tp.Object{{Key: "message", Value: "Hello"}}}}},
	}
	request := &tp.Message{Target: "fn.createStub_", Payload: tp.Object{{Key: "stub", Value: stub}}}
	if _, err := client.Exchange(context.Background(), request); err != nil {
		fmt.Println(err)
		return
	}
	greeting, err := tp.Call[Greeting](context.Background(), client, &Greet{Subject: "World"})
	fmt.Println(greeting.Message, err)
	// Output: Hello <nil>
}

func ExampleCallsOf() {
	m, err := mock.New(mock.Dir(files, "api"))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, subject := range []string{"Ada", "Bob"} {
		if _, err := tp.Call[Greeting](context.Background(), m.Client(), &Greet{Subject: subject}); err != nil {
			fmt.Println(err)
		}
	}
	greetings, err := mock.CallsOf[Greet](m)
	for _, g := range greetings {
		fmt.Println(g.Subject)
	}
	fmt.Println(err)
	// Output:
	// Ada
	// Bob
	// <nil>
}
