package wsx

import "time"

// ClientState is how the connection of a [Client] is.
type ClientState struct {
	// Phase is what the client is doing.
	Phase ClientPhase
	// Cause is why there is no connection: a [*DialError], a [*CloseError], or what else
	// ended it. It is nil in other phases than [ClientDisconnected].
	Cause error
	// Retry is how long it takes until the next attempt in the phase [ClientDisconnected].
	// It is negative when only a call makes the client try again.
	Retry time.Duration
}

// ClientPhase is what a [Client] is doing about its connection.
type ClientPhase uint8

// The phases.
const (
	// ClientConnecting: an attempt to connect is under way.
	ClientConnecting ClientPhase = iota
	// ClientConnected: calls are being made, and messages go both ways.
	ClientConnected
	// ClientDisconnected: there is no connection, and the client waits.
	ClientDisconnected
	// ClientStopped: there is no connection, and never will be again.
	ClientStopped
)

// String returns the phase in lower case, such as connected.
func (p ClientPhase) String() string {
	switch p {
	case ClientConnecting:
		return "connecting"
	case ClientConnected:
		return "connected"
	case ClientDisconnected:
		return "disconnected"
	case ClientStopped:
		return "stopped"
	}
	return "unknown"
}
