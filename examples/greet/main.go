// Command greet serves one function, fn.greet, over HTTP.
package main

import (
	"context"
	"flag"
	"log"
	"net"
	"net/http"
	"os"

	"github.com/go-chi/chi/v5"

	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/tp"
)

type Greet struct {
	Subject string `tp:"subject" doc:"Who to greet."`
}

type Greeting struct {
	Message string `tp:"message"`
}

func greetHandler(ctx context.Context, in *Greet) (*Greeting, error) {
	return &Greeting{Message: "Hello " + in.Subject + "!"}, nil
}

func main() {
	addr := flag.String("addr", "127.0.0.1:8000", "the `address` to listen on")
	printSchema := flag.Bool("schema", false, "print the schema and exit")
	flag.Parse()

	tp.Register(greetHandler) // becomes fn.greet on tp.Default
	srv := tp.Default.MustBuild(tp.NoAuth())
	if *printSchema {
		if err := srv.Schema().WriteYAML(os.Stdout); err != nil {
			log.Fatal(err)
		}
		return
	}

	r := chi.NewRouter() // an existing router
	r.Handle("/api/telepact", httpx.Handler(srv))

	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("listening on http://%s/api/telepact", listener.Addr())
	log.Fatal(http.Serve(listener, r))
}
