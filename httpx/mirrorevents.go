package httpx

import (
	"context"
	"net/http"
	"sync"

	"github.com/telestruct/telestruct/tp/mirror"
)

// MirrorEvents returns the endpoint that shows live models to browsers as Server-Sent Events
// (section 11 of the mirror protocol), to be mounted at one path of any router:
//
//	events := httpx.MirrorEvents(models)
//	r.Handle("/models/events", events)
//	...
//	err := httpx.Serve(ctx, httpx.NewServer(":8080", r), events)
//
// It answers GET with a stream of events, whose data are the frames of the mirror protocol in
// JSON: a snapshot of each model, then patches as they happen, and a comment every 15 seconds.
// A client that has models already says so in the query as on a WebSocket ("since"). Who
// wants to propose changes needs one of those. The same models may be served in both ways.
//
// Who may read is for [MirrorAuth] and [Credentials], or for the middleware in front, as for
// every other route; [MirrorTenant] and [MirrorIdentity] find in the request what that has found
// out. Pages of foreign origins are refused unless [Origins] or [CORS] lists them. Of the other
// options, [MirrorOutbox], [FlushEvery], [EventIDs], [MaxStreams] and [TrustProxies] have a
// meaning here.
//
// Other statuses than 200 are 400 for a bad query, 401 for credentials that do not hold, 403
// for a foreign page or a tenant that may not, 405 for other methods, 406 for who does not
// accept events, and 503 when there are too many streams, or the endpoint stops. A client that
// takes nothing for 10 seconds is cut off. A WriteTimeout of the [http.Server] does not end
// streams.
//
// It panics for a nil endpoint, and for options that make no sense together.
func MirrorEvents(of mirror.Endpoint, options ...Option) *Events {
	if of == nil {
		panic("httpx: MirrorEvents: nil endpoint")
	}
	settings := newSettings(options)
	if fault := settings.mirrorFault(); fault != "" {
		panic("httpx: MirrorEvents: " + fault)
	}
	return &Events{of: of, settings: settings, stopping: make(chan struct{}), gone: make(chan struct{})}
}

// Events is an endpoint for Server-Sent Events; [MirrorEvents] makes it. It is safe for
// concurrent use, and a [Stopper].
type Events struct {
	of       mirror.Endpoint
	settings *handler

	stopping chan struct{} // closed by Shutdown
	gone     chan struct{} // closed when it stops and no stream is left

	mu      sync.Mutex
	stopped bool
	streams int
	turn    *flushing // while there are streams
}

// ServeHTTP answers a request with a stream of events.
func (e *Events) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.settings.cors.setHeaders(w.Header(), r)
	if r.Method != http.MethodGet {
		e.settings.cors.answerOther(w, r, "events are to be read with GET", http.MethodGet)
		return
	}
	v, refused := e.admit(r)
	if refused != nil {
		refused.answer(w)
		return
	}
	turn, refused := e.enter()
	if refused != nil {
		refused.answer(w)
		return
	}
	defer e.leave()
	ctx := r.Context()
	if !v.expires.IsZero() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, v.expires)
		defer cancel()
	}
	s := newStream(e, turn, w)
	if s.begin() {
		s.run(ctx, v.opening)
	}
}

// enter makes room for a stream, unless there is a reason not to.
func (e *Events) enter() (*flushing, *refusedStream) {
	e.mu.Lock()
	defer e.mu.Unlock()
	most := e.settings.mirror.most
	switch {
	case e.stopped:
		return nil, &refusedStream{http.StatusServiceUnavailable, "the server stops"}
	case most > 0 && e.streams >= most:
		return nil, &refusedStream{http.StatusServiceUnavailable, "there are too many streams"}
	}
	if e.streams++; e.streams == 1 {
		e.turn = e.flush()
	}
	return e.turn, nil
}

func (e *Events) leave() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.streams--; e.streams > 0 {
		return
	}
	e.turn.end()
	if e.stopped {
		close(e.gone)
	}
}

// Shutdown ends all streams, for which [http.Server.Shutdown] would wait, and refuses new
// ones. Give the endpoint to [Serve] or [Shutdown] beside the server, or call this with
// [http.Server.RegisterOnShutdown]. It returns when the streams have ended, or with the error
// of ctx. A second call waits as well.
func (e *Events) Shutdown(ctx context.Context) error {
	e.stop()
	select {
	case <-e.gone:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (e *Events) stop() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.stopped {
		return
	}
	e.stopped = true
	close(e.stopping)
	if e.streams == 0 {
		close(e.gone)
	}
}
