package main

import (
	"net/http"
	"time"
)

// cookie says how the browser keeps the token of a session.
type cookie struct {
	name   string
	secure bool
}

// cookieFor returns the cookie of a site. Over HTTPS its name begins with __Host-, which
// browsers take from this very host only, not from one of its neighbours.
func cookieFor(https bool) cookie {
	if https {
		return cookie{name: "__Host-session", secure: true}
	}
	return cookie{name: "session"}
}

// of returns the cookie with a token for some time; a negative time removes it.
func (c cookie) of(token string, lasts time.Duration) *http.Cookie {
	maxAge := int(lasts.Seconds())
	if lasts < 0 {
		maxAge = -1
	}
	return &http.Cookie{
		Name:     c.name,
		Value:    token,
		Path:     "/",
		MaxAge:   maxAge,
		HttpOnly: true, // scripts of the page, or what got in among them, cannot read it
		Secure:   c.secure,
		SameSite: http.SameSiteLaxMode, // other sites can link to the page, but not send forms or calls as its user
	}
}

// tokenOf returns the token that a request brings, "" when there is none.
func (c cookie) tokenOf(r *http.Request) string {
	if found, err := r.Cookie(c.name); err == nil {
		return found.Value
	}
	return ""
}
