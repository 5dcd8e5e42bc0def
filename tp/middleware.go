package tp

// Middleware wraps the handlers of an API. It may look at the typed arguments,
// answer by itself, change the outcome, or add to the context.
type Middleware func(next Handler) Handler

// Use adds middleware to the API. The first one given is the outermost. It runs
// after the request was validated and before the response is, with typed
// arguments and results (spec section 2.2 step 14), for every function: those
// that [RegisterRaw] added, and fn.ping_ and fn.api_, have an [Object] for both.
// Nil middleware is left out.
func Use(middleware ...Middleware) Option {
	return optionFunc(func(s *settings) {
		for _, m := range middleware {
			if m != nil {
				s.middleware = append(s.middleware, m)
			}
		}
	})
}

// chain wraps a handler in middleware, the first outermost.
func chain(middleware []Middleware, handler Handler) Handler {
	for i := len(middleware) - 1; i >= 0; i-- {
		handler = middleware[i](handler)
	}
	return handler
}
