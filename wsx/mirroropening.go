package wsx

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/telestruct/telestruct/tp/mirror"
)

// openMirror finds out what the client of a request wants to mirror, and who it is. When it
// reports false, the request has been answered.
func (e *Endpoint) openMirror(w http.ResponseWriter, r *http.Request, who *visitor) bool {
	o, err := e.opening(r, who)
	if err != nil {
		e.refuseFault(w, err)
		return false
	}
	who.opening = o
	return true
}

// opening returns what a connection begins with. A panic of the program's functions is
// reported.
func (e *Endpoint) opening(r *http.Request, who *visitor) (o mirror.Opening, err error) {
	defer func() {
		if p := recover(); p != nil {
			e.report(p)
			err = errBroken
		}
	}()
	if o.Query, err = e.mirrors.query(r.URL.RawQuery); err != nil {
		return o, err
	}
	if e.mirrors.tenant != nil {
		if o.Tenant, err = e.mirrors.tenant(r); err != nil {
			return o, err
		}
	}
	o.Identity = who.identity
	if e.mirrors.identity != nil {
		o.Identity = e.mirrors.identity(r)
	}
	return o, nil
}

// query reads the query of a request. What it cannot read is refused.
func (m *mirrorOptions) query(raw string) (mirror.Query, error) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return mirror.Query{}, Refuse(http.StatusBadRequest, "the query of the URL is malformed")
	}
	q, err := mirror.ParseQuery(values, m.codecs, m.codec)
	if bad, ok := errors.AsType[*mirror.Error](err); ok {
		return q, Refuse(http.StatusBadRequest, bad.Reason)
	}
	return q, err
}
