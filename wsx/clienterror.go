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
	// [ErrTooManyWaiting], a [*DialError], a [*CloseError], or what else ended the
	// connection.
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
	// ErrClientStopped says that [Client.Stop] or [MirrorClient.Close] was called.
	ErrClientStopped = errors.New("the client was stopped")
	// ErrTooManyWaiting says that there is no connection, and that as many calls wait
	// for one as [DialOptions].MaxWaiting lets.
	ErrTooManyWaiting = errors.New("there is no connection, and too many calls wait for one; see wsx.DialOptions.MaxWaiting")
)

// DialError says that there is no connection after an attempt to make one.
type DialError struct {
	// URL is where the server was looked for, without user, password and query; empty
	// when it is none.
	URL string
	// Status is the HTTP status with which the server refused the WebSocket, such as
	// 401; 0 when it has not answered.
	Status int
	// Cause is what went wrong; nil when there is a Status.
	Cause error
}

// Error returns one line with the place, and the status or the cause.
func (e *DialError) Error() string {
	text := "wsx: connect"
	if e.URL != "" {
		text += " to " + e.URL
	}
	if e.Cause == nil {
		return fmt.Sprintf("%s: refused with status %d %s", text, e.Status, http.StatusText(e.Status))
	}
	return fmt.Sprintf("%s: %v", text, e.Cause)
}

// Unwrap returns the cause.
func (e *DialError) Unwrap() error { return e.Cause }

// CloseError says with which code a connection was closed (RFC 6455 section 7.4).
type CloseError struct {
	// Code is one of those that begin with Code here, or another one.
	Code int
	// Reason is what was said besides, as a rule a few words.
	Reason string
	// Local says that the client has closed the connection, not the server.
	Local bool
}

// Error returns one line with the code and the reason.
func (e *CloseError) Error() string {
	who := "the server"
	if e.Local {
		who = "the client"
	}
	return fmt.Sprintf("%s closed the connection with %d %q", who, e.Code, e.Reason)
}

// isFinal reports whether connecting again would most likely end like that as well: the
// two ends do not understand each other, or the server says so.
func (e *CloseError) isFinal() bool {
	switch e.Code {
	case CodeProtocolError, codeUnsupported, CodeInvalidText, CodePolicy:
		return true
	case CodeNormal:
		return e.Local
	}
	return 3500 <= e.Code && e.Code <= 3999 || 4500 <= e.Code && e.Code <= 4999
}

// codeUnsupported is for messages of a kind that an end does not take.
const codeUnsupported = 1003

// isDrained reports whether the server has answered every call that it read.
func (e *CloseError) isDrained() bool {
	return !e.Local && e.Code == CodeGoingAway && e.Reason == ReasonDrained
}

// closeErrorOf returns the code with which a connection was closed, nil if there is none.
func closeErrorOf(err error) *CloseError {
	closed, _ := errors.AsType[*CloseError](err)
	return closed
}
