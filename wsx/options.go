package wsx

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime"
	"runtime/debug"
	"slices"
	"time"

	"github.com/telestruct/telestruct/internal/web"
)

// Option configures an [Endpoint]. Numbers and times of zero or less mean the default,
// or "none" where the option says so. What makes no sense, such as an origin that is
// none, panics when the endpoint is made. Of an option that is given twice the last one
// counts, unless it says otherwise; a nil Option does nothing.
type Option func(*settings)

// settings are what options say. They do not change once an endpoint is made.
type settings struct {
	mode
	origins        web.Origins
	patterns       []string
	proxies        web.Proxies
	credentials    web.CredentialSource
	keep           bool
	authTimeout    time.Duration
	maxMessage     int64
	messageTimeout time.Duration
	maxInFlight    int
	queue          outboxLimits
	beatEvery      time.Duration
	beatTimeout    time.Duration
	compress       bool
	maxConns       int
	maxPerAddress  int
	maxPerIdentity int
	identity       func(*http.Request) string // nil for nobody's
	rate           messageRate
	expiresAt      func(*http.Request) time.Time // nil for never
	subprotocols   []string
	pingText       string // empty for none
	pongText       string
	grace          time.Duration
	window         time.Duration
	hooks          []func(context.Context) error
	observer       guarded
	onPanic        func(value any, stack []byte)
}

const (
	defaultAuthTimeout    = 10 * time.Second
	defaultMaxMessage     = 64 << 10
	defaultMaxRequest     = 256 << 10
	defaultMessageTimeout = 30 * time.Second
	defaultMaxInFlight    = 64
	defaultMaxQueued      = 256
	defaultMaxQueuedBytes = 1 << 20
	defaultWriteTimeout   = 10 * time.Second
	defaultBeatEvery      = 25 * time.Second
	defaultBeatTimeout    = 10 * time.Second
	defaultGrace          = 5 * time.Second
	defaultWindow         = 30 * time.Second
)

func newSettings(options []Option) settings {
	s := settings{
		authTimeout:    defaultAuthTimeout,
		messageTimeout: defaultMessageTimeout,
		maxInFlight:    defaultMaxInFlight,
		queue:          outboxLimits{frames: defaultMaxQueued, bytes: defaultMaxQueuedBytes, timeout: defaultWriteTimeout},
		beatEvery:      defaultBeatEvery,
		beatTimeout:    defaultBeatTimeout,
		grace:          defaultGrace,
		window:         defaultWindow,
		onPanic:        logPanic,
		mode:           mode{actors: actorOptions{stuckAfter: defaultStuckAfter}},
	}
	for _, o := range options {
		if o != nil {
			o(&s)
		}
	}
	if s.maxMessage == 0 {
		s.maxMessage = s.mode.maxMessage()
	}
	s.mirrors.complete(&s.queue)
	return s
}

// or returns a value that was given, or the default when it is zero or less.
func or[T int | int64 | time.Duration](given, standard T) T {
	if given <= 0 {
		return standard
	}
	return given
}

// Origins allows pages of other origins to connect, besides those of the endpoint's
// own host: "https://app.example.com", or "*.example.com" for every host below. Pages
// of others are refused with 403; programs, which send no Origin header, are not asked.
// It may be given several times. It panics for a pattern that is none.
func Origins(patterns ...string) Option {
	return func(s *settings) {
		s.patterns = slices.Concat(s.patterns, patterns)
		origins, err := web.ParseOrigins(s.patterns...)
		if err != nil {
			panic(fmt.Sprintf("wsx: Origins: %v", err))
		}
		s.origins = origins
	}
}

// InsecureAnyOrigin lets the pages of every site connect. With credentials that
// browsers send by themselves, such as cookies, every site that a user visits can then
// make calls in their name.
func InsecureAnyOrigin() Option {
	return func(s *settings) { s.origins = web.AnyOrigin() }
}

// TrustProxies believes the proxies at these addresses when they say in X-Forwarded-For
// or Forwarded for whom they connect. By default nobody is believed, and the address of
// a caller is the other end of the connection.
func TrustProxies(prefixes ...netip.Prefix) Option {
	return func(s *settings) { s.proxies = slices.Concat(s.proxies, prefixes) }
}

// Credentials takes what the request for a connection brings to prove who connects,
// such as a cookie, in the form that [tp.Inbound] has it. The server authenticates it
// at once, and refuses the connection with 401 when it does not hold; it is then the
// @auth_ of every call that brings none of its own. The first source that has something
// is believed; nil sources have nothing. Where none has, which is the default, the
// connection begins without, and [AuthTimeout] runs. Sources are called on the goroutine
// of the HTTP request; package httpx has some, for cookies and bearer tokens.
func Credentials(sources ...func(r *http.Request) (credentials any, ok bool)) Option {
	return func(s *settings) { s.credentials = web.FirstOf(sources) }
}

// KeepCredentials lets the @auth_ of the last call that proved who sent it hold for the
// calls after it that bring none. It suits a client that speaks for one user and logs in
// with a call. It is off by default, because a gateway speaks for many users on one
// connection: with it, a call that came without credentials would run in the name of
// whoever called before.
func KeepCredentials() Option {
	return func(s *settings) { s.keep = true }
}

// AuthTimeout sets how long a connection may last without a call that proves who sends
// it, when the API asks for credentials and the upgrade brought none. Then it is closed
// with [CodePolicy]. Default 10 s; zero or less: no limit, for APIs whose public
// functions are all that many clients use.
func AuthTimeout(d time.Duration) Option {
	return func(s *settings) { s.authTimeout = d }
}

// MaxMessage sets how many bytes a message may have, once unpacked. A longer one closes
// the connection with [CodeTooBig], as does one that is too large for the [Bus] of the topic
// that it goes into. Default 256 KiB where there are calls, else 64 KiB.
func MaxMessage(bytes int64) Option {
	return func(s *settings) { s.maxMessage = max(bytes, 0) }
}

// MessageTimeout sets how long a client may take to send one message. Beyond it the
// connection is closed with [CodePolicy]. Default 30 s.
func MessageTimeout(d time.Duration) Option {
	return func(s *settings) { s.messageTimeout = or(d, defaultMessageTimeout) }
}

// MaxInFlight sets how many calls of one connection may run at the same time. While so
// many run nothing more is read, which slows the client down. Default 64.
func MaxInFlight(calls int) Option {
	return func(s *settings) { s.maxInFlight = or(calls, defaultMaxInFlight) }
}

// Queue sets how many messages, and how many bytes of them, may wait for a client to
// take them; one message may be larger when no other waits. Calls wait for room with
// their answers. Default 256 messages and 1 MiB.
func Queue(messages, bytes int) Option {
	return func(s *settings) {
		s.queue.frames, s.queue.bytes = or(messages, defaultMaxQueued), or(bytes, defaultMaxQueuedBytes)
	}
}

// WriteTimeout sets how long one write may take; large messages leave in several. A
// client that does not take it by then is cut off, which observers see as [CodeSlow].
// Default 10 s.
func WriteTimeout(d time.Duration) Option {
	return func(s *settings) { s.queue.timeout = or(d, defaultWriteTimeout) }
}

// Heartbeat sets how often a connection gets a ping, and how long the client may take
// to answer it with anything: then it is cut off. The intervals vary by a tenth. Default
// 25 s and 10 s. It panics unless the interval is longer than the timeout.
func Heartbeat(every, timeout time.Duration) Option {
	every, timeout = or(every, defaultBeatEvery), or(timeout, defaultBeatTimeout)
	if every <= timeout {
		panic(fmt.Sprintf("wsx: Heartbeat: the interval %v must be longer than the timeout %v", every, timeout))
	}
	return func(s *settings) { s.beatEvery, s.beatTimeout = every, timeout }
}

// Compression lets clients that can pack messages do so (permessage-deflate, RFC 7692,
// each message by itself), and packs longer answers for them. It is off by default:
// packing takes many times longer than all else that happens to a call, and a packed
// message in which secrets stand beside what a stranger chose can give them away.
// [MaxMessage] holds for what is unpacked.
func Compression() Option {
	return func(s *settings) { s.compress = true }
}

// MaxConnections sets how many connections the endpoint may have. More are refused with
// 503 and Retry-After. Zero or less, the default: no limit.
func MaxConnections(n int) Option {
	return func(s *settings) { s.maxConns = n }
}

// MaxConnectionsPerAddress sets how many connections may come from one address; those
// of an IPv6 network of 64 bits count as one, and so do those whose address is not known.
// More are refused with 429. Zero or less, the default: no limit.
func MaxConnectionsPerAddress(n int) Option {
	return func(s *settings) { s.maxPerAddress = n }
}

// Drain sets how [Endpoint.Shutdown] goes about it: calls that run may take grace to
// end before their connection is closed, and the connections are closed one by one over
// window, so that the clients do not all come back at once. Default 5 s and 30 s, which zero
// or less stands for: [time.Millisecond] as the window is no time at all.
func Drain(grace, window time.Duration) Option {
	return func(s *settings) {
		s.grace, s.window = or(grace, defaultGrace), or(window, defaultWindow)
	}
}

// OnShutdown adds a hook that [Endpoint.Shutdown] calls when the last connection has
// ended. Hooks run one after the other with the context of Shutdown, also when that is
// over; their errors are joined to its. Nil does nothing.
func OnShutdown(hook func(ctx context.Context) error) Option {
	return func(s *settings) {
		if hook != nil {
			s.hooks = append(s.hooks, hook)
		}
	}
}

// Observe sets who is told what happens on the connections. Nil: nobody.
func Observe(observer Observer) Option {
	return func(s *settings) { s.observer = guarded{observer} }
}

// OnPanic sets what is done with panics on connections: those of an actor's handlers, for
// which value is a [*HandlerPanic], and those of hooks. Panics of calls are not among them:
// they are answered, and the API is told. Each closes its connection with
// [CodeInternalError] and does nothing else. [http.ErrAbortHandler] closes the connection
// without a word to the hook. The default, and nil, write a record to [log/slog.Default],
// with the text of errors of the runtime and the type alone of anything else, which can be
// what a client has sent. For functions that subscribe to topics there is
// [OnFunctionPanic].
func OnPanic(hook func(value any, stack []byte)) Option {
	return func(s *settings) {
		if s.onPanic = hook; hook == nil {
			s.onPanic = logPanic
		}
	}
}

// report tells of a panic.
func (s *settings) report(p any) {
	if p == http.ErrAbortHandler {
		return
	}
	defer drop()
	s.onPanic(p, debug.Stack())
}

func logPanic(value any, stack []byte) {
	if p, ok := value.(*HandlerPanic); ok {
		slog.Error("websocket handler panicked", "connection", p.Conn.String(), "message", p.Message, "state", p.State,
			"panic", panicText(p.Value), "stack", string(stack))
		return
	}
	slog.Error("websocket connection panicked", "panic", panicText(value), "stack", string(stack))
}

func panicText(value any) string {
	if err, ok := value.(error); ok && (err == errEnded || isRuntimeError(err)) {
		return err.Error()
	}
	return fmt.Sprintf("%T", value)
}

func isRuntimeError(err error) bool {
	_, ok := err.(runtime.Error)
	return ok
}
