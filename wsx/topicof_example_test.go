package wsx_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/wsx"
)

// Price is what the topic of prices is for.
type Price struct {
	Symbol string `tp:"symbol"`
	Cents  int64  `tp:"cents"`
}

type Watch struct {
	Symbol string `tp:"symbol"`
}

type Watching struct{}

func ExampleTopicOf() {
	prices := wsx.TopicOf[Price](wsx.NewTopic("prices"))

	// watch subscribes its caller.
	watch := func(ctx context.Context, in Watch) (Watching, error) {
		return Watching{}, wsx.RemoteOf(ctx).Subscribe(prices.Topic())
	}
	api := tp.NewAPI("Market", prices) // fn.api_ tells of Price, and of the topic
	tp.RegisterOn(api, watch, tp.Name("fn.watch"))
	endpoint := wsx.Handler(api.MustBuild(tp.NoAuth()))

	server := httptest.NewServer(endpoint)
	defer server.Close()
	ctx := context.Background()

	// The client gets what is published and its answers on one connection.
	inbox := wsx.NewTopic("inbox")
	got := make(chan Price)
	stop := wsx.TopicOf[Price](inbox).Subscribe(func(p Price, _ wsx.Message) { got <- p })
	defer stop()
	transport, err := wsx.Dial(ctx, strings.Replace(server.URL, "http", "ws", 1), &wsx.DialOptions{Inbox: []*wsx.Topic{inbox}})
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := tp.Call[Watching](ctx, tp.NewClient(transport), &Watch{Symbol: "ABC"}); err != nil {
		fmt.Println(err)
		return
	}
	if err := prices.Publish(ctx, Price{Symbol: "ABC", Cents: 1250}); err != nil {
		fmt.Println(err)
	}
	fmt.Printf("%+v\n", <-got)

	_ = transport.Stop(ctx)
	_ = endpoint.Shutdown(ctx)
	// Output: {Symbol:ABC Cents:1250}
}
