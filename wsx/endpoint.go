package wsx

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/telestruct/telestruct/tp"
)

// Endpoint serves the connections of one [tp.Server]. It is an [http.Handler], to be
// mounted at one path of any router; [Handler] makes it. It is safe for concurrent use.
type Endpoint struct {
	srv *tp.Server
	settings
}

// Handler returns the endpoint of a server for WebSockets:
//
//	r.Handle("/ws/telepact", wsx.Handler(srv))
//
// It panics for a nil server and for options that make no sense. When the program
// stops, [Endpoint.Shutdown] must be called: [http.Server.Shutdown] neither closes nor
// waits for WebSockets.
func Handler(srv *tp.Server, options ...Option) *Endpoint {
	if srv == nil {
		panic("wsx: nil server")
	}
	return &Endpoint{srv: srv, settings: newSettings(options)}
}

// ServeHTTP upgrades a request to a WebSocket, or refuses it.
func (e *Endpoint) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	http.Error(w, "not yet", http.StatusNotImplemented)
}

// Shutdown ends all connections.
func (e *Endpoint) Shutdown(ctx context.Context) error { return ctx.Err() }

func logPanic(value any, stack []byte) {
	slog.Error("websocket connection panicked", "panic", value, "stack", string(stack))
}
