package httpx

import (
	"net/http"
	"time"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/mirror"
)

// mirrorSettings are the options of MirrorEvents alone.
type mirrorSettings struct {
	auth     *tp.Server
	identity func(*http.Request) any
	tenant   func(*http.Request) (string, error)
	outbox   mirror.OutboxOptions
	every    time.Duration
	eventIDs bool
	most     int // streams; none if it is not positive
}

// defaultFlush is how long changes are collected unless FlushEvery says otherwise.
const defaultFlush = 10 * time.Millisecond

// MirrorIdentity sets who reads the events of [MirrorEvents]: what middleware in front has found
// out, and has left in the context of the request. It is called once for each stream, many at a
// time. By default it is what the API of [MirrorAuth] says, and without that it is nil.
func MirrorIdentity(identity func(r *http.Request) any) Option {
	return func(h *handler) { h.mirror.identity = identity }
}

// MirrorAuth lets only those read the events of [MirrorEvents] whom an API knows, by what
// [Credentials] find in the request: with the function that was given to mw.Auth or [tp.Auth],
// and with its limit of failures. Others are refused with 401. When the identity that the
// function returns ends, so does the stream. Nil, the default: everybody.
func MirrorAuth(api *tp.Server) Option {
	return func(h *handler) { h.mirror.auth = api }
}

// mirrorFault says what does not go together; empty if everything does.
func (h *handler) mirrorFault() string {
	switch auth := h.mirror.auth; {
	case (h.credentials != nil) != (auth != nil):
		return "MirrorAuth checks what Credentials find: give both, or neither"
	case auth != nil && !auth.NeedsAuth():
		return "the API of MirrorAuth knows nobody: build it with Auth, or leave MirrorAuth out"
	case auth != nil && h.mirror.identity != nil:
		return "MirrorAuth and MirrorIdentity both say who reads: give one of them"
	}
	return ""
}

// MirrorTenant sets whose models the client of a request gets from [MirrorEvents]; only a
// [mirror.Hub] has tenants. With [MirrorAuth], [tp.Identity] finds in the request's context who the
// client is. An error refuses the request: with the status of an error that has a
// method StatusCode() int, else with 403; its text is not told. It is called once for each stream,
// many at a time. By default, and with nil, all are of the tenant without a name.
func MirrorTenant(tenant func(r *http.Request) (string, error)) Option {
	return func(h *handler) { h.mirror.tenant = tenant }
}

// MirrorOutbox sets how much may wait for a client of [MirrorEvents] to take it, and what becomes
// of a client that leaves no room. Fields that are zero are as [mirror.OutboxOptions] has them.
func MirrorOutbox(o mirror.OutboxOptions) Option {
	return func(h *handler) { h.mirror.outbox = o }
}

// FlushEvery sets for how long [MirrorEvents] gathers changes of hosts before it sends them, so
// that those in a row become one patch. Default 10 ms; zero or less is the default.
func FlushEvery(d time.Duration) Option {
	return func(h *handler) {
		if d <= 0 {
			d = defaultFlush
		}
		h.mirror.every = d
	}
}

// EventIDs makes [MirrorEvents] give events ids, which say how far a client has got with each
// model: "1:3,2:7" is revision 3 of model 1, and revision 7 of model 2. A browser that was
// cut off says the last one by itself, in the header Last-Event-ID, and gets what it has missed;
// it counts for more than "since" in the URL. An id that is none is answered with 400. By
// default events have no ids, the header counts for nothing, and a browser that comes back gets
// all models whole.
//
// The first 128 models of a stream are in its ids. Those after that come whole.
func EventIDs() Option { return func(h *handler) { h.mirror.eventIDs = true } }

// MaxStreams sets how many streams [MirrorEvents] may send at a time. More are refused with
// 503 and Retry-After. Zero or less, the default: no limit.
func MaxStreams(n int) Option { return func(h *handler) { h.mirror.most = n } }
