package wsx

import (
	"io"
	"sync"

	"github.com/telestruct/telestruct/tp"
)

// buffer is memory for one message or frame. It is used again.
type buffer struct {
	bytes []byte
}

const (
	// firstSize is what a buffer starts with.
	firstSize = 4 << 10
	// maxPooled is the capacity of the largest buffer that is kept.
	maxPooled = 256<<10 + maxHeader
)

// Small messages must not wait in the memory of large ones, so there are two pools.
var (
	smallBuffers = sync.Pool{New: func() any { return &buffer{make([]byte, 0, firstSize)} }}
	largeBuffers = sync.Pool{New: func() any { return new(buffer) }}
)

// newBuffer returns an empty buffer with room for n bytes.
func newBuffer(n int) *buffer {
	if n <= firstSize {
		return smallBuffers.Get().(*buffer)
	}
	b := largeBuffers.Get().(*buffer)
	if cap(b.bytes) < n {
		b.bytes = make([]byte, 0, n)
	}
	return b
}

func (b *buffer) release() {
	b.bytes = b.bytes[:0]
	switch n := cap(b.bytes); {
	case n == firstSize:
		smallBuffers.Put(b)
	case n <= maxPooled:
		largeBuffers.Put(b)
	}
}

// readAll fills the buffer with r to its end.
func (b *buffer) readAll(r io.Reader) error {
	for {
		if len(b.bytes) == cap(b.bytes) {
			b.bytes = append(b.bytes, 0)[:len(b.bytes)]
		}
		n, err := r.Read(b.bytes[len(b.bytes):cap(b.bytes)])
		b.bytes = b.bytes[:len(b.bytes)+n]
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// message is a message that was read. It is pooled: a server keeps nothing of it once
// it has answered, but for the peer.
type message struct {
	call tp.Inbound
	body *buffer
	kind Kind
}

var messages = sync.Pool{New: func() any { return new(message) }}

// newMessage returns a message without a body yet.
func newMessage() *message {
	m := messages.Get().(*message)
	m.body = newBuffer(firstSize)
	return m
}

func (m *message) release() {
	m.body.release()
	*m = message{}
	messages.Put(m)
}
