package tp

import (
	"sync"
	"time"
)

// Connection is one lasting connection that calls come in on, such as a WebSocket. The
// transport makes it with [NewConnection] and names it in the [Peer] of each call. It
// is safe for concurrent use.
type Connection struct {
	hooks ConnectionHooks

	mu     sync.Mutex
	values map[any]any
}

// ConnectionHooks is what a transport lets others do with a connection. A nil function
// stands for one that does nothing.
type ConnectionHooks struct {
	// Authenticated is called when a call that came in on the connection has proved
	// who sent it. Credentials is the call's @auth_; expires is when they end, as the
	// identity says, and zero when it does not.
	Authenticated func(credentials any, expires time.Time)
	// Abuse closes the connection, because who is at its other end does not keep to
	// the rules. It returns at once.
	Abuse func(reason string)
	// Transport is what the transport knows the connection by, for its own package; see
	// [Connection.Transport].
	Transport any
}

// NewConnection returns a connection whose transport does what hooks say.
func NewConnection(hooks ConnectionHooks) *Connection { return &Connection{hooks: hooks} }

// Transport returns what the transport has named so in its [ConnectionHooks]; nil if
// nothing. It is how its package finds the connection of a call again.
func (c *Connection) Transport() any { return c.hooks.Transport }

// Value returns what is kept under key for as long as the connection lives. Where there
// is nothing it keeps what make returns, which is called once and must not ask for a value
// itself. Keys are compared as those of contexts are, and should have a type of their own.
func (c *Connection) Value(key any, make func() any) any {
	c.mu.Lock()
	defer c.mu.Unlock()
	if v, ok := c.values[key]; ok {
		return v
	}
	if c.values == nil {
		c.values = map[any]any{}
	}
	v := make()
	c.values[key] = v
	return v
}

// Abuse closes the connection because of how it is used. Reason is told to the other
// end: a few words without anything secret. Calls that run still end by themselves.
func (c *Connection) Abuse(reason string) {
	if c.hooks.Abuse != nil {
		c.hooks.Abuse(reason)
	}
}

func (c *Connection) authenticated(credentials any, expires time.Time) {
	if c.hooks.Authenticated != nil {
		c.hooks.Authenticated(credentials, expires)
	}
}
