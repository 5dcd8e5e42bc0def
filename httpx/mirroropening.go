package httpx

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/mirror"
)

// eventVisitor is who asks for a stream.
type eventVisitor struct {
	opening mirror.Opening // but for what it sends to
	expires time.Time      // when nobody knows any more who it is; zero for never
}

// refusedStream is why there is no stream.
type refusedStream struct {
	status int
	reason string
}

func (s *refusedStream) answer(w http.ResponseWriter) {
	switch s.status {
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", "1")
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	http.Error(w, s.reason, s.status)
}

// admit finds out what the client of a request wants, and whether it may.
func (e *Events) admit(r *http.Request) (v eventVisitor, refused *refusedStream) {
	switch {
	case !e.settings.mayUse(r):
		return v, &refusedStream{http.StatusForbidden, "pages of another origin may not read these events; the server can name those that may"}
	case !acceptsEvents(r.Header["Accept"]):
		return v, &refusedStream{http.StatusNotAcceptable, "there is " + typeEvents + " only"}
	}
	var err error
	if v, err = e.authenticate(r); err != nil {
		return v, &refusedStream{http.StatusUnauthorized, "the credentials do not hold"}
	}
	if v.opening.Query, err = e.query(r); err != nil {
		return v, &refusedStream{http.StatusBadRequest, err.Error()}
	}
	if e.settings.mirror.auth != nil {
		r = r.WithContext(tp.WithIdentity(r.Context(), v.opening.Identity))
	}
	if tenant := e.settings.mirror.tenant; tenant != nil {
		if v.opening.Tenant, err = tenant(r); err != nil {
			return v, refusedTenant(err)
		}
	}
	if identity := e.settings.mirror.identity; identity != nil {
		v.opening.Identity = identity(r)
	}
	return v, nil
}

// authenticate finds out who asks, where an API says that.
func (e *Events) authenticate(r *http.Request) (v eventVisitor, err error) {
	api := e.settings.mirror.auth
	if api == nil {
		return v, nil
	}
	call := &tp.Inbound{Peer: &tp.Peer{Transport: "http", Addr: e.settings.proxies.Address(r)}}
	if credentials, ok := e.settings.credentials(r); ok {
		call.Credentials = credentials
	}
	v.opening.Identity, v.expires, err = api.Authenticate(r.Context(), call)
	return v, err
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
