package web

import "net/http"

// CredentialSource finds credentials in a request. It reports whether there are any.
type CredentialSource = func(r *http.Request) (credentials any, ok bool)

// FirstOf returns a source that has what the first of sources has that has something.
// Nil sources have nothing.
func FirstOf(sources []CredentialSource) CredentialSource {
	return func(r *http.Request) (any, bool) {
		for _, source := range sources {
			if source == nil {
				continue
			}
			if credentials, ok := source(r); ok {
				return credentials, true
			}
		}
		return nil, false
	}
}
