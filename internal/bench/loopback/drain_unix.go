//go:build unix

package loopback

import (
	"io"
	"net"
	"syscall"
)

// drain hands over what comes in over a connection until there is no more, or take fails. It
// asks the system for more only when it was told that there is: [net.Conn]'s Read asks once
// in vain before every wait, which is a good part of what a listener costs.
func drain(conn net.Conn, take func(came []byte) error) error {
	raw, err := conn.(*net.TCPConn).SyscallConn()
	if err != nil {
		return err
	}
	memory := make([]byte, drainMemory)
	var end error
	err = raw.Read(func(fd uintptr) (done bool) {
		for {
			n, err := syscall.Read(int(fd), memory)
			switch {
			case err == syscall.EINTR:
				continue
			case err == syscall.EAGAIN:
				return false
			case err == nil && n == 0:
				err = io.EOF
			case err == nil:
				err = take(memory[:n])
			}
			if err != nil {
				end = err
				return true
			}
			if n < len(memory) {
				return false // there will be word of the next
			}
		}
	})
	if err == nil {
		err = end
	}
	return err
}
