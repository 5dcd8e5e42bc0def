package wsx_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/coder/websocket"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/wsx"
)

// visit connects to the WebSocket at a URL.
func visit(ctx context.Context, url string) *websocket.Conn {
	socket, _, err := websocket.Dial(ctx, url, nil)
	if err != nil {
		panic(err)
	}
	return socket
}

// A program that serves by itself stops its web server and its sockets at the same time:
// http.Server.Shutdown neither closes nor waits for sockets. With package httpx it is
// httpx.Serve(ctx, server, sockets).
func ExampleServer_Shutdown() {
	sockets := wsx.NewServer()
	mux := http.NewServeMux()
	mux.Handle("/chat", sockets.New(wsx.Room(sockets.NewTopic("chat")), wsx.Drain(time.Second, time.Millisecond)))
	server := &http.Server{Handler: mux}

	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	stopped := make(chan error, 1)
	go func() { stopped <- sockets.Shutdown(ctx) }()
	err := server.Shutdown(ctx)
	fmt.Println(errors.Join(err, <-stopped))
	// Output: <nil>
}

func ExampleServer_Clients() {
	srv := wsx.NewServer()
	mux := http.NewServeMux()
	mux.Handle("/chat", srv.New(wsx.Room(srv.NewTopic("chat"))))
	web := httptest.NewServer(mux)
	defer web.Close()
	socket := visit(context.Background(), web.URL+"/chat")
	defer func() { _ = socket.CloseNow() }()
	awaitClients(srv, 1)

	for _, c := range srv.Clients("/chat") {
		fmt.Println(c.ChannelID, c.ClientIP, c.Subscriptions)
		if remote, err := srv.Remote(c.ID.Number); err == nil {
			remote.Close(4000, "enough")
		}
	}
	_, _, err := socket.Read(context.Background())
	fmt.Println(int(websocket.CloseStatus(err)))
	// Output:
	// 0 127.0.0.1 [chat]
	// 4000
}

func ExampleServer_DebugHandler() {
	srv := wsx.NewServer(wsx.NodeName("node1"))
	adminsOnly := func(h http.Handler) http.Handler { return h } // yours asks who it is
	mux := http.NewServeMux()
	mux.Handle("/chat", srv.New(wsx.Room(srv.NewTopic("chat"))))
	mux.Handle("GET /debug/ws", adminsOnly(srv.DebugHandler()))

	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest("GET", "/debug/ws?path=/chat", nil))
	fmt.Println(w.Code, w.Header().Get("Content-Type"))
	// Output: 200 application/json
}

type AdminPass struct {
	Token string `tp:"token"`
}

func (AdminPass) isCredential() {}

type AdminCredential interface{ isCredential() }

type Admin struct{ Name string }

func ExampleRegisterIntrospection() {
	sockets := wsx.NewServer()
	api := tp.NewAPI("Admin", tp.Auth(tp.UnionOf[AdminCredential](AdminPass{}),
		func(_ context.Context, c AdminCredential) (Admin, error) {
			if c.(AdminPass).Token != "secret" { // yours asks a database
				return Admin{}, errors.New("no such token")
			}
			return Admin{Name: "ada"}, nil
		}))
	wsx.RegisterIntrospection(api, sockets, func(ctx context.Context) error {
		if admin, _ := tp.Identity[Admin](ctx); admin.Name != "ada" {
			return tp.Unauthorized("for administrators")
		}
		return nil
	})

	srv := api.MustBuild()
	reply := srv.Process(context.Background(), []byte(`[{"@auth_":{"AdminPass":{"token":"secret"}}},{"fn.socketClients":{}}]`))
	defer reply.Release()
	fmt.Printf("%s\n", reply.Bytes)
	// Output: [{},{"Ok_":{"clients":[]}}]
}

// awaitClients waits until there are so many connections.
func awaitClients(srv *wsx.Server, n int) {
	for len(srv.Clients("")) < n {
		time.Sleep(time.Millisecond)
	}
}
