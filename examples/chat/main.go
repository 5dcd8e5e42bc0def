// Command chat is a chat room with user names, and a page for it.
//
//	go run ./examples/chat
//
// Then open http://127.0.0.1:8000 in two windows. chat.go is the room: the states that a
// client goes through, and one function for each thing that can happen in a state. name.go
// says which names there may be, and event.go what clients are told. The page is the
// directory static: room.js is its connection, which comes back by itself, and page.js
// shows what is said.
//
// Without the page, any client for WebSockets does: the first text that it sends is its
// name, and what it sends then is said in the room.
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
	"github.com/telestruct/telestruct/wsx"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8000", "the `address` to listen on")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	if err := run(ctx, *addr); err != nil {
		log.Fatal(err)
	}
}

// run serves until ctx ends.
func run(ctx context.Context, addr string) error {
	srv := wsx.NewServer()
	c := newChat(srv, time.Now)
	defer c.close()
	log.Printf("serving http://%s", addr)
	return httpx.Serve(ctx, httpx.NewServer(addr, newRouter(c.endpoint(srv))), srv)
}

// newRouter mounts the room and its page.
func newRouter(sockets http.Handler) http.Handler {
	r := chi.NewRouter()
	r.Handle("/ws", sockets)
	r.Handle("/*", page())
	return r
}
