package httpx

import (
	"errors"
	"fmt"
	"io"
	"net/http"
)

// buffer is a request body. Its memory is used again.
type buffer struct {
	bytes []byte
}

const (
	// firstRead is what a buffer starts with when the client does not say how
	// much it sends. A declared length is believed up to maxPooledBody and no
	// further, so that announcing a large body costs a client the sending of it.
	firstRead = 4 << 10
	// maxPooledBody is the capacity of the largest buffer that is kept.
	maxPooledBody = 256 << 10
)

// reset empties the buffer for the next body.
func (b *buffer) reset() {
	if cap(b.bytes) > maxPooledBody {
		b.bytes = nil
	}
	b.bytes = b.bytes[:0]
}

// read fills the buffer with the body of r. When that fails it returns an HTTP
// status and what to tell the client.
func (b *buffer) read(w http.ResponseWriter, r *http.Request, limit int64) (status int, reason string) {
	err := error(&http.MaxBytesError{Limit: limit})
	if r.ContentLength <= limit {
		b.reserve(min(r.ContentLength+1, maxPooledBody)) // one more, to see the end without growing
		err = b.readAll(r.Body, limit)
	}
	if err == nil {
		return 0, ""
	}
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok { // ours, or of a handler around this one
		w.Header().Set("Connection", "close") // nobody will read what is still to come
		return http.StatusRequestEntityTooLarge, fmt.Sprintf("a request body has at most %d bytes here", tooLarge.Limit)
	}
	return http.StatusBadRequest, "the request body could not be read to its end"
}

// reserve makes room for n bytes; an unknown length is negative or zero.
func (b *buffer) reserve(n int64) {
	if n = max(n, firstRead); int64(cap(b.bytes)) < n {
		b.bytes = make([]byte, 0, n)
	}
}

// readAll reads r to its end, whatever length it was declared to have: something in
// between may have unpacked it. It fails with a *[http.MaxBytesError] beyond limit.
func (b *buffer) readAll(r io.Reader, limit int64) error {
	for {
		if len(b.bytes) == cap(b.bytes) {
			b.bytes = append(b.bytes, 0)[:len(b.bytes)]
		}
		n, err := r.Read(b.bytes[len(b.bytes):cap(b.bytes)])
		b.bytes = b.bytes[:len(b.bytes)+n]
		switch {
		case int64(len(b.bytes)) > limit:
			return &http.MaxBytesError{Limit: limit}
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
	}
}
