// Package wsx serves WebSockets: the functions of a [tp.Server], topics, actors, and mirrors of
// live models; and it is a client for them.
//
// # Calls
//
// On an endpoint of [Handler] every message is one request and is answered by one message:
// text for JSON, binary for MessagePack and CBOR. Answers leave as their calls finish, so
// callers who have several in flight tell them apart by @id_.
//
// # Topics
//
// A [Topic] is a channel of messages, from many to many. [Push] gives what is published on
// it to every client of an endpoint, [Accept] publishes what clients say, and [Room] does
// both; any code may publish and subscribe. [TopicOf] makes topics of Go values whose types
// are part of an API's schema.
//
// # Actors
//
// With [Actor] each connection has a state of its own, and functions for what can happen in
// it, which [On] makes rules of. [Run] tests them without a connection.
//
// Endpoints of [New] can be for several of these at the same time: [Calls] serves functions
// beside topics or an actor. [RemoteOf] finds the connection that a function is called over.
//
// # Mirrors
//
// [Mirror] shows the live models of package tp/mirror to every client of an endpoint, and
// takes the changes that clients propose.
//
// # All of them
//
// Handlers never see the socket. What happens to it (limits, heartbeat, credentials that
// end, a stop without loss) is said by options. A [Server] groups endpoints and topics; it
// lists connections, and shares its topics with other nodes over a [Bus].
//
// [Dial] makes a [Client], for calls and topics of a server, that connects again by itself, and
// [DialMirror] a [MirrorClient] for the models that [Mirror] shows.
package wsx
