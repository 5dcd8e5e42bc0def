package wsx

import (
	"cmp"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/coder/websocket"
	"github.com/telestruct/telestruct/internal/web"
	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/mirror"
)

// retryAfter is how many seconds a client that is refused for want of room should wait.
const retryAfter = "5"

// ServeHTTP makes a connection of a request for one, and returns. A request is refused
// with 426 or 400 when it asks for something else, 403 when the page it comes from may
// not connect, 503 when the endpoint is full or stops, 429 when its address or its sender
// has too many connections, and 401 when its credentials do not hold.
func (e *Endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !e.mayUpgrade(w, r) {
		return
	}
	addr := e.proxies.Address(r)
	place := claim{network: web.Network(addr.Addr()), identity: e.identify(r)}
	if v := e.reserve(place); v != welcome {
		e.refuseFor(w, v)
		return
	}
	accepted := false
	defer func() {
		if !accepted {
			e.leave(place)
		}
	}()
	who, ok := e.authenticate(r, addr)
	if !ok {
		w.Header().Set("WWW-Authenticate", "Bearer")
		e.refuse(w, http.StatusUnauthorized, "the credentials do not hold")
		return
	}
	if !e.prepare(w, r, &who) {
		return
	}
	c, ok := e.upgrade(w, r, &who)
	if !ok {
		return
	}
	accepted = true
	go e.serve(c, place)
}

// mayUpgrade reports whether a request is for a WebSocket, and this can become one, whoever
// sends it. When not, it has been answered.
func (e *Endpoint) mayUpgrade(w http.ResponseWriter, r *http.Request) bool {
	if !asksForWebSocket(r) {
		w.Header().Set("Connection", "Upgrade")
		w.Header().Set("Upgrade", "websocket")
		e.refuse(w, http.StatusUpgradeRequired, "this endpoint is for WebSockets")
		return false
	}
	if !canHijack(w) {
		e.refuse(w, http.StatusNotImplemented, "what stands before this endpoint does not let it have the connection")
		return false
	}
	if err := e.origins.Check(r); err != nil {
		e.refuse(w, http.StatusForbidden, err.Error())
		return false
	}
	return true
}

// prepare asks the program what a connection begins with. When it reports false, the request
// has been answered.
func (e *Endpoint) prepare(w http.ResponseWriter, r *http.Request, who *visitor) (ok bool) {
	if who.wasAsked {
		r = r.WithContext(tp.WithIdentity(r.Context(), who.identity))
	}
	switch {
	case e.actor != nil:
		who.state, ok = e.initialState(w, r)
		return ok
	case e.mirror != nil:
		return e.openMirror(w, r, who)
	}
	return true
}

// asksForWebSocket reports whether r is worth looking at closer. What else is wrong with
// it coder/websocket finds.
func asksForWebSocket(r *http.Request) bool {
	for _, v := range r.Header["Upgrade"] {
		for token := range strings.SplitSeq(v, ",") {
			if strings.EqualFold(strings.TrimSpace(token), "websocket") {
				return true
			}
		}
	}
	return false
}

func (e *Endpoint) refuse(w http.ResponseWriter, status int, text string) {
	e.observer.refused(status)
	http.Error(w, text, status)
}

func (e *Endpoint) refuseFor(w http.ResponseWriter, v verdict) {
	w.Header().Set("Retry-After", retryAfter)
	switch v {
	case addressFull:
		e.refuse(w, http.StatusTooManyRequests, "there are too many connections from this address")
	case identityFull:
		e.refuse(w, http.StatusTooManyRequests, "you have too many connections")
	case endpointFull:
		e.refuse(w, http.StatusServiceUnavailable, "there are too many connections")
	default:
		e.refuse(w, http.StatusServiceUnavailable, "the server stops")
	}
}

// visitor is who asks for a connection.
type visitor struct {
	addr        netip.AddrPort
	credentials any       // nil when the request brings none
	expires     time.Time // of the credentials; zero for never
	until       time.Time // when the connection ends anyway; zero for never
	identity    any       // what the API says that was asked
	wasAsked    bool      // an API was
	state       State     // that the actor begins with
	opening     mirror.Opening
}

// identify returns whose connections the one that r asks for counts with; empty for nobody.
func (e *Endpoint) identify(r *http.Request) string {
	if e.maxPerIdentity <= 0 {
		return ""
	}
	return e.identity(r)
}

// authenticate finds out who sent the request. It reports false for credentials that do
// not hold.
func (e *Endpoint) authenticate(r *http.Request, addr netip.AddrPort) (visitor, bool) {
	v := visitor{addr: addr}
	if e.expiresAt != nil {
		if v.until = e.expiresAt(r); !v.until.IsZero() && !time.Now().Before(v.until) {
			return v, false
		}
	}
	api := cmp.Or(e.api, e.mirrors.auth)
	if e.credentials == nil || api == nil || !api.NeedsAuth() {
		return v, true
	}
	v.wasAsked = true
	credentials, ok := e.credentials(r)
	if !ok {
		return v, e.mirror == nil // there may be calls that bring some
	}
	v.credentials = credentials
	var err error
	v.identity, v.expires, err = api.Authenticate(r.Context(), &tp.Inbound{
		Peer:        &tp.Peer{Transport: transport, Addr: addr},
		Credentials: credentials,
	})
	return v, err == nil
}

// transport is the name of WebSockets in [tp.Peer].
const transport = "websocket"

// upgrade upgrades the request. Where it reports false it has answered otherwise.
func (e *Endpoint) upgrade(w http.ResponseWriter, r *http.Request, who *visitor) (*connection, bool) {
	c := &connection{settings: &e.settings}
	c.hold()
	h := &hijacker{ResponseWriter: w}
	h.accepted = func() { e.accepted(c, r, who, h.Header()) }
	isUp := false
	defer func() {
		if !isUp { // also when a ResponseWriter of the program panics
			c.leaveTopics()
			e.server.removeConn(c.about.number)
		}
	}()
	ws, err := websocket.Accept(h, r, e.acceptOptions(c))
	if err != nil {
		e.observer.refused(h.status)
		return nil, false
	}
	ws.SetReadLimit(e.maxMessage)
	c.open(h.tap, ws)
	c.mu.Lock() // a timer of the service may close the connection at once
	c.service = e.newService(c, r, who)
	c.mu.Unlock()
	c.connect()
	c.expireAt(e.endOf(who))
	isUp = true
	return c, true
}

// accepted begins with a connection just before its client learns that there is one: then
// it misses nothing that is published to the topics it gets.
func (e *Endpoint) accepted(c *connection, r *http.Request, who *visitor, answer http.Header) {
	c.about = e.describe(r, who)
	c.packs = answer.Get("Sec-WebSocket-Extensions") != ""
	for _, t := range e.push {
		_ = c.subscribe(t, nil, c.replay) // fails when the topic is gone, whose connection has ended
	}
}

// describe counts a connection, and returns what is known about it.
func (e *Endpoint) describe(r *http.Request, who *visitor) about {
	a := about{
		endpoint: e,
		number:   e.server.newConn(),
		addr:     who.addr,
		path:     strings.Clone(r.URL.Path),
		origin:   strings.Clone(r.Header.Get("Origin")),
		since:    time.Now(),
	}
	if local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr); ok {
		e.server.addAddress(local.String())
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.path == "" {
		e.path = a.path
	}
	a.channel = e.channels
	e.channels++
	return a
}

// newService returns what a connection is for.
func (e *Endpoint) newService(c *connection, r *http.Request, who *visitor) service {
	if e.api != nil && e.actor == nil && len(e.push)+len(e.accept) == 0 {
		return e.newCalls(c, r, who)
	}
	var s service = &posting{conn: c}
	switch {
	case e.mirror != nil:
		return newMirroring(e, c, who.opening)
	case e.actor != nil:
		s = e.actor.newActor(c, r, who.state)
	}
	if e.api != nil {
		s = &mixed{calls: e.newCalls(c, r, who), others: s}
	}
	return s
}

// endOf returns when a connection ends by itself; zero for never. Calls see to the end of
// credentials: other ones may come.
func (e *Endpoint) endOf(who *visitor) time.Time {
	if e.mirror == nil || who.expires.IsZero() || !who.until.IsZero() && who.until.Before(who.expires) {
		return who.until
	}
	return who.expires
}

// newCalls returns what answers the calls of a connection.
func (e *Endpoint) newCalls(c *connection, r *http.Request, who *visitor) *calls {
	k := newCalls(e, c, web.Detach(r), &tp.Peer{Transport: transport, Addr: who.addr})
	k.binary = binaryFormat(c.ws.Subprotocol())
	k.open(e, who)
	return k
}

func (e *Endpoint) acceptOptions(c *connection) *websocket.AcceptOptions {
	o := &websocket.AcceptOptions{
		InsecureSkipVerify: true, // the origin has been checked, by our own rules
		Subprotocols:       e.protocols(),
		OnPingReceived:     c.gotPing,
		OnPongReceived:     c.gotPong,
	}
	if e.compress {
		o.CompressionMode = websocket.CompressionNoContextTakeover
	}
	return o
}

// open begins what the calls of a connection need from who asked for it.
func (k *calls) open(e *Endpoint, who *visitor) {
	k.session.keep, k.session.close = e.keep, k.conn.close
	k.peer.Connection = tp.NewConnection(tp.ConnectionHooks{
		Transport:     k.conn,
		Authenticated: k.session.authenticated,
		Abuse:         func(reason string) { k.conn.close(ending{CodePolicy, strings.ToValidUTF8(reason, "")}) },
	})
	switch {
	case who.credentials != nil:
		k.session.begin(who.credentials, who.expires)
	case e.api.NeedsAuth() && e.authTimeout > 0:
		k.session.await(e.authTimeout)
	}
}

// begin begins what a service does before anything is read.
func (c *connection) begin() {
	if m, ok := c.service.(*mirroring); ok {
		m.open()
	} else if a := c.actor(); a != nil {
		a.begin()
	}
}

// serve runs a connection to its end.
func (e *Endpoint) serve(c *connection, place claim) {
	defer e.leave(place)
	e.observer.opened()
	e.add(c)
	c.begin()
	c.run()
	e.remove(c)
	e.observer.closed(c.end.code)
}

var _ http.Handler = (*Endpoint)(nil)
