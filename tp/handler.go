package tp

import "context"

// Request is a validated request on its way to the function's handler.
type Request struct {
	// Function is the wire name, such as "fn.greet".
	Function string
	// Headers are the request's headers, with what [AuthHeaders] and the
	// transport added. They must not be changed.
	Headers Object
	// Args points to the argument struct of a typed function, and is an
	// [Object] for a raw one.
	Args any
}

// Response is what a handler answered with.
type Response struct {
	// Tag is the tag of the result; empty means Ok_. Only raw functions answer
	// with another one: typed functions return errors for that, and any other
	// tag of theirs is a failure.
	Tag string
	// Result points to the result struct of a typed function, and is an
	// [Object] for a raw one.
	Result any
	// Headers are sent beside those set with [SetHeader].
	Headers Object
}

// Handler answers one request. An error that the function or the API declares
// becomes its tag, any other one ErrorUnknown_.
type Handler func(ctx context.Context, req *Request) (*Response, error)
