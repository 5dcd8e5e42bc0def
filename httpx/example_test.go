package httpx_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/tp"
)

func ExampleHandler() {
	api := tp.NewAPI("Hello")
	tp.RegisterOn(api, greet)
	srv := api.MustBuild(tp.NoAuth())

	r := chi.NewRouter()
	r.Handle("/api/telepact", httpx.Handler(srv, httpx.MaxBody(64<<10)))

	ts := httptest.NewServer(r)
	defer ts.Close()
	defer ts.Client().CloseIdleConnections()
	res, err := ts.Client().Post(ts.URL+"/api/telepact", "application/json",
		strings.NewReader(`[{}, {"fn.greet": {"subject": "World"}}]`))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	fmt.Println(string(body))
	// Output: [{},{"Ok_":{"message":"Hello World!"}}]
}

func ExampleTransport() {
	api := tp.NewAPI("Hello")
	tp.RegisterOn(api, greet)
	ts := httptest.NewServer(httpx.Handler(api.MustBuild(tp.NoAuth())))
	defer ts.Close()

	client := tp.NewClient(httpx.Transport(ts.URL, httpx.HTTPClient(ts.Client())), tp.Timeout(time.Minute))
	greeting, err := tp.Call[Greeting](context.Background(), client, &Greet{Subject: "World"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(greeting.Message)
	// Output: Hello World!
}

// exampleServer answers fn.greet.
func exampleServer() *tp.Server {
	api := tp.NewAPI("Hello")
	tp.RegisterOn(api, greet)
	return api.MustBuild(tp.NoAuth())
}

// show prints an answer.
func show(res *http.Response, err error) {
	if err != nil {
		fmt.Println(err)
		return
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	fmt.Printf("%s: %s\n", res.Status, strings.TrimSpace(string(body)))
}
