package wsx

import (
	"cmp"
	"net/http"
	"time"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/mirror"
)

// Mirror returns an endpoint of [Default] whose clients mirror the models of a server or a
// hub, and propose changes (the mirror protocol):
//
//	mux.Handle("/live", wsx.Mirror(mirror.NewServer(session, nil)))
//
// A client says in the query of its request which codec it speaks and what it has; what
// cannot be read there is refused with 400. A frame that is no message closes its connection
// with [CodeInvalidText] or [CodePolicy], and disturbs nobody else. What clients send has
// 1 MiB at most, unless [MaxMessage] says otherwise; that of [mirror.ServerOptions] counts as
// well.
//
// One goroutine of the endpoint sends what hosts change, see [FlushEvery]; it ends with
// [Endpoint.Shutdown], which must be called. Several endpoints, of this package and of others,
// may be for the same server or hub.
//
// A client that does not keep up costs a bounded queue and nobody else's time: its frames give
// way to the models as they are when it reads again, see [MirrorOutbox].
//
// It panics for nil, and for options that make no sense, such as [Room].
func Mirror(of mirror.Endpoint, options ...Option) *Endpoint { return Default.Mirror(of, options...) }

// Mirror returns an endpoint of the server whose clients mirror models; see the function
// [Mirror].
func (s *Server) Mirror(of mirror.Endpoint, options ...Option) *Endpoint {
	if of == nil {
		panic("wsx: Mirror: nil: give a mirror.NewServer or a mirror.NewHub")
	}
	return newEndpoint(s, append([]Option{func(s *settings) { s.mirror = of }}, options...))
}

// mirrorOptions are what the options of mirrors say.
type mirrorOptions struct {
	given    bool // there are any
	auth     *tp.Server
	identity func(*http.Request) any
	tenant   func(*http.Request) (string, error)
	codecs   *mirror.Codecs
	codec    mirror.Codec // of clients that name none
	outbox   mirror.OutboxOptions
	every    time.Duration
}

const (
	defaultFlushEvery = 10 * time.Millisecond
	// defaultMaxProposal is what servers of package mirror read.
	defaultMaxProposal = 1 << 20
)

// mirrorOption returns an option of mirrors.
func mirrorOption(set func(*mirrorOptions)) Option {
	return func(s *settings) {
		s.mirrors.given = true
		set(&s.mirrors)
	}
}

// MirrorIdentity sets who the client of a request is, for [mirror.ServerOptions].Authorize:
// what middleware before the endpoint has found out, and has left in the context of the
// request. It is called on the goroutine of the HTTP request. By default it is what the API of
// [MirrorAuth] says, and without that it is nil.
func MirrorIdentity(identity func(r *http.Request) any) Option {
	return mirrorOption(func(m *mirrorOptions) { m.identity = identity })
}

// MirrorAuth lets only those connect whom an API knows, by what [Credentials] find in the
// request: with the function that was given to mw.Auth or [tp.Auth], and with its limit of
// failures. Others are refused with 401. The identity that the function returns is that for
// [mirror.ServerOptions].Authorize, and when it ends, the connection is closed with
// [CodeExpired]. Nil, the default: everybody.
func MirrorAuth(api *tp.Server) Option {
	return mirrorOption(func(m *mirrorOptions) { m.auth = api })
}

// MirrorTenant sets whose models the client of a request gets; only a [mirror.Hub] has tenants.
// With [MirrorAuth], [tp.Identity] finds in the request's context who the client is.
// An error refuses the connection: with the status of [Refuse], with that of an error that has
// a method StatusCode() int, else with 403. It is called on the goroutine of the HTTP request.
// By default, and with nil, all are of the tenant without a name.
func MirrorTenant(tenant func(r *http.Request) (string, error)) Option {
	return mirrorOption(func(m *mirrorOptions) { m.tenant = tenant })
}

// MirrorCodecs sets which codecs clients may name, and that of clients that name none. It
// panics when there is no codec of that name. Default are the built-in ones, and JSON.
func MirrorCodecs(codecs *mirror.Codecs, byDefault string) Option {
	codec, err := codecs.Named(byDefault)
	if err != nil {
		panic("wsx: MirrorCodecs: " + err.Error())
	}
	return mirrorOption(func(m *mirrorOptions) { m.codecs, m.codec = codecs, codec })
}

// MirrorOutbox sets how much may wait for a client to take it, and what becomes of a client
// that leaves no room: by default what waits is dropped, all but rejects, and the client gets
// the models as they are when it reads again. [mirror.CloseSlow] closes its connection with
// [CodeSlow]. Fields that are zero are as [Queue] has them. What is being written counts no
// more: a client may cost twice as much.
func MirrorOutbox(o mirror.OutboxOptions) Option {
	return mirrorOption(func(m *mirrorOptions) { m.outbox = o })
}

// FlushEvery sets for how long changes of hosts are gathered before they are sent, so that
// those in a row become one patch. It counts from the first change; while nothing changes,
// nothing runs. Proposals are decided and sent at once. Where several endpoints are for the
// same server or hub, any of them may send a change. Default 10 ms; zero or less is the default.
func FlushEvery(d time.Duration) Option {
	return mirrorOption(func(m *mirrorOptions) { m.every = or(d, defaultFlushEvery) })
}

// complete sets what no option did.
func (m *mirrorOptions) complete(queue *outboxLimits) {
	m.every = or(m.every, defaultFlushEvery)
	m.outbox.Frames = cmp.Or(max(m.outbox.Frames, 0), queue.frames)
	m.outbox.Bytes = cmp.Or(max(m.outbox.Bytes, 0), queue.bytes)
}
