// Command sockets serves one API over HTTP and over WebSockets, as a program in
// production does: with a log, limits, metrics and a stop that loses no call.
//
//	go run ./examples/sockets
//
// It has these routes:
//
//	/api/telepact              calls over HTTP
//	/api/telepact/schema.yaml  the schema; also schema.json
//	/api/telepact/health       503 once the program stops
//	/ws/telepact               calls over WebSockets
//	/metrics                   for Prometheus
//
// service.go is the API: a vote on what is for lunch. On SIGTERM or Ctrl-C the program
// takes no more connections, answers the calls it has, closes every socket with 1001
// and exits with code 0.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/rs/zerolog"

	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/mw"
	"github.com/telestruct/telestruct/wsx"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8000", "the `address` to listen on; metrics should not be read by everybody")
	drain := flag.Duration("drain", 20*time.Second, "how `long` stopping may take; three quarters of it are for closing sockets one by one")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	if err := run(ctx, *addr, *drain, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run serves until ctx ends and everything has stopped.
func run(ctx context.Context, addr string, drain time.Duration, log io.Writer) error {
	logger := zerolog.New(log).With().Timestamp().Logger()
	metrics := mw.NewPrometheus()
	srv, err := newAPI(newPoll("pasta", "curry", "salad"), logger, metrics).Build()
	if err != nil {
		return err
	}

	r := chi.NewRouter()
	r.Use(middleware.Recoverer)
	routes := httpx.Mount(r, "/api/telepact", srv)
	sockets := wsx.Handler(srv,
		wsx.Observe(metrics),
		wsx.MaxConnections(10_000),
		wsx.MaxConnectionsPerAddress(100))
	r.Handle("/ws/telepact", sockets)
	r.Handle("/metrics", metrics)

	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	logger.Info().Stringer("address", listener.Addr()).Msg("listening")
	err = httpx.Drain{Timeout: drain}.ServeListener(ctx, listener, httpx.NewServer("", r), routes, sockets)
	logger.Info().Err(err).Msg("stopped")
	return err
}
