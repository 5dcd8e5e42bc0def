package load

import (
	"bufio"
	"bytes"
	"compress/flate"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"time"
)

// rawSocket is a WebSocket whose client keeps to no rules.
type rawSocket struct {
	net.Conn
	in *bufio.Reader
}

// openSocket asks for a WebSocket, with more lines of headers. Where it is refused, the
// socket is nil and the status says how.
func openSocket(ctx context.Context, address, path, headers string) (s *rawSocket, status int, err error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, 0, err
	}
	s = &rawSocket{conn, bufio.NewReader(conn)}
	_ = conn.SetDeadline(time.Now().Add(patience))
	_, err = io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: "+address+"\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"+headers+"\r\n")
	if err != nil {
		_ = conn.Close()
		return nil, 0, err
	}
	response, err := http.ReadResponse(s.in, nil)
	if err == nil && response.StatusCode == http.StatusSwitchingProtocols {
		return s, response.StatusCode, nil
	}
	_ = conn.Close()
	if err != nil {
		return nil, 0, err
	}
	return nil, response.StatusCode, response.Body.Close()
}

// maskedFrame returns a message in one frame, whose mask is zero.
func maskedFrame(first byte, payload []byte) []byte {
	frame := append(maskedHeader(first, len(payload)), payload...)
	return frame
}

func maskedHeader(first byte, n int) []byte {
	const masked = 0x80
	frame := binary.BigEndian.AppendUint64([]byte{first, masked | 127}, uint64(n))
	return append(frame, 0, 0, 0, 0)
}

const (
	textFrame       = 0x81
	packedTextFrame = 0xc1
	binaryFrame     = 0x82
	closeFrame      = 0x88
	pingFrame       = 0x89
	pongFrame       = 0x8a
)

// readClose reads up to the close frame, and returns what it says.
func (s *rawSocket) readClose() (code int, reason string, err error) {
	for {
		first, length, err := s.readHeader()
		if err != nil {
			return 0, "", err
		}
		if first != closeFrame {
			if _, err := io.CopyN(io.Discard, s.in, length); err != nil {
				return 0, "", err
			}
			continue
		}
		payload := make([]byte, length)
		if _, err := io.ReadFull(s.in, payload); err != nil || length < 2 {
			return 0, "", errors.Join(err, errors.New("no code"))
		}
		return int(binary.BigEndian.Uint16(payload)), string(payload[2:]), nil
	}
}

// readHeader reads the header of a frame.
func (s *rawSocket) readHeader() (first byte, length int64, err error) {
	var head [2]byte
	if _, err := io.ReadFull(s.in, head[:]); err != nil {
		return 0, 0, err
	}
	var number [8]byte
	switch head[1] {
	case 126:
		_, err = io.ReadFull(s.in, number[6:])
	case 127:
		_, err = io.ReadFull(s.in, number[:])
	default:
		number[7] = head[1]
	}
	return head[0], int64(binary.BigEndian.Uint64(number[:])), err
}

// zeros returns 1 GiB of zeros, packed: about a megabyte of raw deflate.
func zeros(tb testing.TB) []byte {
	tb.Helper()
	const size, part = 1 << 30, 1 << 24
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.DefaultCompression)
	if err != nil {
		tb.Fatal(err)
	}
	write := func() {
		if _, err := w.Write(make([]byte, part)); err != nil {
			tb.Fatal(err)
		}
		if err := w.Flush(); err != nil {
			tb.Fatal(err)
		}
	}
	// All parts but the first are the same, as they follow zeros.
	write()
	head := packed.Len()
	write()
	rest := packed.Bytes()[head:]
	return append(bytes.Clone(packed.Bytes()[:head]), bytes.Repeat(rest, size/part-1)...)
}
