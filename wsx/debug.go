package wsx

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// maxListed is how many connections one answer of a [Server.DebugHandler] lists.
const maxListed = 1000

// DebugHandler returns a handler that shows the server, its endpoints and its connections
// as JSON, and changes nothing. It is nowhere mounted by itself: who may see who is connected
// is for the program to say.
//
//	mux.Handle("GET /debug/ws", adminOnly(srv.DebugHandler()))
//
// The query ?path=/chat shows the connections of one path. There are at most 1000 of them in
// an answer, and 32 of the topics of each; where its "next" is not 0 there are more, beginning
// with ?after= and that number.
func (s *Server) DebugHandler() http.Handler { return http.HandlerFunc(s.serveDebug) }

// debugPage is what the handler shows.
type debugPage struct {
	Server    ServerInfo     `json:"server"`
	Endpoints []EndpointInfo `json:"endpoints"`
	Clients   []ClientInfo   `json:"clients"`
	Next      uint64         `json:"next"`
}

func (s *Server) serveDebug(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "this page is read with GET", http.StatusMethodNotAllowed)
		return
	}
	query := r.URL.Query()
	var after uint64
	if text := query.Get("after"); text != "" {
		var err error
		if after, err = strconv.ParseUint(text, 10, 64); err != nil {
			http.Error(w, "after takes the number that next had", http.StatusBadRequest)
			return
		}
	}
	page := debugPage{Server: s.Info(), Endpoints: s.Endpoints()}
	page.Clients, page.Next = s.clients(query.Get("path"), after, maxListed)
	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	_ = e.Encode(&page) // a reader that went away has nobody to tell
}
