package natsbus_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/telestruct/telestruct/wsx"
	"github.com/telestruct/telestruct/wsx/natsbus"
)

// TestLongNamesOfNodes: a name that no node has, whether a client has sent it or another
// program on the NATS server, does not cost this node its connection to it, which takes no
// line of more than 4096 bytes.
func TestLongNamesOfNodes(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 5000)
	c := newCluster(t, 0)
	conn := c.connect()
	bus := natsbus.New(conn, "test")
	t.Cleanup(bus.Close)
	srv := wsx.NewServer(wsx.WithBus(bus))
	defer func() { _ = srv.Shutdown(t.Context()) }()

	if err := srv.Out(wsx.ID{Node: long, Number: 1}).Text(t.Context(), "hello"); !errors.Is(err, wsx.ErrGone) {
		t.Errorf("error = %v, want %v", err, wsx.ErrGone)
	}
	if err := bus.Publish(t.Context(), &wsx.BusMessage{To: wsx.Address{Node: long}, Node: "n"}); !errors.Is(err, wsx.ErrTooLarge) {
		t.Errorf("error = %v, want %v", err, wsx.ErrTooLarge)
	}
	foreign := c.connect()
	header := nats.Header{"Wsx-Kind": {"text"}, "Wsx-Node": {long}, "Wsx-From": {".0"}}
	for _, data := range []string{`{"type":"comes"}`, `{"type":"asks","survey":{"id":"x"}}`} {
		if err := foreign.PublishMsg(&nats.Msg{Subject: "test.t._nodes", Header: header, Data: []byte(data)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := foreign.Flush(); err != nil {
		t.Fatal(err)
	}
	info, err := srv.Cluster(t.Context())
	if err != nil || len(info.Nodes) != 1 || len(info.Missing) != 0 {
		t.Errorf("cluster: %d nodes, %d missing, %v", len(info.Nodes), len(info.Missing), err)
	}
	if err := bus.Flush(t.Context()); err != nil {
		t.Error(err)
	}
	if n := conn.Stats().Reconnects; n != 0 {
		t.Errorf("the connection was lost %d times", n)
	}
}
