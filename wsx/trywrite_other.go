//go:build !unix

package wsx

import (
	"net"
	"syscall"
)

// rawConn returns nil: here every write may wait.
func rawConn(*net.TCPConn) syscall.RawConn { return nil }

// tryWrite is not called.
func tryWrite(uintptr, []byte) (n int, err error) { return 0, nil }
