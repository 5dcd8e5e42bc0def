package httpx

import (
	"net/http"
	"strings"

	"github.com/telestruct/telestruct/internal/web"
)

// Credentials takes the caller's credentials from the HTTP request, for messages that
// have no @auth_ of their own:
//
//	httpx.Credentials(
//		httpx.Cookie("__Host-session", func(value string) any { return Session{Token: value} }),
//		httpx.Bearer(func(token string) any { return Session{Token: token} }),
//	)
//
// The first source that has something is believed, and the ones after it are not asked;
// a source of the program's own is a function of the same kind. What it returns is a
// variant of the API's union of credentials, or a [tp.Object] such as
// {"Session": {"token": …}}. Functions that are registered as public do not get it. A
// panic answers ErrorUnknown_. Nil sources have nothing.
//
// Requests from pages of another origin are refused: see [Origins].
func Credentials(sources ...func(r *http.Request) (credentials any, ok bool)) Option {
	return func(h *handler) { h.credentials = web.FirstOf(sources) }
}

// Cookie returns a source of credentials that makes them of a cookie's value. It has
// nothing when the cookie is not there, is empty, or is there twice: a page of a
// neighbouring host can set one of the same name beside it. It has nothing either when
// credentials returns nil.
//
// Give the cookie HttpOnly, Secure and SameSite, and a name with the prefix __Host-.
func Cookie(name string, credentials func(value string) any) func(*http.Request) (any, bool) {
	return func(r *http.Request) (any, bool) {
		found := r.CookiesNamed(name)
		if len(found) != 1 || found[0].Value == "" {
			return nil, false
		}
		return known(credentials(found[0].Value))
	}
}

// Bearer returns a source of credentials that makes them of the token in
// "Authorization: Bearer …" (RFC 6750). It has nothing when there is no such header or
// several, when the token has characters that tokens do not have, and when credentials
// returns nil.
func Bearer(credentials func(token string) any) func(*http.Request) (any, bool) {
	return func(r *http.Request) (any, bool) {
		token, ok := bearerToken(r.Header["Authorization"])
		if !ok {
			return nil, false
		}
		return known(credentials(token))
	}
}

func known(credentials any) (any, bool) { return credentials, credentials != nil }

// bearerToken reads Authorization headers.
func bearerToken(headers []string) (token string, ok bool) {
	if len(headers) != 1 {
		return "", false
	}
	scheme, token, _ := strings.Cut(headers[0], " ")
	token = strings.TrimLeft(token, " ")
	return token, strings.EqualFold(scheme, "Bearer") && isToken(token)
}

// isToken reports whether text is a b64token (RFC 6750 section 2.1).
func isToken(text string) bool {
	text = strings.TrimRight(text, "=")
	for i := range len(text) {
		switch c := text[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-._~+/", c) >= 0:
		default:
			return false
		}
	}
	return text != ""
}
