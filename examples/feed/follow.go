package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"time"

	"github.com/telestruct/telestruct/wsx"
)

// follow writes the news of a feed until ctx ends. Where the connection is lost, another
// one begins with what was missed.
func follow(ctx context.Context, url string, out io.Writer) error {
	inbox := wsx.NewServer().NewTopic("inbox")
	news := wsx.TopicOf[News](inbox, newsUnion())
	var printed time.Time // when the last story was published
	defer news.Subscribe(func(n News, _ wsx.Message) {
		switch n := n.(type) {
		case Story:
			if n.At.After(printed) { // or it was printed before the connection was lost
				printed = n.At
				fmt.Fprintf(out, "%d. %s\n", n.Number, n.Headline)
			}
		case Applause:
			fmt.Fprintf(out, "   applause for story %d: %d\n", n.Number, n.Total)
		}
	})()
	client, err := wsx.Dial(ctx, url, &wsx.DialOptions{
		Inbox:   []*wsx.Topic{inbox},
		OnState: func(state wsx.ClientState) { log.Print(state.Phase) },
	})
	if err != nil {
		return err
	}
	<-ctx.Done()
	// Nothing is under way that could be waited for.
	return client.Stop(context.Background())
}
