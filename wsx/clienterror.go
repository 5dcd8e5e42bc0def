package wsx

import (
	"errors"
	"fmt"
	"net/http"
)

// CallLostError says that a call has no answer: the connection was lost, the caller's
// context has ended, or the client was stopped.
type CallLostError struct {
	// MayHaveRun says whether the function may have run. It is false when the server
	// cannot have got the request, which may then be sent again whatever it does.
	MayHaveRun bool
	// Cause is why there is no answer: the end of a context, [ErrClientStopped],
	// [ErrTooManyWaiting], a [*DialError], a websocket.CloseError with which the server
	// has closed the connection, or what else ended it.
	Cause error
}

// Error returns one line with the cause.
func (e *CallLostError) Error() string {
	if e.MayHaveRun {
		return fmt.Sprintf("wsx: no answer, and the function may have run: %v", e.Cause)
	}
	return fmt.Sprintf("wsx: the call was not made: %v", e.Cause)
}

// Unwrap returns the cause.
func (e *CallLostError) Unwrap() error { return e.Cause }

// The causes of a [CallLostError] that lie in the client itself.
var (
	// ErrClientStopped says that [Client.Stop] was called.
	ErrClientStopped = errors.New("the client was stopped")
	// ErrTooManyWaiting says that there is no connection, and that as many calls wait
	// for one as [DialOptions].MaxWaiting lets.
	ErrTooManyWaiting = errors.New("there is no connection, and too many calls wait for one; see wsx.DialOptions.MaxWaiting")
)

// DialError says that there is no connection after an attempt to make one.
type DialError struct {
	// URL is where the server was looked for, without user, password and query.
	URL string
	// Status is the HTTP status with which the server refused the WebSocket, such as
	// 401; 0 when it has not answered.
	Status int
	// Cause is what went wrong; nil when there is a Status.
	Cause error
}

// Error returns one line with the place, and the status or the cause.
func (e *DialError) Error() string {
	if e.Cause == nil {
		return fmt.Sprintf("wsx: connect to %s: refused with status %d %s", e.URL, e.Status, http.StatusText(e.Status))
	}
	return fmt.Sprintf("wsx: connect to %s: %v", e.URL, e.Cause)
}

// Unwrap returns the cause.
func (e *DialError) Unwrap() error { return e.Cause }
