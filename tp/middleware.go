package tp

import (
	"fmt"

	"github.com/telestruct/telestruct/internal/callsite"
)

// Middleware wraps the handlers of an API. It may look at the typed arguments,
// answer by itself, change the outcome, or add to the context.
type Middleware func(next Handler) Handler

// Use adds middleware to the API. The first one given is the outermost. It runs
// after the request was validated and before the response is, with typed
// arguments and results (spec section 2.2 step 14), for every function: those
// that [RegisterRaw] added, and fn.ping_ and fn.api_, have an [Object] for both.
// Nil middleware is left out.
func Use(middleware ...Middleware) Option {
	site := callsite.Caller()
	return optionFunc(func(s *settings) {
		for _, m := range middleware {
			if m != nil {
				s.middleware = append(s.middleware, used{m, site})
			}
		}
	})
}

// used is middleware and where Use was given it.
type used struct {
	middleware Middleware
	site       string
}

// wrap returns next inside the middleware, or what is wrong with that.
func (u used) wrap(next Handler) (handler Handler, problem *Problem) {
	defer func() {
		if p := recover(); p != nil {
			problem = &Problem{Where: "tp.Use", Site: u.site, Found: fmt.Sprintf("middleware panicked: %v", p), Fix: "mend it"}
		}
	}()
	if handler = u.middleware(next); handler == nil {
		return nil, &Problem{Where: "tp.Use", Site: u.site, Found: "middleware returned a nil handler", Fix: "return one that calls next"}
	}
	return handler, nil
}

// wrap returns the handler inside all middleware, the first outermost, and
// reports middleware that does not work.
func (b *build) wrap(handler Handler) Handler {
	for i := len(b.settings.middleware) - 1; i >= 0; i-- {
		wrapped, problem := b.settings.middleware[i].wrap(handler)
		if problem != nil {
			b.report(problem)
			return handler
		}
		handler = wrapped
	}
	return handler
}
