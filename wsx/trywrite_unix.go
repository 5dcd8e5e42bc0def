//go:build unix

package wsx

import (
	"net"
	"syscall"
)

// rawConn returns what [tryWrite] writes to; nil for a connection that is closed.
func rawConn(conn *net.TCPConn) syscall.RawConn {
	raw, err := conn.SyscallConn()
	if err != nil {
		return nil
	}
	return raw
}

// tryWrite writes as many bytes to a file that does not block as it takes now.
func tryWrite(fd uintptr, bytes []byte) (n int, err error) {
	n, err = syscall.Write(int(fd), bytes)
	if err == syscall.EAGAIN || err == syscall.EINTR {
		return 0, nil
	}
	return max(n, 0), err
}
