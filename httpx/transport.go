package httpx

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/telestruct/telestruct/internal/web"
	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/wire"
)

// Transport returns the transport of a client whose server is at a URL:
//
//	client := tp.NewClient(httpx.Transport("https://example.com/api/telepact"))
//
// Each call is one POST. The answer is its body, whatever the status is: the one with
// status 429 says that the caller calls too often. A body that is no message makes a
// [*StatusError]; with status 200 only one that is empty or HTML does, and what else is
// wrong with it the client says. A URL that is none fails every call. Redirects are not
// followed, because a request with its credentials would go where the redirect says,
// unless [HTTPClient] says otherwise.
//
// It is safe for concurrent use.
func Transport(endpoint string, options ...TransportOption) tp.Transport {
	t := &transport{
		url:         endpoint,
		client:      &http.Client{CheckRedirect: stay},
		maxResponse: defaultMaxResponse,
		accept:      typeJSON + ", " + typeMessagePack,
	}
	for _, o := range options {
		if o != nil {
			o(t)
		}
	}
	return t
}

// TransportOption configures a [Transport].
type TransportOption func(*transport)

// HTTPClient makes the transport use a client of the program's own: for proxies,
// certificates, cookies, or headers that every request needs. The default has the
// connections of [http.DefaultTransport], no timeout but that of the calls, and
// follows no redirects. Nil is the default.
func HTTPClient(client *http.Client) TransportOption {
	return func(t *transport) {
		if client != nil {
			t.client = client
		}
	}
}

// MaxResponse sets how many bytes the body of an answer may have, after HTTP's own
// decompression. Default 16 MiB; zero or less is the default.
func MaxResponse(bytes int64) TransportOption {
	return func(t *transport) {
		if bytes <= 0 {
			bytes = defaultMaxResponse
		}
		t.maxResponse = bytes
	}
}

// AcceptCBOR asks the server for CBOR where it would answer in MessagePack. The
// client then sends CBOR as well. It has no effect without [tp.Binary].
func AcceptCBOR() TransportOption {
	return func(t *transport) { t.accept = typeCBOR + ", " + typeJSON }
}

// defaultMaxResponse is the largest answer unless MaxResponse says otherwise.
const defaultMaxResponse = 16 << 20

type transport struct {
	url         string
	client      *http.Client
	maxResponse int64
	accept      string
}

func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// RoundTrip makes one POST.
func (t *transport) RoundTrip(ctx context.Context, request []byte) ([]byte, error) {
	post, err := http.NewRequestWithContext(ctx, http.MethodPost, t.url, bytes.NewReader(request))
	if err != nil {
		return nil, noRequest(err)
	}
	post.Header.Set("Content-Type", contentType(wire.FormatOf(request)))
	post.Header.Set("Accept", t.accept)
	response, err := t.client.Do(post)
	if err != nil {
		return nil, fmt.Errorf("httpx: POST %s: %w%s", web.Place(post.URL), web.Cause(err), schemeHint(post.URL))
	}
	defer response.Body.Close()
	if response.StatusCode == http.StatusSwitchingProtocols {
		return nil, newStatusError(response, nil) // its body is the connection, which does not end with ctx
	}
	body, err := t.read(response.Body)
	switch {
	case response.StatusCode != http.StatusOK && (err != nil || !isMessage(body)):
		return nil, newStatusError(response, body)
	case err != nil:
		return nil, fmt.Errorf("httpx: POST %s: %w", web.Place(post.URL), err)
	case isPage(body):
		return nil, newStatusError(response, body)
	}
	return body, nil
}

// noRequest says why there is no request. What is wrong with a URL is not said: the parts of
// a broken one are not known, and one of them may be a password.
func noRequest(err error) error {
	if _, isURL := errors.AsType[*url.Error](err); isURL {
		return errNoURL
	}
	return fmt.Errorf("httpx: %w", err)
}

var errNoURL = errors.New("httpx: this is no URL that begins with http:// or https://")

// read returns the body of an answer. It reads to the end, which lets the connection be
// used again, unless the body is too large.
func (t *transport) read(r io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, max(t.maxResponse, t.maxResponse+1))) // one more, to see that there is more
	switch {
	case int64(len(body)) > t.maxResponse:
		return nil, &TooLargeError{Limit: t.maxResponse}
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, fmt.Errorf("the answer broke off after %d bytes: %w", len(body), err)
	}
	return body, err
}

// isPage reports whether a body is what a web server answers that knows nothing of
// Telepact.
func isPage(body []byte) bool {
	start := bytes.TrimLeft(body, " \t\r\n")
	return len(start) == 0 || start[0] == '<'
}

// isMessage reports whether a body is a response message: in JSON all of it, in
// binary as far as its headers, which say how it is to be read.
func isMessage(body []byte) bool {
	f := wire.FormatOf(body)
	if f == wire.JSON {
		_, err := wire.DecodeMessage(body, wire.CallLimits())
		return err == nil
	}
	var r wire.BinaryReader
	r.Reset(body, f, wire.CallLimits())
	headers, ok := r.Begin()
	_, isEncoded := headers.Get("@bin_")
	return ok && isEncoded
}

// schemeHint says what a URL that could not be reached may lack. Only the client knows
// which schemes it can do.
func schemeHint(u *url.URL) string {
	if u.Scheme == "http" || u.Scheme == "https" {
		return ""
	}
	return "; the URL begins with http:// or https://"
}
