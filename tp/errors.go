package tp

import (
	"fmt"
	"strings"

	"github.com/telestruct/telestruct/tp/validate"
	"github.com/telestruct/telestruct/tp/wire"
)

// Kind says which part of a call an [Error] comes from (spec section 2.3).
type Kind string

// The kinds of errors.
const (
	// KindParse is a request that is not a message.
	KindParse Kind = "parse"
	// KindValidation is a response that breaks the server's own schema.
	KindValidation Kind = "validation"
	// KindSerialization is a response that could not be written, and on the client
	// a request that could not be or a response that could not be read.
	KindSerialization Kind = "serialization"
	// KindTransport is a message that could not be exchanged; on the client only.
	KindTransport Kind = "transport"
	// KindHandler is an error or a panic of user code: handlers, middleware,
	// authentication.
	KindHandler Kind = "handler"
)

// Error is a failure in full: on the server as its owner sees it, of whom the caller
// gets the tag and, in an ErrorUnknown_, the case id, and nothing else; and on the
// client that of a call that has no result. What a server answers instead of a result
// is a [ResultError].
type Error struct {
	Kind Kind
	// Function is the wire name of the function, empty when it is not known.
	Function string
	// Tag is the error tag the caller was answered with; empty on the client.
	Tag string
	// CaseID is the random id that joins this failure with the caller's
	// report. Every failure of a server has one; the caller sees it in
	// ErrorUnknown_ only.
	CaseID string
	// Cases are the validation failures of a KindValidation, and on the client
	// those of arguments and results that do not fit their Go types.
	Cases []validate.Failure
	// Cause is the handler's error, or what it panicked with, and whatever
	// else led here; nil when the failure is the framework's own finding.
	Cause error
	// Stack is the stack of a panic, nil otherwise.
	Stack []byte

	fields *wire.Fields // the names of the server's schema
}

// Error returns one line with the beginning of the cause's text.
func (e *Error) Error() string {
	text := "tp: " + string(e.Kind) + " failure"
	if e.Function != "" {
		text += " in " + e.Function
	}
	switch {
	case e.Cause != nil:
		text += ": " + clip(fmt.Sprint(e.Cause)) // Sprint survives an Error method that panics
	case len(e.Cases) > 0:
		text += ": " + firstOf(e.Cases)
	}
	return text
}

// firstOf says what the first of some failures is, and how many there are beside it.
func firstOf(failures []validate.Failure) string {
	text := failures[0].String()
	if more := len(failures) - 1; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// clip keeps a text that callers can make long from filling logs.
func clip(text string) string {
	const longest = 2000
	if len(text) <= longest {
		return text
	}
	return strings.ToValidUTF8(text[:longest], "") + "…"
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// PanicError is the cause of a failure that began as a panic.
type PanicError struct {
	// Value is what the code panicked with.
	Value any
	// Stack is the stack of the panic as text, where it is known.
	Stack []byte
}

// Error returns the value as text.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// Unwrap returns the panic's value when it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// UnauthorizedError tells a known caller that it may not do what it asked for.
// [Unauthorized] makes one; a client finds it in a [ResultError].
type UnauthorizedError struct {
	// Message is what the caller is told.
	Message string
}

// Error returns the message.
func (e *UnauthorizedError) Error() string { return clip("unauthorized: " + e.Message) }

// Unauthorized returns an error that handlers and middleware of an API with
// [Auth] answer with as ErrorUnauthorized_. The caller sees the message.
// Without Auth it is an undeclared error like any other.
func Unauthorized(message string) error { return &UnauthorizedError{Message: message} }
