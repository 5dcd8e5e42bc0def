package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/telestruct/telestruct/internal/web"
)

type key struct{}

func TestDetach(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, "value"))
	r := httptest.NewRequestWithContext(ctx, "GET", "/", nil)
	detached := web.Detach(r)
	cancel()
	if _, hasDeadline := detached.Deadline(); detached.Err() != nil || detached.Done() != nil || hasDeadline {
		t.Errorf("the context ended with the request: %v", detached.Err())
	}
	if got := detached.Value(key{}); got != "value" {
		t.Errorf("got %v", got)
	}
	if chi.RouteContext(detached) != nil {
		t.Error("there is a route")
	}
}

// A router uses what it knows of a route again for the request after.
func TestDetachFromRoute(t *testing.T) {
	t.Parallel()
	router := chi.NewRouter()
	type capture struct {
		kept     *chi.Context // what the router recycles
		detached context.Context
	}
	var first capture
	router.Route("/{tenant}", func(r chi.Router) {
		r.Get("/rooms/{room}", func(_ http.ResponseWriter, r *http.Request) {
			if first.kept == nil {
				first = capture{chi.RouteContext(r.Context()), web.Detach(r)}
			}
		})
	})
	get := func(path string) {
		router.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", path, nil))
	}
	get("/acme/rooms/1")
	// Another request in the recycled memory; the pool need not hand it out by itself.
	first.kept.Reset()
	router.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(
		context.WithValue(t.Context(), chi.RouteCtxKey, first.kept), "GET", "/other/rooms/2", nil))
	if got := first.kept.URLParam("tenant"); got != "other" {
		t.Fatalf("the router's own memory says %q, so that this test shows nothing", got)
	}

	if tenant, room := chi.URLParamFromCtx(first.detached, "tenant"), chi.URLParamFromCtx(first.detached, "room"); tenant != "acme" || room != "1" {
		t.Errorf("got %q and %q, want acme and 1", tenant, room)
	}
	if got := chi.RouteContext(first.detached).RoutePattern(); got != "/{tenant}/rooms/{room}" {
		t.Errorf("got the pattern %s", got)
	}
}
