package tp_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/wire"
)

// greeter returns a server; a client of another process has httpx.Transport in its
// place.
func greeter() *tp.Server {
	api := tp.NewAPI("Greeter")
	tp.RegisterOn(api, greet)
	return api.MustBuild(tp.NoAuth())
}

func ExampleCall() {
	client := tp.NewClient(greeter())
	greeting, err := tp.Call[Greeting](context.Background(), client, &Greet{Subject: "World"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(greeting.Message)
	// Output: Hello World!
}

func ExampleResultError() {
	api := tp.NewAPI("")
	tp.RegisterOn(api, fail, tp.Fails(&QuotaError{}))
	client := tp.NewClient(api.MustBuild(tp.NoAuth()))

	_, err := tp.Call[Empty](context.Background(), client, &Fail{How: "pointer"})
	var (
		quota   *QuotaError
		invalid *tp.ValidationError
		result  *tp.ResultError
	)
	switch {
	case errors.As(err, &quota):
		fmt.Println("a declared error:", quota.Left, "left")
	case errors.As(err, &invalid):
		fmt.Println("the server refused the arguments:", invalid.Cases)
	case errors.As(err, &result):
		fmt.Println("another error of the server:", result.Tag)
	case err != nil:
		fmt.Println("no answer:", err)
	}
	// Output: a declared error: 3 left
}

func ExampleSelect() {
	client := tp.NewClient(drawingAPI().MustBuild(tp.NoAuth()), tp.Types(tp.UnionOf[Shape](Circle{}, Square{})))
	drawing, err := tp.Call[Drawing](context.Background(), client, &Draw{},
		tp.Select[Drawing]("title", "frames").Of(Frame{}, "width"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(drawing.Title, len(drawing.Shapes), drawing.Frames[1].Width, drawing.Frames[1].Height)

	_, err = tp.Call[Drawing](context.Background(), client, &Draw{}, tp.Select[Drawing]("titel"))
	fmt.Println(err)
	// Output:
	// t 0 3 0
	// tp: serialization failure in fn.draw: tp.Select: Drawing has no field "titel"; its fields are author!, frames, shapes, title
}

func ExampleFollow() {
	client := tp.NewClient(pagesAPI().MustBuild(tp.NoAuth()), tp.Uses[Keep, Greeting](tp.Name("fn.keepText")))
	page, err := tp.Call[PageOf](context.Background(), client, &Page{Number: 0})
	for err == nil {
		fmt.Println(page.Text)
		if page.Next == nil {
			break
		}
		page, err = tp.Follow[PageOf](context.Background(), client, *page.Next)
	}
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// a
	// b
	// c
}

func ExampleBinary() {
	srv := greeter()
	transport := tp.TransportFunc(func(ctx context.Context, request []byte) ([]byte, error) {
		response, err := srv.RoundTrip(ctx, request)
		fmt.Println("request in", wire.FormatOf(request), "and answer in", wire.FormatOf(response))
		return response, err
	})
	client := tp.NewClient(transport, tp.Binary(tp.BinaryAlways))
	for range 2 {
		if _, err := tp.Call[Greeting](context.Background(), client, &Greet{Subject: "World"}); err != nil {
			log.Fatal(err)
		}
	}
	// Output:
	// request in json and answer in msgpack
	// request in msgpack and answer in msgpack
}

func ExampleClient_Check() {
	type Greet struct {
		Subject  string `tp:"subject"`
		Language string `tp:"language"`
	}
	client := tp.NewClient(greeter(), tp.Uses[Greet, Greeting]())
	var check *tp.CheckError
	if err := client.Check(context.Background()); errors.As(err, &check) {
		for _, p := range check.Problems {
			fmt.Printf("%s: %s; %s\n", p.Where, p.Found, p.Fix)
		}
	}
	// Output: tp_test.Greet.Language: on the server fn.greet has no field "language"; remove the field
}

func ExampleClient_Exchange() {
	client := tp.NewClient(greeter())
	answer, err := client.Exchange(context.Background(), &tp.Message{
		Target:  "fn.greet",
		Payload: tp.Object{{Key: "subject", Value: "World"}},
	})
	if err != nil {
		log.Fatal(err)
	}
	message, _ := answer.Payload.Get("message")
	fmt.Println(answer.Target, message)
	// Output: Ok_ Hello World!
}

func ExampleWithHeaders() {
	api := tp.NewAPI("", tp.HeaderSet[TraceRequest, TraceResponse]("headers.Trace"))
	tp.RegisterOn(api, traced)
	client := tp.NewClient(api.MustBuild(tp.NoAuth()))

	var got TraceResponse
	_, err := tp.Call[Greeting](context.Background(), client, &Empty{}, tp.Name("fn.traced"),
		tp.WithHeaders(TraceRequest{Trace: new("t7")}), tp.ReceiveHeaders(&got))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(*got.Trace)
	// Output: t7
}
