package wsx

import (
	"fmt"
	"math"
	"net/http"
	"time"
)

// MaxConnectionsPerIdentity sets how many connections may come from one identity, such as
// a user, whom identity finds in the request; where it returns an empty name, as for guests,
// this limit does not count. More are refused with 429. Identity is called on the goroutine
// of the HTTP request. Zero or less: no limit. It panics for a nil identity.
func MaxConnectionsPerIdentity(n int, identity func(r *http.Request) string) Option {
	if identity == nil {
		panic("wsx: MaxConnectionsPerIdentity: nil identity: give a function that finds the name of who asks in the request")
	}
	return func(s *settings) { s.maxPerIdentity, s.identity = n, identity }
}

// RatePolicy says what becomes of messages beyond a [MessageRate].
type RatePolicy uint8

const (
	// CloseOver closes the connection with [CodePolicy] and [ReasonRate].
	CloseOver RatePolicy = iota
	// DropOver drops the message, and tells observers.
	DropOver
)

// MessageRate sets how many messages a second a client may send in the long run, and how
// many at once after a pause. Those that are too large or no UTF-8 close the connection
// anyway. A burst of zero or less is perSecond, rounded up; a perSecond of zero or less, the
// default, sets no limit. Calls should rather be limited by their API, which can answer
// those beyond (mw.RateLimit): DropOver panics on endpoints with calls, whose clients would
// wait for answers in vain.
func MessageRate(perSecond float64, burst int, over RatePolicy) Option {
	if math.IsNaN(perSecond) {
		panic("wsx: MessageRate: perSecond is not a number")
	}
	if over > DropOver {
		panic(fmt.Sprintf("wsx: MessageRate: %d is no RatePolicy: give CloseOver or DropOver", over))
	}
	if burst <= 0 {
		burst = int(math.Ceil(min(perSecond, math.MaxInt32)))
	}
	return func(s *settings) { s.rate = messageRate{perSecond: perSecond, burst: burst, over: over} }
}

// ExpiresAt closes a connection with [CodeExpired] at the time that at returns for its
// request, such as when a session ends; the zero time is never. A request whose time is over
// is refused with 401. At is called on the goroutine of the HTTP request. Credentials that
// an API checks bring their own end, see [Credentials]. It panics for nil.
func ExpiresAt(at func(r *http.Request) time.Time) Option {
	if at == nil {
		panic("wsx: ExpiresAt: nil: give a function that returns when the credentials of a request end")
	}
	return func(s *settings) { s.expiresAt = at }
}

// Subprotocols offers subprotocols to clients (RFC 6455 section 1.9): of those that a client
// asks for, the first in this list is agreed on, before those of Telepact. A client that asks
// for none of them gets a connection without one. Names are not case-sensitive. It panics
// for what is no name, and for names that begin with "telepact.", which are the layer's own.
func Subprotocols(names ...string) Option {
	for _, name := range names {
		if fault := checkSubprotocol(name); fault != "" {
			panic(fmt.Sprintf("wsx: Subprotocols: %q %s", name, fault))
		}
	}
	return func(s *settings) {
		s.subprotocols = append(s.subprotocols[:len(s.subprotocols):len(s.subprotocols)], names...)
	}
}

// PingText has a text that is exactly ping answered with the text pong at once, without
// reaching a topic, an actor or a call: browsers cannot send the pings of WebSocket, and so
// find out that nobody is there any more. It panics for empty texts, and for the same one
// twice, which two servers could send each other for ever.
func PingText(ping, pong string) Option {
	if ping == "" || pong == "" || ping == pong {
		panic(fmt.Sprintf("wsx: PingText: the texts %q and %q must differ, and not be empty", ping, pong))
	}
	return func(s *settings) { s.pingText, s.pongText = ping, pong }
}
