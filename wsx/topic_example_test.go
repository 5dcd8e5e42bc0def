package wsx_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/coder/websocket"

	"github.com/telestruct/telestruct/wsx"
)

// A feed: what the program publishes goes to all clients, beginning with the last message.
func ExampleNewTopic() {
	news := wsx.NewTopic("news", wsx.History(100, time.Hour))
	sockets := wsx.New(wsx.Push(news), wsx.Replay(1))
	mux := http.NewServeMux()
	mux.Handle("/feed", sockets)
	server := httptest.NewServer(mux)
	defer server.Close()

	ctx := context.Background()
	if err := news.Text(ctx, "nobody is here yet"); err != nil {
		log.Fatal(err)
	}
	conn, _, err := websocket.Dial(ctx, server.URL+"/feed", nil)
	if err != nil {
		log.Fatal(err)
	}
	defer conn.CloseNow()
	if err := news.JSON(ctx, map[string]string{"headline": "breaking news"}); err != nil {
		log.Fatal(err)
	}
	for range 2 {
		_, message, err := conn.Read(ctx)
		fmt.Println(string(message), err)
	}
	// Output:
	// nobody is here yet <nil>
	// {"headline":"breaking news"} <nil>
}

// A relay: a function reads one topic and writes to another.
func ExampleTopic_Subscribe() {
	server := wsx.NewServer()
	ctx := context.Background()
	raw, clean := server.NewTopic("raw"), server.NewTopic("clean")
	stop := raw.Subscribe(func(m wsx.Message) {
		text := strings.ReplaceAll(string(m.Data), "darn", "****")
		if err := clean.Text(ctx, text); err != nil {
			log.Print(err)
		}
	})
	defer stop()

	heard := make(chan string)
	clean.Subscribe(func(m wsx.Message) { heard <- string(m.Data) })
	if err := raw.Text(ctx, "darn it"); err != nil {
		log.Fatal(err)
	}
	fmt.Println(<-heard)
	// Output: **** it
}

// Who comes back goes on where they have left, or learns that they cannot.
func ExampleTopic_Since() {
	server := wsx.NewServer()
	ctx := context.Background()
	prices := server.NewTopic("prices", wsx.History(2, 0))
	seen := prices.Position()
	for _, price := range []string{"3.10", "3.15", "3.12"} {
		if err := prices.Text(ctx, price); err != nil {
			log.Fatal(err)
		}
	}
	_, err := prices.Since(seen)
	var lost *wsx.HistoryLostError
	fmt.Println(errors.As(err, &lost), lost.First.Offset, lost.Last.Offset)

	seen.Offset++
	messages, err := prices.Since(seen)
	for _, m := range messages {
		fmt.Println(m.Position.Offset, string(m.Data))
	}
	fmt.Println(err)
	// Output:
	// true 2 3
	// 2 3.15
	// 3 3.12
	// <nil>
}

// A topic that knows who is there.
func ExampleTopic_OnPresence() {
	lobby := wsx.NewTopic("lobby", wsx.WithPresence())
	changes := make(chan wsx.PresenceChange)
	stop := lobby.OnPresence(func(e wsx.PresenceEvent) { changes <- e.Change })
	defer stop()
	sockets := wsx.New(wsx.Room(lobby))
	server := httptest.NewServer(sockets)
	defer server.Close()

	ctx := context.Background()
	conn, _, err := websocket.Dial(ctx, server.URL, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(<-changes, len(lobby.Present()))
	_ = conn.Close(websocket.StatusNormalClosure, "")
	fmt.Println(<-changes, len(lobby.Present()))
	// Output:
	// joined 1
	// left 0
}
