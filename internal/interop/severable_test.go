package interop

import (
	"context"
	"net"
	"sync"
)

// severable are connections that can be severed.
type severable struct {
	mu    sync.Mutex
	conns map[net.Conn]struct{}
}

func newSeverable() *severable { return &severable{conns: map[net.Conn]struct{}{}} }

func (s *severable) add(c net.Conn) net.Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conns[c] = struct{}{}
	return c
}

// sever severs the connections that there are.
func (s *severable) sever() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		_ = c.Close()
	}
	clear(s.conns)
}

func (s *severable) dial(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return s.add(c), nil
}

// severableListener accepts such connections.
type severableListener struct {
	net.Listener
	conns *severable
}

func (l severableListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return l.conns.add(c), nil
}
