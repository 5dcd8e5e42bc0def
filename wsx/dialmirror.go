package wsx

import (
	"cmp"
	"context"
	"time"

	"github.com/telestruct/telestruct/tp/mirror"
)

// MirrorClient mirrors the models of a server over a WebSocket (mirror protocol section 8).
//
//	client, err := wsx.DialMirror(ctx, "wss://example.com/mirror", nil, nil)
//	...
//	defer client.Close()
//	if err := client.Await(ctx, 1); err != nil { ... }
//	lamp := mirror.ModelOf[Lamp](client.Client(), 1)
//
// When the connection is lost, the client connects again, after a random time that grows
// while that fails; see [DialOptions]. It then asks only for what has happened since, and the
// mirrors stay as they are until that comes. It never gives up by itself.
//
// A frame that is no message is told to [DialOptions].OnFault, and left out. After a patch
// that cannot be applied, or is of a model that the client does not know, the client connects
// again as well, and asks for that model whole.
//
// A client is safe for concurrent use. [DialMirror] makes it, and [MirrorClient.Close] must
// end it.
type MirrorClient struct {
	mirrors *mirror.Client
	feed    *mirrorFeed
	link    *link
}

// MirrorStats are counts since a [MirrorClient] was made.
type MirrorStats struct {
	// Connections is how many connections there were.
	Connections int64
	// Received is how many frames came.
	Received int64
	// Faults is how many of them could not be taken, or had a listener panic.
	Faults int64
	// Sent is how many proposals were written to a connection, and Dropped how many were
	// about to be when it was lost.
	Sent, Dropped int64
}

// DialMirror connects to the mirrors of a server, whose URL begins with ws:// or wss://; what
// the client asks for is added to the query that it has. Ctx is for that alone, as with
// [Dial]: a client that DialMirror has returned lives until [MirrorClient.Close]. It fails as
// Dial does, with [DialOptions].Lazy also only for what is no such URL.
//
// Models says how the client mirrors, and options how it connects; both may be nil. Of the
// options, those about calls and topics have no effect: AcceptCBOR, AlwaysReconnect, Inbox,
// Outbox, DropWhileDown, MaxWaiting and MaxInFlight. The default of Subprotocols is none, and
// that of ReadLimit what the limits of models say, or 64 MiB.
//
// A URL must not be too long for servers. When there are so many models that their revisions
// do not fit into 8000 bytes, those with the lowest numbers are asked for by revision, and the
// others come whole. So do all of them after a server has refused a URL because of what is in
// it, with 400, 414 or 431.
func DialMirror(ctx context.Context, url string, models *mirror.ClientOptions, options *DialOptions) (*MirrorClient, error) {
	own := mirror.ClientOptions{}
	if models != nil {
		own = *models
	}
	o := mirrorDialOptions(&own, options)
	if o.Lazy && o.BeforeDial == nil {
		if err := checkURL(url); err != nil {
			return nil, err
		}
	}
	c := &MirrorClient{mirrors: mirror.NewClient(&own)}
	c.feed = newMirrorFeed(c.mirrors, o)
	c.link = newLink(url, c.feed.options(o), c.feed)
	if err := c.link.start(ctx); err != nil {
		return nil, err
	}
	return c, nil
}

// mirrorDialOptions returns the options of connections as they are meant for mirrors. Models
// gets the limit of a message that is among them, if it has none of its own.
func mirrorDialOptions(models *mirror.ClientOptions, options *DialOptions) *DialOptions {
	const readLimit = 64 << 20
	var d DialOptions
	if options != nil {
		d = *options
	}
	if d.Subprotocols == nil {
		d.Subprotocols = []string{}
	}
	d.AcceptCBOR = false
	// A mirror that rests is stale, and nobody makes calls that could wake it.
	d.AlwaysReconnect = true
	models.Limits.Size = cmp.Or(max(models.Limits.Size, 0), int(max(d.ReadLimit, 0)), readLimit)
	if d.ReadLimit <= 0 {
		d.ReadLimit = int64(models.Limits.Size)
	}
	return d.withDefaults()
}

// Client returns the mirrors, for reading them, for listening to them, and for making the
// proposals that [MirrorClient.Send] takes. Listeners are called one after the other while
// the next frame waits; a panic closes the connection with 1011. The program must not call its
// Connected and Receive.
//
// Snapshots may have come before the program has the client: who registers a listener, then
// waits for the model with [MirrorClient.Await] and then reads it misses nothing.
func (c *MirrorClient) Client() *mirror.Client { return c.mirrors }

// State returns how the connection is. [DialOptions].OnState is told of each change.
func (c *MirrorClient) State() ClientState { return c.link.now() }

// Stats returns what the client has counted.
func (c *MirrorClient) Stats() MirrorStats { return c.feed.counts() }

// Close ends the client. What [MirrorClient.Send] has taken is written first, if the server
// takes it, and the connection is closed with 1000. The mirrors can still be read; nothing
// changes them any more. Close takes no longer than about 5 s, and fails with
// [context.DeadlineExceeded] when that was not enough. A further Close waits as well, and does
// nothing else. Listeners and hooks must not call it.
func (c *MirrorClient) Close() error {
	const limit = 5 * time.Second
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	var cut error
	select {
	case <-c.feed.proposals.close():
	case <-ctx.Done():
		cut = ctx.Err()
	}
	return cmp.Or(c.link.stop(ctx), cut)
}
