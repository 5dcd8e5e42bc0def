// Package wsx serves a [tp.Server] over WebSockets, and calls one.
//
// Every message is one request and is answered by one message: text for JSON, binary
// for MessagePack and CBOR. Answers leave as their calls finish, so callers who have
// several in flight tell them apart by @id_.
//
// Handlers never see the socket. What happens to it (limits, heartbeat, credentials
// that end, a stop without loss) is said by the options of [Handler].
package wsx
