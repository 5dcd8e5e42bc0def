package loopback

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
)

// sockets is WebSocket (RFC 6455) as far as a client needs it that sends one message
// again and again.
func sockets() protocol {
	return protocol{
		open:    upgrade,
		request: func(call Call, _ string) []byte { return maskedFrame(opText, call.Body) },
		answers: func(c *client) reader { return frameReader{c} },
		repeat:  (*client).repeatReading,
	}
}

// upgrade makes a connection a WebSocket. It looks at the status of the answer only:
// who does not speak WebSocket is found out with the first message.
func upgrade(c *client, host, path string) error {
	_, err := io.WriteString(c.conn, "GET "+path+" HTTP/1.1\r\nHost: "+host+"\r\n"+
		"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"+
		"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
	if err != nil {
		return err
	}
	answer := answerReader{c.in}
	if err := answer.status("101"); err != nil {
		return err
	}
	_, err = answer.headers()
	return err
}

// The opcodes of frames.
const (
	opText   = 1
	opBinary = 2
	opClose  = 8
	opPing   = 9
	opPong   = 10
)

// final marks the last frame of a message, in the byte of the opcode; masked the frames
// of clients, in the byte of the length.
const final, masked = 0x80, 0x80

// maskedFrame returns a whole message as clients send it. The mask is zero, which
// leaves the payload as it is and costs a server the same as any other.
func maskedFrame(opcode byte, payload []byte) []byte {
	frame := []byte{final | opcode}
	switch n := len(payload); {
	case n < 126:
		frame = append(frame, masked|byte(n))
	case n < 1<<16:
		frame = binary.BigEndian.AppendUint16(append(frame, masked|126), uint16(n))
	default:
		frame = binary.BigEndian.AppendUint64(append(frame, masked|127), uint64(n))
	}
	frame = append(frame, 0, 0, 0, 0)
	return append(frame, payload...)
}

// frameReader reads the messages of a server. It answers pings meanwhile.
type frameReader struct{ *client }

func (r frameReader) read(body []byte) ([]byte, error) {
	for {
		opcode, length, err := r.header()
		if err != nil {
			return body, err
		}
		if opcode != final|opText && opcode != final|opBinary {
			if err := r.control(opcode, length); err != nil {
				return body, err
			}
			continue
		}
		from := len(body)
		body = slices.Grow(body, length)[:from+length]
		_, err = io.ReadFull(r.in, body[from:])
		return body, err
	}
}

// header reads the header of a frame: its first byte, and the length of its payload.
func (r frameReader) header() (first byte, length int, err error) {
	var head [2]byte
	if _, err := io.ReadFull(r.in, head[:]); err != nil {
		return 0, 0, err
	}
	n := uint64(head[1])
	switch {
	case head[1]&masked != 0:
		return 0, 0, errors.New("loopback: a server masked a frame")
	case n == 126:
		n, err = r.number(2)
	case n == 127:
		n, err = r.number(8)
	}
	if err == nil && n > maxAnswer {
		err = fmt.Errorf("loopback: an answer of more than %d bytes", maxAnswer)
	}
	return head[0], int(n), err
}

// number reads a number of so many bytes.
func (r frameReader) number(bytes int) (uint64, error) {
	var digits [8]byte
	_, err := io.ReadFull(r.in, digits[8-bytes:])
	return binary.BigEndian.Uint64(digits[:]), err
}

// control answers a ping and ignores a pong. All other frames are errors: answers are
// not fragmented here, and no server ends a connection by itself.
func (r frameReader) control(opcode byte, length int) error {
	if length >= 126 {
		return fmt.Errorf("loopback: the frame 0x%x has %d bytes", opcode, length)
	}
	payload := make([]byte, length)
	if _, err := io.ReadFull(r.in, payload); err != nil {
		return err
	}
	switch opcode {
	case final | opPing:
		_, err := r.conn.Write(maskedFrame(opPong, payload))
		return err
	case final | opPong:
		return nil
	}
	return fmt.Errorf("loopback: the server sent the frame 0x%x %q", opcode, payload)
}
