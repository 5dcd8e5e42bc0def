package wsx

import (
	"net/http"
	"net/netip"
	"time"
)

// Connected is the first message of every actor: its client is there.
type Connected struct {
	// ID names the connection.
	ID ID
	// Addr is where the client connects from; see [TrustProxies].
	Addr netip.AddrPort
	// Path is that of the request for the connection.
	Path string
	// Time is when the connection was made.
	Time time.Time
	// Origin is the site whose page has made the connection; empty when programs do.
	Origin string
	// In is the connection's input: what is published there reaches the actor as if the
	// client had said it.
	In *Topic
	// Out is the connection's output: what is published there reaches the client. Both may
	// be kept, and fail with [ErrGone] when the connection has ended.
	Out *Topic
	// Request is a copy of the request for the connection, without a body. Its context has
	// the values that were in it then, and does not end.
	Request *http.Request
	// Subprotocol is the one that was agreed on; empty for none. See [Subprotocols].
	Subprotocol string
}

// Disconnected is the last message of every actor: its client is gone, or is not wanted any
// more. Replies have no effect then; everything else has.
type Disconnected struct {
	// ID, Addr, Path and Origin are those of [Connected].
	ID     ID
	Addr   netip.AddrPort
	Path   string
	Origin string
	// Time is when this was noticed.
	Time time.Time
	// Code is what the connection was closed with, by whoever was first: [CodeNoCode] when
	// the client has given none, and [CodeAbnormal] when nothing was said.
	Code int
	// Reason is the text that came with the code. That of a client is any text.
	Reason string
	// Cause says who or what has ended the connection.
	Cause Cause
}

// connected returns the first message. R is the copy of the request.
func (a *actor) connected(r *http.Request) Connected {
	c := a.conn
	return Connected{
		ID: c.id(), Addr: c.about.addr, Path: c.about.path, Time: c.about.since, Origin: c.about.origin,
		In: c.input(a.hear), Out: c.output(), Request: r, Subprotocol: c.ws.Subprotocol(),
	}
}

// disconnected returns the last message.
func (a *actor) disconnected() Disconnected {
	c := a.conn
	end, cause := c.whyEnded()
	if cause == CauseClient {
		end.reason = c.farewell
	}
	return Disconnected{
		ID: c.id(), Addr: c.about.addr, Path: c.about.path, Time: time.Now(), Origin: c.about.origin,
		Code: end.code, Reason: end.reason, Cause: cause,
	}
}
