package wsx

import (
	"context"
)

// Client is an outward WebSocket connection. It is a [tp.Transport], over which the functions
// of a server are called:
//
//	transport, err := wsx.Dial(ctx, "wss://example.com/ws/telepact", nil)
//	...
//	client := tp.NewClient(transport)
//
// And it joins topics to the server's end; see [DialOptions].Inbox and Outbox:
//
//	in, out := wsx.NewTopic("in"), wsx.NewTopic("out")
//	client, err := wsx.Dial(ctx, "wss://example.com/chat", &wsx.DialOptions{
//		Inbox: []*wsx.Topic{in}, Outbox: []*wsx.Topic{out},
//	})
//
// All that shares one socket. Answers come in any order: each request gets an @id_ of
// its own, and the answer has that of the caller again. When the connection is lost, the
// client connects again, after a random time that grows while that fails; see
// [DialOptions]. It does not do so by itself when the server has closed the connection with
// 1002, 1003, 1007, 1008, 3500 to 3999 or 4500 to 4999, but tries once with the next call.
//
// No request is sent a second time unless the server cannot have read it.
//
// A client is safe for concurrent use. [Dial] makes it, and [Client.Stop] must end it.
type Client struct {
	calls  *clientCalls
	topics *clientTopics
	link   *link
}

// ClientStats are counts since a [Client] was made.
type ClientStats struct {
	// Connections is how many connections there were.
	Connections int64
	// Resent is how many requests were sent again, because the server cannot have read
	// them from the connection that was lost.
	Resent int64
	// Strays is how many messages came that answer no call and had nowhere to go.
	Strays int64
	// Received is how many messages went into the inbox.
	Received int64
	// Sent is how many messages of the outbox were written to a connection, and Dropped how
	// many never were.
	Sent, Dropped int64
}

// Dial connects to the WebSocket of a server, whose URL begins with ws:// or wss://. Ctx is
// for that alone: what it fails with, a [*DialError], is that of the first attempt, and a
// client that Dial has returned lives until [Client.Stop].
//
// With [DialOptions].Lazy it fails only for what is no such URL. It also fails, with
// [ErrGone], when a topic of the outbox belongs to a connection that has ended.
func Dial(ctx context.Context, url string, options *DialOptions) (*Client, error) {
	o := options.withDefaults()
	if o.Lazy && o.BeforeDial == nil {
		if err := checkURL(url); err != nil {
			return nil, err
		}
	}
	c, err := newClient(url, o)
	if err != nil {
		return nil, err
	}
	if err := c.link.start(ctx); err != nil {
		c.topics.leave()
		return nil, err
	}
	return c, nil
}

// newClient returns a client whose link does not run yet.
func newClient(url string, o *DialOptions) (c *Client, err error) {
	c = &Client{calls: newClientCalls(o)}
	if c.topics, err = joinTopics(o, c.calls.post); err != nil {
		return nil, err
	}
	if len(c.topics.inbox) > 0 {
		c.calls.receive(c.topics.publish)
	}
	c.link = newLink(url, o, c.calls)
	c.calls.wake = c.link.wake
	return c, nil
}

// ID returns who the messages are From that the client has put into its inbox. It is zero
// when there is none.
func (c *Client) ID() ID { return c.topics.id }

// RoundTrip makes one call, as [tp.Transport] says. While there is no connection it waits
// for one. JSON goes out as text, and binary as such.
//
// It fails with a [*CallLostError], also when ctx ends; and with a [*wire.ParseError] inside
// when the request is no message, as far as its headers and the beginning of its body tell.
func (c *Client) RoundTrip(ctx context.Context, request []byte) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, &CallLostError{Cause: err}
	}
	call, err := c.calls.begin(request)
	if err != nil {
		return nil, err
	}
	select {
	case <-call.done:
	case <-ctx.Done():
		c.calls.giveUp(call, c.link.whyWaiting(ctx.Err()))
		<-call.done
	}
	return call.response()
}

// State returns how the connection is.
func (c *Client) State() ClientState { return c.link.now() }

// Stats returns what the client has counted.
func (c *Client) Stats() ClientStats { return c.calls.counts() }

// Stop ends the client. Calls that begin from now on fail with [ErrClientStopped], and so do
// those that are under way and have not finished when ctx ends. What is published to the
// outbox from now on stays here; what waits is sent, if there is a connection and for as long
// as ctx lets, and dropped if not. The connection is closed with 1000, and nothing of the
// client is left. Stop returns the error of ctx when that ended first. A further Stop waits
// as well, and does nothing else.
func (c *Client) Stop(ctx context.Context) error {
	var cut error
	c.topics.leave()
	idle := c.calls.stop()
	select {
	case <-idle:
	default: // not by chance, when ctx has ended already
		select {
		case <-idle:
		case <-ctx.Done():
			cut = ctx.Err()
			c.calls.abandon(ErrClientStopped)
		}
	}
	if err := c.link.stop(ctx); err != nil {
		cut = err
	}
	return cut
}
