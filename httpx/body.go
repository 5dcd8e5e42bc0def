package httpx

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
)

// buffer is a request body. It is pooled: a server keeps nothing of a body once
// it has answered.
type buffer struct {
	bytes []byte
}

var bodies = sync.Pool{New: func() any { return new(buffer) }}

const (
	// firstRead is what a buffer starts with when the client does not say how
	// much it sends. A declared length is believed up to maxPooledBody and no
	// further, so that announcing a large body costs a client the sending of it.
	firstRead = 4 << 10
	// maxPooledBody is the capacity of the largest buffer that is kept.
	maxPooledBody = 256 << 10
)

func (b *buffer) release() {
	if cap(b.bytes) > maxPooledBody {
		b.bytes = nil
	}
	b.bytes = b.bytes[:0]
	bodies.Put(b)
}

// read fills the buffer with the body of r. When that fails it returns an HTTP
// status and what to tell the client.
func (b *buffer) read(w http.ResponseWriter, r *http.Request, limit int64) (status int, reason string) {
	if r.ContentLength > limit {
		w.Header().Set("Connection", "close") // nobody will read what it is about to send
		return tooLarge(limit)
	}
	b.reserve(min(r.ContentLength+1, maxPooledBody)) // one more, to see the end without growing
	switch err := b.readAll(http.MaxBytesReader(w, r.Body, limit)); {
	case err == nil:
		return 0, ""
	case isTooLarge(err):
		return tooLarge(limit)
	}
	return http.StatusBadRequest, "the request body could not be read to its end"
}

func tooLarge(limit int64) (int, string) {
	return http.StatusRequestEntityTooLarge, fmt.Sprintf("a request body has at most %d bytes here", limit)
}

func isTooLarge(err error) bool {
	var limit *http.MaxBytesError
	return errors.As(err, &limit)
}

// reserve makes room for n bytes; an unknown length is negative or zero.
func (b *buffer) reserve(n int64) {
	if n = max(n, firstRead); int64(cap(b.bytes)) < n {
		b.bytes = make([]byte, 0, n)
	}
}

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
