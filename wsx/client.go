package wsx

import (
	"context"
	"errors"
)

// Client is an outward WebSocket connection over which the functions of a server are
// called. It is a [tp.Transport], and safe for concurrent use. [Dial] makes it, and
// [Client.Stop] must end it.
type Client struct{}

// ClientStats are counts since a [Client] was made.
type ClientStats struct {
	// Connections is how many connections there were.
	Connections int64
	// Resent is how many requests were sent again, because the server cannot have got
	// them over the connection that was lost.
	Resent int64
	// Strays is how many messages came that answer no call that waits.
	Strays int64
}

// Dial connects to the WebSocket of a server.
func Dial(ctx context.Context, url string, options *DialOptions) (*Client, error) {
	return nil, errors.ErrUnsupported
}

// RoundTrip makes one call.
func (c *Client) RoundTrip(ctx context.Context, request []byte) ([]byte, error) {
	return nil, errors.ErrUnsupported
}

// State returns how the connection is.
func (c *Client) State() ClientState { return ClientState{} }

// Stats returns what the client has counted.
func (c *Client) Stats() ClientStats { return ClientStats{} }

// Stop ends the client.
func (c *Client) Stop(ctx context.Context) error { return nil }
