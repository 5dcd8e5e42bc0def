package wsx

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/coder/websocket"

	"github.com/telestruct/telestruct/internal/web"
)

// dialer makes the connections of a client, one at a time.
type dialer struct {
	url      string
	options  *DialOptions
	attempts int
}

// dial makes one attempt. It fails with a [*DialError].
func (d *dialer) dial(ctx context.Context) (*socket, error) {
	d.attempts++
	attempt := &DialAttempt{URL: d.url, Header: d.options.Header.Clone(), Number: d.attempts}
	if attempt.Header == nil {
		attempt.Header = http.Header{}
	}
	ctx, cancel := context.WithTimeout(ctx, d.options.DialTimeout)
	defer cancel()
	if hook := d.options.BeforeDial; hook != nil {
		if err := guard(func() error { return hook(ctx, attempt) }); err != nil {
			return nil, &DialError{URL: shownURL(attempt.URL), Cause: fmt.Errorf("wsx.DialOptions.BeforeDial: %w", err)}
		}
	}
	if err := checkURL(attempt.URL); err != nil {
		return nil, err
	}
	return d.connect(ctx, attempt)
}

// connect asks the server for a WebSocket.
func (d *dialer) connect(ctx context.Context, attempt *DialAttempt) (*socket, error) {
	s := newSocket(d.options)
	upgrade := &upgradeTransport{base: d.options.HTTPClient.Transport}
	client := *d.options.HTTPClient
	client.Transport = upgrade
	ws, response, err := websocket.Dial(ctx, attempt.URL, &websocket.DialOptions{
		HTTPClient:     &client,
		HTTPHeader:     attempt.Header,
		Subprotocols:   d.options.Subprotocols,
		OnPingReceived: func(context.Context, []byte) bool { s.hears(); return true },
		OnPongReceived: func(context.Context, []byte) { s.hears() },
	})
	if err != nil {
		return nil, newDialError(attempt.URL, response, err)
	}
	ws.SetReadLimit(d.options.ReadLimit)
	s.ws, s.conn = ws, upgrade.conn
	return s, nil
}

// upgradeTransport keeps hold of the connection that becomes a WebSocket: package websocket
// has no way to cut one at once.
type upgradeTransport struct {
	base http.RoundTripper
	conn *upgradedConn
}

// upgradedConn is a connection that became a WebSocket. Its end is never expected: package
// websocket would take an [io.EOF] inside of a message for the end of the message.
type upgradedConn struct{ io.ReadWriteCloser }

// Read reads from the connection.
func (c *upgradedConn) Read(b []byte) (int, error) {
	n, err := c.ReadWriteCloser.Read(b)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// RoundTrip makes one request.
func (t *upgradeTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	base := t.base
	if base == nil {
		base = http.DefaultTransport
	}
	response, err := base.RoundTrip(r)
	if err != nil || response.StatusCode != http.StatusSwitchingProtocols {
		return response, err
	}
	conn, ok := response.Body.(io.ReadWriteCloser)
	if ok { // package websocket says so if not
		t.conn = &upgradedConn{conn}
		response.Body = t.conn
	}
	return response, nil
}

// newDialError says why there is no WebSocket. The response may be nil.
func newDialError(endpoint string, response *http.Response, err error) *DialError {
	e := &DialError{URL: shownURL(endpoint)}
	if response != nil && response.StatusCode != http.StatusSwitchingProtocols {
		e.Status = response.StatusCode
		return e
	}
	e.Cause = web.Cause(err)
	return e
}

var errNoURL = errors.New("this is no URL of a WebSocket, which begins with ws:// or wss://")

// checkURL fails on what cannot be dialed. What is wrong with it is not said: the parts of
// a broken URL are not known, and one of them may be a password.
func checkURL(endpoint string) error {
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" {
		return &DialError{Cause: errNoURL}
	}
	switch u.Scheme {
	case "ws", "wss", "http", "https":
		return nil
	}
	return &DialError{URL: shownURL(endpoint), Cause: errNoURL}
}

// shownURL is [web.Place]; empty for what is no URL.
func shownURL(endpoint string) string {
	u, err := url.Parse(endpoint)
	if err != nil {
		return ""
	}
	return web.Place(u)
}
