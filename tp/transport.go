package tp

import (
	"bytes"
	"context"
)

// Transport carries messages to a server and brings back its answers. Package
// httpx has one for HTTP; a [Server] is one itself, for calls within a process.
type Transport interface {
	// RoundTrip sends one request message and returns the response message. The
	// first byte of either tells its format, see [wire.FormatOf]. It returns soon
	// after ctx ends, and is called concurrently. The request must not be changed,
	// and may be kept. The response belongs to the caller.
	//
	// An error says that there is no answer; what a server has to say, errors
	// included, is in the response.
	RoundTrip(ctx context.Context, request []byte) (response []byte, err error)
}

// TransportFunc makes a function a [Transport].
type TransportFunc func(ctx context.Context, request []byte) (response []byte, err error)

// RoundTrip calls f.
func (f TransportFunc) RoundTrip(ctx context.Context, request []byte) ([]byte, error) {
	return f(ctx, request)
}

// RoundTrip makes the server a [Transport] for clients in the same process. It
// never fails, and returns when the handler does. Handlers see the values of ctx.
func (s *Server) RoundTrip(ctx context.Context, request []byte) ([]byte, error) {
	reply := s.Process(ctx, request)
	defer reply.Release()
	return bytes.Clone(reply.Bytes), nil
}
