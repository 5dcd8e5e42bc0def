package httpx

import (
	"context"
	"errors"
	"net/http"
	"strings"
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
// Who may read is for the middleware in front, as for every other route; [MirrorTenant] and
// [MirrorIdentity] find in the request what it has found out. Pages of foreign origins are
// refused unless [Origins] or [CORS] lists them. Of the other options, [MirrorOutbox],
// [FlushEvery], [EventIDs] and [MaxStreams] have a meaning here.
//
// Other statuses than 200 are 400 for a bad query, 403 for a foreign page or a tenant that may
// not, 405 for other methods, 406 for who does not accept events, and 503 when there are too
// many streams, or the endpoint stops. A client that takes nothing for 10 seconds is cut off. A
// WriteTimeout of the [http.Server] does not end streams.
//
// It panics for a nil endpoint.
func MirrorEvents(of mirror.Endpoint, options ...Option) *Events {
	if of == nil {
		panic("httpx: MirrorEvents: nil endpoint")
	}
	return &Events{of: of, settings: newSettings(options), stopping: make(chan struct{}), gone: make(chan struct{})}
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
	opening, refused := e.opening(r)
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
	s := newStream(e, turn, w)
	if s.begin() {
		s.run(r.Context(), opening)
	}
}

// refusedStream is why there is no stream.
type refusedStream struct {
	status int
	reason string
}

func (s *refusedStream) answer(w http.ResponseWriter) {
	if s.status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "1")
	}
	http.Error(w, s.reason, s.status)
}

// opening returns what the stream of a request begins with, but for what it sends to.
func (e *Events) opening(r *http.Request) (mirror.Opening, *refusedStream) {
	var o mirror.Opening
	switch {
	case !e.settings.mayUse(r):
		return o, &refusedStream{http.StatusForbidden, "pages of another origin may not read these events; the server can name those that may"}
	case !acceptsEvents(r.Header["Accept"]):
		return o, &refusedStream{http.StatusNotAcceptable, "there is " + typeEvents + " only"}
	}
	var err error
	if o.Query, err = e.query(r); err != nil {
		return o, &refusedStream{http.StatusBadRequest, err.Error()}
	}
	if tenant := e.settings.mirror.tenant; tenant != nil {
		if o.Tenant, err = tenant(r); err != nil {
			return o, refusedTenant(err)
		}
	}
	if identity := e.settings.mirror.identity; identity != nil {
		o.Identity = identity(r)
	}
	return o, nil
}

// query returns what a client asks for, and has.
func (e *Events) query(r *http.Request) (mirror.Query, error) {
	q, err := mirror.ParseQuery(r.URL.Query(), nil, mirror.JSON())
	switch {
	case err != nil:
		return q, err
	case q.Codec != mirror.JSON():
		return q, &mirror.Error{Code: mirror.UnknownCodec, Reason: "events carry JSON only"}
	}
	if last := r.Header.Get("Last-Event-ID"); e.settings.mirror.eventIDs && last != "" {
		q.Since, err = parseEventID(last)
	}
	return q, err
}

// refusedTenant returns what a tenant is told that may not read.
func refusedTenant(err error) *refusedStream {
	const least, most = 400, 599
	coded, ok := errors.AsType[interface {
		error
		StatusCode() int
	}](err)
	if !ok || coded.StatusCode() < least || coded.StatusCode() > most {
		return &refusedStream{http.StatusForbidden, "the connection is not allowed"}
	}
	return &refusedStream{coded.StatusCode(), strings.ToLower(http.StatusText(coded.StatusCode()))}
}

// acceptsEvents reports whether Accept headers let events be the answer. No header does.
func acceptsEvents(accept []string) bool {
	left := maxAccept
	for _, header := range accept {
		if left -= len(header); left < 0 {
			return true
		}
		for item := range strings.SplitSeq(header, ",") {
			name, _, _ := strings.Cut(item, ";")
			switch strings.ToLower(strings.TrimSpace(name)) {
			case "*/*", "text/*", typeEvents:
				return true
			}
		}
	}
	return len(accept) == 0
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
		e.turn = newFlushing(e)
		go e.turn.run()
	}
	return e.turn, nil
}

func (e *Events) leave() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.streams--; e.streams > 0 {
		return
	}
	close(e.turn.idle)
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
