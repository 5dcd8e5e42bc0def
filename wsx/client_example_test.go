package wsx_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/wsx"
)

// clientExample serves greetings at the URL it returns.
func clientExample() (url string, stop func()) {
	api := tp.NewAPI("Greetings")
	tp.RegisterOn(api, clientGreet)
	ts := httptest.NewServer(wsx.Handler(api.MustBuild(tp.NoAuth())))
	return "ws" + strings.TrimPrefix(ts.URL, "http"), ts.Close
}

func ExampleDial() {
	url, stop := clientExample()
	defer stop()
	ctx := context.Background()

	transport, err := wsx.Dial(ctx, url, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	client := tp.NewClient(transport)
	greeting, err := tp.Call[ClientGreeting](ctx, client, &ClientGreet{Subject: "World"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(greeting.Messages[0].Text)

	ctx, cancel := context.WithTimeout(ctx, time.Minute) // for calls that are under way
	defer cancel()
	if err := transport.Stop(ctx); err != nil {
		fmt.Println(err)
	}
	// Output: Hello World!
}

// A fresh token for each attempt to connect, and a look at what the connection does.
func ExampleDialOptions() {
	url, stop := clientExample()
	defer stop()
	newToken := func(context.Context) (string, error) { return "t7", nil }

	transport, err := wsx.Dial(context.Background(), url, &wsx.DialOptions{
		BeforeDial: func(ctx context.Context, attempt *wsx.DialAttempt) error {
			token, err := newToken(ctx)
			attempt.Header.Set("Authorization", "Bearer "+token)
			return err
		},
		OnState: func(state wsx.ClientState) {
			fmt.Println(state.Phase)
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = tp.Call[ClientGreeting](context.Background(), tp.NewClient(transport), &ClientGreet{Subject: "World"})
	fmt.Println(err)
	_ = transport.Stop(context.Background())
	// Output:
	// connecting
	// connected
	// <nil>
	// stopped
}

// Whether a call that has failed may be made again, whatever it does.
func ExampleCallLostError() {
	transport, err := wsx.Dial(context.Background(), "ws://127.0.0.1:1/ws", &wsx.DialOptions{Lazy: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = transport.Stop(context.Background()) }()
	client := tp.NewClient(transport, tp.Timeout(10*time.Millisecond))

	_, err = tp.Call[ClientGreeting](context.Background(), client, &ClientGreet{Subject: "World"})
	var lost *wsx.CallLostError
	if errors.As(err, &lost) && !lost.MayHaveRun {
		fmt.Println("the server has not got the call")
	}
	// Output: the server has not got the call
}

// Two topics joined to a chat room of another program.
func ExampleDial_topics() {
	there := wsx.NewServer()
	ts := httptest.NewServer(there.New(wsx.Room(there.NewTopic("chat"))))
	defer ts.Close()
	ctx := context.Background()

	here := wsx.NewServer()
	in, out := here.NewTopic("in"), here.NewTopic("out")
	heard := make(chan string)
	defer in.Subscribe(func(m wsx.Message) { heard <- string(m.Data) })()
	client, err := wsx.Dial(ctx, "ws"+strings.TrimPrefix(ts.URL, "http"), &wsx.DialOptions{
		Inbox:  []*wsx.Topic{in},
		Outbox: []*wsx.Topic{out},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = out.Text(ctx, "hello") // waits for nothing, also while there is no connection
	fmt.Println(<-heard)
	fmt.Println(client.Stop(ctx))
	// Output:
	// hello
	// <nil>
}
