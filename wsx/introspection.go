package wsx

import (
	"context"

	"github.com/telestruct/telestruct/tp"
)

// RegisterIntrospection adds functions to an API with which administrators see the
// connections of a server, write to them and close them:
//
//	fn.socketServer     how the server is doing, and its endpoints
//	fn.socketClients    its connections, page by page
//	fn.messageSocket    sends a message to one
//	fn.closeSocket      closes one
//
// Allow says who may call them: it gets the context of the call, in which [tp.Identity] finds
// who calls, and returns nil or the error to answer, such as [tp.Unauthorized]. It panics for
// nil: these functions are for few. They need credentials, like all that are not
// [tp.Public].
func RegisterIntrospection(api *tp.API, srv *Server, allow func(ctx context.Context) error) {
}
