package httpx

import "net/http"

// isGuarded reports whether pages of foreign origins are refused: where credentials may
// come from what browsers send by themselves, and where it was asked for.
func (h *handler) isGuarded() bool {
	return h.guarded || h.credentials != nil || h.update != nil
}

// mayUse reports whether a request is none of a page of a foreign origin.
func (h *handler) mayUse(r *http.Request) bool {
	if h.origins.Check(r) == nil {
		return true
	}
	return h.cors.lists(r) && (h.cors.credentials || !bringsItself(r))
}

// bringsItself reports whether a request has something that browsers send without the
// page, by which its user could be known.
func bringsItself(r *http.Request) bool {
	_, isBearer := bearerToken(r.Header["Authorization"])
	hasOther := len(r.Header["Authorization"]) > 0 && !isBearer
	return len(r.Header["Cookie"]) > 0 || hasOther || r.TLS != nil && len(r.TLS.PeerCertificates) > 0
}
