package wsx_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/coder/websocket"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/wsx"
)

func ExampleHandler() {
	api := tp.NewAPI("Greeter", tp.NoAuth())
	tp.RegisterOn(api, greet)
	srv, err := api.Build()
	if err != nil {
		log.Fatal(err)
	}
	sockets := wsx.Handler(srv, wsx.Origins("https://app.example.com"))
	mux := http.NewServeMux()
	mux.Handle("/ws/telepact", sockets)
	server := httptest.NewServer(mux)
	defer server.Close()

	ctx := context.Background()
	conn, _, err := websocket.Dial(ctx, server.URL+"/ws/telepact", nil)
	if err != nil {
		log.Fatal(err)
	}
	if err := conn.Write(ctx, websocket.MessageText, []byte(`[{"@id_": 1}, {"fn.greet": {"subject": "World"}}]`)); err != nil {
		log.Fatal(err)
	}
	_, answer, err := conn.Read(ctx)
	fmt.Println(string(answer), err)

	// The program stops.
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	stopped := make(chan error)
	go func() { stopped <- sockets.Shutdown(ctx) }()
	_, _, err = conn.Read(ctx)
	fmt.Println(websocket.CloseStatus(err), <-stopped)
	// Output:
	// [{"@id_":1},{"Ok_":{"message":"Hello World!"}}] <nil>
	// StatusGoingAway <nil>
}
