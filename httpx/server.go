package httpx

import (
	"net/http"
	"time"
)

const (
	headerTimeout  = 10 * time.Second
	writeTimeout   = 2 * time.Minute
	idleTimeout    = 2 * time.Minute
	maxHeaderBytes = 64 << 10
)

// NewServer returns a web server for handler at an address such as ":8080", with the
// limits that the zero [http.Server] does not have: the headers of a request arrive
// within 10 seconds and have at most 64 KiB, an answer was read 2 minutes after that, and a
// connection waits 2 minutes for its next request. The fields can be changed before it
// serves.
//
// It has no ReadTimeout, which would also end what takes longer than it to answer;
// [BodyTimeout] limits the time of bodies. Sockets have the time limits of their own
// endpoint. A handler that answers for longer than WriteTimeout, such as a stream of
// events, has to move its deadline with [http.ResponseController].
func NewServer(addr string, handler http.Handler) *http.Server {
	return &http.Server{
		Addr:              addr,
		Handler:           handler,
		ReadHeaderTimeout: headerTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
	}
}
