package mirror

import (
	"fmt"
	"runtime/debug"
)

// PanicError is the cause of an [Error] whose code is Panicked: what a function of the program
// panicked with, such as a marshaler, or the Validate method of a model.
type PanicError struct {
	// Value is what it panicked with.
	Value any
	// Stack is the stack of the panic as text.
	Stack []byte
}

// Error returns the value as text.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// Unwrap returns the panic's value when it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// caught makes *err the error of a panic, if there is one; what is the function that may have
// panicked. It is deferred.
func caught(what string, err **Error) {
	if p := recover(); p != nil {
		*err = &Error{Code: Panicked, Reason: what + " has panicked", Cause: &PanicError{Value: p, Stack: debug.Stack()}}
	}
}
