package loopback

import (
	"bytes"
	"encoding/binary"
	"io"
)

// ear takes the messages of a feed out of the bytes of one connection, in which they must
// be in their order.
type ear struct {
	frames  frameReader
	told    func(messages int)
	heard   uint64
	partial []byte // a frame of which not all has come
	body    []byte
	in      bytes.Reader
}

// newEar returns the ear of a client, which tells how many messages came.
func newEar(c *client, told func(messages int)) *ear {
	return &ear{frames: frameReader{c}, told: told}
}

// take hears what has come next, and awaits more when that ends within a frame.
func (e *ear) take(came []byte) (more bool, err error) {
	if len(e.partial) > 0 {
		e.partial = append(e.partial, came...)
		came = e.partial
	}
	n := wholeFrames(came)
	if err := e.hear(came[:n]); err != nil {
		return false, err
	}
	e.partial = append(e.partial[:0], came[n:]...)
	return len(e.partial) > 0, nil
}

// hear takes whole frames.
func (e *ear) hear(frames []byte) error {
	e.in.Reset(frames)
	e.frames.in.Reset(&e.in)
	before := e.heard
	for {
		var err error
		if e.body, err = e.frames.read(e.body[:0]); err == io.EOF {
			break
		}
		e.heard++
		if err == nil {
			err = isMessage(e.body, e.heard)
		}
		if err != nil {
			return err
		}
	}
	if n := e.heard - before; n > 0 {
		e.told(int(n))
	}
	return nil
}

// wholeFrames returns how many bytes of b are frames of which nothing is missing.
func wholeFrames(b []byte) (n int) {
	for {
		length, ok := frameLength(b[n:])
		if !ok || uint64(len(b)-n) < length {
			return n
		}
		n += int(length)
	}
}

// frameLength returns how many bytes the frame has with which b begins, unless there are
// too few to tell. What it returns is too small for lengths that no server sends.
func frameLength(b []byte) (length uint64, ok bool) {
	if len(b) < 2 {
		return 0, false
	}
	switch n := b[1] &^ masked; {
	case n < 126:
		return 2 + uint64(n), true
	case n == 126 && len(b) >= 4:
		return 4 + uint64(binary.BigEndian.Uint16(b[2:])), true
	case n == 127 && len(b) >= 10:
		return 10 + min(binary.BigEndian.Uint64(b[2:]), maxAnswer+1), true
	}
	return 0, false
}
