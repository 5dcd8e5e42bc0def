package wsx

import (
	"context"
	"net/http"
	"time"
)

// DialOptions say how a [Client] or a [MirrorClient] connects, and what it does when the
// connection is lost. The zero value of a field is its default, and nil *DialOptions are all
// defaults. They are not changed, and must not be while the client lives.
type DialOptions struct {
	// HTTPClient makes the requests that become WebSockets: for certificates and
	// proxies. Its Timeout is for each attempt as well. Default: proxies as the
	// environment says, and no redirects, because the request with its credentials
	// would go where the redirect says.
	HTTPClient *http.Client
	// Header goes with each of these requests. Default none.
	Header http.Header
	// Subprotocols are offered to the server, which may choose one. Default
	// telepact.json; a list that is empty and not nil offers none.
	Subprotocols []string
	// AcceptCBOR asks the server for CBOR where it would answer in MessagePack, by
	// offering telepact.cbor: alone, since many servers choose by what they prefer, or in
	// front of Subprotocols that are given. It has no effect without [tp.Binary]. Default
	// false.
	AcceptCBOR bool
	// BeforeDial is called before each attempt to connect and may change its URL and
	// headers, for instance to put in a fresh token. An error, or a panic, is that of
	// the attempt. Ctx ends with the attempt. Default none.
	BeforeDial func(ctx context.Context, attempt *DialAttempt) error
	// OnState is told of each change of the connection, in order. The client waits for
	// it, so it should not take long, and must not call [Client.Stop]. A panic closes
	// the connection with 1011. Default none.
	OnState func(ClientState)
	// OnFault is told of each frame that a [MirrorClient] could not take: a [*mirror.Error],
	// or a [*tp.PanicError] of a listener. The client waits for it as for OnState. It has no
	// effect with [Dial]. Default none.
	OnFault func(error)
	// Lazy makes [Dial] return at once, before there is a connection. Default false.
	Lazy bool
	// AlwaysReconnect makes the client connect again whatever the server has closed the
	// connection with. Default false: after a close that says that there is no point in it,
	// it waits for the next call; see [Client].
	AlwaysReconnect bool

	// Inbox are topics into which the client publishes every message of the server that
	// answers no call, with its kind, and with [Client.ID] for its From. Those that come
	// before anybody subscribes are lost to them as any other. Default none: such messages
	// are counted and dropped, but while there is only one call, what names no topic may be
	// taken for its answer. Where a server sends other messages beside answers, give one.
	Inbox []*Topic
	// Outbox are topics whose messages the client sends to the server, with their kinds,
	// whoever has published them. Publishing does not wait for the server: messages wait in
	// a buffer, also while there is no connection. They leave in the order in which they
	// were published, in turns with calls, and none is sent twice: those that were written to
	// a connection that was lost may not have arrived. What an inbox that is also an
	// outbox has from the server does not go back there, so that one topic here and one
	// there become one. Default none.
	Outbox []*Topic
	// OutboxBuffer and OutboxBytes are how many messages of the outbox may wait, and with
	// how many bytes, though one may have more. The oldest are dropped to make room for
	// new ones, and counted in [ClientStats]. For a [MirrorClient] this is about proposals
	// that wait to be written; see [ErrTooManyProposals]. Defaults 256 and 1 MiB.
	OutboxBuffer, OutboxBytes int
	// DropWhileDown drops messages of the outbox at once while there is no connection.
	// Default false.
	DropWhileDown bool

	// DialTimeout is how long an attempt to connect may take. Default 10 s.
	DialTimeout time.Duration
	// WriteTimeout is how long writing a message may take before the connection is
	// given up. Default 10 s.
	WriteTimeout time.Duration
	// ReadLimit is how many bytes an answer, or another message, may have. A larger one
	// closes the connection with 1009. Default 16 MiB, and 64 MiB with [DialMirror].
	ReadLimit int64
	// PingInterval is how often the server is asked whether it is there, give or take
	// a tenth. Default 25 s.
	PingInterval time.Duration
	// PongTimeout is how long it may stay silent then, before the connection is given
	// up. Default 10 s.
	PongTimeout time.Duration
	// MinBackoff and MaxBackoff bound the time between attempts to connect. It is random,
	// from nothing up to MinBackoff at first, twice as much after each further failure,
	// and never more than MaxBackoff. Defaults 500 ms and 30 s.
	MinBackoff, MaxBackoff time.Duration
	// MaxWaiting is how many calls may wait for a connection while there is none; more
	// fail with [ErrTooManyWaiting]. Default 256.
	MaxWaiting int
	// MaxInFlight is how many calls the server may have at a time; more wait for their
	// turn. A Telestruct server stops reading, and answers no ping, beyond its own limit.
	// Default 64, as there.
	MaxInFlight int
}

// DialAttempt is one attempt to connect, as [DialOptions].BeforeDial may change it. Each
// begins with what [Dial] was given.
type DialAttempt struct {
	// URL is where the server is.
	URL string
	// Header is what the request has, never nil.
	Header http.Header
	// Number counts the attempts of the client from 1.
	Number int
}

// withDefaults returns the options as they are meant.
func (o *DialOptions) withDefaults() *DialOptions {
	d := DialOptions{}
	if o != nil {
		d = *o
	}
	if d.HTTPClient == nil {
		d.HTTPClient = newDialClient()
	}
	switch {
	case d.AcceptCBOR:
		d.Subprotocols = append([]string{protocolCBOR}, d.Subprotocols...)
	case d.Subprotocols == nil:
		d.Subprotocols = []string{protocolJSON}
	}
	setDefault(&d.DialTimeout, 10*time.Second)
	setDefault(&d.WriteTimeout, 10*time.Second)
	setDefault(&d.ReadLimit, 16<<20)
	setDefault(&d.PingInterval, 25*time.Second)
	setDefault(&d.PongTimeout, 10*time.Second)
	setDefault(&d.MinBackoff, 500*time.Millisecond)
	setDefault(&d.MaxBackoff, 30*time.Second)
	setDefault(&d.MaxWaiting, 256)
	setDefault(&d.MaxInFlight, 64)
	setDefault(&d.OutboxBuffer, 256)
	setDefault(&d.OutboxBytes, 1<<20)
	return &d
}

func setDefault[T int | int64 | time.Duration](field *T, standard T) {
	if *field <= 0 {
		*field = standard
	}
}

// newDialClient returns the client of options without one. Its connections are not kept:
// one that became no WebSocket is of no more use.
func newDialClient() *http.Client {
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if standard, ok := http.DefaultTransport.(*http.Transport); ok {
		own := standard.Clone()
		own.DisableKeepAlives = true
		client.Transport = own
	}
	return client
}
