// Command schemafirst serves a survey whose schema is written by hand:
// api/survey.telepact.yaml. One of its functions works on values as they come,
// the other one on Go types that must mean what the document says.
package main

import (
	"embed"
	"flag"
	"io/fs"
	"log"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/tp"
)

//go:embed api
var documents embed.FS

func main() {
	addr := flag.String("addr", "127.0.0.1:8001", "the `address` to listen on")
	printSchema := flag.Bool("schema", false, "print the schema and exit")
	flag.Parse()

	srv, err := newAPI(&survey{}, documents).Build()
	if err != nil {
		log.Fatal(err)
	}
	if *printSchema {
		if err := srv.Schema().WriteYAML(os.Stdout); err != nil {
			log.Fatal(err)
		}
		return
	}
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("listening on http://%s/api/telepact", listener.Addr())
	server := &http.Server{Handler: newRouter(srv), ReadTimeout: 30 * time.Second}
	log.Fatal(server.Serve(listener))
}

// newAPI makes the functions of the document in the directory api. Building it
// fails when one is missing, or when the Go types of one mean something else.
func newAPI(s *survey, documents fs.FS) *tp.API {
	api := tp.NewAPI("", tp.SchemaDir(documents, "api"), tp.NoAuth())
	tp.RegisterRaw(api, "fn.answer", s.answer)
	tp.RegisterOn(api, s.summarize)
	return api
}

func newRouter(srv *tp.Server) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/api/telepact", httpx.Handler(srv, httpx.MaxBody(16<<10)))
	return mux
}
