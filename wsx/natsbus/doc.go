// Package natsbus carries the topics of package wsx between nodes over NATS:
//
//	conn, err := nats.Connect(url, nats.MaxReconnects(-1))
//	…
//	bus := natsbus.New(conn, "myapp")
//	srv := wsx.NewServer(wsx.WithBus(bus))
//
// The program makes the connection, and with it decides on authentication and TLS: who
// may publish below the prefix speaks to the clients, and who may subscribe hears them.
//
// # Subjects
//
// A topic has the subject <prefix>.t.<name>. What is for the client of a connection has
// <prefix>.c.<node>.<number>, for its actor <prefix>.c.<node>.<number>.in, and for a node
// <prefix>.c.<node>.0, or <prefix>.c.<node>.t.<name> when it is to publish it. Bytes of names
// other than letters, digits, - and _ are written as % and two hexadecimal digits, so that no
// name can mean another subject. The body is the message as it is; what there is to know
// about it is in headers.
//
// # What is lost when
//
// Delivery is at most once, in the order of each publishing node. While the connection is
// away nothing is taken: publishing fails with [wsx.ErrBusUnavailable]. What the connection
// has taken just before may arrive when it is back, or never; programs that want the latter
// connect with nats.ReconnectBufSize(-1). What others publish meanwhile is lost to this node.
// Subscriptions are there again once it is back: connect with nats.MaxReconnects(-1), or a
// server that is away for some minutes is given up for good.
//
// Core NATS, which this package uses, keeps nothing: [wsx.History] is what a node has seen
// itself since it listens.
package natsbus
