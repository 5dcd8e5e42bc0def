package httpx

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"time"
)

// document is a file that is served from memory.
type document struct {
	contentType string
	etag        string
	text        []byte
}

// newDocument returns the document that write writes.
func newDocument(contentType string, write func(io.Writer) error) *document {
	var text bytes.Buffer
	_ = write(&text) // fails only when the writer does
	// The tag is a weak one, as something on the way may pack the text.
	sum := sha256.Sum256(text.Bytes())
	return &document{contentType, fmt.Sprintf(`W/"%x"`, sum[:16]), text.Bytes()}
}

// serve answers GET and HEAD, and who has the text already.
func (d *document) serve(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Type", d.contentType)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", "no-cache") // that is: ask whether it is still the same
	header.Set("ETag", d.etag)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(d.text))
}
