// Command browser serves a page that calls it without any library: with fetch, one
// message a request, and with a WebSocket, many calls at a time.
//
//	go run ./examples/browser
//
// Then open http://127.0.0.1:8000 in a browser. The page is the directory static:
// telepact.js is the calls, some hundred lines to copy from; page.js shows them. service.go is
// the API. The tests drive the page in Chromium.
package main

import (
	"context"
	"flag"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"

	"github.com/go-chi/chi/v5"

	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/tp"
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
	srv, err := newAPI().Build()
	if err != nil {
		return err
	}
	sockets := wsx.Handler(srv)
	log.Printf("serving http://%s", addr)
	return httpx.Serve(ctx, httpx.NewServer(addr, newRouter(srv, sockets)), sockets)
}

// newRouter mounts the API for both kinds of calls, and the page that makes them.
func newRouter(srv *tp.Server, sockets http.Handler) http.Handler {
	r := chi.NewRouter()
	r.Handle("/api/telepact", httpx.Handler(srv))
	r.Handle("/ws/telepact", sockets)
	r.Handle("/*", page())
	return r
}
