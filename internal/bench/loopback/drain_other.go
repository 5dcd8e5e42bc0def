//go:build !unix

package loopback

import "net"

// drain hands over what comes in over a connection, by way of memory, until there is no more,
// or take fails.
func drain(conn net.Conn, memory []byte, take func(came []byte) (more bool, err error)) error {
	for {
		n, err := conn.Read(memory)
		if err == nil {
			_, err = take(memory[:n])
		}
		if err != nil {
			return err
		}
	}
}
