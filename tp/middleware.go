package tp

import "context"

// Request is a validated request on its way to the function's handler.
type Request struct {
	// Function is the wire name, such as "fn.greet".
	Function string
	// Headers are the request's headers, with what [Auth] and the transport
	// added. They must not be changed.
	Headers Object
	// Args points to the argument struct of a typed function, and is an
	// [Object] for a raw one.
	Args any
}

// Response is what a handler answered with.
type Response struct {
	// Tag is the tag of the result; empty means Ok_. Typed functions answer
	// with other tags by returning errors.
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

// Middleware wraps the handlers of an API. It may look at the typed arguments,
// answer by itself, change the outcome, or add to the context.
type Middleware func(next Handler) Handler

// Use adds middleware to the API. The first one given is the outermost. It runs
// after the request was validated and before the response is, with typed
// arguments and results (spec section 2.2 step 14), for every function that was
// registered; fn.ping_ and fn.api_ do not pass through it.
func Use(middleware ...Middleware) Option {
	return optionFunc(func(s *settings) { s.middleware = append(s.middleware, middleware...) })
}

// chain wraps a handler in middleware, the first outermost.
func chain(middleware []Middleware, handler Handler) Handler {
	for i := len(middleware) - 1; i >= 0; i-- {
		handler = middleware[i](handler)
	}
	return handler
}
