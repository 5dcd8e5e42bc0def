package web

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"
)

// Detach returns a context with the values of a request's that does not end with the
// request, for what lives on when the HTTP handler has returned. It must be called
// before that.
//
// A chi router uses what it knows of a route again for the next request, so that the
// context gets a copy: URL parameters and the pattern as they are now.
func Detach(r *http.Request) context.Context {
	ctx := context.WithoutCancel(r.Context())
	if route := chi.RouteContext(ctx); route != nil {
		ctx = context.WithValue(ctx, chi.RouteCtxKey, route.Clone())
	}
	return ctx
}
