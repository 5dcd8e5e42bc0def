package wsx

import (
	"net/netip"
	"time"
)

// ServerInfo says how a [Server] is doing.
type ServerInfo struct {
	// Node is the name of the server; see [NodeName].
	Node string `json:"node"`
	// Started is when the server was made.
	Started time.Time `json:"started"`
	// Addresses are the addresses of this machine that connections came in at, at most
	// 16, in their order.
	Addresses []string `json:"addresses"`
	// Endpoints is how many endpoints there are.
	Endpoints int `json:"endpoints"`
	// Open is how many connections there are, and Total how many there have been.
	Open  int    `json:"open"`
	Total uint64 `json:"total"`
	// Topics is how many topics there are, without the outputs and inputs of connections.
	Topics int `json:"topics"`
	// Stopping says that [Server.Shutdown] was called.
	Stopping bool `json:"stopping"`
}

// EndpointInfo says how an [Endpoint] is doing.
type EndpointInfo struct {
	// Path is the path of the first request; empty before there was one.
	Path string `json:"path"`
	// Mode is "calls", "topic", "topic and calls", "actor", "actor and calls" or "mirror".
	Mode string `json:"mode"`
	// Push and Accept are the names of its topics; see [Push] and [Accept].
	Push   []string `json:"push,omitempty"`
	Accept []string `json:"accept,omitempty"`
	// Open is how many connections there are, and Total how many there have been.
	Open  int    `json:"open"`
	Total uint64 `json:"total"`
	// Stopping says that the endpoint is being shut down.
	Stopping bool `json:"stopping"`
}

// ClientInfo says how the connection of one client of a [Server] is doing. Clients of the
// program's own have a [ClientState] and [ClientStats].
type ClientInfo struct {
	// ID names the connection, and ChannelID counts those of its endpoint from 0.
	ID        ID     `json:"id"`
	ChannelID uint64 `json:"channelId"`
	// Path is that of the request for the connection, and Origin its page's origin; empty
	// for programs.
	Path   string `json:"path"`
	Origin string `json:"origin,omitempty"`
	// ClientIP is the address that the client connects from; see [TrustProxies].
	ClientIP netip.Addr `json:"clientIp"`
	// ConnectedAt is when the connection was made.
	ConnectedAt time.Time `json:"connectedAt"`
	// Label is what [Remote.SetLabel] and [Conn.SetLabel] have set.
	Label string `json:"label,omitempty"`
	// State is the type of the state that the actor is in; empty without an actor.
	State string `json:"state,omitempty"`
	// Subscriptions are the names of the topics whose messages the connection gets.
	Subscriptions []string `json:"subscriptions,omitempty"`
	// QueueLength and QueueBytes are what waits to be sent; see [Queue].
	QueueLength int `json:"queueLength"`
	QueueBytes  int `json:"queueBytes"`
	// Pending is how many messages of the client are being worked on or wait for it.
	Pending int `json:"pending"`
	// MessagesIn and BytesIn are what was read.
	MessagesIn uint64 `json:"messagesIn"`
	BytesIn    uint64 `json:"bytesIn"`
	// MessagesOut and BytesOut are what was written, without control frames.
	MessagesOut uint64 `json:"messagesOut"`
	BytesOut    uint64 `json:"bytesOut"`
	// Dropped is how many messages were lost although the connection goes on; of a live model,
	// because its newest state is sent in their place.
	Dropped uint64 `json:"dropped"`
	// PongDelay is how long the client took to answer the last ping; zero before that. It
	// is in nanoseconds in JSON.
	PongDelay time.Duration `json:"pongDelayNs"`
	// Closing says that the connection is being closed.
	Closing bool `json:"closing,omitempty"`
}
