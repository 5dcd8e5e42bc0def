package natsbus_test

import (
	"net"
	"os"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/telestruct/telestruct/wsx/natsbus"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if url := os.Getenv(peerVariable); url != "" {
		runPeer(url)
		return
	}
	goleak.VerifyTestMain(m)
}

// patience is how long tests wait for what must happen.
const patience = 30 * time.Second

// cluster is one NATS server, which can be restarted.
type cluster struct {
	t      *testing.T
	server *server.Server
	port   int
	max    int32
}

// newCluster starts a NATS server that ends with the test. A maxPayload of 0 is that of
// NATS itself.
func newCluster(t *testing.T, maxPayload int32) *cluster {
	t.Helper()
	c := &cluster{t: t, port: server.RANDOM_PORT, max: maxPayload}
	c.start()
	t.Cleanup(c.stop)
	return c
}

func (c *cluster) start() {
	c.t.Helper()
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: c.port, MaxPayload: c.max, NoLog: true, NoSigs: true})
	if err != nil {
		c.t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(patience) {
		c.t.Fatal("the NATS server does not start")
	}
	c.server, c.port = s, s.Addr().(*net.TCPAddr).Port
}

func (c *cluster) stop() {
	c.server.Shutdown()
	c.server.WaitForShutdown()
}

// connect opens a connection that comes back at once.
func (c *cluster) connect() *nats.Conn {
	c.t.Helper()
	conn, err := nats.Connect(c.server.ClientURL(), nats.MaxReconnects(-1), nats.ReconnectWait(time.Millisecond),
		nats.ReconnectJitter(0, 0), nats.Timeout(patience))
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(conn.Close)
	return conn
}

// join returns a bus over a connection of its own.
func (c *cluster) join(options ...natsbus.Option) *natsbus.Bus {
	c.t.Helper()
	bus := natsbus.New(c.connect(), "test", options...)
	c.t.Cleanup(bus.Close)
	return bus
}

// await waits until ok reports true, which nobody tells of.
func await(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); !ok(); <-tick.C {
		if time.Now().After(end) {
			t.Fatal("not in time: " + what)
		}
	}
}
