package stacks

import (
	"context"
	"net/http"
	"sync"

	"github.com/coder/websocket"

	"github.com/telestruct/telestruct/internal/bench/loopback"
	"github.com/telestruct/telestruct/wsx"
)

// TopicFeed is a topic of wsx that an endpoint pushes.
func TopicFeed() loopback.Feed {
	server := wsx.NewServer()
	topic := server.NewTopic("feed")
	return loopback.Feed{
		Handler:   server.New(wsx.Push(topic)),
		Connected: func() int { return len(server.Clients("")) },
		Publish: func(message []byte) error {
			return topic.Binary(context.Background(), message)
		},
	}
}

// CoderFeed is what everybody writes who has coder/websocket alone: a list of connections,
// and a loop that writes to one after the other.
func CoderFeed() loopback.Feed {
	f := new(coderFeed)
	return loopback.Feed{Handler: http.HandlerFunc(f.accept), Connected: f.connected, Publish: f.publish}
}

type coderFeed struct {
	mu    sync.Mutex
	conns []*websocket.Conn
}

// accept adds a connection, and reads from it until it ends.
func (f *coderFeed) accept(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return // the client has been told
	}
	defer conn.CloseNow()
	f.mu.Lock()
	f.conns = append(f.conns, conn)
	f.mu.Unlock()
	for err == nil {
		_, _, err = conn.Read(context.Background())
	}
}

func (f *coderFeed) connected() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.conns)
}

func (f *coderFeed) publish(message []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, conn := range f.conns {
		if err := conn.Write(context.Background(), websocket.MessageBinary, message); err != nil {
			return err
		}
	}
	return nil
}
