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
	return serve(ctx, *addr, newRouter(srv), out)
}

// newRouter mounts the API beside the program's other routes.
func newRouter(srv *tp.Server) http.Handler {
	r := chi.NewRouter()
	r.Use(middleware.RequestID, middleware.Recoverer)
	r.Handle("/api/telepact", httpx.Handler(srv))
	r.Get("/schema.yaml", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/yaml")
		_ = srv.Schema().WriteYAML(w) // fails only when the client is gone
	})
	return r
}

// shutdownGrace is how long running calls may take once the program is stopped.
const shutdownGrace = 5 * time.Second

// serve listens on addr until ctx ends, then lets running calls finish.
func serve(ctx context.Context, addr string, handler http.Handler, out io.Writer) error {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "listening on http://%s/api/telepact\n", listener.Addr())
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      time.Minute, // or a client that reads nothing would hold on for ever
		IdleTimeout:       2 * time.Minute,
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
	defer cancel()
	err = server.Shutdown(grace)
	<-served // Shutdown has ended it
	return err
}
