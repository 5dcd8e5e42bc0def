package wsx

import (
	"context"
	"errors"

	"github.com/telestruct/telestruct/tp"
)

// RegisterIntrospection adds functions to an API with which administrators see the
// connections of a server, write to them and close them:
//
//	fn.socketServer     how the server is doing, and its endpoints
//	fn.socketClients    its connections, page by page
//	fn.messageSocket    sends a message to one of them
//	fn.closeSocket      closes one of them
//
// Allow says who may call them: it gets the context of the call, in which [tp.Identity] finds
// who calls, and returns nil or the error to answer with, such as [tp.Unauthorized]. The
// functions need credentials, like all that are not [tp.Public]; in an API of [tp.NoAuth]
// allow alone decides. RegisterIntrospection panics when an argument is nil.
func RegisterIntrospection(api *tp.API, srv *Server, allow func(ctx context.Context) error) {
	if api == nil || srv == nil {
		panic("wsx: RegisterIntrospection: nil API or server")
	}
	if allow == nil {
		panic("wsx: RegisterIntrospection: nil allow: give a function that says who may see, write to and close connections")
	}
	f := introspection{srv}
	tp.RegisterOn(api, allowed(allow, f.describe), tp.Name("fn.socketServer"),
		tp.Doc("Returns how the server is doing, and its endpoints for WebSockets."))
	tp.RegisterOn(api, allowed(allow, f.list), tp.Name("fn.socketClients"),
		tp.Doc("Lists the connections of the server, the oldest first, in pages."))
	tp.RegisterOn(api, allowed(allow, f.message), tp.Name("fn.messageSocket"),
		tp.Doc("Sends a message to the client of a connection."), tp.Fails(noSuchSocketError{}))
	tp.RegisterOn(api, allowed(allow, f.close), tp.Name("fn.closeSocket"),
		tp.Doc("Closes a connection. What waits for its client is sent before."), tp.Fails(noSuchSocketError{}, invalidCloseError{}))
}

// allowed returns a handler that asks before each call.
func allowed[A, R any](allow func(context.Context) error, handle func(context.Context, A) (R, error)) func(context.Context, A) (R, error) {
	return func(ctx context.Context, args A) (R, error) {
		if err := allow(ctx); err != nil {
			var none R
			return none, err
		}
		return handle(ctx, args)
	}
}

// introspection has the functions.
type introspection struct{ server *Server }

func (f introspection) describe(context.Context, struct{}) (*socketServer, error) {
	info := f.server.Info()
	result := &socketServer{
		Node:      info.Node,
		Started:   info.Started,
		Addresses: info.Addresses,
		Open:      info.Open,
		Total:     info.Total,
		Topics:    info.Topics,
		Stopping:  info.Stopping,
	}
	for _, e := range f.server.Endpoints() {
		result.Endpoints = append(result.Endpoints, socketEndpoint{
			Path: e.Path, Mode: e.Mode, Push: e.Push, Accept: e.Accept, Open: e.Open, Total: e.Total,
		})
	}
	return result, nil
}

// maxPage is how many connections a page lists, and usualPage how many by default.
const (
	maxPage   = 1000
	usualPage = 100
)

func (f introspection) list(_ context.Context, args *listSockets) (*socketPage, error) {
	var path string
	var after uint64
	limit := usualPage
	if args.Path != nil {
		path = *args.Path
	}
	if args.After != nil {
		after = *args.After
	}
	if args.Limit != nil {
		limit = int(min(max(*args.Limit, 1), maxPage))
	}
	infos, next := f.server.clients(path, after, limit)
	page := &socketPage{Clients: make([]socketClient, len(infos))}
	for i := range infos {
		page.Clients[i] = newSocketClient(&infos[i])
	}
	if next != 0 {
		page.Next = &next
	}
	return page, nil
}

func (f introspection) message(ctx context.Context, args *messageSocket) (struct{}, error) {
	var none struct{}
	remote, err := f.find(args.ID)
	if err != nil {
		return none, err
	}
	if args.Text != nil {
		err = remote.Out().Text(ctx, *args.Text)
	}
	if args.Bytes != nil && err == nil {
		err = remote.Out().Binary(ctx, args.Bytes)
	}
	if errors.Is(err, ErrGone) {
		err = noSuchSocketError{}
	}
	return none, err
}

func (f introspection) close(_ context.Context, args *closeSocket) (struct{}, error) {
	code, reason := CodePolicy, ""
	if args.Code != nil {
		code = *args.Code
	}
	if args.Reason != nil {
		reason = *args.Reason
	}
	if !canSend(code) || len(reason) > maxReason {
		return struct{}{}, invalidCloseError{}
	}
	remote, err := f.find(args.ID)
	if err != nil {
		return struct{}{}, err
	}
	remote.Close(code, reason)
	return struct{}{}, nil
}

// find returns the connection of an ID.
func (f introspection) find(id ID) (*Remote, error) {
	if id.Node != f.server.node {
		return nil, noSuchSocketError{}
	}
	remote, err := f.server.Remote(id.Number)
	if err != nil {
		return nil, noSuchSocketError{}
	}
	return remote, nil
}
