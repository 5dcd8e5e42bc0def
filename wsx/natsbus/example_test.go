package natsbus_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/telestruct/telestruct/wsx"
	"github.com/telestruct/telestruct/wsx/natsbus"
)

// A chat room whose members are on any node of a cluster.
func ExampleNew() {
	conn, err := nats.Connect("nats://nats.example.com", nats.MaxReconnects(-1))
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()
	bus := natsbus.New(conn, "myapp")
	defer bus.Close()
	srv := wsx.NewServer(wsx.WithBus(bus))
	http.Handle("/chat", srv.New(wsx.Room(srv.NewTopic("chat"))))
	log.Fatal(http.ListenAndServe("localhost:8080", nil))
}

// Two nodes in one program; one publishes, and the other hears it.
func Example() {
	url, stop := startNATS()
	defer stop()
	node := func(name string) (*wsx.Server, func()) {
		conn, err := nats.Connect(url, nats.Timeout(time.Minute))
		if err != nil {
			log.Fatal(err)
		}
		bus := natsbus.New(conn, "myapp")
		srv := wsx.NewServer(wsx.WithBus(bus), wsx.NodeName(name))
		return srv, func() {
			if err := srv.Shutdown(context.Background()); err != nil {
				log.Print(err)
			}
			bus.Close()
			conn.Close()
		}
	}
	a, stopA := node("a")
	defer stopA()
	b, stopB := node("b")
	defer stopB()

	heard := make(chan wsx.Message)
	defer b.NewTopic("news").Subscribe(func(m wsx.Message) { heard <- m })()
	if err := a.NewTopic("news").Text(context.Background(), "breaking news"); err != nil {
		log.Fatal(err)
	}
	m := <-heard
	fmt.Printf("%s, from node %s\n", m.Data, m.From.Node)
	// Output: breaking news, from node a
}

// startNATS starts a NATS server in this program, as tests do.
func startNATS() (url string, stop func()) {
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, NoLog: true, NoSigs: true})
	if err != nil {
		log.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(patience) {
		log.Fatal("the NATS server does not start")
	}
	return s.ClientURL(), func() {
		s.Shutdown()
		s.WaitForShutdown()
	}
}
