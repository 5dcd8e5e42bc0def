// Command calculator serves a calculator with variables and a paper tape: an
// API of some size, with everything a real one has.
//
// service.go lists its functions. api/calculator.telepact.yaml is the schema as
// it was agreed on with those who call it; the program does not start when its
// Go types say something else.
package main

import (
	"context"
	"embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
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

//go:embed api
var documents embed.FS

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	err := run(ctx, os.Args[1:], os.Stdout)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run is the program: it returns when ctx ends, when it has printed what the
// arguments ask for, or when something fails.
func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("calculator", flag.ContinueOnError)
	flags.SetOutput(out)
	addr := flags.String("addr", "127.0.0.1:8080", "the `address` to listen on")
	printSchema := flags.Bool("schema", false, "print the schema and exit")
	if err := flags.Parse(args); err != nil {
		return err
	}
	srv, err := newAPI(newService(time.Now, slog.Default()), documents).Build()
	if err != nil {
		return err
	}
	if *printSchema {
		return srv.Schema().WriteYAML(out)
	}
	return serve(ctx, *addr, srv, out)
}

// newRouter mounts the calls, the schema and the health check. Other routes of a program
// would be beside them.
func newRouter(srv *tp.Server) (http.Handler, *httpx.Routes) {
	r := chi.NewRouter()
	r.Use(middleware.RequestID, middleware.Recoverer)
	routes := httpx.Mount(r, "/api/telepact", srv)
	return r, routes
}

// serve listens on addr until ctx ends, then lets running calls finish.
func serve(ctx context.Context, addr string, srv *tp.Server, out io.Writer) error {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "listening on http://%s/api/telepact\n", listener.Addr())
	handler, routes := newRouter(srv)
	drain := httpx.Drain{Timeout: 5 * time.Second}
	return drain.ServeListener(ctx, listener, httpx.NewServer(addr, handler), routes)
}
