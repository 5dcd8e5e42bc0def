package wsx

import (
	"errors"
	"fmt"
	"log/slog"
)

// HandlerError is what went wrong with an actor, for the hook of [OnError].
type HandlerError struct {
	// Conn is the connection; zero when there was none yet.
	Conn ID
	// Message and State are the types of the message that was handled, and of the state it
	// met; empty when there was no connection yet.
	Message, State string
	// Err is the error that the handler returned, that an effect of it has failed with, or
	// [ErrStuck].
	Err error
	// IsExpected says that the error came with [CloseWith] or [Recoverable], or that the
	// actor goes on.
	IsExpected bool
}

// Error returns one line with the types and the error.
func (e *HandlerError) Error() string {
	if e.Message == "" {
		return fmt.Sprintf("wsx: %v", e.Err)
	}
	return fmt.Sprintf("wsx: connection %v: %s in state %s: %v", e.Conn, e.Message, e.State, e.Err)
}

// Unwrap returns Err.
func (e *HandlerError) Unwrap() error { return e.Err }

var (
	// ErrStuck says that a handler runs for longer than [HandlerLimit] allows.
	ErrStuck = errors.New("the handler is stuck: nothing else of the connection is handled while it runs; see wsx.HandlerLimit")
	// errNoState is what a handler that returns no state fails with.
	errNoState = errors.New("the handler has returned nil in place of a state: return the state it was given, or another")
	// errEnded is what is reported of runtime.Goexit.
	errEnded = errors.New("the handler has ended its goroutine")
)

// CloseWith returns an error that closes the connection with a code of the program's own,
// 4000 to 4999, and a reason, of which 123 bytes are told to the client. Err goes to the
// hook of [OnError] alone; nil stands for none. It panics for codes that RFC 6455 does not
// let programs send.
func CloseWith(code int, reason string, err error) error {
	checkCode(code)
	return &closingError{code: code, reason: reason, cause: err}
}

type closingError struct {
	code   int
	reason string
	cause  error
}

func (e *closingError) Error() string {
	if e.cause == nil {
		return fmt.Sprintf("closed with %d %s", e.code, e.reason)
	}
	return fmt.Sprintf("closed with %d %s: %v", e.code, e.reason, e.cause)
}

func (e *closingError) Unwrap() error { return e.cause }

// Recoverable marks an error with which an actor goes on: what its handler asked for does
// not happen, and the state stays. Nil stays nil.
func Recoverable(err error) error {
	if err == nil {
		return nil
	}
	return &recoverableError{err}
}

type recoverableError struct{ cause error }

func (e *recoverableError) Error() string { return e.cause.Error() }
func (e *recoverableError) Unwrap() error { return e.cause }

// verdictOn returns what an error of a handler leads to.
func verdictOn(err error) (end ending, goesOn, isExpected bool) {
	if _, ok := errors.AsType[*recoverableError](err); ok {
		return ending{}, true, true
	}
	if closing, ok := errors.AsType[*closingError](err); ok {
		return ending{closing.code, closing.reason}, false, true
	}
	return ending{code: CodeInternalError}, false, false
}

// HandlerPanic is what the hook of [OnPanic] gets when a handler of an actor has panicked.
type HandlerPanic struct {
	// Conn is the connection.
	Conn ID
	// Message and State are the types of the message that was handled, and of the state it
	// met.
	Message, State string
	// Value is what the handler panicked with.
	Value any
}

// Error returns one line with the types, and with the panic as far as it cannot be what a
// client has sent.
func (p *HandlerPanic) Error() string {
	return fmt.Sprintf("wsx: connection %v: %s in state %s: panic: %s", p.Conn, p.Message, p.State, panicText(p.Value))
}

// OnError sets what is done with errors of actors: those that their handlers return, those
// of what the handlers asked for, and [ErrStuck]. It is called on the goroutine of the
// actor, which waits; for [ErrStuck] on another. The default, and nil, write a record to
// [log/slog.Default].
func OnError(hook func(*HandlerError)) Option {
	return func(s *settings) { s.actors.onError = hook }
}

// tell reports an error.
func (o *actorOptions) tell(e *HandlerError) {
	defer drop()
	if o.onError != nil {
		o.onError(e)
		return
	}
	log := slog.Error
	if e.IsExpected {
		log = slog.Warn
	}
	if e.Message == "" {
		log("websocket upgrade failed", "error", e.Err)
		return
	}
	log("websocket handler failed", "connection", e.Conn.String(), "message", e.Message, "state", e.State, "error", e.Err)
}

// Unhandled is a message that no rule of an actor is for.
type Unhandled struct {
	// Conn is the connection.
	Conn ID
	// Message is the message.
	Message any
	// State is the state it met.
	State State
}

// OnUnhandled sets what is told of messages that no rule of an actor is for, besides
// [Observer]. They are dropped, or refused with [RefuseMessages]. It is called on the
// goroutine of the actor, which waits. The default, and nil, write a record of the level
// debug to [log/slog.Default].
func OnUnhandled(hook func(Unhandled)) Option {
	return func(s *settings) { s.actors.onUnhandled = hook }
}

// tellUnhandled reports a message that nobody takes.
func (o *actorOptions) tellUnhandled(u Unhandled) {
	defer drop()
	if o.onUnhandled != nil {
		o.onUnhandled(u)
		return
	}
	slog.Debug("websocket message dropped: no rule is for it",
		"connection", u.Conn.String(), "message", typeName(u.Message), "state", typeName(u.State))
}

func typeName(v any) string { return fmt.Sprintf("%T", v) }
