// Command server answers each request with its method, path, body and a header,
// as JSON; with -schema it prints a line and ends.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
)

func main() {
	addr := flag.String("addr", ":8000", "address to listen on")
	schema := flag.Bool("schema", false, "print the schema and end")
	flag.Parse()
	if *schema {
		fmt.Println("- fn.echo: {}")
		return
	}
	log.Fatal(http.ListenAndServe(*addr, http.HandlerFunc(echo)))
}

func echo(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil || r.URL.Path == "/missing" {
		http.NotFound(w, r)
		return
	}
	json.NewEncoder(w).Encode([]string{r.Method, r.URL.Path, string(body), r.Header.Get("Content-Type")})
}
