package natsbus

import (
	"errors"
	"fmt"

	"github.com/telestruct/telestruct/wsx"
)

// ErrClosed says that a bus was closed with [Bus.Close], or its connection for good.
var ErrClosed = errors.New("natsbus: the bus is closed")

// DroppedError says that messages have arrived faster than their subscribers were given
// them; see [Pending].
type DroppedError struct {
	// Of is the address that was subscribed to.
	Of wsx.Address
	// Messages is how many were dropped since the last such error.
	Messages int
}

// Error says what was dropped.
func (e *DroppedError) Error() string {
	return fmt.Sprintf("natsbus: %d messages for %s were dropped: more came than could be delivered; see Pending", e.Messages, name(e.Of))
}

// PublishError says that a message that the bus had taken could not be sent.
type PublishError struct {
	// To is the address that it was for.
	To wsx.Address
	// Err says why.
	Err error
}

// Error says which message was lost.
func (e *PublishError) Error() string {
	return fmt.Sprintf("natsbus: a message for %s was not sent: %v", name(e.To), e.Err)
}

// Unwrap returns why.
func (e *PublishError) Unwrap() error { return e.Err }

// name returns what an address is called in errors.
func name(a wsx.Address) string {
	if a.Topic != "" {
		return fmt.Sprintf("topic %q", a.Topic)
	}
	if a.Conn == 0 {
		return fmt.Sprintf("node %q", a.Node)
	}
	return "connection " + wsx.ID{Node: a.Node, Number: a.Conn}.String()
}
