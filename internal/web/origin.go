package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Origins says which pages may use an endpoint: those of the endpoint's own host, and
// those of origins that are listed. The zero value lists none. It is safe for
// concurrent use.
//
// [http.CrossOriginProtection] asks another question: it lets every GET pass, as which a
// WebSocket begins, knows no patterns, and takes the word of Sec-Fetch-Site alone.
type Origins struct {
	patterns []pattern
	all      bool
}

// AnyOrigin returns origins that let every page pass.
func AnyOrigin() Origins { return Origins{all: true} }

// ParseOrigins returns the origins that patterns name besides the endpoint's own host:
//
//	https://app.example.com      this origin
//	https://app.example.com:8443 with a port of its own
//	app.example.com              over HTTP or HTTPS, at the usual port
//	*.example.com                every host below, however deep, and not example.com
//	https://*.example.com        the same, over HTTPS
//
// A pattern that is nothing of this is an error.
func ParseOrigins(patterns ...string) (Origins, error) {
	var o Origins
	for _, text := range patterns {
		p, err := parsePattern(text)
		if err != nil {
			return Origins{}, err
		}
		o.patterns = append(o.patterns, p)
	}
	return o, nil
}

// ErrForeignOrigin says that a request comes from a page that may not send it.
var ErrForeignOrigin = errors.New("pages of another origin may not use this endpoint")

// Check returns [ErrForeignOrigin] for a request that a browser sent for a page of
// another host, unless the page's origin is listed. Requests without an Origin header
// are those of programs, and of pages about their own host. The origin "null" is
// foreign. Sec-Fetch-Site can only make a request foreign.
func (o *Origins) Check(r *http.Request) error {
	sent := r.Header["Origin"]
	switch {
	case o.all:
		return nil
	case len(sent) > 1:
		return ErrForeignOrigin
	case len(sent) == 1 && o.Lists(sent[0]):
		return nil
	case isCrossSite(r), len(sent) == 1 && !isOwn(sent[0], r.Host):
		return ErrForeignOrigin
	}
	return nil
}

// Lists reports whether the patterns name an origin, as an Origin header does.
func (o *Origins) Lists(origin string) bool {
	if o.all {
		return true
	}
	if len(o.patterns) == 0 {
		return false
	}
	scheme, host, ok := splitOrigin(origin)
	if !ok {
		return false
	}
	for _, p := range o.patterns {
		if p.matches(scheme, host) {
			return true
		}
	}
	return false
}

// isCrossSite reports whether the browser says that the page is none of the endpoint's
// own. It knows what a host alone does not tell: a page that came without encryption
// is foreign to the encrypted host of the same name.
func isCrossSite(r *http.Request) bool {
	for _, site := range r.Header["Sec-Fetch-Site"] {
		if site != "same-origin" && site != "none" {
			return true
		}
	}
	return false
}

// isOwn reports whether an origin is a page of host, which is the Host header. The
// scheme is the page's affair: a proxy may have taken the encryption off.
func isOwn(origin, host string) bool {
	scheme, from, ok := splitOrigin(origin)
	return ok && usualPort(scheme) != "" && from == withoutUsualPort(scheme, strings.ToLower(host))
}

// pattern is one origin or many.
type pattern struct {
	scheme string // empty for HTTP and HTTPS
	host   string // with its port, if it was given
	below  bool   // whether it is the hosts below
}

func parsePattern(text string) (pattern, error) {
	scheme, host, hasScheme := strings.Cut(text, "://")
	if !hasScheme {
		scheme, host = "", text
	}
	p := pattern{scheme: strings.ToLower(scheme)}
	host, p.below = strings.CutPrefix(host, "*.")
	u, err := url.Parse("//" + host)
	if err != nil || host == "" || u.Host != host || u.Hostname() == "" || strings.Contains(host, "*") || hasScheme && scheme == "" {
		return pattern{}, fmt.Errorf("%q is no origin; write https://app.example.com, app.example.com or *.example.com", text)
	}
	p.host = strings.ToLower(host)
	return p, nil
}

func (p *pattern) matches(scheme, host string) bool {
	if p.scheme != scheme && (p.scheme != "" || usualPort(scheme) == "") {
		return false
	}
	named := withoutUsualPort(scheme, p.host)
	if p.below {
		above, found := strings.CutSuffix(host, named)
		return found && len(above) > 1 && strings.HasSuffix(above, ".")
	}
	return host == named
}

// splitOrigin takes an Origin header apart, in lower case and without a port that the
// scheme has anyway. It is false for "null" and for what is no origin.
func splitOrigin(origin string) (scheme, host string, ok bool) {
	scheme, host, ok = strings.Cut(strings.ToLower(origin), "://")
	if !ok || scheme == "" || host == "" || strings.ContainsAny(host, "/\\?#@, \t") {
		return "", "", false
	}
	return scheme, withoutUsualPort(scheme, host), true
}

// usualPort returns the port of a scheme; empty for those that pages of the web do not
// come by.
func usualPort(scheme string) string {
	switch scheme {
	case "http":
		return ":80"
	case "https":
		return ":443"
	}
	return ""
}

func withoutUsualPort(scheme, host string) string {
	return strings.TrimSuffix(host, usualPort(scheme))
}
