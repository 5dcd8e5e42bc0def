// Command mirror is the dashboard of a greenhouse: sliders edit a Go struct that the program
// hosts, and every window shows what it is like, at once.
//
//	go run ./examples/mirror
//
// Then open http://127.0.0.1:8000 in two windows, and http://127.0.0.1:8000/wall/ in a third.
// greenhouse.go is what people set, a struct, and what it must be like to be valid.
// climate.go is what sensors measure, and house.go hosts both. The pages are the directory static:
// mirror.js keeps copies of models in step, page.js shows them and proposes changes over a
// WebSocket, and wall/wall.js only watches, by Server-Sent Events.
package main

import (
	"context"
	"flag"
	"log"
	"net"
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
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		log.Fatal(err)
	}
	if err := run(ctx, listener); err != nil {
		log.Fatal(err)
	}
}

// run serves until ctx ends.
func run(ctx context.Context, listener net.Listener) error {
	// Revisions go on from the time, so that windows that stay open while the program is
	// started again are not taken for what they were.
	h, err := newHouse(uint64(time.Now().UnixMilli()))
	if err != nil {
		return err
	}
	go h.watch(ctx)
	srv := wsx.NewServer()
	events := httpx.MirrorEvents(h.server)
	log.Printf("serving http://%s", listener.Addr())
	server := httpx.NewServer("", newRouter(h.sockets(srv), events))
	return httpx.Drain{}.ServeListener(ctx, listener, server, srv, events)
}

// newRouter mounts the models, in both ways, and the pages.
func newRouter(sockets, events http.Handler) http.Handler {
	r := chi.NewRouter()
	r.Handle("/ws", sockets)
	r.Handle("/events", events)
	r.Handle("/*", pages())
	return r
}
