package tp

import (
	"fmt"
	"reflect"

	"github.com/telestruct/telestruct/internal/plan"
)

// ResultError is the result of a call that is not Ok_: an error that the function
// or its API declares, or a standard one. [errors.As] turns it into either:
//
//	var divided *DivideByZeroError
//	if errors.As(err, &divided) { … }
//
// works for every error type whose tag is that of the result, XError for ErrorX,
// without further ado. The standard ones are [*ValidationError],
// [*ParseFailureError], [*UnknownError], [*UnauthenticatedError] and
// [*UnauthorizedError].
type ResultError struct {
	// Function is the wire name of the function that was called.
	Function string
	// Tag is the tag of the result, such as ErrorDivideByZero.
	Tag string
	// Payload is what the tag holds.
	Payload Object
	// Headers are those of the response.
	Headers Object

	client *Client
}

func (c *Client) resultError(function string, m *Message) *ResultError {
	return &ResultError{Function: function, Tag: m.Target, Payload: m.Payload, Headers: m.Headers, client: c}
}

// Error returns one line with the function, the tag and, of a standard error, what it
// says. The payload of a declared error is not in it: it need not be fit for logs.
func (e *ResultError) Error() string {
	if e.Tag == e.Function { // what joins its clients, such as a chat, gives everybody what was said
		return clip(fmt.Sprintf("tp: the request of %s came back in place of an answer: the URL is not one for calls", e.Function))
	}
	text := fmt.Sprintf("tp: %s answered %s", e.Function, e.Tag)
	if detail := e.detail(); detail != "" {
		text += ": " + detail
	}
	return clip(text)
}

// As stores the error in target, which points to an error type, when the tag is that
// of the type and the payload fits. [errors.As] calls it.
//
// It is As and not Unwrap that gives these errors away: a handler that returns the
// error of a call it made does not answer its own caller with it.
func (e *ResultError) As(target any) bool {
	if isStandard, ok := e.asStandard(target); isStandard {
		return ok
	}
	into := reflect.ValueOf(target)
	if e.client == nil || into.Kind() != reflect.Pointer || into.IsNil() {
		return false
	}
	into = into.Elem()
	model := e.client.errorModel(into.Type())
	if model == nil || model.Tag != e.Tag {
		return false
	}
	byPointer := into.Kind() == reflect.Pointer
	t := into.Type()
	if byPointer {
		t = t.Elem()
	}
	payload := reflect.New(t)
	newer := plan.Tolerance{Unknown: true}
	if !newer.FromTree(model.Plan, e.Payload, payload.UnsafePointer()) {
		return false
	}
	if !byPointer {
		payload = payload.Elem()
	}
	into.Set(payload)
	return true
}
