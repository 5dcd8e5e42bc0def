package httpx

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
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

// receive reads the body of r into in, unpacked. It reports whether it could; when not,
// it has answered.
func (h *handler) receive(in *inbound, w http.ResponseWriter, r *http.Request) bool {
	packed := r.Header["Content-Encoding"]
	encoding, ok := encodingOf(packed)
	if !ok {
		w.Header().Set("Accept-Encoding", acceptedEncodings)
		refuse(w, "a request body is packed with "+acceptedEncodings+" here, or not at all", http.StatusUnsupportedMediaType)
		return false
	}
	isLate, err := h.readInTime(in, w, r, encoding)
	if isLate && err == nil {
		// Or it would end the handler: net/http goes on reading, to see the client go away.
		_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
	}
	if err != nil {
		refuseBody(w, encoding, err)
		return false
	}
	_ = r.Body.Close() // or net/http would look whether there is more of it
	return true
}

// readInTime fills in with the body of r, and gives up when that takes too long. It
// reports whether a deadline was set for that.
func (h *handler) readInTime(in *inbound, w http.ResponseWriter, r *http.Request, encoding string) (isLate bool, err error) {
	h.arrivals.begin(&in.arrival, w)
	defer func() { isLate = h.arrivals.end(&in.arrival) }()
	return false, in.body.read(w, r, encoding, h.maxBody)
}

// refuseBody answers a request whose body could not be read. A deadline stays, so that
// net/http does not wait for the rest either.
func refuseBody(w http.ResponseWriter, encoding string, err error) {
	tooLarge, isTooLarge := errors.AsType[*http.MaxBytesError](err) // ours, or of a handler around this one
	switch {
	case isTooLarge:
		refuse(w, fmt.Sprintf("a request body has at most %d bytes here", tooLarge.Limit), http.StatusRequestEntityTooLarge)
	case errors.Is(err, os.ErrDeadlineExceeded):
		refuse(w, "the request body took too long", http.StatusRequestTimeout)
	case encoding != "":
		refuse(w, "the request body could not be unpacked as "+encoding, http.StatusBadRequest)
	default:
		refuse(w, "the request body could not be read to its end", http.StatusBadRequest)
	}
}

// read fills the buffer with the body of r. It fails with a *[http.MaxBytesError]
// beyond limit, which holds for the body as it is sent and as it is unpacked.
func (b *buffer) read(w http.ResponseWriter, r *http.Request, encoding string, limit int64) error {
	if r.ContentLength > limit {
		return &http.MaxBytesError{Limit: limit}
	}
	b.reserve(min(r.ContentLength+1, maxPooledBody)) // one more, to see the end without growing
	if encoding == "" {
		return b.readAll(r.Body, limit)
	}
	u := unpackers.Get().(*unpacker)
	defer u.release()
	body, err := u.open(encoding, http.MaxBytesReader(w, r.Body, limit))
	if err == nil {
		err = b.readAll(body, limit)
	}
	if err == nil {
		err = u.end()
	}
	return err
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
			b.grow(limit)
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

// grow doubles the capacity, but not beyond limit and one more, to see that there is more.
func (b *buffer) grow(limit int64) {
	size := 2 * int64(cap(b.bytes))
	if size > limit/2 { // the step after this one might gain next to nothing
		size = max(limit, int64(len(b.bytes))) + 1
	}
	larger := make([]byte, len(b.bytes), size)
	copy(larger, b.bytes)
	b.bytes = larger
}
