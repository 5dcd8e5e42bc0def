// Command sessions keeps notes for users, over sockets: what one device of a user writes,
// the others see at once.
//
//	go run ./examples/sessions
//
// It prints tokens of two users and of an administrator. A client connects to
// ws://127.0.0.1:8000/ws with a token in the header Authorization or in the cookie
// "session", or sends {"type": "login", "token": "…"} first. Then it sends
//
//	{"type": "put", "key": "milk", "value": "2 l"}
//	{"type": "remove", "key": "milk"}
//	{"type": "list"}
//
// identity.go is the middleware that knows tokens, session.go the states of a connection
// and one function for each message, store.go what all connections share, and admin.go
// what administrators see and do:
//
//	curl -H "Authorization: Bearer <token>" http://127.0.0.1:8000/admin/sockets
//	curl -H "Authorization: Bearer <token>" -d '[{}, {"fn.socketClients": {}}]' \
//	  http://127.0.0.1:8000/admin/telepact
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
	users := newDirectory()
	for _, name := range []string{"ada", "alan", admin} {
		log.Printf("the token of %s is %s", name, users.add(name, time.Now().Add(sessionTime)))
	}
	if err := run(ctx, *addr, users); err != nil {
		log.Fatal(err)
	}
}

// run serves until ctx ends.
func run(ctx context.Context, addr string, users *directory) error {
	srv := wsx.NewServer()
	router, err := newRouter(srv, users)
	if err != nil {
		return err
	}
	log.Printf("serving http://%s", addr)
	return httpx.Serve(ctx, httpx.NewServer(addr, router), srv)
}

// newRouter mounts the sockets, and what administrators see of them and do about them.
func newRouter(srv *wsx.Server, users *directory) (http.Handler, error) {
	admins, err := newAdminAPI(srv, users).Build()
	if err != nil {
		return nil, err
	}
	s := &service{srv: srv, users: users, store: newStore()}
	r := chi.NewRouter()
	r.With(users.identify).Handle("/ws", s.endpoint())
	r.With(users.identify, adminsOnly).Handle("/admin/sockets", srv.DebugHandler())
	r.Handle("/admin/telepact", httpx.Handler(admins,
		httpx.Credentials(httpx.Bearer(func(token string) any { return Token{Token: token} }))))
	return r, nil
}
