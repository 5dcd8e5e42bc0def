package web

import (
	"errors"
	"net/url"
)

// Place names a URL without what may be a secret in it: user, password and query.
func Place(u *url.URL) string {
	shown := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
	return shown.String()
}

// Cause returns what has gone wrong with a request, without the whole URL that package
// http puts before it.
func Cause(err error) error {
	if named, ok := errors.AsType[*url.Error](err); ok {
		return named.Err
	}
	return err
}
