// Command cookieauth serves a page whose users log in: the browser keeps a session
// cookie that no script can read, and sends it with every call. There it becomes
// @auth_, and the handler knows who calls.
//
//	go run ./examples/cookieauth
//
// Then open http://127.0.0.1:8000 and log in as ada, password "analytical". service.go
// is the API, session.go what the cookie stands for, and login.go the two routes that
// set and remove it. The page, in the directory static, never sees the token.
//
// What keeps other sites out: the cookie is SameSite, so that they cannot send it;
// httpx refuses calls of foreign origins where cookies are credentials, and
// http.CrossOriginProtection does so for login and logout. A real program also limits
// how often one may guess a password.
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
	"github.com/go-chi/chi/v5/middleware"

	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/tp"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8000", "the `address` to listen on")
	https := flag.Bool("https", false, "send the cookie over HTTPS only: a proxy before this program speaks TLS")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	accounts, err := newAccounts(hashRounds, map[string]string{"ada": "analytical", "alan": "enigmatic"})
	if err == nil {
		err = run(ctx, *addr, accounts, cookieFor(*https))
	}
	if err != nil {
		log.Fatal(err)
	}
}

// run serves until ctx ends.
func run(ctx context.Context, addr string, accounts *accounts, c cookie) error {
	s := newService(accounts, newSessions(time.Now))
	srv, err := newAPI(s).Build()
	if err != nil {
		return err
	}
	log.Printf("serving http://%s", addr)
	return httpx.Serve(ctx, httpx.NewServer(addr, newRouter(s, srv, c)))
}

// newRouter mounts the API, login and logout, and the page.
func newRouter(s *service, srv *tp.Server, c cookie) http.Handler {
	l := &login{service: s, cookie: c}
	r := chi.NewRouter()
	r.Handle("/api/telepact", httpx.Handler(srv,
		httpx.Credentials(httpx.Cookie(c.name, func(value string) any { return Session{Token: value} }))))
	r.Group(func(r chi.Router) {
		r.Use(http.NewCrossOriginProtection().Handler)
		// Checking a password takes long on purpose: the calls need the processors as well.
		r.With(middleware.Throttle(maxLogins)).Post("/login", l.begin)
		r.Post("/logout", l.end)
	})
	r.Handle("/*", page())
	return r
}

// maxLogins is how many passwords are checked at the same time.
const maxLogins = 2
