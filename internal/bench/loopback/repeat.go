package loopback

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// repeatReading repeats the call in the way that the first one was made.
func (c *client) repeatReading(next func() bool) error {
	for next() {
		if err := c.call(); err != nil {
			return err
		}
		if err := sameLength(c.length)(c.body); err != nil {
			return err
		}
	}
	return nil
}

// repeatCounting repeats the call over HTTP without reading answers: each has the status of
// the first one, and as many bytes.
func (c *client) repeatCounting(next func() bool) error {
	if !next() {
		return nil
	}
	if c.in.Buffered() > 0 {
		return errors.New("loopback: more came than the answer")
	}
	if _, err := c.conn.Write(c.request); err != nil {
		return err
	}
	r := &repeater{client: c, next: next, size: c.came.bytes}
	err := drain(c.conn, c.memory, r.take)
	switch err {
	case errEnough:
		return nil
	case io.EOF:
		return fmt.Errorf("loopback: an answer ended after %d bytes, the first had %d", r.got, r.size)
	}
	return err
}

// repeater sends a request whenever the answer to the last one has come.
type repeater struct {
	*client
	next func() bool
	size int // of an answer with its headers
	got  int // bytes of the answer that is awaited
	part bytes.Reader
}

// errEnough ends the reading when there is no next call to make.
var errEnough = errors.New("loopback: enough")

// take counts what has come next, and awaits more when that is no whole answer.
func (r *repeater) take(came []byte) (more bool, err error) {
	if err := r.status(came); err != nil {
		return false, err
	}
	isFirst := r.got == 0
	r.got += len(came)
	switch {
	case r.got > r.size, r.got < r.size && isFirst && r.isWhole(came):
		return false, fmt.Errorf("loopback: an answer of %d bytes, the first had %d", r.got, r.size)
	case r.got < r.size:
		return true, nil
	case !r.next():
		return false, errEnough
	}
	r.got = 0
	_, err = r.conn.Write(r.request)
	return false, err
}

// isWhole reads what has come of an answer with too few bytes. Nothing is to be awaited when
// that is all of it.
func (r *repeater) isWhole(came []byte) bool {
	r.part.Reset(came)
	r.in.Reset(&r.part)
	var err error
	r.body, err = r.answers.read(r.body[:0])
	return err == nil
}

// good is how every answer begins.
var good = []byte("HTTP/1.1 200 ")

// status fails where an answer begins otherwise.
func (r *repeater) status(came []byte) error {
	if r.got >= len(good) {
		return nil
	}
	want := good[r.got:]
	if n := min(len(came), len(want)); !bytes.Equal(came[:n], want[:n]) {
		return fmt.Errorf("loopback: the answer is %.80q, want status 200", came)
	}
	return nil
}
