//go:build !unix

package loopback

import "net"

// drain hands over what comes in over a connection until there is no more, or take fails.
func drain(conn net.Conn, take func(came []byte) error) error {
	memory := make([]byte, drainMemory)
	for {
		n, err := conn.Read(memory)
		if err == nil {
			err = take(memory[:n])
		}
		if err != nil {
			return err
		}
	}
}
