package wsx

import (
	"context"
	"errors"

	"github.com/telestruct/telestruct/tp"
)

// RegisterIntrospection adds functions to an API with which administrators see the
// connections of a server, write to them and close them:
//
//	fn.socketServers    how it and the other nodes on its bus are doing
//	fn.socketClients    the connections of one node, page by page
//	fn.messageSocket    sends a message to one of them
//	fn.closeSocket      closes one of this node
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
	tp.RegisterOn(api, allowed(allow, f.servers), tp.Name("fn.socketServers"),
		tp.Doc("Returns how the servers for WebSockets are doing: this one, and those that it shares topics with."))
	tp.RegisterOn(api, allowed(allow, f.clients), tp.Name("fn.socketClients"),
		tp.Doc("Lists the connections of a server, the oldest first, in pages."), tp.Fails(noSuchNodeError{}))
	tp.RegisterOn(api, allowed(allow, f.message), tp.Name("fn.messageSocket"),
		tp.Doc("Sends a message to the client of a connection."), tp.Fails(noSuchSocketError{}))
	tp.RegisterOn(api, allowed(allow, f.close), tp.Name("fn.closeSocket"),
		tp.Doc("Closes a connection of this server. What waits for its client is sent before."), tp.Fails(noSuchSocketError{}, invalidCloseError{}))
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

// survey asks all nodes, and does not wait for long for those that do not answer. Where the
// bus is not there it knows of this node only.
func (f introspection) survey(ctx context.Context) ClusterInfo {
	ctx, cancel := context.WithTimeout(ctx, clusterTimeout)
	defer cancel()
	info, _ := f.server.Cluster(ctx)
	return info
}

func (f introspection) servers(ctx context.Context, _ struct{}) (*socketServers, error) {
	info := f.survey(ctx)
	result := &socketServers{This: f.server.node, Missing: info.Missing}
	for i := range info.Nodes {
		result.Servers = append(result.Servers, newSocketServer(&info.Nodes[i]))
	}
	return result, nil
}

// maxPage is how many connections a page lists, and usualPage how many by default.
const (
	maxPage   = 1000
	usualPage = 100
)

func (f introspection) clients(ctx context.Context, args *listSockets) (*socketPage, error) {
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
	if args.Node == nil || *args.Node == f.server.node {
		infos, next := f.server.clients(path, after, limit)
		return newSocketPage(infos, next), nil
	}
	for _, node := range f.survey(ctx).Nodes {
		if node.Server.Node == *args.Node {
			return newSocketPage(pageOf(node.Clients, path, after, limit)), nil
		}
	}
	return nil, noSuchNodeError{}
}

// pageOf returns one page of a list, as the clients of a server does.
func pageOf(all []ClientInfo, path string, after uint64, limit int) (infos []ClientInfo, next uint64) {
	for i := range all {
		if number := all[i].ID.Number; number <= after || path != "" && path != all[i].Path {
			continue
		}
		if len(infos) == limit {
			return infos, infos[limit-1].ID.Number
		}
		infos = append(infos, all[i])
	}
	return infos, 0
}

func (f introspection) message(ctx context.Context, args *messageSocket) (struct{}, error) {
	var err error
	out := f.server.Out(args.ID)
	if args.Text != nil {
		err = out.Text(ctx, *args.Text)
	}
	if args.Bytes != nil && err == nil {
		err = out.Binary(ctx, args.Bytes)
	}
	if errors.Is(err, ErrGone) {
		err = noSuchSocketError{}
	}
	return struct{}{}, err
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
	remote, err := f.server.Remote(args.ID.Number)
	if err != nil || args.ID.Node != f.server.node {
		return struct{}{}, noSuchSocketError{}
	}
	remote.Close(code, reason)
	return struct{}{}, nil
}
