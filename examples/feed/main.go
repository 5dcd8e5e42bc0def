// Command feed sends news to everybody who listens, and takes applause on the same sockets.
//
//	go run ./examples/feed -token secret
//
// Listen from another terminal:
//
//	go run ./examples/feed -follow ws://127.0.0.1:8000/ws/telepact
//
// and publish from a third one:
//
//	curl -H "Authorization: Bearer secret" -d '[{}, {"fn.publish": {"headline": "Ships sail"}}]' \
//	  http://127.0.0.1:8000/api/telepact
//
// news.go is what is sent: Go types, which are part of the schema, so that listeners learn
// from fn.api_ what they are going to get. service.go is the functions, and follow.go the
// listener.
package main

import (
	"context"
	"flag"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/wsx"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8000", "the `address` to listen on")
	token := flag.String("token", "", "what editors prove with that they are some; empty: nobody can publish")
	url := flag.String("follow", "", "listen to the feed at this `url`, and serve nothing")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	var err error
	if *url != "" {
		err = follow(ctx, *url, os.Stdout)
	} else {
		err = run(ctx, *addr, *token)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// run serves until ctx ends.
func run(ctx context.Context, addr, token string) error {
	sockets := wsx.NewServer()
	f := newFeed(sockets, token)
	srv, err := newAPI(f).Build()
	if err != nil {
		return err
	}
	log.Printf("serving http://%s", addr)
	return httpx.Serve(ctx, httpx.NewServer(addr, newRouter(sockets, f, srv)), sockets)
}

// newRouter mounts the functions for HTTP, and the feed with the functions beside it.
func newRouter(sockets *wsx.Server, f *feed, srv *tp.Server) http.Handler {
	r := chi.NewRouter()
	r.Handle("/api/telepact", httpx.Handler(srv, httpx.Credentials(httpx.Bearer(editor))))
	r.Handle("/ws/telepact", sockets.New(
		wsx.Push(f.topic), // to everybody who connects,
		wsx.Replay(kept),  // after what they have just missed
		wsx.Calls(srv),    // and whoever wants to can call
		wsx.Credentials(httpx.Bearer(editor)),
		wsx.AuthTimeout(0), // readers need not prove who they are
		// A reader that does not keep up misses the oldest news, not the latest.
		wsx.OnSlow(wsx.DropOldest()),
		wsx.MaxConnections(10_000),
		wsx.Drain(time.Second, 5*time.Second),
	))
	return r
}
