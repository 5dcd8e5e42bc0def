package httpx

import (
	"fmt"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/telestruct/telestruct/internal/web"
)

// StatusError says that something other than a Telepact server has answered, such as
// a proxy on the way.
type StatusError struct {
	// Code is the HTTP status, such as 502. It is 200 for an answer that is empty or
	// HTML.
	Code int
	// Location is where a redirect says that the endpoint is, without what may be a
	// secret in it. Empty for other answers.
	Location string
	// Excerpt is the beginning of the body in one line, if it is text. Pages of
	// proxies may repeat the request, with its credentials, so it is not part of
	// the error's text.
	Excerpt string
}

// Error returns one line with the status, and what it may be about.
func (e *StatusError) Error() string {
	hint := ""
	switch {
	case e.Location != "":
		hint = "; redirects are not followed, so the URL would have to be " + e.Location
	case e.Code == http.StatusOK, e.Code == http.StatusNotFound, e.Code == http.StatusMethodNotAllowed:
		hint = "; is the URL that of a Telepact endpoint?"
	}
	status := strings.TrimSpace(fmt.Sprint(e.Code, " ", http.StatusText(e.Code)))
	return fmt.Sprintf("httpx: the answer is no message and has status %s%s", status, hint)
}

// TooLargeError says that an answer is larger than [MaxResponse].
type TooLargeError struct {
	// Limit is how many bytes it may have.
	Limit int64
}

// Error returns one line with the limit.
func (e *TooLargeError) Error() string {
	return fmt.Sprintf("httpx: an answer has at most %d bytes here; see httpx.MaxResponse", e.Limit)
}

func newStatusError(response *http.Response, body []byte) *StatusError {
	e := &StatusError{Code: response.StatusCode, Excerpt: excerpt(body)}
	if to, err := response.Location(); err == nil && e.Code >= 300 && e.Code <= 399 {
		e.Location = web.Place(to)
	}
	return e
}

// excerpt returns the beginning of a text in one line; nothing of what is no text.
func excerpt(body []byte) string {
	const longest = 160
	cut := len(body) > longest
	if cut {
		body = body[:longest]
		for i := 0; i < utf8.UTFMax && !utf8.Valid(body); i++ {
			body = body[:len(body)-1]
		}
	}
	isBinary := func(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) }
	text := string(body)
	if !utf8.ValidString(text) || strings.ContainsFunc(text, isBinary) {
		return ""
	}
	if text = strings.Join(strings.Fields(text), " "); cut {
		text += "…"
	}
	return text
}
