//go:build unix

package loopback

import (
	"io"
	"net"
	"syscall"
)

// drain hands over what comes in over a connection, by way of memory, until there is no more,
// or take fails. Where take awaits no more, the system is asked only when it says that there
// is: [net.Conn]'s Read asks once in vain before every wait, which is a good part of what a
// client costs. Where take awaits more it is asked at once, for it says nothing of an end
// that came with what was read.
func drain(conn net.Conn, memory []byte, take func(came []byte) (more bool, err error)) error {
	raw, err := conn.(*net.TCPConn).SyscallConn()
	if err != nil {
		return err
	}
	var end error
	err = raw.Read(func(fd uintptr) (done bool) {
		for {
			n, err := syscall.Read(int(fd), memory)
			more := false
			switch {
			case err == syscall.EINTR:
				continue
			case err == syscall.EAGAIN:
				return false
			case err == nil && n == 0:
				err = io.EOF
			case err == nil:
				more, err = take(memory[:n])
			}
			if err != nil {
				end = err
				return true
			}
			if n < len(memory) && !more {
				return false
			}
		}
	})
	if err == nil {
		err = end
	}
	return err
}
