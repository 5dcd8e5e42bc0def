package load

import (
	"context"
	"net"
	"sync"
	"time"
)

// dropper breaks connections. It is nil where none is to be broken.
type dropper struct {
	mu    sync.Mutex
	conns map[net.Conn]struct{}
	drops int
}

func newDropper() *dropper { return &dropper{conns: map[net.Conn]struct{}{}} }

// run breaks a connection with each tick, one half of them without a goodbye of TCP.
func (d *dropper) run(ctx context.Context, every time.Duration) {
	ticks := time.NewTicker(every)
	defer ticks.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
			d.drop()
		}
	}
}

func (d *dropper) drop() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for conn := range d.conns { // in random order
		if tcp, ok := conn.(*net.TCPConn); ok && d.drops%2 == 0 {
			_ = tcp.SetLinger(0)
		}
		_ = conn.Close()
		delete(d.conns, conn)
		d.drops++
		return
	}
}

// watch returns the connection as one that may be dropped.
func (d *dropper) watch(conn net.Conn) net.Conn {
	if d == nil {
		return conn
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.conns[conn] = struct{}{}
	return droppable{conn, d}
}

// droppable is a connection that is forgotten once it is closed.
type droppable struct {
	net.Conn
	dropper *dropper
}

func (c droppable) Close() error {
	c.dropper.mu.Lock()
	delete(c.dropper.conns, c.Conn)
	c.dropper.mu.Unlock()
	return c.Conn.Close()
}

// droppableListener accepts such connections.
type droppableListener struct {
	net.Listener
	dropper *dropper
}

func (l droppableListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return l.dropper.watch(conn), nil
}

// dial is a DialContext that makes such connections.
func (d *dropper) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return d.watch(conn), nil
}
