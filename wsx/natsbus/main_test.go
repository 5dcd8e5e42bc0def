package natsbus_test

import (
	"errors"
	"net"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/telestruct/telestruct/internal/leaks"
	"github.com/telestruct/telestruct/wsx/natsbus"
)

func TestMain(m *testing.M) {
	if url := os.Getenv(peerVariable); url != "" {
		runPeer(url)
		return
	}
	leaks.Main(m)
}

// patience is how long tests wait for what must happen.
const patience = 2 * time.Minute

// cluster is one NATS server, which can be restarted. Its port is another one then: somebody
// else may have got the first.
type cluster struct {
	t       *testing.T
	server  *server.Server
	address atomic.Value // a string; empty while there is no server
	max     int32
}

// newCluster starts a NATS server that ends with the test. A maxPayload of 0 is that of
// NATS itself.
func newCluster(t *testing.T, maxPayload int32) *cluster {
	t.Helper()
	c := &cluster{t: t, max: maxPayload}
	c.start()
	t.Cleanup(c.stop)
	return c
}

func (c *cluster) start() {
	c.t.Helper()
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, MaxPayload: c.max, NoLog: true, NoSigs: true})
	if err != nil {
		c.t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(patience) {
		c.t.Fatal("the NATS server does not start")
	}
	c.server = s
	c.address.Store(s.Addr().String())
}

func (c *cluster) stop() {
	c.address.Store("")
	c.server.Shutdown()
	c.server.WaitForShutdown()
}

// Dial connects to the server that there is now.
func (c *cluster) Dial(network, _ string) (net.Conn, error) {
	address := c.address.Load().(string)
	if address == "" {
		return nil, errors.New("the NATS server is away")
	}
	return net.DialTimeout(network, address, patience)
}

// connect opens a connection that comes back at once.
func (c *cluster) connect() *nats.Conn {
	c.t.Helper()
	conn, err := nats.Connect(c.server.ClientURL(), nats.MaxReconnects(-1), nats.ReconnectWait(time.Millisecond),
		nats.ReconnectJitter(0, 0), nats.Timeout(patience), nats.SetCustomDialer(c))
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
