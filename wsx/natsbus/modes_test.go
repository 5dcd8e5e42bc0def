package natsbus_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/telestruct/telestruct/wsx"
	"github.com/telestruct/telestruct/wsx/natsbus"
)

// room is a chat room of one node, and a client in it.
type room struct {
	t      *testing.T
	bus    *natsbus.Bus
	topic  *wsx.Topic
	client *websocket.Conn
}

func newRoom(t *testing.T, bus *natsbus.Bus, node string) *room {
	t.Helper()
	srv := wsx.NewServer(wsx.WithBus(bus), wsx.NodeName(node))
	r := &room{t: t, bus: bus, topic: srv.NewTopic("chat")}
	site := httptest.NewServer(srv.New(wsx.Room(r.topic), wsx.Heartbeat(time.Hour, time.Minute)))
	t.Cleanup(site.Close)
	t.Cleanup(func() { _ = srv.Shutdown(context.Background()) }) // fails where the bus has gone
	client, _, err := websocket.Dial(t.Context(), site.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.CloseNow() })
	r.client = client
	return r
}

func (r *room) say(kind websocket.MessageType, text string) {
	r.t.Helper()
	if err := r.client.Write(r.t.Context(), kind, []byte(text)); err != nil {
		r.t.Fatal(err)
	}
}

// want fails unless the client hears this next.
func (r *room) want(kind websocket.MessageType, text string) {
	r.t.Helper()
	gotKind, got, err := r.client.Read(r.t.Context())
	if err != nil || gotKind != kind || string(got) != text {
		r.t.Fatalf("heard %v %q, %v; want %v %q", gotKind, got, err, kind, text)
	}
}

func (r *room) hasBus() bool { return r.bus.Flush(r.t.Context()) == nil }

func (r *room) lacksBus() bool {
	return errors.Is(r.bus.Publish(r.t.Context(), &wsx.BusMessage{To: wsx.Address{Topic: "probe"}}), wsx.ErrBusUnavailable)
}

// TestModes12TwoNodes has each message arrive once on each node, while the NATS server is
// there, away, and back; and one node go on when the other has lost its connection.
func TestModes12TwoNodes(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 0)
	a, b := newRoom(t, c.join(), "a"), newRoom(t, c.join(), "b")
	both := func(kind websocket.MessageType, text string) {
		t.Helper()
		a.want(kind, text)
		b.want(kind, text)
	}
	a.say(websocket.MessageText, "hello")
	both(websocket.MessageText, "hello")
	b.say(websocket.MessageBinary, "\xff\x00")
	both(websocket.MessageBinary, "\xff\x00")

	c.stop()
	await(t, "the loss of the server", func() bool { return a.lacksBus() && b.lacksBus() })
	a.say(websocket.MessageText, "alone")
	a.want(websocket.MessageText, "alone")
	if err := b.topic.Text(t.Context(), "too"); !errors.Is(err, wsx.ErrBusUnavailable) {
		t.Errorf("error = %v, want %v", err, wsx.ErrBusUnavailable)
	}
	b.want(websocket.MessageText, "too")

	c.start()
	await(t, "the way back", func() bool { return a.hasBus() && b.hasBus() })
	for i := range 100 {
		text := strconv.Itoa(i)
		[]*room{a, b}[i%2].say(websocket.MessageText, text)
		both(websocket.MessageText, text)
	}

	a.bus.Close() // as when the process is gone
	b.say(websocket.MessageText, "still here")
	b.want(websocket.MessageText, "still here")
	a.say(websocket.MessageText, "on my own")
	a.want(websocket.MessageText, "on my own")
}

// NATS by itself has no order for what several connections publish at once.
func TestOneOrder(t *testing.T) {
	t.Parallel()
	const nodes, each = 3, 1000
	c := newCluster(t, 0)
	var heard [nodes][]string
	var topics [nodes]*wsx.Topic
	var done sync.WaitGroup
	for i := range nodes {
		srv := wsx.NewServer(wsx.WithBus(c.join()), wsx.NodeName(strconv.Itoa(nodes-i)))
		defer func() { _ = srv.Shutdown(context.Background()) }()
		await(t, "word of those before", func() bool {
			info, err := srv.Cluster(t.Context())
			return err == nil && len(info.Nodes) == i+1
		})
		topics[i] = srv.NewTopic("t", wsx.OneOrder())
		done.Add(nodes * each)
		defer topics[i].Subscribe(func(m wsx.Message) {
			heard[i] = append(heard[i], string(m.Data))
			done.Done()
		})()
	}
	for i, topic := range topics {
		go func() {
			for j := range each {
				if err := topic.Text(context.Background(), fmt.Sprintf("%d:%d", i, j)); err != nil {
					t.Error(err)
				}
			}
		}()
	}
	done.Wait()
	for i := range heard {
		if !slices.Equal(heard[i], heard[0]) {
			t.Errorf("node %d has another order than node 0", i)
		}
	}
}
