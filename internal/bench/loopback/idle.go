package loopback

import (
	"net"
	"net/http"
	"runtime"
	"testing"
	"time"
)

// idleConnections is how many connections [MeasureIdle] opens.
const idleConnections = 2000

// MeasureIdle opens 2,000 WebSockets, makes one call on each, and reports what the server
// holds for one while nothing happens: memory of heap and stacks, in B/conn, and
// goroutines/conn. What the clients hold is measured by itself and taken off: they are
// bare connections.
func MeasureIdle(b *testing.B, handler http.Handler, call Call) {
	var sum held
	rounds := 0
	for b.Loop() {
		both, err := heldBySockets(handler, call)
		if err != nil {
			b.Fatal(err)
		}
		pairs, err := heldByPairs()
		if err != nil {
			b.Fatal(err)
		}
		// The ends of a bare connection cost the same.
		sum.bytes += both.bytes - pairs.bytes/2
		sum.goroutines += both.goroutines
		rounds++
	}
	each := float64(rounds * idleConnections)
	b.ReportMetric(float64(sum.bytes)/each, "B/conn")
	b.ReportMetric(float64(sum.goroutines)/each, "goroutines/conn")
}

// held is what a process holds.
type held struct{ bytes, goroutines int }

// heldNow returns what is held once everything that ends by itself has ended.
func heldNow() held {
	goroutines := settled()
	for range 4 { // pools give their memory back in the second, and stacks shrink in each
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return held{bytes: int(m.HeapInuse + m.StackInuse), goroutines: goroutines}
}

// settled waits until the number of goroutines does not change any more, and returns it.
func settled() int {
	const enough = 5
	last := runtime.NumGoroutine()
	for same := 0; same < enough; same++ {
		time.Sleep(2 * time.Millisecond)
		if n := runtime.NumGoroutine(); n != last {
			last, same = n, 0
		}
	}
	return last
}

func (h held) since(before held) held {
	return held{bytes: h.bytes - before.bytes, goroutines: h.goroutines - before.goroutines}
}

// heldBySockets returns what both ends of the WebSockets hold.
func heldBySockets(handler http.Handler, call Call) (held, error) {
	address, stop, err := listen(handler)
	if err != nil {
		return held{}, err
	}
	defer stop()
	conns := make([]net.Conn, 0, idleConnections)
	defer func() { reset(conns) }()
	before := heldNow()
	request := sockets().request(call, address)
	for range idleConnections {
		c, err := connect(address)
		if err != nil {
			return held{}, err
		}
		conns = append(conns, c.conn)
		if err := c.first(sockets(), request, call); err != nil {
			return held{}, err
		}
		if err := c.conn.SetDeadline(time.Time{}); err != nil {
			return held{}, err
		}
	}
	return heldNow().since(before), nil
}

// heldByPairs returns what as many bare connections hold with both their ends.
func heldByPairs() (held, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return held{}, err
	}
	defer l.Close()
	conns := make([]net.Conn, 0, 2*idleConnections)
	defer func() { reset(conns) }()
	before := heldNow()
	for range idleConnections {
		near, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			return held{}, err
		}
		conns = append(conns, near)
		far, err := l.Accept()
		if err != nil {
			return held{}, err
		}
		conns = append(conns, far)
	}
	return heldNow().since(before), nil
}

// reset closes connections so that nothing of them is left in the kernel either.
func reset(conns []net.Conn) {
	for _, c := range conns {
		if tcp, ok := c.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		_ = c.Close()
	}
}
